import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from equality.measures import evaluate
from equality.measures.comparison import Group, Outcome, Sense, compare, compare_with
from equality.measures.conclusions import Benchmark, conclude, conclude_change, conclude_pay_gap, conclude_share
from equality.measures.spoken import beside, signed, span
from equality.measures.whole_tables import compare_table

ADVERSE = Outcome("enter formal disciplinary action", Sense.ADVERSE)
FAVOURABLE = Outcome("be appointed", Sense.FAVOURABLE)
CENSUS = Benchmark("the working-age population, Census 2021", 51.0)

group = st.integers(0, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
outcomes = st.sampled_from([ADVERSE, FAVOURABLE, Outcome("work part time", Sense.NEUTRAL)])


def made(events1, base1, events2, base2, outcome=ADVERSE):
    return compare(Group("Black staff", events1, base1), Group("White staff", events2, base2), outcome)


class TestSentence:
    @settings(max_examples=150, deadline=None)
    @given(first=group, second=group, outcome=outcomes)
    def test_claims_only_what_interval_test_and_numbers_bear_out(self, first, second, outcome):
        comparison = made(*first, *second, outcome)
        said = conclude(comparison)
        claims = re.search(r"\b(more|less) likely than\b", said)

        if claims is None:
            assert "to their" not in said
            return
        low, high = comparison.difference.low, comparison.difference.high
        assert min(first[1], second[1]) >= 10
        assert first[0] + second[0] >= 5
        assert low > 0 or high < 0
        assert comparison.test.p < 0.05
        assert (claims[1] == "more") == (low > 0)
        good_to_have_more = {Sense.FAVOURABLE: 1, Sense.ADVERSE: -1, Sense.NEUTRAL: 0}[outcome.sense]
        better = good_to_have_more * (1 if low > 0 else -1)
        assert ("to their advantage" in said) == (better > 0)
        assert ("to their disadvantage" in said) == (better < 0)

    @settings(max_examples=80, deadline=None)
    @given(first=group, second=group)
    def test_says_too_few_below_the_minimum_and_repeats_no_count(self, first, second):
        said = conclude(made(*first, *second))
        few = min(first[1], second[1]) < 10 or first[0] + second[0] < 5

        if not min(first[1], second[1]):
            assert "It cannot be said" in said
        else:
            assert said.startswith("There are too few to say") == few
        if few:
            assert "%" not in said
            assert " of " not in said.split(":")[0]

    @settings(max_examples=80, deadline=None)
    @given(first=group, second=group, outcome=outcomes)
    def test_is_one_sentence_without_a_hole(self, first, second, outcome):
        said = conclude(made(*first, *second, outcome))

        assert said.endswith(".")
        assert ". " not in said
        assert not re.search(r"None|nan|inf\b", said)

    @settings(max_examples=80, deadline=None)
    @given(first=group, second=group)
    def test_prints_limits_on_the_side_where_they_are(self, first, second):
        said = conclude(made(*first, *second))
        times = re.search(r"times as likely \(95% interval ([\d.]+) to ([\d.]+)\)", said)

        if times and "likely than" in said:
            assert float(times[1]) > 1 or float(times[2]) < 1

    def test_of_a_claim_has_direction_counts_and_interval(self):
        assert conclude(made(26, 304, 645, 11111)) == (
            "Black staff were more likely than White staff to enter formal disciplinary action, which is to their "
            "disadvantage: 26 of 304 (8.6%) against 645 of 11,111 (5.8%), 1.47 times as likely (95% interval 1.01 to 2.12)."
        )

    def test_without_a_claim_says_what_is_left_open(self):
        assert conclude(made(8, 20, 48, 80, FAVOURABLE)) == (
            "The figures do not show a difference between Black staff and White staff in how likely they were to be "
            "appointed: 8 of 20 (40.0%) against 48 of 80 (60.0%), with which ratios from 0.36 to 1.08 are compatible; "
            "nor do they show that there is none."
        )

    def test_of_a_group_without_events_is_in_percentage_points(self):
        assert conclude(made(0, 60, 12, 60)).endswith(
            "0 of 60 (0.0%) against 12 of 60 (20.0%), 20.0 percentage points apart (95% interval 9.9 to 31.8)."
        )

    def test_says_how_many_comparisons_were_allowed_for(self):
        found = compare_with(
            Group("White staff", 60, 200), [Group("Black staff", 45, 100), Group("Asian staff", 22, 100)], ADVERSE
        )

        assert "after allowing for the 2 comparisons made together" in conclude(found[0])

    def test_claims_nothing_that_the_other_comparisons_make_doubtful(self):
        others = [Group(f"group {number}", 30, 100) for number in range(12)]
        alone, *_ = compare_with(Group("White staff", 60, 200), [Group("Black staff", 44, 100)], ADVERSE)
        found, *_ = compare_with(Group("White staff", 60, 200), [Group("Black staff", 44, 100), *others], ADVERSE)

        assert alone.shows_a_difference
        assert conclude(found).startswith("The figures do not show a difference")
        assert "may be chance after allowing for 13 comparisons" in conclude(found)

    @pytest.mark.parametrize(
        ("counts", "leaves_open"),
        [
            ((1, 20, 8, 30), "with which ratios from 0.03 to 1.004 are compatible"),  # test alone
            ((9, 12, 15, 15), "with which differences of minus 53.2 to plus 1.0 percentage points"),  # and the ratio
            ((7, 20, 3, 30), "the interval and the test do not agree"),  # both intervals, not the test
        ],
    )
    def test_claims_nothing_unless_both_intervals_and_the_test_agree(self, counts, leaves_open):
        comparison = made(*counts)

        assert not comparison.shows_a_difference
        assert leaves_open in conclude(comparison)

    @pytest.mark.parametrize(("base1", "base2"), [(20, 30), (51, 100)])
    def test_seldom_claims_where_there_is_nothing(self, base1, base2):
        """Summed over all outcomes of two groups with one chance: at most about one claim in eighteen."""
        first, second = np.meshgrid(np.arange(base1 + 1), np.arange(base2 + 1), indexing="ij")
        table = compare_table(first, base1, second, base2)
        low, high = table.difference_limits
        ratio_low, ratio_high = table.ratio_limits
        claims = (table.p < 0.05) & ((low > 0) | (high < 0)) & ((ratio_low > 1) | (ratio_high < 1))

        for chance in np.arange(0.05, 1, 0.05):
            weights = binom.pmf(first, base1, chance) * binom.pmf(second, base2, chance)
            assert (weights * claims).sum() < 0.058


class TestShareAgainstABenchmark:
    def test_that_is_below_is_said_to_be_less(self):
        assert conclude_share("women", 100, 265, CENSUS) == (
            "Women are 37.7% of those who declared (100 of 265; 95% interval 32.1 to 43.7%), less than the 51% in the "
            "working-age population, Census 2021."
        )

    def test_that_is_above_is_said_to_be_more(self):
        assert "more than the 51%" in conclude_share("women", 180, 265, CENSUS)

    def test_whose_interval_holds_the_benchmark_is_not_told_apart(self):
        assert "cannot be told apart from the 51%" in conclude_share("women", 120, 265, CENSUS)

    @pytest.mark.parametrize(
        ("part", "whole", "percent", "few"),
        [(5, 9, 50, True), (5, 10, 50, False), (0, 49, 10, True), (0, 50, 10, False), (40, 49, 90, True)],
    )
    def test_of_few_is_too_few_to_say(self, part, whole, percent, few):
        said = conclude_share("women", part, whole, Benchmark("the population", percent))

        assert said.startswith("There are too few to say") == few

    @settings(deadline=None)
    @given(group, st.floats(1, 99))
    def test_claims_only_what_its_interval_bears_out(self, group, percent):
        part, whole = group
        said = conclude_share("women", part, whole, Benchmark("the population", percent))
        if re.search(r"(more|less) than the", said):
            low, high = (
                100 * limit
                for limit in (evaluate("wilson_ci", {"x": part, "n": whole})[end] for end in ("low", "high"))
            )

            assert ("more than the" in said) == (low > percent)
            assert ("less than the" in said) == (high < percent)


class TestChange:
    BEFORE = Group("July to September 2026", 140, 330)

    @pytest.mark.parametrize(
        ("events", "words"), [(186, "rose from"), (90, "fell from"), (150, "may be ordinary variation")]
    )
    def test_is_claimed_only_beyond_ordinary_variation(self, events, words):
        said = conclude_change("the share of women", self.BEFORE, Group("October to December 2026", events, 329))

        assert said.startswith("The share of women")
        assert words in said
        assert "140 of 330 (42.4%) in July to September 2026 to" in said

    def test_of_few_is_too_few_to_say(self):
        said = conclude_change("the share of women", self.BEFORE, Group("October to December 2026", 3, 9))

        assert said.startswith("There are too few to say whether the share of women changed")
        assert "%" not in said


class TestPayGap:
    def test_is_described_with_the_number_of_people_and_no_more(self):
        assert conclude_pay_gap("women", 120, "men", 80, mean_gap=7.9, median_gap=-2.0) == (
            "By the mean, women are paid 7.9% less than men for an hour. By the median, they are paid 2.0% more than men. "
            "This compares 120 women with 80 men, and does not say why."
        )

    @pytest.mark.parametrize(
        ("limits", "interval", "claim"),
        [((1.2, 14.0), "1.2% to 14.0% less", "is more than"), ((-14.0, -1.2), "1.2% to 14.0% more", "is more than"),
         ((-0.1, 14.0), "0.1% more to 14.0% less", "may be"), ((-3.0, 0.0), "0.0% to 3.0% more", "may be"),
         ((0.0, 3.0), "0.0% to 3.0% less", "may be")],
    )  # fmt: skip
    def test_is_claimed_only_where_its_interval_holds_no_gap(self, limits, interval, claim):
        said = conclude_pay_gap("women", 120, "men", 80, mean_gap=7.9, median_gap=-2.0, limits=limits)

        assert f"for an hour (95% interval {interval}), which {claim} ordinary variation. By the median" in said

    def test_of_nothing_is_the_same(self):
        assert "the same as men" in conclude_pay_gap("women", 120, "men", 80, mean_gap=0.0, median_gap=1.0)

    @pytest.mark.parametrize(("women", "men"), [(9, 80), (80, 9)])
    def test_of_few_is_too_few_to_say(self, women, men):
        said = conclude_pay_gap("women", women, "men", men, mean_gap=1.0, median_gap=1.0)

        assert said.startswith("There are too few to say")


class TestByName:
    def test_gives_the_sentence_with_the_figures(self):
        found = evaluate(
            "two_group_comparison",
            {"group1": "Black staff", "events1": 26, "base1": 304, "group2": "White staff", "events2": 645,
             "base2": 11111, "outcome": "enter formal disciplinary action", "sense": "adverse"},
        )  # fmt: skip

        assert found["sentence"] == conclude(made(26, 304, 645, 11111))
        assert found["shows_a_difference"] is True

    def test_of_few_has_no_p_and_says_why(self):
        found = evaluate(
            "two_group_comparison",
            {"group1": "a", "events1": 1, "base1": 9, "group2": "b", "events2": 3, "base2": 30, "outcome": "x",
             "sense": "neutral"},
        )  # fmt: skip

        assert (found["p"], found["status"], found["shows_a_difference"]) == (None, "too few to say", False)
        assert found["reason"]


class TestSpokenNumbers:
    @pytest.mark.parametrize(
        ("value", "landmark", "text"),
        [
            (1.004, 1, "1.004"),
            (0.9996, 1, "0.9996"),
            (1.0, 1, "1.00"),
            (1.25, 1, "1.25"),
            (0.0, 0, "0.00"),
            (1 + 1e-9, 1, "1.000000"),
        ],
    )
    def test_stay_on_their_side(self, value, landmark, text):
        assert beside(value, landmark, 2) == text

    def test_are_signed_in_words(self):
        assert [signed(value) for value in (4.2, -0.34, 0.0, -0.04)] == ["plus 4.2", "minus 0.3", "0.0", "minus 0.04"]

    def test_span_from_end_to_end(self):
        assert span(1.0004, 2.0, 1, 2) == "1.0004 to 2.00"
