import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure import exchange
from equality.disclosure.apart import inhabited_in
from equality.disclosure.attack import attack
from equality.disclosure.exchange import (
    Exact,
    ExchangePolicy,
    PrintedCell,
    PrintedTable,
    Published,
    Suppressed,
    people_of,
)
from equality.disclosure.populations import LinearProgramme
from equality.disclosure.standalone import classified
from equality.disclosure.worlds import world_of
from equality.tables import TOTAL
from tests.factories.populations import populations


@st.composite
def documents(draw):
    """Tables of random people, of which some numbers are hidden, never how many people there are."""
    release = draw(populations(most_people=60))
    rng = draw(st.randoms(use_true_random=False))
    hidden = draw(st.floats(0, 0.8))
    tables = []
    for spec in release.tables:
        counts = release.people[spec.block](tuple(spec.codes))
        cells = []
        for key in spec.cells():
            is_hidden = set(key) != {TOTAL} and rng.random() < hidden
            count = counts.count(**dict(zip(spec.codes, key, strict=True)))
            cells.append(PrintedCell(key, Suppressed() if is_hidden else Exact(count)))
        tables.append(PrintedTable(spec.id, spec.block, tuple(spec.codes), tuple(cells), {}))
    return Published(classified(release.dimensions), tuple(tables), ExchangePolicy(5, 5))


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
