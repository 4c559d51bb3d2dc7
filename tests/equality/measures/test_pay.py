from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures.pay import gap, summarise


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
