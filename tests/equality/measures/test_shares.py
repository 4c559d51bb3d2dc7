from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
