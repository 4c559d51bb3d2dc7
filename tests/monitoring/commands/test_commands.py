"""The commands that can be counted on from outside."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from monitoring.access.models import Grant, User
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import State, Submission
from tests.factories import as_csv, staff

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments, **options):
    """(exit code, standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    except CommandError as refused:
        return 1, out.getvalue(), str(refused)
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes(as_csv(staff(40)))
    return str(path)


@pytest.fixture
def region():
    run("add_organisation", "north-east", "North East", "--kind", "probation-region")
    return Organisation.objects.get()


class TestAddOrganisation:
    def test_registers(self, region):
        assert (region.slug, region.name, region.kind) == ("north-east", "North East", "probation-region")

    def test_takes_a_kind_however_it_is_written(self):
        run("add_organisation", "x", "X", "--kind", "Probation_Region")

        assert Organisation.objects.get().kind == "probation-region"

    @pytest.mark.parametrize("slug", ["North East", "x-", "a--b", "é", ""])
    def test_refuses_a_malformed_short_name(self, slug):
        code, _, err = run("add_organisation", slug, "X", kind="region")

        assert (code, Organisation.objects.count()) == (1, 0)
        assert "short name" in err

    def test_refuses_a_short_name_that_is_taken(self, region):
        code, _, err = run("add_organisation", "north-east", "Other", "--kind", "region")

        assert code == 1
        assert "already" in err

    def test_refuses_an_unknown_parent(self):
        assert run("add_organisation", "x", "X", "--kind", "region", "--parent", "nobody")[0] == 1


class TestSubmit:
    def test_checks_and_accepts(self, region, file):
        code, out, _ = run(
            "submit", "workforce", file, "--organisation", "north-east", "--period", "2026-Q3", "--accept", "--json"
        )
        said = json.loads(out)

        assert code == 0
        assert (said["state"], said["rows"], said["accepted"]) == ("accepted", 40, 40)
        assert [problem["code"] for problem in said["problems"]] == ["NUMBERS_READ"]
        assert str(Submission.objects.get().pk) == said["submission"]

    def test_without_accept_only_checks(self, region, file):
        _, out, _ = run("submit", "workforce", file, "--organisation", "north-east", "--period", "2026-Q3", "--json")
        said = json.loads(out)

        assert (said["state"], said["accepted"]) == ("checked", 0)

    def test_refuses_with_every_problem_on_standard_error(self, region, tmp_path):
        path = tmp_path / "wrong.csv"
        path.write_text("sex,ethnicity\nF,Martian\nX,13\n")

        code, out, err = run(
            "submit",
            "workforce",
            str(path),
            "--organisation",
            "north-east",
            "--period",
            "2026-Q3",
            "--accept",
            "--json",
        )
        problems = json.loads(out)["problems"]

        assert code == 1
        assert {"code", "severity", "row", "column", "count", "message", "advice"} <= problems[0].keys()
        assert "Martian" in err
        assert err.count("VALUE_NOT_PLACED") == 2
        assert Submission.objects.get().state == State.REFUSED

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"organisation": "nobody"}, "ORGANISATION_UNKNOWN"),
            ({"period": "2099-Q1"}, "PERIOD_IN_FUTURE"),
            ({"period": "Q3"}, "PERIOD_MALFORMED"),
            ({"mapping": "nowhere.toml"}, "FILE_MISSING"),
        ],
    )
    def test_refuses_a_wrong_envelope_and_keeps_nothing(self, region, file, change, code):
        options = {"organisation": "north-east", "period": "2026-Q3", "json": True} | change

        exit_code, out, err = run("submit", "workforce", file, **options)
        said = json.loads(out)

        assert exit_code == 1
        assert (said["submission"], said["state"], said["rows"], said["accepted"]) == (None, "refused", 0, 0)
        assert [problem["code"] for problem in said["problems"]] == [code]
        assert code in err
        assert not Submission.objects.exists()

    def test_an_unknown_organisation_is_answered_with_where_short_names_stand(self, region, file):
        _, _, err = run("submit", "workforce", file, organisation="nobody", period="2026-Q3")

        assert "pages Submissions and Send workforce data" in err
        assert "manage.py add_organisation" in err

    def test_a_missing_file_is_answered(self, region):
        code, _, err = run("submit", "workforce", "nowhere.csv", organisation="north-east", period="2026-Q3")

        assert code == 1
        assert "FILE_MISSING" in err

    def test_says_in_words_what_it_found(self, region, file):
        _, out, _ = run("submit", "workforce", file, "--organisation", "north-east", "--period", "2026-Q3")

        assert "checked, 40 rows" in out


class TestReport:
    def test_writes_every_drawing(self, region, file, tmp_path):
        run("submit", "workforce", file, "--organisation", "north-east", "--period", "2026-Q3", "--accept")

        code, out, err = run(
            "report", "quarterly", organisation="north-east", period="2026-Q3", output=str(tmp_path / "out")
        )
        hidden = json.loads((tmp_path / "out" / "report.json").read_text())
        written = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}

        assert code == 0, err
        assert {"report.pdf", "report.html", "report.ods", "report.json", "data/sex.csv"} <= written
        assert hidden["report"]["policy"]["label"] in out
        assert re.search(r": [1-9]\d* of [1-9]\d+ numbers of people are hidden", out)

    @pytest.mark.parametrize(
        "change",
        [{"code": "cakes"}, {"period": "x"}, {"period": "2099-Q1"}, {"organisation": "nobody"}, {"period": "2025-Q1"}],
    )
    def test_refuses_with_nothing_written(self, region, tmp_path, change):
        options = {"organisation": "north-east", "period": "2026-Q3", "output": str(tmp_path / "out")} | change

        code, _, err = run("report", options.pop("code", "quarterly"), **options)

        assert code == 1
        assert err
        assert not (tmp_path / "out").exists()


class TestPeopleAndMachines:
    def test_a_person_is_given_a_role(self, region, monkeypatch):
        monkeypatch.setenv("PASSWORD", "long enough a password")

        code, out, _ = run("add_person", "hr@example.gov.uk", "--role", "hr_submitter", "--organisation", "north-east")

        assert code == 0
        assert "HR submitter" in out
        assert Grant.objects.get().user.check_password("long enough a password")

    def test_a_password_that_could_be_guessed_is_refused(self, region, monkeypatch):
        monkeypatch.setenv("PASSWORD", "password")

        code, _, err = run("add_person", "hr@example.gov.uk", "--role", "hr_submitter", "--organisation", "north-east")

        assert code == 1
        assert "too short" in err
        assert not User.objects.filter(email="hr@example.gov.uk").exists()

    def test_a_token_is_printed(self, region):
        code, out, _ = run("issue_token", "payroll", "--organisation", "north-east")

        assert code == 0
        assert len(out.strip()) >= 64

    @pytest.mark.parametrize("command", [("add_person", "x@example.gov.uk"), ("issue_token", "payroll")])
    def test_an_unknown_organisation_is_refused(self, command):
        code, _, err = run(*command, role="hr_submitter", organisation="nobody")

        assert code == 1
        assert "add_organisation" in err


class TestVerifyAudit:
    def test_a_whole_trail_is_said_to_be_whole(self, region):
        assert "whole" in run("verify_audit")[1]

    def test_a_broken_trail_is_an_error_that_names_the_event(self, region):
        from django.db import connection

        from monitoring.audit import guard
        from monitoring.audit.models import Event

        guard.take_down(connection)
        Event.objects.update(act="nothing")
        guard.build(connection)

        code, _, err = run("verify_audit")

        assert code == 1
        assert "1 faults" in err
