"""Declaration, benchmarks, rates, printed counts, intersections, missing answers, sufficiency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from equality.measures import CannotMeasure, chi_square, evaluate
from equality.measures.arrays import two_groups
from equality.measures.several import benjamini_hochberg
from equality.measures.sufficiency import all_bands

counts = st.integers(0, 500)


class TestDeclarationRate:
    def declared(self, declared, undeclared, unknown, **options):
        given = {"declared": {"a": declared}, "undeclared": undeclared, "unknown": unknown, **options}
        return evaluate("declaration_rate", given)

    def test_takes_neither_silence_for_a_declaration(self):
        assert self.declared(60, 25, 15)["declaration_pct"] == 60

    @pytest.mark.parametrize(("declared", "publishable"), [(599_999, False), (600_000, True), (600_001, True)])
    def test_of_exactly_the_threshold_is_enough(self, declared, publishable):
        assert self.declared(declared, 0, 1_000_000 - declared)["publishable"] is publishable

    def test_compares_with_the_threshold_as_it_is_written(self):
        assert self.declared(641, 359, 0, threshold_pct=64.1)["publishable"] is True

    def test_of_nobody_is_undefined(self):
        found = self.declared(0, 0, 0)

        assert (found["declaration_pct"], found["publishable"], found["status"]) == (None, None, "undefined")


class TestBenchmark:
    def test_of_zero_has_a_gap_and_no_index(self):
        found = evaluate("representation_vs_benchmark", {"workforce_pct": 3, "benchmark_pct": 0})

        assert (found["gap_pp"], found["index"]) == (3, None)
        assert found["reason"]

    def test_of_nobody_cannot_be_tested(self):
        assert evaluate("binomial_vs_benchmark", {"x": 0, "n": 0, "benchmark": 0.2})["status"] == "undefined"


class TestRatePer100Staff:
    @pytest.mark.parametrize("events", [0, 1, 7, 230])
    def test_has_exact_poisson_limits(self, events):
        found = evaluate("rate_per_100_staff", {"events": events, "staff": 100})

        assert poisson.cdf(events, found["high"]) == pytest.approx(0.025)
        assert events == 0 or poisson.sf(events - 1, found["low"]) == pytest.approx(0.025)
        assert found["low"] <= found["rate"] == events

    def test_may_exceed_a_hundred(self):
        assert evaluate("rate_per_100_staff", {"events": 30, "staff": 20})["rate"] == 150

    def test_without_staff_is_undefined(self):
        assert evaluate("rate_per_100_staff", {"events": 3, "staff": 0})["status"] == "undefined"


class TestPrintedCounts:
    def test_show_zero_only_when_asked(self):
        assert evaluate("suppress_and_round", {"counts": [0, 1], "hide_zero": False})["out"] == [0, "c"]

    def test_round_halves_up(self):
        assert evaluate("suppress_and_round", {"counts": [45, 44, 46], "round_to": 10})["out"] == [50, 40, 50]

    @given(st.lists(st.integers(5, 10_000)), st.integers(1, 50))
    def test_move_by_at_most_half_a_step(self, given_counts, step):
        out = evaluate("suppress_and_round", {"counts": given_counts, "round_to": step})["out"]

        assert all(printed % step == 0 for printed in out)
        assert all(2 * abs(printed - count) <= step for printed, count in zip(out, given_counts, strict=True))


class TestIntersections:
    CELLS = {"a": {"yes": 10, "no": 40}, "b": {"yes": 60, "no": 90}, "c": {"yes": 3, "no": 9}}  # noqa: RUF012

    def test_show_the_number_of_people_with_or_without_a_percentage(self):
        found = evaluate("intersectional_percent", {"cells": self.CELLS})

        assert found["a"] == {"n": 50, "percent": 20}
        assert found["c"] == {"n": 12, "percent": None}
        assert found["reason"]

    def test_of_small_cells_alone_are_too_few_to_say(self):
        assert evaluate("intersectional_percent", {"cells": self.CELLS, "min_n": 500})["status"] == "too few to say"

    def test_never_show_a_percentage_of_nobody(self):
        found = evaluate("intersectional_percent", {"cells": {"a": {"yes": 0, "no": 0}}, "min_n": 0})

        assert found["a"] == {"n": 0, "percent": None}

    def test_compare_a_cell_with_everybody_else(self):
        found = evaluate("intersectional_comparison", {"cells": self.CELLS})

        assert found["a"]["diff_pp"] == pytest.approx(100 * (10 / 50 - 63 / 162))
        assert found["a"]["low"] < found["a"]["diff_pp"] < found["a"]["high"] < 0

    def test_adjust_over_the_cells_that_are_large_enough(self):
        found = evaluate("intersectional_comparison", {"cells": self.CELLS})
        sides = ((10, 50, 63, 162), (60, 150, 13, 62))
        alone = [float(chi_square.p_value(two_groups(*counts))) for counts in sides]

        assert found["c"] == {"n": 12, "diff_pp": None, "low": None, "high": None, "p_adjusted": None}
        assert [found[cell]["p_adjusted"] for cell in "ab"] == pytest.approx(list(benjamini_hochberg(alone)))


class TestMissingAnswers:
    @given(group=counts, others=counts, missing=counts, among=st.data())
    def test_cannot_bring_a_share_out_of_its_range(self, group, others, missing, among):
        found = evaluate(
            "missing_share_range", {"group": group, "declared_total": group + others, "not_declared": missing}
        )
        if group + others + missing == 0:
            assert found["status"] == "undefined"
            return
        truth = 100 * (group + among.draw(st.integers(0, missing))) / (group + others + missing)

        assert found["lowest"] - 1e-9 <= truth <= found["highest"] + 1e-9

    @given(data=st.data())
    def test_cannot_bring_a_difference_out_of_its_range(self, data):
        base1, base2, missing = (data.draw(st.integers(least, 60)) for least in (1, 1, 0))
        events1, events2, events = (data.draw(st.integers(0, base)) for base in (base1, base2, missing))
        found = evaluate(
            "missing_difference_range",
            {"events1": events1, "base1": base1, "events2": events2, "base2": base2,
             "events_missing": events, "base_missing": missing},
        )  # fmt: skip
        with_first, without_first = data.draw(st.integers(0, events)), data.draw(st.integers(0, missing - events))
        rate1 = (events1 + with_first) / (base1 + with_first + without_first)
        rate2 = (events2 + events - with_first) / (base2 + missing - with_first - without_first)

        assert found["lowest"] - 1e-9 <= 100 * (rate1 - rate2) <= found["highest"] + 1e-9
        for scenario in ("all_in_first", "all_in_second", "diff_pp"):
            assert found["lowest"] - 1e-9 <= found[scenario] <= found["highest"] + 1e-9

    def test_leave_a_figure_as_it_is_where_none_is_missing(self):
        share = evaluate("missing_share_range", {"group": 3, "declared_total": 9, "not_declared": 0})
        pay = evaluate(
            "missing_pay_gap_range",
            {
                "group_n": 2,
                "group_total": 30,
                "comparator_n": 2,
                "comparator_total": 40,
                "missing_n": 0,
                "missing_total": 0,
            },
        )

        assert share["percent"] == share["lowest"] == share["highest"]
        assert pay["gap_pct"] == pay["all_in_group"] == pay["all_in_comparator"] == 25

    def test_say_so_where_nobody_declared(self):
        found = evaluate("missing_share_range", {"group": 0, "declared_total": 0, "not_declared": 9})

        assert (found["percent"], found["lowest"], found["highest"], found["status"]) == (None, 0, 100, "undefined")

    @pytest.mark.parametrize("change", [{"group_n": 0}, {"comparator_n": 0}, {"comparator_total": 0}])
    def test_leave_no_gap_without_people_or_pay(self, change):
        given = {
            "group_n": 2,
            "group_total": 30,
            "comparator_n": 2,
            "comparator_total": 40,
            "missing_n": 1,
            "missing_total": 9,
        }

        assert evaluate("missing_pay_gap_range", given | change)["status"] == "undefined"

    @pytest.mark.parametrize("base", ["base1", "base2"])
    def test_leave_no_difference_without_a_group(self, base):
        given = {"events1": 0, "base1": 3, "events2": 0, "base2": 3, "events_missing": 1, "base_missing": 2} | {base: 0}

        assert evaluate("missing_difference_range", given)["status"] == "undefined"


class TestSufficiency:
    def test_leaves_what_does_not_apply_out(self):
        found = evaluate("hmip_percent_sufficient", {"yes": 3, "no": 1, "not_applicable": 96})

        assert (found["percent_sufficient"], found["n"]) == (75, 4)
        assert found["low"] < 75 < found["high"]

    def test_of_no_applicable_case_is_undefined(self):
        assert evaluate("hmip_percent_sufficient", {"yes": 0, "no": 0, "not_applicable": 9})["status"] == "undefined"

    @pytest.mark.parametrize(
        ("percent", "rating"),
        [
            (100, "Outstanding"), (80, "Outstanding"), (79.999, "Good"), (65, "Good"), (64.9, "Requires improvement"),
            (50, "Requires improvement"), (49.9, "Inadequate"), (0, "Inadequate"),
        ],
    )  # fmt: skip
    def test_bands_begin_at_their_least_percentage(self, percent, rating):
        assert evaluate("hmip_rating", {"key_question_pcts": [percent, 100]})["rating"] == rating

    def test_a_rating_says_that_its_bands_are_not_confirmed(self):
        found = evaluate("hmip_rating", {"key_question_pcts": [70]})

        assert found["confirmed"] is False
        assert "not confirmed" in found["reason"]

    def test_bands_are_found_again_by_version(self):
        version = all_bands()[0].version

        assert evaluate("hmip_rating", {"key_question_pcts": [70], "bands": version})["bands"] == version

    def test_bands_that_are_not_there_are_refused(self):
        with pytest.raises(CannotMeasure, match="NAME_NOT_LISTED bands"):
            evaluate("hmip_rating", {"key_question_pcts": [70], "bands": "2031"})

    def test_every_version_has_a_rating_for_every_percentage(self):
        for bands in all_bands():
            assert bands.least[-1][1] == 0
            assert [least for _, least in bands.least] == sorted((least for _, least in bands.least), reverse=True)
