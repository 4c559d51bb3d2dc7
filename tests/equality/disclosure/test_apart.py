from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure import exchange
from equality.disclosure.apart import inhabited_in
from equality.disclosure.attack import attack
from equality.disclosure.exchange import (
    MAIN,
    Classification,
    Exact,
    ExchangePolicy,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Suppressed,
    people_of,
)
from equality.disclosure.populations import LinearProgramme, WholePeople, near
from equality.disclosure.release import links_of
from equality.disclosure.standalone import classified
from equality.disclosure.worlds import world_of
from equality.tables import TOTAL
from tests.factories.populations import histories, populations


def partly_hidden(draw, tables, people):
    """Tables of which some numbers are hidden, never how many people there are. ``people``: of every block."""
    rng = draw(st.randoms(use_true_random=False))
    hidden = draw(st.floats(0, 0.8))
    for spec in tables:
        counts = people[spec.block](tuple(spec.codes))
        cells = []
        for key in spec.cells():
            is_hidden = set(key) != {TOTAL} and rng.random() < hidden
            count = counts.count(**dict(zip(spec.codes, key, strict=True)))
            cells.append(PrintedCell(key, Suppressed() if is_hidden else Exact(count)))
        yield PrintedTable(spec.id, spec.block, tuple(spec.codes), tuple(cells), {})


def known_parts(draw, release):
    """What is known of some answers: about how large a part of everybody gave them."""
    for name, dimension in release.dimensions.items():
        counts = release.people[MAIN]((name,))
        for code in draw(st.lists(st.sampled_from(dimension.leaves), unique=True, max_size=2)):
            share = Decimal(counts.count(**{name: code})) / max(1, counts.count())
            times, most = share.quantize(Decimal("0.01")), Decimal(draw(st.sampled_from(["0.5", "1"])))
            yield Portion(MAIN, {name: code}, {name: TOTAL}, times, -most, most)


@st.composite
def documents(draw):
    """Tables of random people."""
    release = draw(populations(most_people=60))
    tables = tuple(partly_hidden(draw, release.tables, release.people))
    portions = tuple(known_parts(draw, release))
    return Published(classified(release.dimensions), tables, ExchangePolicy(5, 5), portions=portions)


@st.composite
def documents_of_quarters(draw):
    """The same tables of two or three quarters between which nobody changes who stays."""
    quarters = draw(histories().filter(lambda found: all(len(flow.fixed) == 3 for flow in found[-1].flows)))
    last = quarters[-1]
    tables = [table for release in quarters for table in release.tables]
    printed = tuple(partly_hidden(draw, tables, last.people))
    return Published(classified(last.dimensions), printed, ExchangePolicy(5, 5), links_of(last.flows))


def opened(document, few):
    """The people in several dimensions whose number is given away."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exchange, "FEW_COMBINATIONS", few)
        return {one.people: (one.low, one.high) for one in attack(document, exact=False).margins_opened}


def by_people(document, regions):
    """Regions by who can be in them, so that the same people have one name; without those that a table counts."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exchange, "FEW_COMBINATIONS", 10**9)
        world = world_of(document)
    programme = LinearProgramme(world)
    there = inhabited_in(world, programme, [programme.any()]) > 0

    def people(region):
        columns = world.frame.columns(region)
        return frozenset(columns[there[columns]].tolist())

    counted = {
        people(people_of(document.dimensions, table.block, table.codes(cell.key)))
        for table in document.tables
        for cell in table.cells
    }
    return {people(region): limits for region, limits in regions.items() if people(region) not in counted}


@settings(max_examples=60, deadline=None)
@given(documents())
def test_what_is_opened_apart_is_what_looking_at_everything_together_opens(document):
    assert by_people(document, opened(document, few=0)) == by_people(document, opened(document, few=10**9))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_populations_near_one_that_is_known_agree_with_all_that_is_known(document):
    world = world_of(document)
    _, known = WholePeople(world).any()
    some = near(document, world, known)
    assert WholePeople(some).holds(known)
    rng, programme = np.random.default_rng(0), LinearProgramme(some)
    for _ in range(10):
        corner = programme.corner(rng.random(world.open.size))
        sums = world.matrix @ corner
        assert np.all(sums >= world.low - 1e-4)
        assert np.all(sums <= world.high + 1e-4)


@settings(max_examples=15, deadline=None)
@given(documents_of_quarters())
def test_those_who_left_and_those_who_stayed_are_looked_at_apart(document):
    assert by_people(document, opened(document, few=0)) == by_people(document, opened(document, few=10**9))


def a_few_with_a_half():
    """Up to five people of whom half are in one of two places, where many others are, too; no table says who of them is
    also in another group."""
    who, places = ("few", "others"), ("here", "there")
    dimensions = {
        "who": Classification(who, {"all": who}),
        "place": Classification(places, {"all": places}),
        "also": Classification(who),
    }
    few = [PrintedCell(("few", place), Suppressed()) for place in places]
    everybody = [PrintedCell(("all", place), Exact(20)) for place in places]
    also = [PrintedCell((code, place), Exact(10)) for code in who for place in places]
    return Published(
        dimensions,
        (
            PrintedTable(
                "who", MAIN, ("who", "place"), (*few, *everybody, PrintedCell(("few", "all"), Range(0, 5))), {}
            ),
            PrintedTable("also", MAIN, ("also", "place"), tuple(also), {}),
        ),
        ExchangePolicy(5, 5),
        portions=(
            Portion(MAIN, {"who": "few", "place": "here"}, {"who": "few"}, Decimal("0.5"), Decimal(0), Decimal(0)),
        ),
    )


def test_groups_apart_are_of_whole_people():
    halved = a_few_with_a_half()
    few = people_of(halved.dimensions, MAIN, {"who": "few", "also": "few"})
    assert opened(halved, few=0)[few] == (0, 4)
    (portion,) = halved.portions
    roughly = replace(halved, portions=(replace(portion, most=Decimal("0.5")),))
    assert few not in opened(roughly, few=0)
