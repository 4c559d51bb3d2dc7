"""One example file for every code that a sender can be answered with, and what the answer must say."""

import io
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from equality.quarters import Quarter
from monitoring.demonstration.story import story
from monitoring.submissions.checking import check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.mapping import Mapping, read_mapping
from monitoring.submissions.problems import KINDS, Severity, Unreadable

FOLDER = Path(__file__).parents[2] / "examples"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text())
# Codes that no file alone brings about; the test named beside each covers it.
ELSEWHERE = {
    "ORGANISATION_UNKNOWN": "monitoring/commands/test_commands.py",
    "COLLECTION_UNKNOWN": "monitoring/submissions/test_receiving.py",
    "PERIOD_MALFORMED": "monitoring/submissions/test_receiving.py",
    "PERIOD_IN_FUTURE": "monitoring/submissions/test_receiving.py",
    "PERIOD_PUBLISHED": "monitoring/submissions/test_receiving.py",
    "FILE_MISSING": "monitoring/commands/test_commands.py",
    "FILE_TOO_LARGE": "monitoring/submissions/test_receiving.py",
    "FILE_ENCRYPTED": "monitoring/submissions/test_spreadsheets.py",
    "FILE_UNSAFE": "monitoring/submissions/test_spreadsheets.py",
    "SHEET_TOO_LARGE": "monitoring/submissions/test_spreadsheets.py",
    "FILE_UNREADABLE": "monitoring/submissions/test_spreadsheets.py",
    "RECORDS_MALFORMED": "monitoring/submissions/test_receiving.py",
    "SAVED_MAPPING_USED": "monitoring/submissions/test_deciding.py",
    "CHECK_STOPPED": "monitoring/submissions/test_work.py",
}


def answer(code: str):
    """The answer to one example file."""
    mapping = FOLDER / f"{code}.toml"
    try:
        read = read_mapping(mapping.read_text(), "workforce") if mapping.exists() else Mapping()
    except Unreadable as broken:
        return list(broken.problems)
    content = (FOLDER / f"{code}.csv").read_bytes()
    context = Context(Quarter.parse("2026-Q3"), "north-east", read.values)
    return list(check(content, collection="workforce", mapping=read, context=context, pseudonyms=tokens).problems)


def tokens(references):
    return [b"0" * 16 for _ in references]


class TestEveryCode:
    def test_has_an_example_or_a_test_elsewhere(self):
        assert set(EXPECTED) | set(ELSEWHERE) == set(KINDS)
        assert not set(EXPECTED) & set(ELSEWHERE)

    @pytest.mark.parametrize(("code", "where"), ELSEWHERE.items())
    def test_the_test_elsewhere_names_the_code(self, code, where):
        assert code in (Path(__file__).parents[2] / where).read_text()

    @pytest.mark.parametrize("code", EXPECTED)
    def test_is_answered_in_its_place(self, code):
        found = [problem for problem in answer(code) if problem.code == code]

        assert found, [problem.code for problem in answer(code)]
        expected = EXPECTED[code]
        if "rows" in expected:
            assert [problem.row for problem in found] == expected["rows"]
        if "column" in expected:
            assert {problem.column for problem in found} == {expected["column"]}
        if "count" in expected:
            assert found[0].count == expected["count"]

    @pytest.mark.parametrize("code", EXPECTED)
    def test_nothing_else_is_wrong_with_its_example(self, code):
        """One condition broken at a time: an example that fails for another reason would prove nothing."""
        errors = {problem.code for problem in answer(code) if problem.severity is Severity.ERROR}
        companions = {
            "MORE_OF_THE_SAME": {"NUMBER_NOT_UNDERSTOOD"},
            "MAPPING_UNKNOWN_COLUMN": {"MAPPING_UNKNOWN_COLUMN"},
            "HEADING_TWICE": {"NO_CHARACTERISTIC"},
        }

        assert errors <= {code} | companions.get(code, set())

    @pytest.mark.parametrize("code", EXPECTED)
    def test_says_what_happened_and_what_to_do(self, code):
        for problem in answer(code):
            assert problem.message.endswith(".")
            assert problem.advice.endswith(".")
            assert "{" not in problem.message + problem.advice.replace("[values.", "")


class TestNoValueIsRepeated:
    @pytest.mark.parametrize("code", sorted(set(EXPECTED) - {"FILE_EMPTY", "FILE_NOT_A_TABLE", "ENCODING_UNKNOWN"}))
    def test_messages_hold_nothing_that_a_sheet_says_of_a_person(self, code):
        lines = (FOLDER / f"{code}.csv").read_text().splitlines()[1:]
        values = {cell.strip() for line in lines for cell in line.split(",")}
        telling = {value for value in values if len(value) > 3 and value not in KINDS}

        for problem in answer(code):
            said = f"{problem.message} {problem.advice}"
            assert not {value for value in telling if value in said}

    def test_what_looks_like_somebodys_number_is_masked_in_a_wording(self):
        content = b"sex,ethnicity\nF,A1234567 born 01021980\nM,somebody@example.org\n"
        context = Context(Quarter.parse("2026-Q3"), "north-east")
        found = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=list)
        said = " ".join(problem.value or "" for problem in found.problems)

        assert "1234567" not in said
        assert "01021980" not in said
        assert "example.org" not in said


def test_what_the_page_for_hr_says_to_paste_is_taken_in_the_demonstration():
    """The organisation is one of the demonstration's, and nothing is wrong with the file."""
    page = (FOLDER.parents[1] / "docs" / "hr.md").read_text()
    (written,) = re.findall(r"printf '(.+)' > staff\.csv", page)
    content = written.replace("\\n", "\n").encode()
    context = Context(Quarter.parse("2026-Q2"), "northmoor")
    pasted = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=tokens)

    assert set(re.findall(r"--organisation (\S+)", page)) <= {said["slug"] for said in story()["organisations"]}
    assert [problem.code for problem in pasted.problems] == ["NUMBERS_READ"]
    assert "`python manage.py" not in page


def test_a_workbook_of_the_same_rows_is_answered_alike():
    """What a spreadsheet shows in row 3 is row 3, whether it came as text or as a workbook."""
    from tests.factories.workbooks import ods, xlsx

    rows = [["person_ref", "sex", "age"], ["P1", "F", 40], ["P2", "M", 12], [None, None, None], ["P3", "M", 200]]
    for content in (xlsx(rows), ods(rows)):
        assert zipfile.is_zipfile(io.BytesIO(content))
        context = Context(Quarter.parse("2026-Q3"), "north-east")
        found = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=list)
        wrong = [(p.row, p.column) for p in found.problems if p.code == "NUMBER_OUT_OF_RANGE"]

        assert wrong == [(3, "age"), (5, "age")]
        assert found.rows == 3
