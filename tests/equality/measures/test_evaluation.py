import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equality.measures import CannotMeasure, evaluate
from equality.measures.catalogue import measures
from tests.factories.measures import inputs_for


def refusal(measure, **inputs):
    with pytest.raises(CannotMeasure) as refused:
        evaluate(measure, inputs)
    return {(fault.code, fault.place) for fault in refused.value.faults}


def holes(value):
    """How many numbers of an answer do not exist."""
    if isinstance(value, dict):
        return sum(map(holes, value.values()))
    return sum(map(holes, value)) if isinstance(value, list) else value is None


class TestAnswer:
    @pytest.mark.parametrize("measure", measures().values(), ids=lambda measure: measure.id)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def test_is_plain_numbers_and_every_hole_has_a_reason(self, measure, data):
        found = evaluate(measure.id, data.draw(inputs_for(measure)))

        json.dumps(found, allow_nan=False)
        status, reason = found.pop("status"), found.pop("reason")
        assert status in {"estimated", "too few to say", "undefined"}
        assert reason or (status == "estimated" and not holes(found))

    def test_takes_the_numbers_of_other_libraries(self):
        plain = evaluate("wilson_ci", {"x": 15, "n": 148})

        assert evaluate("wilson_ci", {"x": np.int64(15), "n": np.float64(148)}) == plain
        assert evaluate("wilson_ci", {"x": Fraction(15), "n": Decimal(148)}) == plain

    def test_takes_decimals_as_they_are_written(self):
        in_floats = evaluate("pay_gap_pct", {"focal": 0.1, "ref": 0.3})

        assert in_floats == evaluate("pay_gap_pct", {"focal": Decimal("0.1"), "ref": Decimal("0.3")})


class TestRefusal:
    @pytest.mark.parametrize("value", [-1, 2.5, True, math.nan, math.inf, "3", None, [], 10**400, 10**8 + 1, "NaN"])
    def test_of_what_is_not_a_count(self, value):
        assert refusal("wilson_ci", x=value, n=10) == {("NOT_A_COUNT", "x")}

    @pytest.mark.parametrize("value", [-0.1, 1.1, True, math.nan, "0.5", None, 1e-300, 1 - 1e-16])
    def test_of_what_is_not_a_proportion(self, value):
        assert refusal("sd_binomial", observed=1, n=10, p=value) == {("NOT_A_PROPORTION", "p")}

    @pytest.mark.parametrize("value", [-0.1, 100.1, False, math.nan, "50"])
    def test_of_what_is_not_a_percentage(self, value):
        assert refusal("representation_vs_benchmark", workforce_pct=value, benchmark_pct=5) == {
            ("NOT_A_PERCENTAGE", "workforce_pct")
        }

    @pytest.mark.parametrize("value", [-1, True, math.inf, "ten", Decimal("sNaN"), 1e-300])
    def test_of_what_is_not_an_amount(self, value):
        assert refusal("pay_gap_pct", focal=value, ref=1) == {("NOT_AN_AMOUNT", "focal")}

    def test_of_events_over_their_base(self):
        assert refusal("rri_counts", events1=5, base1=4, events2=9, base2=9) == {("PART_OVER_WHOLE", "events1")}

    def test_of_unknown_and_missing_names(self):
        assert refusal("wilson_ci", x=1, m=2) == {("INPUT_UNKNOWN", "m"), ("INPUT_MISSING", "n")}

    @pytest.mark.parametrize("measure_id", ["nonsense", "", None, 7, ["wilson_ci"]])
    def test_of_an_unknown_measure(self, measure_id):
        assert refusal(measure_id) == {("MEASURE_UNKNOWN", "measure")}

    @pytest.mark.parametrize("inputs", [None, [], "x", 3])
    def test_of_inputs_that_are_no_object(self, inputs):
        with pytest.raises(CannotMeasure, match="NOT_A_RECORD"):
            evaluate("wilson_ci", inputs)

    def test_names_all_faults_at_once(self):
        found = refusal("rri_counts", events1=5, base1=4, events2=-1, extra=1)

        assert found == {
            ("PART_OVER_WHOLE", "events1"),
            ("NOT_A_COUNT", "events2"),
            ("INPUT_UNKNOWN", "extra"),
            ("INPUT_MISSING", "base2"),
        }

    def test_never_repeats_a_value(self):
        with pytest.raises(CannotMeasure) as refused:
            evaluate("pay_gap_multi_group", {"groups": {"A": [-31337.25]}, "comparator": "secret name"})

        assert "31337" not in str(refused.value)
        assert "secret" not in str(refused.value)
        assert "groups.A[0]" in str(refused.value)

    @pytest.mark.parametrize(
        ("given", "faults"),
        [
            ({}, {("INPUT_MISSING", "inputs")}),
            ({"rate1": 1}, {("INPUT_MISSING", "rate2")}),
            ({"events1": 1, "base1": 2, "base2": 4}, {("INPUT_MISSING", "events2")}),
            ({"rate1": 1, "rate2": 2, "events1": 1}, {("INPUTS_MIXED", "inputs")}),
        ],
    )
    def test_of_alternatives_mixed_or_begun(self, given, faults):
        assert refusal("relative_likelihood", **given) == faults

    @pytest.mark.parametrize(
        ("table", "place"),
        [
            ([[1, 2]], "table"),
            ([[1, 2], [3]], "table[1]"),
            ("table", "table"),
            ([1, 2], "table[0]"),
        ],
    )
    def test_of_what_is_not_a_table(self, table, place):
        assert ("NOT_A_LIST", place) in refusal("fisher_exact", table=table)

    def test_of_a_cell_that_is_not_a_count(self):
        assert refusal("fisher_exact", table=[[1, 2], [3, 4.5]]) == {("NOT_A_COUNT", "table[1][1]")}

    def test_of_lists_of_different_length(self):
        assert refusal("p_chart", x=[1, 2], n=[3]) == {("LENGTHS_DIFFER", "x")}

    def test_of_a_number_of_a_list_over_its_whole(self):
        assert refusal("p_chart", x=[1, 4], n=[3, 3]) == {("PART_OVER_WHOLE", "x[1]")}
        assert refusal(
            "wdes3_two_year",
            disabled_entries=[1, 9],
            disabled_headcount=8,
            nondisabled_entries=[1, 1],
            nondisabled_headcount=8,
        ) == {("PART_OVER_WHOLE", "disabled_entries[1]")}

    def test_of_more_women_than_places(self):
        assert refusal("gpg_quarter_ties", slots={"lower": 3, "upper": 1}, women=5) == {("PART_OVER_WHOLE", "women")}

    def test_of_selected_over_applicants_in_a_group(self):
        assert refusal("four_fifths", groups={"A": {"applicants": 1, "selected": 2}}) == {
            ("PART_OVER_WHOLE", "groups.A.selected")
        }

    @pytest.mark.parametrize("groups", [{}, [], {"": []}, {"status": []}, {"reason": []}, {3: []}])
    def test_of_groups_that_cannot_be_named_so(self, groups):
        codes = {code for code, _ in refusal("pay_gap_multi_group", groups=groups, comparator="A")}

        assert codes & {"NOT_A_RECORD", "NAME_NOT_TAKEN"}

    def test_of_a_comparator_that_is_no_group(self):
        assert refusal("pay_gap_multi_group", groups={"A": [1]}, comparator="B") == {("NAME_NOT_LISTED", "comparator")}

    def test_of_a_quarter_that_is_none(self):
        assert {code for code, _ in refusal("gpg_quarter_ties", slots={"top": 3}, women=1)} == {"NAME_NOT_TAKEN"}

    def test_of_a_word_that_is_no_choice(self):
        assert refusal("p_adjust", p=[0.1], method="bonferroni") == {("NOT_A_CHOICE", "method")}
        assert refusal("p_adjust", p=[0.1], method=["bh"]) == {("NOT_A_CHOICE", "method")}

    def test_of_what_is_neither_true_nor_false(self):
        assert refusal("cmh", strata=[], correction=1) == {("NOT_A_FLAG", "correction")}

    def test_of_an_employee_without_all_fields(self):
        assert refusal("gpg_from_employees", employees=[{"sex": "M", "full_pay": True, "hourly": 9}]) == {
            ("NOT_A_RECORD", "employees[0]")
        }

    def test_of_a_sex_that_the_regulations_do_not_know(self):
        employee = {"sex": "X", "full_pay": True, "hourly": 9, "bonus": 0}

        assert refusal("gpg_from_employees", employees=[employee]) == {("NOT_A_CHOICE", "employees[0].sex")}
