"""A real employer's file, with foreign headings and values, through the commands: the City of Seattle's staff demographics
as that city published them in 2023."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command

from monitoring.submissions.models import Submission
from reports.attacking import attack_report
from tests import machine
from tests.factories import make_organisation
from tests.factories.cities import MAPPING

pytestmark = [pytest.mark.real_data, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff_file() -> Path:
    (found,) = machine.real_data().glob("seattle*.csv")
    return found


def submit(capsys: pytest.CaptureFixture, staff_file: Path, *options: str) -> dict:
    make_organisation("seattle", kind="city")
    asked = ["submit", "workforce", str(staff_file), "--organisation", "seattle", "--period", "2026-Q3", "--json"]
    with suppress(SystemExit):  # a refusal; the answer says so
        call_command(*asked, *options)
    return json.loads(capsys.readouterr().out)


class TestWithoutAMapping:
    def test_every_heading_and_value_is_listed_once_and_nothing_is_stored(self, capsys, staff_file):
        answer = submit(capsys, staff_file)

        listed = [(p["code"], p["column"], p.get("value")) for p in answer["problems"] if p["severity"] == "error"]
        assert answer["state"] == "refused"
        assert len(listed) == len(set(listed))
        assert ("HEADING_NOT_PLACED", "Race/Ethnicity", None) in listed
        assert ("VALUE_NOT_PLACED", "Sex", "N") in listed
        counts = {p.get("value"): p["count"] for p in answer["problems"]}
        assert (counts["Not Specified"], counts["N"]) == (438, 55)
        assert all(p["nearest"] for p in answer["problems"] if p["code"] == "HEADING_NOT_PLACED")
        assert all(p["nearest"] for p in answer["problems"] if p.get("value") and p["column"] == "Race/Ethnicity")
        assert Submission.objects.get().dataset is None


class TestWithAMapping:
    @pytest.fixture
    def document(self, capsys, staff_file, tmp_path):
        mapping = tmp_path / "mapping.toml"
        mapping.write_text(MAPPING)
        answer = submit(capsys, staff_file, "--mapping", str(mapping), "--accept")
        assert (answer["state"], answer["rows"], answer["accepted"]) == ("accepted", 13_383, 13_383)
        assert [p["code"] for p in answer["problems"] if p["severity"] == "warning"] == ["NO_PERSON_REF"]
        call_command("report", "quarterly", organisation="seattle", period="2026-Q3", output=str(tmp_path / "report"))
        return json.loads((tmp_path / "report" / "report.json").read_text())

    def test_the_report_says_what_the_file_says(self, document):
        def cell(table, measure, **dims):
            (found,) = (
                c
                for section in document["sections"]
                for block in section["blocks"]
                if block["type"] == "table" and block["id"] == table
                for c in block["cells"]
                if c["measure"] == measure and c["dims"] == dims
            )
            return found["value"]

        assert cell("ethnicity", "headcount", ethnicity="_total") == 13_383
        assert cell("ethnicity", "headcount", ethnicity="_declared") == 12_945
        assert cell("ethnicity", "declaration_rate", ethnicity="_total") == 96.7
        assert cell("ethnicity", "share", ethnicity="WHITE") == 55.3
        assert cell("sex", "headcount", sex="_declared") == 13_328
        assert cell("sex", "share", sex="F") == 39.6
        assert cell("pay-by-sex", "mean_gap", sex="F") == 7.1
        assert cell("pay-by-sex", "median_gap", sex="F") == 10.7

    def test_no_small_number_gets_out(self, document):
        attacked = attack_report(document)
        hidden = [interval for interval in attacked.intervals if interval.table == "ethnicity-by-organisation_unit"]

        assert len(hidden) >= 83
        assert attacked.broken == ()
