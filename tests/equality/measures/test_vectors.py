"""Published and independently computed figures, reproduced within their tolerance."""

import csv
import json
from pathlib import Path

import pytest

from equality.measures import evaluate

VECTORS = Path(__file__).with_name("vectors.csv")


def rows():
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agrees(found, expected, tolerance):
    """Whether an answer is the expected one; names that are not expected do not matter."""
    if isinstance(expected, dict):
        return all(name in found and agrees(found[name], value, tolerance) for name, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            agrees(*pair, tolerance) for pair in zip(found, expected, strict=True)
        )
    if expected is None or isinstance(expected, bool | str) or tolerance == "exact":
        return found == expected and isinstance(found, bool) == isinstance(expected, bool)
    kind, _, size = tolerance.partition(" ")
    allowed = float(size) * (abs(expected) if kind == "rel" else 1)
    return found is not None and abs(found - expected) <= allowed


class TestVectors:
    @pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
    def test_is_reproduced(self, row):
        found = evaluate(row["measure"], json.loads(row["inputs_json"]))

        assert agrees(found, json.loads(row["expected_json"]), row["tolerance"]), found

    @pytest.mark.parametrize(
        "row", [row for row in rows() if "null" in row["expected_json"]], ids=lambda row: row["id"]
    )
    def test_what_does_not_exist_has_a_reason(self, row):
        assert evaluate(row["measure"], json.loads(row["inputs_json"]))["reason"]

    def test_all_are_there(self):
        assert len(rows()) == 108
        assert len({row["measure"] for row in rows()}) == 59


class TestAgreement:
    @pytest.mark.parametrize(
        ("found", "expected", "tolerance"),
        [
            (1.2, 1.0, "abs 0.1"),
            (1.2, 1.0, "rel 0.1"),
            (None, 1.0, "abs 9"),
            (0.0, None, "abs 9"),
            (1, True, "exact"),
            ({"a": 1}, {"b": 1}, "exact"),
            ([1, 2], [1], "exact"),
            ({"a": {"b": 2.0}}, {"a": {"b": 1.0}}, "abs 0.5"),
        ],
    )
    def test_tells_a_wrong_answer(self, found, expected, tolerance):
        assert not agrees(found, expected, tolerance)
