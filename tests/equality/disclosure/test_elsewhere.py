"""People of a whole who are in no part that was reported on: what is public of whole and parts tells of them too."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure.attack import attack
from equality.disclosure.certificate import UnprovenRelease, verify
from equality.disclosure.exchange import Link, joiners_between
from equality.disclosure.facts import model_of
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.protection import protect
from equality.disclosure.release import MAIN, Region, Told
from tests.factories.populations import count, dimension, published_of, release_of, skewed

ELSEWHERE, OTHER = "elsewhere", "other"
DIMENSIONS = {"a": dimension("a", 3, grouped=True), "b": dimension("b", 2, grouped=False)}
TABLES = [("a", "b")]
MORE = {
    "a": dimension("a", 4, grouped=True), "b": dimension("b", 3, grouped=False), "c": dimension("c", 3, grouped=False),
}  # fmt: skip
MORE_TABLES = [("a", "b"), ("b", "c")]


def rows_of(seed, people, dimensions=DIMENSIONS):
    rng = np.random.default_rng(seed)
    return {name: skewed(rng, len(d.leaves), people, 1.2) for name, d in dimensions.items()}


def together(some, others):
    return {name: np.concatenate([some[name], others[name]]) for name in some}


def beside(rows, elsewhere, other, *, part, dimensions=DIMENSIONS, tables=TABLES):
    """The release of some people, where others are ``elsewhere``; ``other``: what is public of the organisation that
    the release's is ``part`` of, or that is part of it."""
    release = release_of(dimensions, rows, tables)
    size = len(elsewhere["a"])
    exact = {region.within: said.low for region, said in other.told.items() if said.exact}
    return replace(
        release,
        people=release.people | {ELSEWHERE: cache(partial(count, dimensions, elsewhere))},
        told={Region(ELSEWHERE, frozenset()): Told(size, size)}
        | (dict.fromkeys((Region(ELSEWHERE, within) for within in exact if within), Told()) if size >= 5 else {})
        | {Region(OTHER, within): Told(number, number) for within, number in exact.items()}
        | {Region(OTHER, region.within): Told() for region in other.hidden},
        combined={OTHER: [(MAIN, 1), (ELSEWHERE, 1 if part else -1)]},
        inside=[] if part else [(ELSEWHERE, MAIN)],
        elsewhere=frozenset({ELSEWHERE}),
    )


def taken(part, whole, others):
    """What a reader has of both: the whole is the part, and others who joined it."""
    inner, outer = (
        replace(published, tables=tuple(replace(table, block=block) for table in published.tables))
        for block, published in (("part", part), ("whole", whole))
    )
    link = Link("part", "whole", (others, others), (0, 0))
    return replace(inner, tables=(*inner.tables, *outer.tables), links=(link,))


class TestTakingAPartFromTheWhole:
    @pytest.mark.parametrize("part_first", [True, False])
    def test_a_few_elsewhere_are_hidden(self, part_first):
        """30 of ``a0`` in the whole, 27 in the part."""
        part = {"a": np.repeat([0, 1], [27, 40]), "b": np.zeros(67, dtype=int)}
        elsewhere = {"a": np.repeat([0, 1], [3, 30]), "b": np.zeros(33, dtype=int)}
        whole = together(part, elsewhere)
        first, second = (part, whole) if part_first else (whole, part)
        alone = protect(release_of(DIMENSIONS, first, [("a",)]), PUBLISHED)

        release = beside(second, elsewhere, alone, part=not part_first)
        later = protect(replace(release, tables=release_of(DIMENSIONS, second, [("a",)]).tables), PUBLISHED)

        assert alone.tables["a"].cell("a0").value == (27 if part_first else 30)
        assert later.tables["a"].cell("a0").status is not None

    @settings(max_examples=20, deadline=None)
    @given(
        seed=st.integers(0, 10_000),
        people=st.integers(30, 90),
        others=st.sampled_from((0, 3, 12, 40)),
        part_first=st.booleans(),
    )
    def test_tells_of_nobody_elsewhere(self, seed, people, others, part_first):
        part, elsewhere = rows_of(seed, people), rows_of(seed + 1, others)
        whole = together(part, elsewhere)
        first, second = (part, whole) if part_first else (whole, part)
        alone_release = release_of(DIMENSIONS, first, TABLES)
        alone = protect(alone_release, PUBLISHED)

        release = beside(second, elsewhere, alone, part=not part_first)
        later = protect(release, PUBLISHED)

        printed = [published_of(alone_release, alone, movers=True), published_of(release, later, movers=True)]
        found = attack(taken(*(printed if part_first else printed[::-1]), others), exact=False, margins=False)
        assert [one for one in found.opened if one.block == joiners_between("part", "whole")] == []

    @pytest.mark.parametrize(("seed", "others"), [(1, 12), (2, 6)])
    def test_tells_nothing_that_the_part_hid(self, seed, others):
        part, elsewhere = rows_of(seed, 140, MORE), rows_of(seed + 1, others, MORE)
        alone_release = release_of(MORE, part, MORE_TABLES)
        alone = protect(alone_release, PUBLISHED)

        whole = beside(together(part, elsewhere), elsewhere, alone, part=False, dimensions=MORE, tables=MORE_TABLES)
        later = protect(whole, PUBLISHED)

        printed = published_of(alone_release, alone, movers=True), published_of(whole, later, movers=True)
        found = attack(taken(*printed, others), exact=False, margins=False)
        assert later.hidden
        assert found.opened == ()

    @pytest.mark.parametrize("seed", [1, 2, 5, 6])
    def test_hides_no_number_that_a_few_elsewhere_give_away_unless_it_is_small(self, seed):
        part, elsewhere = rows_of(seed, 80), rows_of(seed + 1, 3)
        whole = together(part, elsewhere)
        alone = protect(release_of(DIMENSIONS, part, TABLES), PUBLISHED)

        release = beside(whole, elsewhere, alone, part=False)
        later = protect(release, PUBLISHED)

        model = model_of(release)
        given_away = [int(model.counts[model.find(region)]) for region in later.exposed if region.block == MAIN]
        assert all(1 <= number < PUBLISHED.threshold for number in given_away)
        found = {cell.value for table in later.tables.values() for cell in table.shown.values()}
        assert found - {0, len(whole["a"])}


class TestProof:
    def test_does_not_hold_where_somebody_elsewhere_is_not_in_the_whole(self):
        part, elsewhere = rows_of(3, 60), rows_of(4, 30)
        alone = protect(release_of(DIMENSIONS, part, TABLES), PUBLISHED)
        release = beside(together(part, elsewhere), elsewhere, alone, part=False)
        protected = protect(release, PUBLISHED)

        verify(protected.certificate, release, protected.tables.values())
        with pytest.raises(UnprovenRelease, match="not in the whole"):
            verify(
                protected.certificate,
                replace(release, inside=[(MAIN, ELSEWHERE)]),
                protected.tables.values(),
            )

    def test_holds_only_for_the_numbers_that_both_have_together(self):
        part, elsewhere = rows_of(3, 60), rows_of(4, 30)
        alone = protect(release_of(DIMENSIONS, together(part, elsewhere), TABLES), PUBLISHED)
        release = beside(part, elsewhere, alone, part=True)
        protected = protect(release, PUBLISHED)
        everybody = Region(OTHER, frozenset())

        verify(protected.certificate, release, protected.tables.values())
        wrong = release.told | {everybody: Told(91, 91)}
        with pytest.raises(UnprovenRelease, match="contradicts"):
            verify(protected.certificate, replace(release, told=wrong), protected.tables.values())
