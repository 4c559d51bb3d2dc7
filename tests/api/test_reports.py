import hashlib

import pytest

from monitoring.access.people import grant
from reports.models import Report
from tests.factories import accepted, make_draft, make_published
from tests.factories.submissions import do_waiting_work

ADDRESS = "/api/v1/reports/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def data(organisation):
    return accepted(organisation)


def post(client, address, said=None):
    answer = client.post(address, said or {}, content_type="application/json")
    do_waiting_work()
    return answer


def ask(client, about, **more):
    return post(client, ADDRESS, {"organisation": about.slug, "period": "2026-Q3"} | more)


class TestTheWholeWay:
    def test_from_a_request_to_a_file_that_anybody_reads(self, machine, organisation, data, client):
        analyst, chief = machine("analyst", organisation), machine("chief_inspector", organisation)

        asked = ask(analyst, organisation)
        draft = f"{ADDRESS}{asked.json()['id']}/"
        digest = chief.get(draft).json()["digest"]
        signed = post(chief, f"{draft}sign/", {"digest": digest})
        published = post(analyst, f"{draft}publish/")

        assert [a.status_code for a in (asked, signed, published)] == [202, 200, 202]
        found = client.get("/api/v1/published/").json()["results"][0]
        named = found["files"]["report.json"]
        assert hashlib.sha256(client.get(named["address"]).content).hexdigest() == named["sha256"]
        assert client.get(named["address"]).json()["report"]["status"] == "published"


class TestAsking:
    def test_twice_gives_the_one_in_progress(self, machine, organisation, data):
        analyst = machine("analyst", organisation)

        assert ask(analyst, organisation).json()["id"] == ask(analyst, organisation).json()["id"]

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"period": "2026-Q4"}, 422, "PERIOD_IN_FUTURE"),
            ({"period": "2026"}, 400, "INVALID"),
            ({"code": "poem"}, 400, "INVALID"),
            ({"note": "x"}, 400, "INVALID"),
            ({"organisation": "nowhere"}, 404, "NOT_FOUND"),
        ],
    )
    def test_for_what_cannot_be_had_is_answered(self, machine, organisation, change, status, code):
        answer = ask(machine("analyst", organisation), organisation, **change)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert not Report.objects.exists()

    def test_for_a_published_report_needs_to_say_what_it_corrects(self, machine, organisation, data):
        make_published(organisation)

        answer = ask(machine("analyst", organisation), organisation)

        assert (answer.status_code, answer.json()["code"]) == (409, "REPORT_PUBLISHED")

    def test_without_data_says_so_in_the_report(self, machine, organisation):
        analyst = machine("analyst", organisation)

        said = analyst.get(f"{ADDRESS}{ask(analyst, organisation).json()['id']}/").json()

        assert said["state"] == "failed"
        assert "no accepted data" in said["failure"]


class TestSigning:
    def test_something_else_than_was_read_is_refused(self, machine, organisation, data):
        draft = make_draft(organisation)

        answer = post(machine("chief_inspector", organisation), f"{ADDRESS}{draft.pk}/sign/", {"digest": "0" * 64})

        assert (answer.status_code, answer.json()["code"]) == (409, "CONTENTS_CHANGED")

    def test_by_nobody_who_asked(self, organisation, analyst, data, signed_in):
        draft = make_draft(organisation, by=analyst)
        grant(analyst, "chief_inspector", organisation, by=None)
        both = signed_in(analyst)
        digest = both.get(f"{ADDRESS}{draft.pk}/").json()["digest"]

        answer = post(both, f"{ADDRESS}{draft.pk}/sign/", {"digest": digest})

        assert (answer.status_code, answer.json()["code"]) == (409, "SAME_PERSON")

    def test_a_draft_can_be_sent_back_with_a_reason(self, machine, organisation, data):
        draft = make_draft(organisation)

        answer = post(
            machine("chief_inspector", organisation), f"{ADDRESS}{draft.pk}/send-back/", {"reason": "check pay"}
        )

        assert (answer.json()["state"], answer.json()["failure"]) == ("failed", "Sent back: check pay")

    def test_an_unsigned_report_is_not_published(self, machine, organisation, data):
        draft = make_draft(organisation)

        answer = post(machine("analyst", organisation), f"{ADDRESS}{draft.pk}/publish/")

        assert (answer.status_code, answer.json()["code"]) == (409, "NOT_SIGNED")


class TestReading:
    def test_a_draft_is_not_published(self, organisation, data, client):
        draft = make_draft(organisation)

        assert client.get("/api/v1/published/").json()["count"] == 0
        assert client.get(f"/api/v1/published/{draft.pk}/").status_code == 404
        assert client.get(f"/api/v1/published/{draft.pk}/files/report.json").status_code == 404

    def test_published_reports_can_be_filtered(self, organisation, data, client):
        make_published(organisation)

        assert client.get("/api/v1/published/", {"organisation": "north-east"}).json()["count"] == 1
        assert client.get("/api/v1/published/", {"organisation": "wales"}).json()["count"] == 0

    @pytest.mark.parametrize("name", ["../../database.sqlite3", "report.exe", "data/none.csv"])
    def test_other_files_are_not_served(self, organisation, data, client, name):
        report = make_published(organisation)

        assert client.get(f"/api/v1/published/{report.pk}/files/{name}").status_code == 404
