import pickle
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from equality.disclosure import exchange, pool, programmes, protection, search
from equality.disclosure.attack import attack
from equality.disclosure.certificate import Certificate, Claim, OutdatedCertificate, UnprovenRelease, verify
from equality.disclosure.exchange import FEW_COMBINATIONS, ExchangePolicy, people_of
from equality.disclosure.facts import Contradiction, model_of, still_true
from equality.disclosure.goals import Printing, bounds_of
from equality.disclosure.margins import Extremes
from equality.disclosure.neighbourhoods import Neighbourhoods
from equality.disclosure.policy import PUBLISHED, Policy, UnknownPolicy, policies, policy
from equality.disclosure.protection import protect
from equality.disclosure.release import Ratio, Region, Told, region_of
from equality.disclosure.safe import Cell, SafeTable, Status
from equality.disclosure.witnesses import CannotProtect
from tests.factories.populations import (
    dimension,
    histories,
    linked_quarters,
    one_by_one,
    opened_together,
    populations,
    published_of,
    release_of,
    skewed,
)

often = settings(max_examples=60, deadline=None)
seldom = settings(max_examples=10, deadline=None)  # of what takes seconds each time


def true_counts(release):
    """(true count, table, key, region) of every cell of every table."""
    model = model_of(release)
    for table in release.tables:
        for key in table.cells():
            region = region_of(release.dimensions, table, key)
            yield int(model.counts[model.cells[table.id, key]]), table, key, region


def cells(release, protected):
    """(true count, printed cell) of every cell of every table."""
    for true, table, key, _ in true_counts(release):
        yield true, protected.tables[table.id].cell(*key)


def one_table(*counts, occupied=False):
    """A table of one dimension with so many people of each answer, and one kind of silence that nobody gave.
    ``occupied``: it is known that somebody gave each."""
    rows = {"a": np.repeat(np.arange(len(counts)), counts)}
    answers = replace(dimension("a", len(counts), grouped=False, silent=1), occupied=bool(occupied))
    return release_of({"a": answers}, rows, [("a",)])


def group(code):
    return Region("main", frozenset({("a", frozenset({code}))}))


def intervals_of(document):
    """People → what an attacker knows of them at best."""
    found = attack(document, exact=True, margins=False).intervals
    return {people_of(document.dimensions, one.block, one.codes): one for one in found}


def check_that_no_more_is_said_to_be_given_away_than_is(quarters):
    """What is given away by earlier quarters an attacker knows who has nothing of the last but its total; and with
    what is printed of it no more."""
    *before, last = one_by_one(quarters)
    nothing = {
        table.id: replace(
            table, shown={key: cell for key, cell in table.shown.items() if set(key) <= {"_total", "_declared"}}
        )
        for table in last.tables.values()
    }
    without = intervals_of(published_of(quarters[-1], [*before, replace(last, tables=nothing)]))
    together = intervals_of(published_of(quarters[-1], [*before, last]))

    for region, (low, high) in last.certificate.exposed.items():
        if region in together:
            assert together[region].low <= low
            assert high <= together[region].high
            assert low <= without[region].low
            assert high >= min(without[region].high, max(PUBLISHED.threshold, low + PUBLISHED.width))


def small_release(seed=5, people=60):
    rng = np.random.default_rng(seed)
    dimensions = {name: dimension(name, 4, grouped=True) for name in "ab"}
    rows = {name: rng.choice(4, people, p=[0.6, 0.25, 0.1, 0.05]) for name in "ab"}
    return release_of(dimensions, rows, [("a", "b")])


class TestPromise:
    @often
    @given(populations())
    def test_nobody_can_open_a_small_number(self, release):
        protected = protect(release, PUBLISHED)

        assert attack(published_of(release, protected), exact=True).opened == ()

    @pytest.mark.parametrize("few", [FEW_COMBINATIONS, 0])
    @pytest.mark.parametrize("seed", [44, 68, 76])
    def test_nobody_can_open_what_no_table_brings_together(self, seed, few, monkeypatch):
        """With ``a`` and ``b`` told by ``c`` alone, these could be opened when only what stands in one table was
        looked at together. Now everything is looked at together or, where that would be too much, how many can be in
        both of two groups; the attacker always looks at everything."""
        rng = np.random.default_rng(seed)
        dimensions = {name: dimension(name, int(rng.integers(2, 5)), grouped=False, silent=1) for name in "abc"}
        people, skew = int(rng.integers(10, 90)), float(rng.uniform(0.3, 3))
        rows = {name: skewed(rng, len(d.leaves), people, skew) for name, d in dimensions.items()}
        with monkeypatch.context() as patched:
            patched.setattr(exchange, "FEW_COMBINATIONS", few)
            release = release_of(dimensions, rows, [("a", "c"), ("c", "b")])
            protected = protect(release, PUBLISHED)

        assert attack(published_of(release, protected)).opened == ()

    @often
    @given(populations())
    def test_small_numbers_are_hidden_and_what_is_shown_is_true(self, release):
        for true, cell in cells(release, protect(release, PUBLISHED)):
            assert cell.value in (None, true)
            assert cell.value is None or not 0 < true < PUBLISHED.threshold

    @often
    @given(populations())
    def test_the_same_release_is_protected_in_the_same_way(self, release):
        first, second = protect(release, PUBLISHED), protect(release, PUBLISHED)

        assert first.told == second.told
        assert first.certificate.as_json() == second.certificate.as_json()

    @often
    @given(populations())
    def test_the_number_of_people_is_shown_unless_it_is_small_itself(self, release):
        protected = protect(release, PUBLISHED)

        for true, _, _, region in true_counts(release):
            if not region.within:
                assert (region in protected.hidden) == (0 < true < PUBLISHED.threshold)

    @settings(max_examples=25, deadline=None)
    @given(populations(), st.data())
    def test_a_table_more_makes_no_old_one_unsafe(self, release, data):
        """What was published of some tables, and then of others of the same people, is safe together."""
        first = data.draw(st.integers(1, len(release.tables)))
        one = protect(replace(release, tables=release.tables[:first]), PUBLISHED)
        hidden = {region: Told() for region in one.hidden if region not in one.told}

        two = protect(replace(release, told={**hidden, **one.told}), PUBLISHED)

        assume(not two.exposed)  # said, and not to be mended: the first release gave it away by itself
        assert attack(published_of(release, [one, two]), exact=True).opened == ()

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
    def test_brute_force_over_every_population_finds_no_more_than_the_attacker_may(self, counts):
        """A 2 by 2 table with its margins, against every population that agrees with what is printed."""
        left, right = dimension("a", 2, grouped=False, silent=1), dimension("b", 2, grouped=False, silent=1)
        inner = np.array(counts).reshape(2, 2)
        rows = {"a": np.repeat([0, 0, 1, 1], counts), "b": np.repeat([0, 1, 0, 1], counts)}
        release = release_of({"a": left, "b": right}, rows, [("a", "b")])
        shown = {key: cell.value for key, cell in protect(release, PUBLISHED).tables["a-b"].shown.items()}
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


class TestLedger:
    @settings(max_examples=30, deadline=None)
    @given(histories())
    def test_quarters_that_were_published_one_by_one_are_safe_together(self, quarters):
        # Five last quarter and one leaver: no hiding helps, and it is said.
        opened, exposed = opened_together(quarters)

        assert opened <= exposed

    @settings(max_examples=20, deadline=None)
    @given(histories())
    def test_quarters_that_were_rounded_one_by_one_are_safe_together(self, quarters):
        opened, exposed = opened_together(quarters, policy("controlled-5"))

        assert opened <= exposed

    @settings(max_examples=30, deadline=None)
    @given(histories())
    def test_no_more_is_said_to_be_given_away_than_is(self, quarters):
        check_that_no_more_is_said_to_be_given_away_than_is(quarters)

    @settings(max_examples=30, deadline=None)
    @given(histories())
    def test_nobody_can_be_sure_that_anybody_of_a_group_joined_or_left(self, quarters):
        public = one_by_one(quarters, replace(PUBLISHED, movers=True))

        document = published_of(quarters[-1], public, movers=True)
        opened = {
            people_of(document.dimensions, i.block, i.codes) for i in attack(document, exact=False).margins_opened
        }
        exposed = set().union(*(protected.certificate.exposed for protected in public))

        assert opened <= exposed

    def test_one_who_joined_alone_is_hidden_among_others(self):
        """One woman joined, and it is known that one person did: otherwise both counts would be printed."""
        before, after = (np.repeat([0, 1, 2], counts) for counts in ((20, 30, 10), (21, 30, 10)))
        plain, careful = (
            one_by_one(self.quarters(before, after), replace(PUBLISHED, movers=on))[-1].tables["a"]
            for on in (False, True)
        )

        assert plain.cell("a0") == Cell(21)
        assert careful.cell("a0").status is Status.CONFIDENTIAL
        assert careful.cell("_total") == Cell(61)

    def test_that_one_joined_of_a_group_that_is_public_is_said(self):
        """The number of one group was told already, and nothing can take it back."""
        _, last = self.quarters(*(np.repeat([0, 1, 2], counts) for counts in ((20, 30, 10), (21, 30, 10))))
        first, women = "q1", frozenset({("a", frozenset({"a0"}))})
        told = {Region(first, women): Told(20, 20), Region("q2", women): Told(21, 21)}

        exposed = protect(replace(last, told=told), replace(PUBLISHED, movers=True)).exposed

        assert exposed[Region("joiners q1 to q2", women)] == (1, 1)

    def test_that_everybody_answers_now_is_hidden_where_it_tells_who_did_not_before(self):
        """Three had not answered and three have left. Were it printed that nobody is silent now, at most three were."""
        before, after = (np.repeat([0, 1, 2, 3], counts) for counts in ((20, 30, 25, 3), (20, 30, 25, 0)))
        quarters = self.quarters(before, after, silent=1)
        public = one_by_one(quarters)
        document = published_of(quarters[-1], public, movers=True)

        assert public[-1].exposed == {}
        assert public[-1].tables["a"].cell("a-silent0").status is Status.CONFIDENTIAL
        assert attack(document).opened == ()

    def test_that_everybody_answers_is_shown_otherwise(self):
        before, after = (np.repeat([0, 1, 2], counts) for counts in ((20, 30, 25), (20, 30, 25)))

        last = one_by_one(self.quarters(before, after, silent=1))[-1]

        assert last.tables["a"].cell("a-silent0") == Cell(0)

    def quarters(self, *leaves, silent=0):
        """Of as many people, of whom those left who are fewer, and those joined who are more."""
        dimensions = {"a": dimension("a", 3, grouped=False, silent=silent)}
        everybody = [{"a": rows} for rows in leaves]
        return linked_quarters(dimensions, [("a",)], ("a",), [(_numbered(one["a"]), one) for one in everybody])

    def test_what_earlier_quarters_give_away_is_said_and_not_made_worse(self):
        release = small_release()
        true, region = next((t, r) for t, _, _, r in true_counts(release) if 0 < t < PUBLISHED.threshold)

        protected = protect(replace(release, told={region: Told(true, true)}), PUBLISHED)

        assert protected.exposed[region] == (true, true)
        assert region in protected.hidden

    def test_what_was_hidden_stays_hidden(self):
        release = small_release(7, 80)
        harmless = region_of(release.dimensions, release.tables[0], ("a0", "b0"))
        assert harmless in protect(release, PUBLISHED).told

        assert harmless in protect(replace(release, told={harmless: Told()}), PUBLISHED).hidden

    def test_what_is_public_is_not_hidden_again(self):
        release = small_release(7, 80)
        first = protect(release, PUBLISHED)

        again = protect(replace(release, told=first.told), PUBLISHED)

        assert again.told == first.told

    def test_what_was_hidden_last_quarter_is_hidden_rather_than_something_else(self):
        release = small_release(7, 80)
        first = protect(release, PUBLISHED)
        other = next(region for region in first.told if region.within and region not in first.hidden)

        drawn = protect(replace(release, hidden_before=frozenset({other}) | first.hidden), PUBLISHED)

        assert len(drawn.hidden - first.hidden - {other}) == 0

    def test_what_a_percentage_told_bounds_is_said(self):
        """Three of sixteen did not answer. Whoever knows that three quarters or more did, knows that at most four did
        not."""
        answered = dimension("a", 1, grouped=False, silent=1)
        release = release_of({"a": answered}, {"a": np.repeat([0, 1], [13, 3])}, [("a",)])
        declared, silent = (Region("main", frozenset({("a", frozenset({leaf}))})) for leaf in answered.leaves)
        told = Ratio(declared, Region("main", frozenset()), 0.75, 1.0)

        free, bound = (protect(replace(release, ratios=ratios), PUBLISHED) for ratios in ((), (told,)))

        assert free.exposed == {}
        assert bound.exposed[silent] == (0, 4)


def _numbered(leaves):
    """Who is who, by answer: the third of one answer is the same person in every quarter."""
    return np.array([1_000 * leaf + int((leaves[:at] == leaf).sum()) for at, leaf in enumerate(leaves)])


def only_members(release):
    """What everybody knows who is the only one of a printed cell: (block, dimension → code, 1), with the people."""
    for true, table, key, region in true_counts(release):
        if true == 1:
            yield (table.block, table.cell(key), 1), region


class TestMembers:
    """Somebody who is the only one of a cell, and knows it."""

    POLICY = policy("published-insider-2026")

    @settings(max_examples=12, deadline=None)
    @given(populations())
    def test_they_learn_of_nobody_else_but_what_cannot_be_helped(self, release):
        protected = protect(release, self.POLICY)
        published, model = published_of(release, protected), model_of(release)

        for known, member in only_members(release):
            for opened in attack(published, knows=[known], exact=False, margins=False).opened:
                spec = next(table for table in release.tables if table.id == opened.table)
                region = region_of(release.dimensions, spec, opened.key)
                small = 0 < model.counts[model.find(region)] < PUBLISHED.threshold
                same = model.canonical(region).is_within(model.canonical(member))
                assert not small or same or (member, region) in protected.members

    def test_more_is_hidden_for_it(self):
        release = small_release(4)
        shown, hidden = (protect(release, rules) for rules in (PUBLISHED, self.POLICY))
        learned = (
            attack(published_of(release, shown), knows=[member], margins=False).opened
            for member, _ in only_members(release)
        )

        assert any(learned)
        assert len(shown.hidden) < len(hidden.hidden)
        assert hidden.members == frozenset()

    def test_what_cannot_be_helped_is_said(self):
        """Of five people who are public as a whole, the only one of a cell knows that four are of the other."""
        release = release_of(
            {"a": dimension("a", 2, grouped=False, silent=0)}, {"a": np.array([0, *[1] * 4])}, [("a",)]
        )
        told = {Region("main", frozenset()): Told(5, 5)}

        assert protect(replace(release, told=told), self.POLICY).members

    def test_a_certificate_without_their_witnesses_does_not_hold(self):
        release = small_release()
        found = protect(release, self.POLICY)
        claimed = replace(protect(release, PUBLISHED).certificate, insider=True)

        verify(Certificate.from_json(found.certificate.as_json()), release, found.tables.values())
        with pytest.raises(UnprovenRelease, match="only member"):
            verify(claimed, release, protect(release, PUBLISHED).tables.values())


class TestWhatWasTold:
    @pytest.mark.parametrize(
        ("said", "holds"),
        [
            ([(7, 7), (8, 12)], (8, 12)),  # corrected since: 7 is no fact any more
            ([(8, 12), (9, 9)], (9, 9)),
            ([(9, 9), (8, 12)], (9, 9)),  # printed exactly, and rounded later
            ([(8, 10), (9, None)], (9, 10)),
            ([(7, 7), (10, 12)], None),
        ],
    )
    def test_all_of_it_that_still_holds_is_taken_together(self, said, holds):
        release = small_release(3, 9)
        everybody = Region("main", frozenset())

        found = still_true(release, {everybody: [Told(*one) for one in said]})

        assert found == ({everybody: Told(*holds)} if holds else {})


class TestForms:
    @pytest.mark.parametrize("code", ["controlled-5", "ranges-5", "hesa", "civil-service-2023", "internal-2026"])
    @settings(max_examples=25, deadline=None)
    @given(release=populations(60))
    def test_every_form_keeps_its_promise_and_the_truth(self, code, release):
        rules = policy(code)
        protected = protect(release, rules)

        for true, cell in cells(release, protected):
            if cell.status is None:
                low, high = (cell.low, cell.high) if cell.low is not None else (cell.value, cell.value)
                assert low <= true <= high
        document = published_of(release, protected, rules=ExchangePolicy.of(rules))
        assert attack(document, exact=True, margins=False).opened == ()

    def test_controlled_rounding_adds_up(self):
        protected = protect(small_release(3, 200), policy("controlled-5"))
        table = protected.tables["a-b"]
        shown = {key: cell.value for key, cell in table.shown.items()}

        for b in table.codes["b"]:
            parts = [shown.get((a, b)) for a in ("a0", "a1", "a2", "a3", "a-silent0")]
            if None not in parts and ("_total", b) in shown:
                assert sum(parts) == shown["_total", b]
        assert all(value % 5 == 0 for value in shown.values())
        assert len(shown) > 20

    @pytest.mark.parametrize(("count", "before"), [(3, (0, 4)), (2, (1, 9)), (12, (11, 19))])
    def test_controlled_rounding_goes_the_way_that_it_went_before(self, count, before):
        """3 is nearer to 5; but if it was printed as 0 before, that would make it 1 to 4."""
        release = one_table(count, 14, 20)
        plain, again = (
            protect(replace(release, told=told), policy("controlled-5")).tables["a"].cell("a0")
            for told in ({}, {group("a0"): Told(*before)})
        )

        assert again.limits == before != plain.limits

    def test_controlled_rounding_never_prints_as_0_where_somebody_is(self):
        """2 is nearer to 0, but where somebody is known to be that would make it 1 to 4."""
        plain, units = (protect(one_table(2, 14, 20, occupied=on), policy("controlled-5")).tables["a"] for on in (0, 1))

        assert plain.cell("a0").value == 0
        assert units.cell("a0").value == 5

    def test_a_range_is_hidden_that_would_be_too_narrow_beside_what_is_known(self):
        """Fewer than 5, where somebody is known to be, is 1 to 4."""
        plain, lived_in = (protect(one_table(3, 14, 20, occupied=on), policy("ranges-5")).tables["a"] for on in (0, 1))

        assert plain.cell("a0") == Cell.between(0, 4)
        assert lived_in.cell("a0").status is Status.CONFIDENTIAL

    def test_a_printed_zero_of_rounded_numbers_is_nobody_only_of_kinds_of_silence(self):
        tables = protect(one_table(12, 20, 0), policy("controlled-5")).tables

        assert tables["a"].cell("a2") == Cell(0, None, 0, 4)
        assert tables["a"].cell("a-silent0") == Cell(0, None, 0, 0)

    def test_rounding_to_what_may_be_nobody_does_not_say_that_a_whole_group_gave_one_answer(self):
        dimensions = {name: dimension(name, 2, grouped=False, silent=0) for name in "ab"}
        rows = {"a": np.repeat([0, 0, 1, 1], [12, 20, 15, 0]), "b": np.repeat([0, 1, 0, 1], [12, 20, 15, 0])}
        release = replace(release_of(dimensions, rows, [("a", "b")]), special=frozenset("b"))

        assert protect(release, policy("controlled-5")).hidden == frozenset()

    def test_zeros_of_special_category_data_are_hidden_where_the_policy_says(self):
        release = replace(small_release(), special=frozenset("a"))
        protected = protect(release, replace(PUBLISHED, zeros=True))

        plain = protect(release, PUBLISHED).tables["a-b"]
        answers = [(a, b) for a in ("a0", "a1", "a2", "a3") for b in ("b0", "b1", "b2", "b3")]

        assert Cell(0) in [plain.cell(*key) for key in answers]
        assert Cell(0) not in [protected.tables["a-b"].cell(*key) for key in answers]

    def test_that_nobody_kept_silent_and_that_nobody_is_there_at_all_is_told_even_so(self):
        dimensions = {"a": dimension("a", 3, grouped=False, silent=1), "b": dimension("b", 2, grouped=False, silent=1)}
        rows = {"a": np.repeat([0, 0, 1, 1], [12, 20, 15, 0]), "b": np.repeat([0, 1, 0, 1], [12, 20, 15, 0])}
        release = release_of(dimensions, rows, [("a",), ("b",), ("a", "b")])
        rules = replace(policy("civil-service-2023"), code="test")
        tables = protect(replace(release, special=frozenset("b")), rules).tables

        assert tables["b"].cell("b-silent0").value == tables["a"].cell("a2").value == 0
        assert tables["a-b"].cell("a2", "b1").value == tables["a-b"].cell("a0", "b-silent0").value == 0
        assert tables["a-b"].cell("a1", "b1").status is Status.CONFIDENTIAL

    def test_that_nobody_is_there_at_all_is_told_where_it_was_hidden_before(self):
        """From it follow the zeros of all answers, which would be known otherwise."""
        dimensions = {"a": dimension("a", 3, grouped=False, silent=0), "b": dimension("b", 2, grouped=False, silent=0)}
        rows = {"a": np.repeat([0, 0, 1, 1], [9, 9, 20, 20]), "b": np.repeat([0, 1, 0, 1], [9, 9, 20, 20])}
        nobody = Region("main", frozenset({("a", frozenset({"a2"}))}))
        release = replace(release_of(dimensions, rows, [("a",), ("a", "b")]), special=frozenset("b"))
        release = replace(release, told={nobody: Told()})

        plain, careful = (protect(release, replace(PUBLISHED, zeros=zeros)).tables["a"] for zeros in (False, True))

        assert plain.cell("a2").status is Status.CONFIDENTIAL
        assert careful.cell("a2").value == 0

    @settings(max_examples=40, deadline=None)
    @given(release=populations(60), number=st.integers(1, 3))
    def test_no_zero_of_a_sensitive_answer_can_be_known(self, release, number):
        rules = policy("civil-service-2023")
        release = replace(release, special=frozenset(sorted(release.dimensions)[:number]))

        document = published_of(release, protect(release, rules), rules=ExchangePolicy.of(rules))

        assert attack(document, exact=True).broken == ()

    def test_that_a_whole_group_gave_one_answer_stays_uncertain_where_the_policy_says(self):
        dimensions = {name: dimension(name, 2, grouped=False, silent=0) for name in "ab"}
        rows = {"a": np.repeat([0, 0, 1, 1], [12, 20, 15, 0]), "b": np.repeat([0, 1, 0, 1], [12, 20, 15, 0])}
        release = replace(release_of(dimensions, rows, [("a", "b")]), special=frozenset("b"))

        plain, careful = (protect(release, replace(PUBLISHED, group=on)).tables["a-b"] for on in (False, True))

        assert plain.cell("a1", "b1") == Cell(0)
        assert careful.cell("a1", "b1").status is Status.CONFIDENTIAL


class TestPolicies:
    def test_every_one_is_dated_and_names_its_source(self):
        assert all(rules.dated and rules.source and rules.label for rules in policies().values())

    @pytest.mark.parametrize(
        ("declared", "asked", "split"), [(8, 13, True), (7, 13, False), (12, 12, False), (60, 100, True), (0, 0, False)]
    )
    def test_a_characteristic_is_split_where_enough_declared_of_enough(self, declared, asked, split):
        """Of twelve people who were asked, at most four would not have declared."""
        assert PUBLISHED.splits(declared, asked) == split

    def test_an_unknown_one_is_answered_with_those_there_are(self):
        with pytest.raises(UnknownPolicy, match="published-2026"):
            policy("nothing")

    def test_one_whose_numbers_cannot_be_kept_is_refused(self):
        with pytest.raises(ValueError, match="width"):
            Policy.read("x", {"label": "x", "dated": "x", "source": "x", "form": "nearest", "base": 5, "width": 5})


class TestCertificate:
    def release(self):
        return small_release()

    def test_holds_when_it_is_worked_out_again_from_what_was_stored(self):
        release = self.release()
        protected = protect(release, PUBLISHED)

        verify(Certificate.from_json(protected.certificate.as_json()), release, protected.tables.values())

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_with_one_number_changed_does_not(self, data):
        release = self.release()
        protected = protect(release, PUBLISHED)
        witnesses = [list(witness) for witness in protected.certificate.witnesses]
        witness = data.draw(st.sampled_from(witnesses))
        at = data.draw(st.integers(0, len(witness) - 1))
        number, place, change = witness[at]
        witness[at] = (number, place, change + data.draw(st.sampled_from([-7, -1, 1, 5])))

        with pytest.raises(UnprovenRelease):
            verify(replace(protected.certificate, witnesses=witnesses), release, protected.tables.values())

    @pytest.mark.parametrize(
        ("changed", "what"),
        [
            (lambda c: replace(c, witnesses=c.witnesses[:1]), "bounded"),
            (lambda c: replace(c, claims=c.claims[1:]), "nothing is claimed"),
            (lambda c: replace(c, witnesses=[[(9, (0, 0), 1)]]), "not counted"),
            (lambda c: replace(c, witnesses=[[(0, (9, 9), 1)]]), "not counted"),
            (lambda c: replace(c, claims=[*c.claims, Claim(Region("main", frozenset()), low=0)]), "bounded"),
            (lambda c: replace(c, sets=[("a",), ("b",)]), "need not be one population"),
        ],
    )
    def test_that_claims_more_or_less_than_it_shows_does_not(self, changed, what):
        release = self.release()
        protected = protect(release, PUBLISHED)

        with pytest.raises(UnprovenRelease, match=what):
            verify(changed(protected.certificate), release, protected.tables.values())

    def test_that_says_too_much_was_given_away_before_does_not(self):
        """The witnesses reach the interval that earlier releases leave: a wider one is not proved."""
        release = small_release()
        true, region = next((t, r) for t, _, _, r in true_counts(release) if 0 < t < PUBLISHED.threshold)
        release = replace(release, told={region: Told(true, true)})
        protected = protect(release, PUBLISHED)
        wider = replace(protected.certificate, exposed={region: (true, true + 1)})

        assert protected.certificate.exposed == {region: (true, true)}
        with pytest.raises(UnprovenRelease, match="bounded"):
            verify(wider, release, protected.tables.values())

    def test_in_an_earlier_format_has_to_be_worked_out_again(self):
        old = protect(self.release(), PUBLISHED).certificate.as_json() | {"format": "witnesses/3"}

        with pytest.raises(OutdatedCertificate):
            Certificate.from_json(old)

    def test_does_not_cover_a_table_that_shows_one_cell_more(self):
        """Every hidden cell that is not small is needed: show one, and the proof falls."""
        release = self.release()
        protected = protect(release, PUBLISHED)
        table = protected.tables["a-b"]

        for true, _, key, region in true_counts(release):
            if region in protected.hidden:
                opened = replace(table, shown={**table.shown, key: Cell(true)})
                with pytest.raises(UnprovenRelease, match="printed number"):
                    verify(protected.certificate, release, [opened])

    def test_does_not_cover_a_table_that_shows_another_number(self):
        release = self.release()
        protected = protect(release, PUBLISHED)
        table = protected.tables["a-b"]
        key = next(iter(table.shown))

        with pytest.raises(UnprovenRelease, match="printed number"):
            verify(protected.certificate, release, [replace(table, shown={**table.shown, key: Cell(999)})])


class TestContradictions:
    def test_counts_over_other_sets_are_refused(self):
        release = small_release()

        with pytest.raises(ValueError, match="linked sets"):
            protect(replace(release, people={"main": lambda names: release.people["main"](names[:1])}), PUBLISHED)

    def test_counts_that_do_not_agree_are_refused(self):
        rng = np.random.default_rng(1)
        dimensions = {name: dimension(name, 20, grouped=False) for name in "abc"}
        rows = {name: rng.choice(3, 50) for name in "abc"}
        release = release_of(dimensions, rows, [("a", "b"), ("b", "c")])
        other = release_of(dimensions, {**rows, "b": rng.choice(3, 50)}, [("a", "b"), ("b", "c")])
        assert release.sets == [("a", "b"), ("b", "c")]

        def either(names):
            return (release if "a" in names else other).people["main"](names)

        with pytest.raises(Contradiction, match="overlap"):
            protect(replace(release, people={"main": either}), PUBLISHED)

    def test_what_was_told_and_is_not_true_is_refused(self):
        release = small_release()
        region = region_of(release.dimensions, release.tables[0], ("a0", "b0"))

        with pytest.raises(Contradiction, match="told"):
            protect(replace(release, told={region: Told(9_999, 9_999)}), PUBLISHED)


class TestUnits:
    def test_a_listed_unit_may_be_anything_but_empty(self):
        """Readers know that a listed unit holds somebody: the proof may not rest on its being empty."""
        units = replace(dimension("a", 4, grouped=False), occupied=True)
        rows = {"a": np.repeat([0, 1, 2, 3], [3, 40, 30, 20])}
        protected = protect(release_of({"a": units}, rows, [("a",)]), PUBLISHED)

        claim = next(c for c in protected.certificate.claims if c.region.within == {("a", frozenset({"a0"}))})

        assert (claim.low, claim.high) == (1, 1 + PUBLISHED.width)


class TestShapes:
    """Shapes that protection meets and that once were hard."""

    def safe(self, dimensions, rows, tables):
        release = release_of(dimensions, rows, tables)
        protected = protect(release, PUBLISHED)
        assert attack(published_of(release, protected), exact=True).opened == ()
        return protected

    def test_hundreds_of_tiny_units(self):
        rng = np.random.default_rng(2)
        dimensions = {
            "a": dimension("a", 120, grouped=False, silent=0),
            "b": dimension("b", 3, grouped=False, silent=0),
        }
        rows = {"a": rng.integers(0, 120, 400), "b": rng.choice(3, 400, p=[0.8, 0.15, 0.05])}

        assert not self.safe(dimensions, rows, [("a", "b")]).everything_hidden

    def test_one_dominant_group(self):
        rng = np.random.default_rng(3)
        dimensions = {"a": dimension("a", 5, grouped=True), "b": dimension("b", 4, grouped=False)}
        rows = {"a": rng.choice(5, 500, p=[0.95, 0.02, 0.01, 0.01, 0.01]), "b": rng.integers(0, 4, 500)}

        self.safe(dimensions, rows, [("a", "b"), ("a",)])

    def test_fewer_people_than_the_threshold(self):
        dimensions = {name: dimension(name, 3, grouped=False) for name in "ab"}
        rows = {"a": np.array([0, 1, 2]), "b": np.array([0, 0, 0])}

        protected = self.safe(dimensions, rows, [("a", "b")])

        assert all(told.low == told.high == 0 for told in protected.told.values())

    def test_nobody_at_all(self):
        dimensions = {name: dimension(name, 3, grouped=False) for name in "ab"}
        rows = {name: np.zeros(0, dtype=int) for name in "ab"}

        protected = self.safe(dimensions, rows, [("a", "b")])

        assert not protected.hidden

    def test_the_same_table_twice(self):
        once = small_release()
        twice = replace(once, tables=[*once.tables, replace(once.tables[0], id="again")])

        one, two = protect(once, PUBLISHED), protect(twice, PUBLISHED)

        assert two.tables["again"].shown == two.tables["a-b"].shown == one.tables["a-b"].shown

    def test_an_organisation_that_is_all_of_its_parent_but_three_people(self):
        """The parent's table and the organisation's are tables of one population."""
        rng = np.random.default_rng(8)
        dimensions = {
            "a": dimension("a", 3, grouped=False, silent=0),
            "unit": dimension("unit", 2, grouped=False, silent=0),
        }
        rows = {"a": rng.choice(3, 203, p=[0.7, 0.2, 0.1]), "unit": np.repeat([0, 1], [200, 3])}
        release = release_of(dimensions, rows, [("a",), ("unit",)])
        inside = replace(release.tables[0], id="organisation", where={"unit": "unit0"})
        whole = release_of(dimensions, rows, [("a", "unit")])
        both = replace(whole, tables=[release.tables[0], inside])

        protected = protect(both, PUBLISHED)

        assert attack(published_of(both, protected), exact=True).opened == ()
        shared = [key for key in protected.tables["a"].shown if key in protected.tables["organisation"].shown]
        differences = {
            protected.tables["a"].cell(*key).value - protected.tables["organisation"].cell(*key).value for key in shared
        }
        assert not differences & {1, 2, 3, 4}


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
        case Cell():
            return {thing.value} - {None}
        case _:
            return numbers_in({name: part for name, part in vars(thing).items() if name != "position"})


class TestManyUnknowns:
    """More than can be looked at every time: some are columns of a programme, and changes are looked for near the
    people of a region."""

    @pytest.fixture(autouse=True)
    def many(self):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(programmes, "_MANY", 0)
            patched.setattr(pool, "_FEW", 0)
            yield

    @settings(max_examples=20, deadline=None)
    @given(populations())
    def test_nobody_can_open_a_small_number(self, release):
        protected = protect(release, PUBLISHED)

        assert attack(published_of(release, protected), exact=True).opened == ()
        assert protected.small <= protected.hidden

    @seldom
    @given(histories())
    def test_quarters_that_were_published_one_by_one_are_safe_together(self, quarters):
        opened, exposed = opened_together(quarters)

        assert opened <= exposed

    @seldom
    @given(histories())
    def test_no_more_is_said_to_be_given_away_than_is(self, quarters):
        check_that_no_more_is_said_to_be_given_away_than_is(quarters)

    @seldom
    @given(histories())
    def test_what_is_not_found_nearby_is_not_said_to_be_given_away(self, quarters):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Neighbourhoods, "around", lambda *_: iter(()))
            check_that_no_more_is_said_to_be_given_away_than_is(quarters)

    def test_not_everything_is_hidden_for_it_and_it_is_said(self):
        protected = protect(small_release(), PUBLISHED)

        assert protected.nearby
        assert not protected.everything_hidden
        assert any(told.low == told.high > PUBLISHED.threshold for told in protected.told.values())

    @often
    @given(populations(), st.data())
    def test_counts_are_bounded_as_closely_as_with_all_unknowns(self, release, data):
        model = model_of(release)
        printing = Printing(model.counts.astype(float), model.counts.astype(float))
        hidden = frozenset(data.draw(st.sets(st.integers(0, len(model.regions) - 1))))
        some = Extremes(model, printing, hidden)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(pool, "_FEW", 10**6)
            whole = Extremes(model, printing, hidden)

        for region in sorted(hidden):
            columns = model.columns_of(model.regions[region])
            for least in (True, False):
                assert some.of(columns, least=least) == pytest.approx(whole.of(columns, least=least))

    @often
    @given(populations(), st.data())
    def test_any_unknowns_are_bounded_as_closely_as_a_reader_can(self, release, data):
        """Also some of those that no printed number tells apart, without the others."""
        codes = {name: [*d.leaves[:2], "_total"] for name, d in release.dimensions.items()}
        tables = [replace(table, codes={name: codes[name] for name in table.codes}) for table in release.tables]
        model = model_of(replace(release, tables=tables))
        printing = Printing(model.counts.astype(float), model.counts.astype(float))
        hidden = frozenset(data.draw(st.sets(st.integers(0, len(model.regions) - 1))))
        columns = np.array(data.draw(st.lists(st.integers(0, model.unknowns.size - 1), min_size=1, unique=True)))

        limits = Extremes(model, printing, hidden)

        for least in (True, False):
            assert limits.of(columns, least=least) == pytest.approx(_extreme(model, printing, hidden, columns, least))

    def test_it_is_known_what_nobody_can_be_moved_to(self):
        """Forty-two people are public: there are no forty-three of one answer, but there could be forty-two."""
        release = small_release(people=42)
        model = model_of(replace(release, told={Region("main", frozenset()): Told(42, 42)}))
        counts = model.counts.astype(float)
        programme = programmes.Programme(model, counts, counts, model.weight, [])
        region = model.find(region_of(release.dimensions, release.tables[0], ("a0", "b0")))
        others = 42 - int(model.counts[region])

        assert programme.at_any_price(region, others + 1) == (None, True)
        found, impossible = programme.at_any_price(region, others)
        assert not impossible
        assert (model.matrix @ found)[region] == others


def _extreme(model, printing, hidden, columns, least):
    """By one programme over all unknowns."""
    low, high = bounds_of(model, printing, model.among(hidden))
    rows = sparse.vstack([model.matrix, model.rules.rows])
    cost = np.bincount(columns, minlength=model.unknowns.size) * (1.0 if least else -1.0)
    answer = milp(
        cost,
        bounds=Bounds(0, np.where(model.closed, 0, np.inf)),
        constraints=LinearConstraint(rows, [*low, *model.rules.low], [*high, *model.rules.high]),
    )
    return None if answer.x is None else cost @ answer.x * (1 if least else -1)


class TestSafeTable:
    def test_has_no_way_to_hold_a_hidden_number(self):
        release = small_release()
        protected = protect(release, PUBLISHED)
        table = protected.tables["a-b"]
        secrets = {
            true for true, cell in cells(release, protected) if cell.value is None
        } - {cell.value for cell in table.shown.values()}  # fmt: skip

        assert secrets
        assert not secrets & numbers_in(pickle.loads(pickle.dumps(table)))

    def test_zero_hidden_not_collected_and_too_few_are_different(self):
        sex = dimension("a", 3, grouped=False)
        table = SafeTable("t", (sex,), {"a": ("a0", "a1")}, {("a0",): Cell(0)}, too_few={"a": ("a2",)})

        assert table.cell("a0") == Cell(0)
        assert table.cell("a1") == Cell(None, Status.CONFIDENTIAL)
        assert table.cell("a2") == Cell(None, Status.TOO_FEW)
        assert table.cell("other") == Cell(None, Status.NOT_AVAILABLE)

    def test_a_cell_holds_a_number_or_a_reason(self):
        for value, status, low, high in (
            (None, None, None, None),
            (3, Status.CONFIDENTIAL, None, None),
            (None, Status.CONFIDENTIAL, 0, 4),
        ):
            with pytest.raises(ValueError, match="either"):
                Cell(value, status, low, high)


class TestWhenTheSearchGivesUp:
    def test_everything_but_the_number_of_people_is_hidden_and_that_is_proved_too(self, monkeypatch):
        release = small_release()
        fruitless = _none_at_first(programmes.Programme.witness, 2 * len(search._ATTEMPTS))
        monkeypatch.setattr(programmes.Programme, "witness", fruitless)
        monkeypatch.setattr(programmes.Programme, "at_any_price", lambda *_: (None, False))

        protected = protect(release, PUBLISHED)

        assert protected.everything_hidden
        assert {told.low for told in protected.told.values()} <= {0, 60}
        assert attack(published_of(release, protected), exact=True).opened == ()

    def test_it_says_so_where_not_even_that_can_be_proved(self, monkeypatch):
        monkeypatch.setattr(programmes.Programme, "witness", lambda *_, **__: None)
        monkeypatch.setattr(programmes.Programme, "at_any_price", lambda *_: (None, False))

        with pytest.raises(CannotProtect, match="Leave out tables"):
            protect(small_release(), PUBLISHED)

    def test_people_whom_no_table_counts_are_not_given_away_for_want_of_an_end(self, monkeypatch):
        somebody = Region("main", frozenset({("a", frozenset({"a0", "a3"}))}))
        monkeypatch.setattr(protection, "given_away", lambda *_, **__: [somebody])

        with pytest.raises(CannotProtect, match="stay given away"):
            protect(small_release(), PUBLISHED)

    def test_people_whom_no_table_counts_are_looked_after_with_everything_hidden_where_they_are_too_many(
        self, monkeypatch
    ):
        somebody = [Region("main", frozenset({("a", frozenset({"a0", "a3"}))}))]
        monkeypatch.setattr(protection, "given_away", lambda *_, **__: [somebody.pop()] if somebody else [])
        monkeypatch.setattr(protection, "_MOST", 1)

        protected = protect(small_release(), PUBLISHED)

        assert protected.everything_hidden
        assert somebody == []

    def test_it_can_be_watched_and_stopped(self):
        class Stopped(Exception):
            pass

        def stop(done, of):
            assert 0 <= done <= of
            raise Stopped

        with pytest.raises(Stopped):
            protect(small_release(), PUBLISHED, watch=stop)


def _none_at_first(found, times):
    left = [None] * times

    def witness(*given, **more):
        return left.pop() if left else found(*given, **more)

    return witness
