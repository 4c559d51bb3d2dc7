from bisect import bisect_left
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.measures.adverse_impact import (
    below_four_fifths,
    four_fifths,
    four_fifths_flip_one,
    sd_binomial,
    sd_two_sample,
)
from equality.measures.minimums import RULE

TO_200 = np.arange(1, 201)


class TestFourFifths:
    def test_is_exact_for_every_case_up_to_bases_of_200(self):
        """Every pair of rates with bases to 200, in lowest terms: for multiples of them the question is the same. It is
        answered here another way, by the position of four fifths of a rate among all rates in order."""
        rates = sorted({Fraction(x, a) for a in range(1, 201) for x in range(a + 1)})
        tops, bottoms = (np.array([getattr(rate, part) for rate in rates]) for part in ("numerator", "denominator"))

        for best in rates[1:]:
            position = bisect_left(rates, Fraction(4, 5) * best)
            flagged = below_four_fifths(tops, bottoms, best.numerator, best.denominator)

            assert flagged[:position].all()
            assert not flagged[position:].any()

    @pytest.mark.parametrize("base", [1, 5, 12, 60, 61, 128, 199, 200])
    def test_never_flags_exactly_four_fifths(self, base):
        """All x/a = 4/5 of y/base, found in whole numbers: where floating point goes astray."""
        y, a = np.meshgrid(np.arange(1, base + 1), TO_200, indexing="ij")
        whole = (4 * y * a) % (5 * base) == 0
        x = (4 * y * a) // (5 * base)

        assert whole.any()
        assert not below_four_fifths(x[whole], a[whole], y[whole], base).any()
        assert below_four_fifths(x[whole & (x > 0)] - 1, a[whole & (x > 0)], y[whole & (x > 0)], base).all()

    def test_does_not_overflow_at_the_largest_counts(self):
        most = 10**8

        assert not below_four_fifths(4 * most // 5, most, most, most)
        assert below_four_fifths(4 * most // 5 - 1, most, most, most)

    def test_compares_with_the_highest_rate(self):
        found = four_fifths(
            groups={name: {"applicants": 50, "selected": n} for name, n in zip("ABC", (20, 40, 30), strict=True)}
        )

        assert [found.outputs[name]["impact_ratio"] for name in "ABC"] == [0.5, 1.0, 0.75]
        assert [found.outputs[name]["adverse"] for name in "ABC"] == [True, False, True]

    def test_of_nobody_selected_is_undefined(self):
        found = four_fifths(groups={"A": {"applicants": 20, "selected": 0}, "B": {"applicants": 20, "selected": 0}})

        assert found.status == "undefined"
        assert found.outputs["A"] == {"impact_ratio": None, "adverse": None}

    def test_of_a_group_without_applicants_is_missing_there_alone(self):
        found = four_fifths(groups={"A": {"applicants": 0, "selected": 0}, "B": {"applicants": 20, "selected": 9}})

        assert found.outputs["A"]["impact_ratio"] is None
        assert found.outputs["B"]["impact_ratio"] == 1
        assert "applicants" in found.reason

    @pytest.mark.parametrize(
        ("selected", "applicants", "few"), [(5, 10, False), (5, 9, True), (2, 10, True), (3, 10, False)]
    )
    def test_of_few_people_is_too_few_to_say(self, selected, applicants, few):
        found = four_fifths(
            groups={"A": {"applicants": applicants, "selected": selected}, "B": {"applicants": 30, "selected": 2}}
        )

        assert (found.status == "too few to say") == few
        assert (RULE in (found.reason or "")) == few


class TestFlipOne:
    def test_does_not_infer_where_one_person_would_turn_it(self):
        found = four_fifths_flip_one(selected1=1, applicants1=10, selected2=3, applicants2=20).outputs

        assert (found["adverse"], found["flips"], found["infer"]) == (True, True, False)

    def test_infers_where_the_difference_stands(self):
        found = four_fifths_flip_one(selected1=10, applicants1=100, selected2=30, applicants2=100).outputs

        assert (found["adverse"], found["flips"], found["infer"]) == (True, False, True)

    def test_equal_after_the_exchange_is_not_turned(self):
        """2 of 10 and 4 of 10: after one passes over both have 3 of 10."""
        assert four_fifths_flip_one(selected1=2, applicants1=10, selected2=4, applicants2=10).outputs["flips"] is False

    def test_infers_nothing_where_four_fifths_is_reached(self):
        assert (
            four_fifths_flip_one(selected1=40, applicants1=100, selected2=50, applicants2=100).outputs["infer"] is False
        )

    @pytest.mark.parametrize(("applicants1", "selected2"), [(0, 3), (10, 0)])
    def test_without_applicants_or_selected_is_undefined(self, applicants1, selected2):
        found = four_fifths_flip_one(selected1=0, applicants1=applicants1, selected2=selected2, applicants2=20)

        assert found.status == "undefined"


class TestStandardDeviations:
    def test_between_groups_change_sign_with_the_groups(self):
        here = sd_two_sample(events1=30, base1=60, events2=20, base2=60).outputs
        there = sd_two_sample(events1=20, base1=60, events2=30, base2=60).outputs

        assert here["z"] == pytest.approx(-there["z"])
        assert here["p"] == pytest.approx(there["p"])

    @pytest.mark.parametrize(("events2", "beyond"), [(20, False), (18, True)])
    def test_beyond_two_are_said_to_be(self, events2, beyond):
        assert sd_two_sample(events1=30, base1=60, events2=events2, base2=60).outputs["beyond"] is beyond

    @pytest.mark.parametrize("counts", [(0, 20, 0, 20), (20, 20, 30, 30), (0, 0, 3, 20)])
    def test_without_spread_do_not_exist(self, counts):
        names = ("events1", "base1", "events2", "base2")

        assert sd_two_sample(**dict(zip(names, counts, strict=True))).status == "undefined"

    @pytest.mark.parametrize(("n", "p"), [(0, 0.5), (10, 0.0), (10, 1.0)])
    def test_of_a_certainty_do_not_exist(self, n, p):
        found = sd_binomial(observed=0, n=n, p=p)

        assert (found.status, found.outputs["z"], found.outputs["beyond"]) == ("undefined", None, None)

    @settings(max_examples=30, deadline=None)
    @given(st.integers(1, 500), st.floats(0.01, 0.99))
    def test_are_0_at_what_is_expected(self, n, p):
        found = sd_binomial(observed=0, n=n, p=p).outputs

        assert found["expected"] == pytest.approx(n * p)
        assert found["z"] * found["sd"] == pytest.approx(-n * p)

    def test_of_few_expected_are_too_few(self):
        assert sd_binomial(observed=1, n=20, p=0.2).status == "too few to say"
        assert sd_binomial(observed=1, n=25, p=0.2).status == "estimated"
