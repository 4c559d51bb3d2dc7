import io
import json

import pytest
from django.core.management import CommandError, call_command


def measure(measure_id, inputs):
    out = io.StringIO()
    call_command("measure", measure_id, inputs, stdout=out)
    return json.loads(out.getvalue())


class TestMeasure:
    def test_prints_the_answer_as_json(self):
        found = measure("relative_likelihood", '{"base1": 1850, "base2": 880, "events1": 320, "events2": 96}')

        assert found["ratio"] == pytest.approx(1.5855855855855858)
        assert (found["status"], found["reason"]) == ("estimated", None)

    def test_prints_null_for_what_does_not_exist(self):
        found = measure("wres1_percent", '{"numerator": 0, "denominator": 0}')

        assert (found["percent"], found["status"]) == (None, "undefined")

    @pytest.mark.parametrize(
        ("measure_id", "inputs", "codes"),
        [
            ("wilson_ci", '{"x": 5', ["NOT_JSON"]),
            ("wilson_ci", '{"x": 5, "x": 4, "n": 9}', ["NOT_JSON", "twice"]),
            ("wilson_ci", "[1, 2]", ["NOT_A_RECORD"]),
            ("wilson_ci", '{"x": NaN, "n": true}', ["NOT_A_COUNT x", "NOT_A_COUNT n"]),
            ("wilson_ci", '{"x": 5, "n": 4}', ["PART_OVER_WHOLE x"]),
            ("wilson_ci", '{"x": 5, "m": 4}', ["INPUT_UNKNOWN m", "INPUT_MISSING n"]),
            ("nonsense", "{}", ["MEASURE_UNKNOWN"]),
        ],
    )
    def test_refuses_with_every_fault(self, measure_id, inputs, codes):
        with pytest.raises(CommandError) as refused:
            measure(measure_id, inputs)

        assert all(code in str(refused.value) for code in codes)
        assert refused.value.returncode == 1
