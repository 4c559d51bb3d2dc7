from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from equality.disclosure import overlaps, protection
from equality.disclosure.facts import model_of
from equality.disclosure.goals import Printing
from equality.disclosure.margins import given_away
from equality.disclosure.overlaps import TooManyGroups, narrow_overlaps
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.witnesses import Proof
from tests.factories.populations import dimension, histories, opened_together, populations, release_of, skewed


@pytest.fixture(autouse=True)
def _no_set_is_of_everything():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("equality.disclosure.exchange.FEW_COMBINATIONS", 0)
        yield


def found_by(look, release, hidden):
    """What a look at a release finds, with no witnesses to help it."""
    model = model_of(release)
    counts = model.counts.astype(float)
    everybody = {number for number, region in enumerate(model.regions) if not region.within}
    numbers = frozenset(number for number, region in enumerate(model.regions) if region in hidden) - everybody
    nothing = Proof(numbers, sparse.csr_array((0, model.unknowns.size), dtype=np.int64))
    return set(look(release, model, PUBLISHED, Printing(counts, counts), nothing))


@settings(max_examples=60, deadline=None)
@given(populations(most_people=60), st.data())
def test_what_is_found_is_what_looking_at_everything_together_finds(release, data):
    regions = model_of(release).regions
    hidden = data.draw(st.sets(st.sampled_from(regions)))
    whole = replace(release, sets=[tuple(release.dimensions)])

    found = found_by(narrow_overlaps, release, hidden)
    there = found_by(given_away, whole, hidden)

    def are_in_one_set(region):
        return any({name for name, _ in region.within} <= set(together) for together in release.sets)

    assert found == {region for region in there if not are_in_one_set(region)}


@pytest.fixture
def release():
    rng = np.random.default_rng(0)
    dimensions = {name: dimension(name, 4, grouped=False) for name in "abc"}
    rows = {name: skewed(rng, 5, 60, 1.2) for name in "abc"}
    return release_of(dimensions, rows, [("a", "b"), ("b", "c")])


def test_where_there_are_too_many_groups_everything_is_hidden(release, monkeypatch):
    """The first look finds no end; that at a release which tells next to nothing does."""
    looks = []

    def look(*args, **more):
        looks.append(args)
        if len(looks) == 1:
            raise TooManyGroups
        return narrow_overlaps(*args, **more)

    monkeypatch.setattr(protection, "narrow_overlaps", look)
    found = protection.protect(release, PUBLISHED)

    assert (found.everything_hidden, len(looks)) == (True, 2)


def test_a_look_ends_in_bounded_time(release, monkeypatch):
    hidden = {region for region in model_of(release).regions if region.within}
    monkeypatch.setattr(overlaps, "_ENOUGH", 0)

    with pytest.raises(TooManyGroups):
        found_by(narrow_overlaps, release, hidden)


def test_a_look_is_watched_between_its_programmes(release):
    hidden = {region for region in model_of(release).regions if region.within}
    seen = []

    found_by(partial(narrow_overlaps, watch=lambda done, _: seen.append(done)), release, hidden)

    assert len(seen) > len(set(seen))  # not only once for each crossing


@settings(max_examples=20, deadline=None)
@given(histories())
def test_quarters_that_were_published_one_by_one_are_safe_together(quarters):
    opened, exposed = opened_together(quarters)

    assert opened <= exposed
