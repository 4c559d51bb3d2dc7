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


def report(slug, period="2026-Q3", **counts):
    """A report that prints how many women, men and people there are; None: hidden."""
    cells = [
        {"dims": {"sex": code}, "measure": "headcount", "value": count, "status": None if count is not None else "[c]"}
        for code, count in counts.items()
    ]
    block = REPORT["sections"][0]["blocks"][0] | {"cells": cells}
    about = {"organisation": slug, "organisation_name": slug.title(), "period": period}
    return REPORT | {"report": about, "sections": [{"blocks": [block]}]}


class TestReportsTogether:
    """A region of 70 women and 130 men, and a unit of it."""

    REGION = report("region", F=70, M=130, _total=200)

    def run(self, first, *options, tmp_path):
        """``options``: each an option and the report that it names."""
        written = []
        for at, (option, said) in enumerate(options):
            path = tmp_path / f"{at}.json"
            path.write_text(json.dumps(said), encoding="utf-8")
            written += [option, str(path)]
        return run(first, *written, tmp_path=tmp_path)

    def test_a_part_is_taken_from_its_whole(self, tmp_path):
        code, said, _ = self.run(self.REGION, ("--part", report("unit", F=67, M=100, _total=167)), tmp_path=tmp_path)

        assert code == 1
        assert said["holds"]
        (taken,) = said["taken"]
        assert (taken["whole"], taken["parts"], taken["holds"]) == ("Region", ["Unit"], False)
        opened = {(one["block"], one["codes"]["sex"], one["low"], one["high"]) for one in taken["margins"]["opened"]}
        assert ("joiners Unit to Region", "F", 3, 3) in opened

    def test_parts_are_taken_each_and_all_together(self, tmp_path):
        parts = [("--part", report(name, F=women, M=60, _total=60 + women)) for name, women in (("a", 30), ("b", 37))]
        code, said, _ = self.run(self.REGION, *parts, tmp_path=tmp_path)

        assert code == 1
        assert [(one["parts"], one["holds"]) for one in said["taken"]] == [
            (["A"], True),
            (["B"], True),
            (["A", "B"], False),
        ]

    def test_a_part_that_is_larger_cannot_be_taken(self, tmp_path):
        code, said, _ = self.run(self.REGION, ("--part", report("unit", F=70, M=200, _total=270)), tmp_path=tmp_path)

        assert code == 0
        assert said["taken"] == [{"whole": "Region", "parts": ["Unit"], "holds": True, "possible": False}]

    def test_versions_are_read_together(self, tmp_path):
        versions = [report("region", F=None, M=None, _total=30), report("region", F=None, M=27, _total=None)]

        assert self.run(versions[0], tmp_path=tmp_path)[0] == 0
        code, said, _ = self.run(versions[0], ("--also", versions[1]), tmp_path=tmp_path)

        assert code == 1
        assert {(one["key"][0], one["low"], one["high"]) for one in said["intervals"] if not one["safe"]} == {
            ("F", 3, 3)
        }
        assert said["because"]

    @pytest.mark.parametrize(
        ("options", "code", "where"),
        [
            ([("--also", report("other", F=70, M=130, _total=200))], "OTHER_ORGANISATION", "--also 1"),
            ([("--part", report("region", F=70, M=130, _total=200))], "NOT_A_PART", "--part 1"),
            ([("--part", report("unit", "2026-Q2", F=70, M=130, _total=200))], "NOT_A_PART", "--part 1"),
            ([("--part", report("unit", F=9, M=9, _total=18))] * 2, "NOT_A_PART", "--part 2"),
            ([("--part", SAFE)], "ONLY_REPORTS", "--part 1"),
            ([("--also", {"report": {}, "sections": []})], "NOT_A_REPORT", "--also 1"),
        ],
    )
    def test_what_is_not_what_it_is_given_as_is_refused(self, tmp_path, options, code, where):
        ended, said, refused = self.run(self.REGION, *options, tmp_path=tmp_path)

        assert (ended, said) == (2, None)
        assert [(one["code"], one["where"]) for one in refused["faults"]] == [(code, where)]

    def test_every_file_that_cannot_be_read_is_named(self, tmp_path):
        missing = [str(tmp_path / name) for name in ("a.json", "b.json")]
        code, _, refused = run(self.REGION, "--also", missing[0], "--part", missing[1], tmp_path=tmp_path)

        assert code == 2
        assert [(one["code"], one["where"]) for one in refused["faults"]] == [("NOT_READ", path) for path in missing]
