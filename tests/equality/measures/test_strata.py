import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from equality.measures.strata import breslow_day, cmh, expected_events

MIGRAINE = [[[16, 11], [5, 20]], [[12, 16], [7, 19]]]
cell = st.integers(1, 60)
stratum = st.lists(st.lists(cell, min_size=2, max_size=2), min_size=2, max_size=2)
strata = st.lists(stratum, min_size=2, max_size=5)


class TestCMH:
    @settings(max_examples=40, deadline=None)
    @given(tables=strata)
    def test_agrees_with_statsmodels(self, tables):
        expected = StratifiedTable([np.array(table, dtype=float) for table in tables])
        found = cmh(strata=tables).outputs

        assert found["statistic"] == pytest.approx(expected.test_null_odds().statistic, abs=1e-9)
        assert found["p"] == pytest.approx(expected.test_null_odds().pvalue, abs=1e-9)
        assert (found["low"], found["high"]) == pytest.approx(expected.oddsratio_pooled_confint(), rel=1e-9)

    @settings(max_examples=40, deadline=None)
    @given(tables=strata)
    def test_becomes_its_reciprocal_with_the_groups(self, tables):
        here, there = (cmh(strata=each).outputs for each in (tables, [table[::-1] for table in tables]))

        assert here["or_mh"] == pytest.approx(1 / there["or_mh"])
        assert here["statistic"] == pytest.approx(there["statistic"], abs=1e-9)

    @pytest.mark.parametrize(
        "useless", [[[0, 0], [0, 1]], [[0, 0], [3, 4]], [[0, 9], [0, 8]], [[9, 0], [8, 0]], [[0, 0], [0, 0]]]
    )
    def test_leaves_out_a_stratum_that_says_nothing_and_says_so(self, useless):
        found = cmh(strata=[*MIGRAINE, useless])

        assert found.outputs == cmh(strata=MIGRAINE).outputs
        assert found.reason.startswith("1 stratum was left out")

    def test_of_nothing_is_undefined(self):
        assert cmh(strata=[]).status == cmh(strata=[[[0, 0], [1, 2]]]).status == "undefined"

    def test_has_no_odds_where_one_group_never_had_the_outcome(self):
        found = cmh(strata=[[[0, 20], [5, 15]], [[0, 20], [3, 17]]])

        assert (found.outputs["or_mh"], found.outputs["low"]) == (None, None)
        assert found.outputs["p"] < 0.05
        assert found.reason

    def test_correction_takes_a_half_off_the_distance(self):
        """R mantelhaen.test on the same strata: 7.1983 with correction (by hand: (9.3396... - 0.5)^2 / V)."""
        plain, corrected = (cmh(strata=MIGRAINE, correction=flag).outputs["statistic"] for flag in (False, True))
        distance = abs(28 - 27 * 21 / 52 - 28 * 19 / 54)

        assert corrected == pytest.approx(plain * ((distance - 0.5) / distance) ** 2)

    def test_correction_takes_nothing_where_less_than_a_half_is_there(self):
        balanced = [[[5, 5], [5, 6]]]

        assert cmh(strata=balanced, correction=True) == cmh(strata=balanced)

    def test_a_very_small_p_is_not_0(self):
        assert 0 < cmh(strata=[[[90, 10], [10, 90]]]).outputs["p"] < 1e-25


class TestBreslowDay:
    @settings(max_examples=40, deadline=None)
    @given(tables=strata, tarone=st.booleans())
    def test_agrees_with_statsmodels_off_an_odds_ratio_of_1(self, tables, tarone):
        expected = StratifiedTable([np.array(table, dtype=float) for table in tables])
        assume(abs(np.log(expected.oddsratio_pooled)) > 0.01)
        test = expected.test_equal_odds(adjust=tarone)
        found = breslow_day(strata=tables, tarone=tarone).outputs

        assert found["statistic"] == pytest.approx(test.statistic, rel=1e-6, abs=1e-6)
        assert found["p"] == pytest.approx(test.pvalue, abs=1e-6)

    def test_exists_at_a_pooled_odds_ratio_of_1(self):
        found = breslow_day(strata=[[[8, 4], [4, 8]], [[4, 8], [8, 4]]])

        assert found.outputs["statistic"] == pytest.approx(2 * 4 * 4 / 6 + 0)  # (8 - 6)^2 (4 / 6) in each stratum
        assert found.outputs["p"] < 0.05

    @settings(max_examples=40, deadline=None)
    @given(odds=st.floats(0.01, 100), table=stratum)
    def test_expects_the_margins_and_the_odds_ratio_that_it_is_given(self, odds, table):
        (a, b), (c, d) = table
        rows, others, events = (np.array([float(size)]) for size in (a + b, c + d, a + c))
        found = expected_events(odds, rows, others, events)
        parts = (found, rows - found, events - found, others - events + found)

        assert all(part > 0 for part in parts)
        assert parts[0] * parts[3] == pytest.approx(odds * parts[1] * parts[2], rel=1e-6)

    def test_leaves_out_a_stratum_that_says_nothing(self):
        found = breslow_day(strata=[*MIGRAINE, [[0, 0], [0, 1]]], tarone=False)

        assert found.outputs == breslow_day(strata=MIGRAINE, tarone=False).outputs
        assert found.reason

    def test_of_fewer_than_two_strata_is_undefined(self):
        assert breslow_day(strata=MIGRAINE[:1]).status == "undefined"

    def test_without_odds_is_undefined(self):
        assert breslow_day(strata=[[[0, 20], [5, 15]], [[0, 20], [3, 17]]]).status == "undefined"
