from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures.pay import Pay, gap, mean_gap_interval, summarise
from equality.measures.shares import rounded


class TestPayGap:
    def test_the_worked_example_of_the_guidance_is_reproduced(self):
        """GOV.UK, Making your gender pay gap calculations, Acme Ltd."""
        women, men = Fraction("15.13"), Fraction("17.51")

        assert rounded(gap(women, men), 2) == 13.59
        assert rounded(gap(Fraction(2225), Fraction(2300)), 1) == 3.3

    def test_a_group_that_is_paid_more_has_a_gap_below_zero(self):
        assert gap(Fraction(22), Fraction(20)) == -10

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


def paid(*pounds):
    return summarise(np.array([round(10_000 * hour) for hour in pounds]))


hourly = st.lists(st.integers(1, 10_000_000), min_size=3, max_size=40).map(lambda pay: summarise(np.array(pay)))


class TestMeanGapInterval:
    def test_the_standard_error_of_the_mean_is_of_a_sample(self):
        """10, 12, 14: squares of 2, 0 and 2 over 2 is 4; its root, 2, over the root of 3."""
        assert paid(10, 12, 14).error == pytest.approx(10_000 * 2 / sqrt(3))

    def test_one_person_varies_from_nobody(self):
        assert paid(10).error is None
        assert mean_gap_interval(paid(10), paid(10, 12)) is None
        assert mean_gap_interval(paid(10, 12), paid(10)) is None

    def test_agrees_with_an_example_by_hand(self):
        """Women are paid 9, 10, 11 and 14: mean 11, squares 4 + 1 + 0 + 9 over 3, error sqrt(14/3)/2 = 1.08012 or
        0.098193 of the mean. Men 12, 13, 15 and 16: mean 14, error sqrt(10/3)/2 = 0.91287 or 0.065205. Together
        0.117872, with (0.009642 + 0.004252)^2 / (0.009642^2 / 3 + 0.004252^2 / 3) = 5.215 degrees of freedom, of which t
        is 2.5390 (between 2.5706 for 5 and 2.4469 for 6): 0.29928. The ratio 11/14 = 0.78571 lies between 0.58249 and
        1.05984; the gap, 21.4%, between -6.0 and 41.8%."""
        low, high = mean_gap_interval(paid(9, 10, 11, 14), paid(12, 13, 15, 16))

        assert (low, high) == (pytest.approx(-5.984, abs=0.005), pytest.approx(41.751, abs=0.005))

    def test_of_groups_alike_in_size_and_spread_has_the_degrees_of_both(self):
        """Ten and ten with errors alike: 18 degrees, for which tables give 2.1009."""
        alike = Pay(10, Fraction(20), Fraction(20), 1.0)
        low, high = mean_gap_interval(alike, alike)

        assert log(1 - low / 100) == pytest.approx(2.1009 * sqrt(2) / 20, rel=1e-4)
        assert log(1 - high / 100) == pytest.approx(-2.1009 * sqrt(2) / 20, rel=1e-4)

    def test_of_very_many_people_is_that_of_the_normal_distribution(self):
        many = Pay(10**7, Fraction(20), Fraction(20), 1.0)
        low, _ = mean_gap_interval(many, many)

        assert low == pytest.approx(100 * (1 - exp(1.959964 * sqrt(2) / 20)), rel=1e-5)

    def test_where_pay_varies_beyond_all_bounds_there_is_none(self):
        assert mean_gap_interval(Pay(2, Fraction(1), Fraction(1), 1e9), paid(10, 12)) is None

    def test_groups_that_each_are_paid_alike_leave_nothing_to_chance(self):
        assert mean_gap_interval(paid(9, 9), paid(10, 10)) == pytest.approx((10, 10))

    def test_a_group_that_is_paid_nothing_has_none(self):
        assert mean_gap_interval(paid(0, 0), paid(10, 12)) is None
        assert mean_gap_interval(paid(10, 12), paid(0, 0)) is None

    @given(hourly, hourly)
    def test_holds_the_gap(self, group, comparator):
        low, high = mean_gap_interval(group, comparator)

        assert low - 1e-9 <= 100 * (1 - float(group.mean / comparator.mean)) <= high + 1e-9

    @given(hourly, hourly)
    def test_the_other_way_round_it_is_that_of_the_inverse_ratio(self, group, comparator):
        """A gap of g percent is one of 100 - 10000 / (100 - g) the other way round."""
        low, high = mean_gap_interval(group, comparator)
        back = mean_gap_interval(comparator, group)

        assert back == pytest.approx((100 - 1e4 / (100 - high), 100 - 1e4 / (100 - low)), rel=1e-6, abs=1e-6)

    @given(hourly, hourly, st.integers(2, 9))
    def test_does_not_depend_on_the_unit_of_pay(self, group, comparator, factor):
        def times(pay):
            return Pay(pay.people, pay.mean * factor, pay.median * factor, pay.error * factor)

        assert mean_gap_interval(times(group), times(comparator)) == pytest.approx(mean_gap_interval(group, comparator))

    @given(hourly, hourly)
    def test_is_wider_for_more_confidence(self, group, comparator):
        low, high = mean_gap_interval(group, comparator, 0.95)
        lower, higher = mean_gap_interval(group, comparator, 0.99)

        assert lower <= low <= high <= higher

    @pytest.mark.parametrize(("women", "men"), [(10, 10), (10, 200), (30, 30), (30, 400), (400, 30)])
    def test_holds_the_true_gap_as_often_as_it_says(self, women, men):
        """Log-normal pay, as pay is: spread 0.35 about £15 and £18, so a gap of 16.7%. Of 100 intervals 95 should hold
        it; in 4,000 chance alone moves that by 0.7 either way."""
        rng = np.random.default_rng(women * 1000 + men)
        held = 0
        for _ in range(4_000):
            low, high = mean_gap_interval(summarise(drawn(rng, women, 15)), summarise(drawn(rng, men, 18)))
            held += low <= 100 * (1 - 15 / 18) <= high

        assert 0.93 <= held / 4_000 <= 0.96


def drawn(rng, people, mean):
    spread = 0.35
    pounds = np.exp(rng.normal(log(mean) - spread**2 / 2, spread, people))
    return np.round(10_000 * pounds).astype(np.int64)
