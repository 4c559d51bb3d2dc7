"""Differences, ratios and odds of two groups: what must hold for any counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats.contingency import odds_ratio, relative_risk
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep

from equality.measures import differences, odds, ratios
from equality.measures.arrays import two_groups
from equality.measures.faults import CannotMeasure
from tests.factories.measures import inner_tables, many_tables

TABLES = many_tables()
INNER = inner_tables()
DIFFERENCES = (differences.newcombe, differences.miettinen_nurminen)
RATIOS = (ratios.koopman, ratios.miettinen_nurminen, ratios.katz)
SCORES = (ratios.koopman, ratios.miettinen_nurminen)


def swapped(counts):
    return (*counts[2:], *counts[:2])


def one_by_one(function, tables):
    """What a library answers, table by table."""
    return np.transpose([function(*map(int, counts)) for counts in zip(*tables, strict=True)])


def coverage(interval, base1, base2, truth):
    """How often an interval holds the truth for each pair of chances: summed over all outcomes."""
    first, second = np.meshgrid(np.arange(base1 + 1), np.arange(base2 + 1), indexing="ij")
    low, high = interval(first, base1, second, base2)
    high = np.where(np.isnan(high), np.inf, high)
    for p1 in np.arange(0.1, 0.95, 0.1):
        for p2 in np.arange(0.1, 0.95, 0.1):
            chance = binom.pmf(first, base1, p1) * binom.pmf(second, base2, p2)
            held = (low <= truth(p1, p2) + 1e-12) & (truth(p1, p2) <= high + 1e-12)
            yield (chance * held).sum()


class TestDifference:
    @pytest.mark.parametrize("interval", DIFFERENCES)
    def test_lies_in_its_interval_within_bounds(self, interval):
        low, high = interval(*TABLES)
        difference = TABLES[0] / TABLES[1] - TABLES[2] / TABLES[3]

        assert ((low >= -1) & (low <= difference + 1e-12)).all()
        assert ((high <= 1) & (high >= difference - 1e-12)).all()

    @pytest.mark.parametrize("interval", DIFFERENCES)
    def test_changes_its_sign_with_the_groups(self, interval):
        here, there = interval(*TABLES), interval(*swapped(TABLES))

        np.testing.assert_allclose(here, (-there.high, -there.low), atol=1e-8)

    @pytest.mark.parametrize("interval", DIFFERENCES)
    def test_interval_rises_with_the_events(self, interval):
        low, high = interval(np.arange(41), 40, 10, 30)

        assert (np.diff(low) > 0).all()
        assert (np.diff(high) > 0).all()

    @pytest.mark.parametrize("interval", DIFFERENCES)
    def test_of_nobody_does_not_exist(self, interval):
        assert np.isnan(interval(0, 0, 1, 2)).all()
        assert np.isnan(interval(1, 2, 0, 0)).all()

    def test_newcombe_agrees_with_statsmodels(self):
        expected = one_by_one(
            lambda *counts: confint_proportions_2indep(*counts, compare="diff", method="newcomb"), TABLES
        )

        np.testing.assert_allclose(differences.newcombe(*TABLES), expected, atol=1e-12)

    @pytest.mark.parametrize("interval", DIFFERENCES)
    @pytest.mark.parametrize(("base1", "base2"), [(20, 30), (20, 80)])
    def test_interval_holds_the_truth_as_often_as_it_says(self, interval, base1, base2):
        found = list(coverage(interval, base1, base2, lambda p1, p2: p1 - p2))

        assert min(found) > 0.935
        assert 0.947 < np.mean(found) < 0.957

    def test_miettinen_nurminen_takes_the_likeliest_rates(self):
        """The rate that the closed form gives has the greatest likelihood of those that a fine grid holds."""
        events1, base1, events2, base2 = two_groups(*inner_tables(largest=60))
        supposed = np.full(events1.shape, 0.1)
        found = differences.likeliest_rate(two_groups(events1, base1, events2, base2), supposed)
        grid = np.linspace(0.1001, 0.9999, 4_001)[:, None]

        def likelihood(rate):
            other = rate - 0.1
            return (
                events1 * np.log(rate) + (base1 - events1) * np.log1p(-rate)
                + events2 * np.log(other) + (base2 - events2) * np.log1p(-other)
            )  # fmt: skip

        assert (likelihood(found) >= likelihood(grid).max(axis=0) - 1e-9).all()


class TestRatio:
    def test_becomes_its_reciprocal_with_the_groups(self):
        np.testing.assert_allclose(ratios.ratio(*INNER), 1 / ratios.ratio(*swapped(INNER)), rtol=1e-12)

    @pytest.mark.parametrize("interval", RATIOS)
    def test_interval_becomes_its_reciprocal_with_the_groups(self, interval):
        here, there = interval(*INNER), interval(*swapped(INNER))

        np.testing.assert_allclose(here, (1 / there.high, 1 / there.low), rtol=1e-9)

    @pytest.mark.parametrize("interval", SCORES)
    def test_lies_in_its_interval(self, interval):
        low, high = interval(*TABLES)
        found = ratios.ratio(*TABLES)
        exists = ~np.isnan(found)

        assert (low >= 0).all()
        assert (low <= found * (1 + 1e-12))[exists].all()
        assert (found <= high * (1 + 1e-12))[exists].all()

    @pytest.mark.parametrize("interval", SCORES)
    def test_interval_rises_with_the_events(self, interval):
        low, high = interval(np.arange(41), 40, 10, 30)

        assert (np.diff(low) > 0).all()
        assert (np.diff(high) > 0).all()

    @pytest.mark.parametrize("interval", SCORES)
    def test_has_no_upper_limit_exactly_where_the_second_group_has_no_event(self, interval):
        low, high = interval(*TABLES)

        np.testing.assert_array_equal(np.isnan(high), TABLES[2] == 0)
        np.testing.assert_array_equal(low == 0, TABLES[0] == 0)

    def test_of_none_against_none_is_unknown_from_0_upwards(self):
        assert np.isnan(ratios.ratio(0, 20, 0, 30))
        assert ratios.koopman(0, 20, 0, 30).low == 0

    @pytest.mark.parametrize("interval", RATIOS)
    def test_of_nobody_does_not_exist(self, interval):
        assert np.isnan(interval(0, 0, 1, 2)).all()
        assert np.isnan(interval(1, 2, 0, 0)).all()

    def test_katz_agrees_with_scipy(self):
        expected = one_by_one(lambda *counts: relative_risk(*counts).confidence_interval(0.95), INNER)

        np.testing.assert_allclose(ratios.katz(*INNER), expected, rtol=1e-9)

    @pytest.mark.parametrize(("interval", "correction"), [(ratios.koopman, False), (ratios.miettinen_nurminen, True)])
    def test_score_limits_agree_with_statsmodels_without_zero_cells(self, interval, correction):
        expected = one_by_one(
            lambda *counts: confint_proportions_2indep(*counts, compare="ratio", method="score", correction=correction),
            INNER,
        )

        np.testing.assert_allclose(interval(*INNER), expected, rtol=1e-9)

    @pytest.mark.parametrize("interval", SCORES)
    @pytest.mark.parametrize(("base1", "base2"), [(20, 30), (20, 80)])
    def test_interval_holds_the_truth_as_often_as_it_says(self, interval, base1, base2):
        found = list(coverage(interval, base1, base2, lambda p1, p2: p1 / p2))

        assert min(found) > 0.935
        assert 0.947 < np.mean(found) < 0.957

    def test_of_all_against_all_has_closed_limits(self):
        z2 = 1.959963984540054**2

        assert ratios.koopman(20, 20, 30, 30).low == pytest.approx(20 / (20 + z2), rel=1e-12)
        assert ratios.koopman(20, 20, 30, 30).high == pytest.approx(1 + z2 / 30, rel=1e-12)

    def test_refuses_events_over_their_base(self):
        with pytest.raises(CannotMeasure, match="PART_OVER_WHOLE"):
            ratios.koopman([1, 5], 4, 2, 9)


cells = st.lists(st.integers(1, 60), min_size=4, max_size=4)


class TestOdds:
    @settings(max_examples=50, deadline=None)
    @given(table=cells)
    def test_woolf_agrees_with_statsmodels(self, table):
        expected = Table2x2(np.reshape(table, (2, 2))).oddsratio_confint(0.05)

        np.testing.assert_allclose(odds.woolf(*table), expected, rtol=1e-9)

    @pytest.mark.parametrize("table", [[3, 1, 1, 3], [7, 15, 58, 472], [0, 5, 4, 9], [40, 2, 31, 12], [9, 4, 6, 0]])
    def test_conditional_agrees_with_scipy(self, table):
        (a, b, c, d) = table
        expected = odds_ratio(np.reshape(table, (2, 2)), kind="conditional")
        limits = expected.confidence_interval(0.95)
        found = odds.or_conditional_ci(table=[[a, b], [c, d]]).outputs

        assert [found["or"] or 0, found["low"]] == pytest.approx(
            [expected.statistic if np.isfinite(expected.statistic) else 0, limits.low], rel=1e-7
        )
        assert found["high"] is None if np.isinf(limits.high) else found["high"] == pytest.approx(limits.high, rel=1e-7)

    def test_conditional_of_a_large_table_is_near_the_plain_one(self):
        found = odds.or_conditional_ci(table=[[40_000, 60_000], [20_000, 50_000]]).outputs
        plain = odds.or_woolf_ci(table=[[40_000, 60_000], [20_000, 50_000]]).outputs

        assert list(found.values()) == pytest.approx(list(plain.values()), rel=1e-3)

    @settings(max_examples=25, deadline=None)
    @given(table=cells)
    def test_conditional_becomes_its_reciprocal_with_the_rows(self, table):
        a, b, c, d = table
        here = odds.or_conditional_ci(table=[[a, b], [c, d]]).outputs
        there = odds.or_conditional_ci(table=[[c, d], [a, b]]).outputs

        assert here["or"] == pytest.approx(1 / there["or"], rel=1e-9)
        assert here["low"] == pytest.approx(1 / there["high"], rel=1e-9)

    @pytest.mark.parametrize("table", [[[0, 0], [1, 2]], [[0, 3], [0, 2]]])
    def test_an_empty_row_or_column_has_none(self, table):
        assert odds.or_conditional_ci(table=table).status == "undefined"

    def test_a_zero_cell_has_a_limit_on_one_side(self):
        nothing = odds.or_conditional_ci(table=[[0, 5], [4, 9]]).outputs
        endless = odds.or_conditional_ci(table=[[5, 0], [4, 9]]).outputs

        assert (nothing["or"], nothing["low"]) == (0, 0)
        assert nothing["high"] > 0
        assert (endless["or"], endless["high"]) == (None, None)
        assert endless["low"] > 0
