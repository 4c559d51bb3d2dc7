from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures import evaluate

values = st.lists(st.integers(-50, 50), min_size=2, max_size=30)


def flags(*y, **options):
    return evaluate("spc_flags", {"y": list(y), **options})["flags"]


class TestFlags:
    def test_constant_values_are_ordinary_whatever_the_last_digit(self):
        assert set(flags(*[0.1] * 10)) == {"common_cause"}

    def test_a_point_on_the_limit_is_not_outside(self):
        """Mean 0 and moving ranges 2: the limits are 5.32. Exact arithmetic decides, not the last bit."""
        y = [Fraction(1), Fraction(-1)] * 4
        found = flags(*map(float, y))

        assert "outside" not in found

    def test_a_point_beyond_the_limit_is_outside_before_all_else(self):
        assert flags(10, 12, 10, 12, 10, 12, 10, 12, 30)[-1] == "outside"

    def test_a_trend_comes_before_two_of_three_and_a_shift(self):
        found = flags(5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 3, 3)

        assert found[3:10] == ["trend7"] * 7

    def test_equal_neighbours_break_a_trend(self):
        assert "trend7" not in flags(1, 2, 3, 3, 4, 5, 6, 7, 1, 1)

    def test_two_of_three_flags_only_the_points_near_the_limit(self):
        """Mean 0.70 and limits 3.17 either way: 3 is beyond two thirds of that, the 1 between is not."""
        found = flags(*[0, 1] * 8, 3, 1, 3, *[0, 1] * 4)

        assert [place for place, flag in enumerate(found) if flag == "two_of_three"] == [16, 18]

    def test_two_near_opposite_limits_are_ordinary(self):
        assert "two_of_three" not in flags(*[0, 1] * 8, 3, 1, -2, *[0, 1] * 4)

    def test_a_shift_needs_seven_on_one_side(self):
        seven, six = ([0, 1] * 3 + [9] * length + [1, 0] * 4 for length in (7, 6))

        assert "shift7" in flags(*seven)
        assert "shift7" not in flags(*six)[:10]

    @given(values)
    def test_are_one_for_each_point(self, y):
        found = flags(*y)

        assert len(found) == len(y)
        assert set(found) <= {"outside", "trend7", "two_of_three", "shift7", "common_cause"}

    @given(values, st.integers(-5, 5), st.sampled_from([-3, -1, 2, 10]))
    def test_do_not_change_with_the_unit(self, y, shift, scale):
        assert flags(*[shift + scale * value for value in y]) == flags(*y)

    def test_of_one_point_do_not_exist(self):
        assert evaluate("spc_flags", {"y": [1]})["status"] == "undefined"


class TestXmR:
    def test_screens_large_moving_ranges_only_when_asked(self):
        y = [1, 2] * 8 + [40, 1]
        plain, screened = (evaluate("xmr_limits", {"y": y, "screen_outliers": flag}) for flag in (False, True))

        assert plain == evaluate("xmr_limits", {"y": y})
        assert screened["upl"] < plain["upl"]
        assert screened["upl"] - screened["mean"] == pytest.approx(2.66)  # every other moving range is 1

    def test_of_few_points_is_on_trial(self):
        assert "trial" in evaluate("xmr_limits", {"y": list(range(11))})["reason"]
        assert evaluate("xmr_limits", {"y": list(range(12))})["reason"] is None

    @pytest.mark.parametrize("y", [[], [3]])
    def test_of_fewer_than_two_points_does_not_exist(self, y):
        assert evaluate("xmr_limits", {"y": y})["status"] == "undefined"


class TestSevenPointTrend:
    def test_falls_as_well_as_rises(self):
        assert evaluate("spc_seven_point_trend", {"y": [9, 8, 7, 6, 5, 4, 3, 2]})["end_points"] == [7, 8]

    def test_of_six_is_none(self):
        found = evaluate("spc_seven_point_trend", {"y": [1, 2, 3, 4, 5, 6]})

        assert found["end_points"] == []
        assert found["reason"]


class TestPChart:
    def test_keeps_its_limits_between_0_and_1(self):
        found = evaluate("p_chart", {"x": [0, 1, 0], "n": [5, 6, 7]})

        assert found["lcl"] == [0, 0, 0]
        assert all(limit <= 1 for limit in found["ucl"])

    @pytest.mark.parametrize(("x", "n"), [([], []), ([0, 1], [0, 4])])
    def test_of_nobody_does_not_exist(self, x, n):
        assert evaluate("p_chart", {"x": x, "n": n})["status"] == "undefined"

    def test_of_a_constant_share_has_nothing_outside(self):
        assert evaluate("p_chart", {"x": [3, 6, 9], "n": [10, 20, 30]})["outside"] == []
        assert evaluate("p_chart", {"x": [0, 0], "n": [10, 20]})["outside"] == []
