import pickle
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure import witnesses
from equality.disclosure.attack import attack, opened
from equality.disclosure.facts import region_of, state
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.protection import UnprovenRelease, check, protect
from equality.disclosure.release import linked
from equality.disclosure.safe import Cell, SafeTable, Status
from equality.disclosure.witnesses import CannotProtect, search, small
from tests.factories.populations import dimension, document_of, populations, release_of

often = settings(max_examples=60, deadline=None)


def cells(release, protected):
    """(true count, printed cell) of every cell of every table."""
    facts = state(release)
    for table in release.tables:
        for key in table.cells():
            yield int(facts.counts[facts.cells[table.id, key]]), protected.tables[table.id].cell(*key)


class TestPromise:
    @often
    @given(populations())
    def test_nobody_can_open_a_small_number(self, release):
        protected = protect(release, PUBLISHED)

        assert opened(document_of(release, protected)) == []

    @often
    @given(populations())
    def test_small_numbers_are_hidden_and_what_is_shown_is_true(self, release):
        for true, cell in cells(release, protect(release, PUBLISHED)):
            assert cell.value in (None, true)
            assert cell.value is None or not 0 < true < PUBLISHED.threshold

    @often
    @given(populations())
    def test_every_hidden_count_lies_within_what_the_attacker_finds(self, release):
        """The attacker may not be wrong: else its silence would prove nothing."""
        protected = protect(release, PUBLISHED)
        facts = state(release)

        for bounds in attack(document_of(release, protected)):
            table = next(table for table in release.tables if table.id == bounds.table)
            true = facts.counts[facts.cells[table.id, tuple(bounds.dims[name] for name in table.codes)]]
            assert bounds.low <= true
            assert bounds.high is None or true <= bounds.high

    @often
    @given(populations())
    def test_the_same_release_is_protected_in_the_same_way(self, release):
        assert protect(release, PUBLISHED).shown == protect(release, PUBLISHED).shown

    @often
    @given(populations())
    def test_the_number_of_people_is_shown_unless_it_is_small_itself(self, release):
        facts = state(release)
        people = int(facts.counts[facts.everybody])

        hidden = search(facts, PUBLISHED).hidden

        assert (facts.everybody in hidden) == (0 < people < PUBLISHED.threshold)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
    def test_brute_force_over_every_population_finds_no_more_than_the_attacker_may(self, counts):
        """A 2 by 2 table with its margins, against every population that agrees with what is printed."""
        left, right = dimension("a", 2, grouped=False, silent=1), dimension("b", 2, grouped=False, silent=1)
        inner = np.array(counts).reshape(2, 2)
        rows = {
            "a": np.repeat([0, 0, 1, 1], counts),
            "b": np.repeat([0, 1, 0, 1], counts),
        }
        release = release_of({"a": left, "b": right}, rows, [("a", "b")])
        shown = protect(release, PUBLISHED).tables["a-b"].shown
        total = int(inner.sum())
        possible = [
            np.array(guess).reshape(2, 2)
            for guess in product(range(total + 6), repeat=4)
            if sum(guess) in (total, *range(total + 6))[: 1 if ("_total", "_total") in shown else None]
            and _agrees(np.array(guess).reshape(2, 2), shown)
        ]

        for place in np.ndindex(2, 2):
            if 0 < inner[place] < PUBLISHED.threshold:
                values = {int(world[place]) for world in possible}
                assert max(values) - min(values) >= PUBLISHED.width


def _agrees(world, shown):
    at = {"a0": [0], "a1": [1], "b0": [0], "b1": [1], "_total": [0, 1], "_declared": [0, 1]}
    return all(world[np.ix_(at[a], at[b])].sum() == value for (a, b), value in shown.items() if a in at and b in at)


class TestProof:
    def release(self):
        rng = np.random.default_rng(5)
        dimensions = {name: dimension(name, 4, grouped=True) for name in "ab"}
        rows = {name: rng.choice(4, 60, p=[0.6, 0.25, 0.1, 0.05]) for name in "ab"}
        return release_of(dimensions, rows, [("a", "b")])

    def test_a_proof_holds_when_it_is_worked_out_again(self):
        facts = state(self.release())

        check(facts, PUBLISHED, search(facts, PUBLISHED))

    def test_a_proof_with_one_number_changed_does_not(self):
        facts = state(self.release())
        proof = search(facts, PUBLISHED)
        changed = proof.changes.copy()
        changed[0, int(np.flatnonzero(changed[0])[0])] += 1

        with pytest.raises(UnprovenRelease):
            check(facts, PUBLISHED, replace(proof, changes=changed))

    def test_a_proof_with_one_witness_less_does_not(self):
        facts = state(self.release())
        proof = search(facts, PUBLISHED)

        with pytest.raises(UnprovenRelease, match="bounded"):
            check(facts, PUBLISHED, replace(proof, changes=proof.changes[:1]))

    def test_a_proof_that_shows_a_small_number_does_not(self):
        facts = state(self.release())
        proof = search(facts, PUBLISHED)
        shown = min(small(facts, PUBLISHED))

        with pytest.raises(UnprovenRelease, match="small count would be shown"):
            check(facts, PUBLISHED, replace(proof, hidden=proof.hidden - {shown}))

    def test_every_hidden_number_that_is_not_small_is_needed(self):
        """Show one of them, and the attacker opens something or the proof falls."""
        release = self.release()
        facts = state(release)
        proof = search(facts, PUBLISHED)

        for region in sorted(proof.hidden - small(facts, PUBLISHED)):
            with pytest.raises(UnprovenRelease):
                check(facts, PUBLISHED, replace(proof, hidden=proof.hidden - {region}))


class TestWhatIsPublicAlready:
    def release(self, seed=7):
        rng = np.random.default_rng(seed)
        dimensions = {name: dimension(name, 4, grouped=False) for name in "ab"}
        rows = {name: rng.choice(4, 80, p=[0.5, 0.3, 0.15, 0.05]) for name in "ab"}
        return release_of(dimensions, rows, [("a",), ("a", "b")])

    def test_what_was_hidden_stays_hidden(self):
        release = self.release()
        table = release.tables[1]
        harmless = region_of(release.dimensions, table, ("a0", "b0"))
        assert harmless in protect(release, PUBLISHED).shown

        again = protect(release, PUBLISHED, hidden_before={harmless})

        assert harmless in again.hidden

    def test_what_is_public_is_not_hidden_again(self):
        release = self.release()
        first = protect(release, PUBLISHED)

        again = protect(release, PUBLISHED, public=first.shown, hidden_before=first.hidden)

        assert again.shown == first.shown

    def test_a_small_number_that_is_public_cannot_be_protected(self):
        release = self.release()
        facts = state(release)
        table = release.tables[1]
        key = next(key for key in table.cells() if facts.cells[table.id, key] in small(facts, PUBLISHED))
        region = region_of(release.dimensions, table, key)
        true = int(facts.counts[facts.cells[table.id, key]])

        with pytest.raises(CannotProtect):
            protect(release, PUBLISHED, public={region: true})

    def test_a_number_that_was_true_then_and_is_not_now_may_be_hidden(self):
        release = self.release()
        region = region_of(release.dimensions, release.tables[1], ("a0", "b0"))

        protect(release, PUBLISHED, public={region: 10_000}, hidden_before={region})


class TestContradictions:
    def test_counts_over_other_sets_are_refused(self):
        release = TestWhatIsPublicAlready().release()

        with pytest.raises(ValueError, match="linked sets"):
            protect(replace(release, counted=[]), PUBLISHED)

    def test_counts_that_do_not_agree_are_refused(self):
        rng = np.random.default_rng(1)
        dimensions = {name: dimension(name, 3, grouped=False) for name in "abc"}
        rows = {name: rng.choice(3, 50) for name in "abc"}
        release = release_of(dimensions, rows, [("a", "b"), ("b", "c")])
        other = release_of(dimensions, {**rows, "b": rng.choice(3, 50)}, [("a", "b"), ("b", "c")])
        assert linked(release.tables) == [("a", "b"), ("b", "c")]

        with pytest.raises(ValueError, match="agree"):
            protect(replace(release, counted=[release.counted[0], other.counted[1]]), PUBLISHED)


class TestUnits:
    def test_a_listed_unit_may_be_anything_but_empty(self):
        """Readers know that a listed unit holds somebody: the proof may not rest on its being empty."""
        units = replace(dimension("a", 4, grouped=False), occupied=True)
        rows = {"a": np.repeat([0, 1, 2, 3], [3, 40, 30, 20])}
        facts = state(release_of({"a": units}, rows, [("a",)]))
        proof = search(facts, PUBLISHED)
        worlds = (facts.matrix @ (facts.atoms + proof.changes).T).T

        unit = facts.cells["a", ("a0",)]

        assert worlds[:, unit].min() >= 1
        assert worlds[:, unit].max() >= 1 + PUBLISHED.width


def numbers_in(thing):
    """Every number that can be reached from a thing, apart from positions in its own tuples."""
    match thing:
        case bool() | str() | None:
            return set()
        case int():
            return {thing}
        case dict():
            return set().union(*(numbers_in(part) for pair in thing.items() for part in pair))
        case list() | tuple() | set() | frozenset():
            return set().union(*(numbers_in(part) for part in thing))
        case _:
            return numbers_in({name: part for name, part in vars(thing).items() if name != "position"})


class TestSafeTable:
    def test_has_no_way_to_hold_a_hidden_number(self):
        release = TestProof().release()
        protected = protect(release, PUBLISHED)
        facts = state(release)
        table = protected.tables["a-b"]
        hidden = [key for key in release.tables[0].cells() if table.cell(*key).value is None]
        secrets = {int(facts.counts[facts.cells["a-b", key]]) for key in hidden} - set(table.shown.values())

        assert secrets
        assert not secrets & numbers_in(pickle.loads(pickle.dumps(table)))

    def test_zero_hidden_not_collected_and_too_few_are_different(self):
        sex = dimension("a", 3, grouped=False)
        table = SafeTable("t", (sex,), {"a": ("a0", "a1")}, {("a0",): 0}, too_few={"a": ("a2",)})

        assert table.cell("a0") == Cell(0)
        assert table.cell("a1") == Cell(None, Status.CONFIDENTIAL)
        assert table.cell("a2") == Cell(None, Status.TOO_FEW)
        assert table.cell("other") == Cell(None, Status.NOT_AVAILABLE)

    def test_a_cell_holds_a_value_or_a_reason(self):
        for value, status in ((None, None), (3, Status.CONFIDENTIAL)):
            with pytest.raises(ValueError, match="either"):
                Cell(value, status)


class TestWhenTheSearchGivesUp:
    def test_everything_but_the_number_of_people_is_hidden_and_that_is_proved_too(self, monkeypatch):
        release = TestProof().release()
        facts = state(release)
        monkeypatch.setattr(witnesses._Solver, "witness", _none_once(witnesses._Solver.witness))

        protected = protect(release, PUBLISHED)

        assert protected.everything_hidden
        assert set(protected.shown.values()) <= {0, int(facts.counts[facts.everybody])}
        assert opened(document_of(release, protected)) == []


def _none_once(found):
    first = [True]

    def witness(*given):
        if first:
            first.clear()
            return None
        return found(*given)

    return witness
