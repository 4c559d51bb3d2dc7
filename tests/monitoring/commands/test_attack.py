import io
import json

import pytest
from django.core.management import call_command


def document(*cells, **changed):
    return {
        "format": "sdc-audit/1",
        "dimensions": {"sex": {"leaves": ["F", "M"], "groups": {"_total": "*"}}},
        "links": [],
        "protect": {"k": 5, "min_width": 5, "zero_ok": True},
        "tables": [{"id": "staff", "dims": ["sex"], "cells": [dict(cell) for cell in cells]}],
    } | changed


SAFE = document(
    {"key": ["F"], "suppressed": True}, {"key": ["M"], "suppressed": True}, {"key": ["_total"], "value": 30}
)
OPEN = document({"key": ["F"], "suppressed": True}, {"key": ["M"], "value": 27}, {"key": ["_total"], "value": 30})
CONTRADICTORY = document({"key": ["F"], "value": 9}, {"key": ["M"], "value": 27}, {"key": ["_total"], "value": 30})
REPORT = {
    "report": {"period": "2026-Q3"},
    "dimensions": {"sex": {"leaves": ["F", "M"], "groups": {"_declared": ["F", "M"], "_total": ["F", "M"]}}},
    "sections": [
        {
            "blocks": [
                {
                    "type": "table",
                    "id": "sex",
                    "population": {"collection": "workforce", "where": {}},
                    "dimensions": ["sex"],
                    "measures": ["headcount"],
                    "cells": [
                        {"dims": {"sex": "F"}, "measure": "headcount", "value": None, "status": "[c]"},
                        {"dims": {"sex": "M"}, "measure": "headcount", "value": 27, "status": None},
                        {"dims": {"sex": "_total"}, "measure": "headcount", "value": 30, "status": None},
                    ],
                }
            ]
        }
    ],
}


def run(said, *options, tmp_path):
    """(exit code, what was printed, faults)."""
    path = tmp_path / "published.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("attack", str(path), *options, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, *(json.loads(text) if text else None for text in (out.getvalue(), err.getvalue()))


class TestMember:
    """Somebody who is the only one of a cell, and knows it."""

    def test_knows_what_follows_for_others(self, tmp_path):
        cells = [{"key": [code], "suppressed": True} for code in "FM"] + [{"key": ["_total"], "value": 5}]
        said = document(*cells)

        assert run(said, tmp_path=tmp_path)[0] == 0
        code, found, _ = run(said, "--member", "staff:F", tmp_path=tmp_path)

        assert code == 1
        assert [(one["key"], one["low"], one["high"]) for one in found["intervals"]] == [(["M"], 4, 4)]

    @pytest.mark.parametrize("member", ["staff", "staff:X", "nothing:F", "staff:F,M"])
    def test_of_no_cell_is_answered_with_the_tables_there_are(self, tmp_path, member):
        code, _, refused = run(SAFE, "--member", member, tmp_path=tmp_path)

        assert code == 2
        assert [one["code"] for one in refused["faults"]] == ["NO_SUCH_CELL"]
        assert "staff" in refused["faults"][0]["expected"]


class TestAttack:
    def test_ends_with_0_where_every_rule_holds(self, tmp_path):
        code, said, faults = run(SAFE, tmp_path=tmp_path)

        assert (code, said["holds"], said["broken"], faults) == (0, True, [], None)
        assert [(i["key"], i["low"], i["high"], i["safe"]) for i in said["intervals"]] == [
            (["F"], 0, 30, True),
            (["M"], 0, 30, True),
        ]

    def test_ends_with_1_where_something_is_open(self, tmp_path):
        code, said, _ = run(OPEN, tmp_path=tmp_path)

        assert code == 1
        assert said["intervals"] == [
            {"table": "staff", "block": "main", "key": ["F"], "codes": {"sex": "F"}, "low": 3, "high": 3,
             "safe": False, "proved": True, "rule": "NARROW"},
        ]  # fmt: skip
        assert [(b["rule"], b["table"], b["key"]) for b in said["broken"]] == [("NARROW", "staff", ["F"])]

    def test_says_which_printed_cells_open_another(self, tmp_path):
        _, said, _ = run(OPEN, tmp_path=tmp_path)

        (reason,) = said["because"]
        assert reason["key"] == ["F"]
        assert {(step["times"], *step["key"]) for step in reason["at_most"]} == {(1.0, "_total"), (-1.0, "M")}

    @pytest.mark.parametrize("option", ["--verdict", "--no-margins"])
    def test_less_may_be_asked(self, tmp_path, option):
        assert [run(said, option, tmp_path=tmp_path)[0] for said in (SAFE, OPEN)] == [0, 1]

    @pytest.mark.parametrize(("options", "is_all"), [((), True), (("--no-margins",), False)])
    def test_says_whether_all_people_whom_no_table_counts_were_tried(self, tmp_path, options, is_all):
        _, said, _ = run(SAFE, *options, tmp_path=tmp_path)

        assert said["margins"]["all"] is is_all

    def test_ends_with_2_where_no_population_agrees(self, tmp_path):
        code, said, told = run(CONTRADICTORY, tmp_path=tmp_path)

        (fault,) = told["faults"]
        assert (code, said, fault["code"]) == (2, None, "CONTRADICTORY")
        assert {cell["key"][0] for cell in fault["cells"]} == {"F", "M", "_total"}

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("{", "NOT_JSON"),
            ("[]", "WRONG_TYPE"),
            (SAFE | {"format": "other"}, "FORMAT_UNKNOWN"),
            (document({"key": ["X"], "value": 3}), "CODE_UNKNOWN"),
            (REPORT | {"dimensions": {}}, "NOT_A_REPORT"),
        ],
    )
    def test_ends_with_2_where_the_document_cannot_be_used(self, tmp_path, said, code):
        ended, printed, told = run(said, tmp_path=tmp_path)

        assert (ended, printed) == (2, None)
        assert code in {fault["code"] for fault in told["faults"]}

    def test_ends_with_2_where_there_is_no_file(self, tmp_path):
        err = io.StringIO()

        with pytest.raises(SystemExit) as end:
            call_command("attack", str(tmp_path / "nothing.json"), stderr=err)

        assert (end.value.code, json.loads(err.getvalue())["faults"][0]["code"]) == (2, "NOT_READ")

    def test_reads_standard_input(self, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(SAFE)))
        out = io.StringIO()

        call_command("attack", "-", stdout=out)

        assert json.loads(out.getvalue())["holds"]

    def test_takes_a_report(self, tmp_path):
        code, said, _ = run(REPORT, tmp_path=tmp_path)

        assert code == 1
        assert [(b["rule"], b["table"], b["block"], b["key"]) for b in said["broken"]] == [
            ("NARROW", "sex", "2026-Q3", ["F"]),
        ]
