from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures.pay import gap, summarise
from equality.measures.shares import percent, rounded


class TestPercent:
    @pytest.mark.parametrize(
        ("part", "whole", "value"),
        # Civil Service Statistics, staff who declared: ethnic minority 2021, disabled 2021, LGB and other 2023.
        [(56_860, 397_260, 14.3), (50_560, 371_460, 13.6), (23_770, 372_965, 6.4), (0, 5, 0.0), (5, 5, 100.0)],
    )
    def test_published_shares_are_reproduced(self, part, whole, value):
        assert percent(part, whole) == value

    def test_no_whole_has_no_share(self):
        assert percent(0, 0) is None

    @pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 4)])
    def test_impossible_counts_are_refused(self, part, whole):
        with pytest.raises(ValueError, match="part"):
            percent(part, whole)

    def test_an_exact_half_goes_up(self):
        assert percent(1, 2000) == 0.1  # 0.05
        assert rounded(Fraction(-1, 20), 1) == -0.1

    @given(st.integers(0, 10_000), st.integers(1, 10_000))
    def test_rounding_moves_by_at_most_half_a_digit(self, part, whole):
        part = min(part, whole)

        assert abs(Fraction(str(percent(part, whole))) - Fraction(100 * part, whole)) <= Fraction(1, 20)


class TestPayGap:
    def test_the_worked_example_of_the_guidance_is_reproduced(self):
        """GOV.UK, Making your gender pay gap calculations, Acme Ltd."""
        women, men = Fraction("15.13"), Fraction("17.51")

        assert gap(women, men, 2) == 13.59
        assert gap(Fraction(2225), Fraction(2300)) == 3.3

    def test_a_group_that_is_paid_more_has_a_gap_below_zero(self):
        assert gap(Fraction(22), Fraction(20)) == -10.0

    def test_a_comparator_without_pay_is_refused(self):
        with pytest.raises(ValueError, match="comparator"):
            gap(Fraction(1), Fraction(0))

    def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two(self):
        assert summarise(np.array([10, 40, 20, 90])).median == 30

    def test_nobody_has_no_pay(self):
        assert summarise(np.array([], dtype=np.int64)) is None

    @given(st.lists(st.integers(1, 10_000_000), min_size=1, max_size=60))
    def test_mean_and_median_are_exact(self, hourly):
        pay = summarise(np.array(hourly))
        ordered = sorted(hourly)

        assert pay.mean == Fraction(sum(hourly), len(hourly))
        assert pay.median == Fraction(ordered[(len(hourly) - 1) // 2] + ordered[len(hourly) // 2], 2)
