import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction

from monitoring.audit.models import Event
from monitoring.submissions import deciding
from monitoring.submissions.models import State, Submission
from monitoring.vault.models import SealedDocument
from tests.factories import accepted, as_csv, make_organisation, staff, submit
from tests.factories.cities import MAPPING, city_staff
from tests.factories.submissions import do_waiting_work

ADDRESS = "/api/v1/submissions/"
pytestmark = pytest.mark.django_db


def send(machine, organisation, content=None, **more):
    said = {"organisation": organisation.slug, "period": "2026-Q3"}
    said["file"] = SimpleUploadedFile("staff.csv", as_csv(staff(30)) if content is None else content)
    answer = machine.post(ADDRESS, said | more)
    do_waiting_work()
    return answer


def send_records(machine, organisation, records, **more):
    said = {"organisation": organisation.slug, "period": "2026-Q3", "records": records}
    return machine.post(ADDRESS, said | more, content_type="application/json")


@pytest.fixture
def payroll(machine, organisation):
    return machine("hr_submitter", organisation)


class TestSending:
    def test_a_file_is_taken_and_its_check_can_be_followed(self, payroll, organisation):
        answer = send(payroll, organisation)

        assert answer.status_code == 202
        said = payroll.get(f"{ADDRESS}{answer.json()['id']}/").json()
        assert (said["state"], said["rows"], said["errors"], said["accepted"]) == ("checked", 30, 0, 0)

    def test_records_are_a_file_too(self, payroll, organisation):
        answer = send_records(payroll, organisation, staff(12))
        do_waiting_work()

        assert answer.status_code == 202
        assert payroll.get(f"{ADDRESS}{answer.json()['id']}/").json()["rows"] == 12

    def test_foreign_headings_are_listed_once_each_with_the_nearest(self, payroll, organisation):
        answer = send(payroll, organisation, city_staff(4, 80))

        said = payroll.get(f"{ADDRESS}{answer.json()['id']}/").json()
        assert said["state"] == "refused"
        headings = [p for p in said["problems"] if p["code"] == "HEADING_NOT_PLACED"]
        assert {p["column"]: p["nearest"][0] for p in headings}["Race/Ethnicity"] == "ethnicity"
        assert len(headings) == len({p["column"] for p in headings})
        assert not SealedDocument.objects.filter(pk=Submission.objects.get().incoming_id).exists()

    def test_with_a_mapping_the_same_file_is_taken(self, payroll, organisation):
        mapping = SimpleUploadedFile("mapping.toml", MAPPING.encode())
        answer = send(payroll, organisation, city_staff(4, 80), mapping=mapping)

        said = payroll.get(f"{ADDRESS}{answer.json()['id']}/").json()
        assert said["state"] == "checked"
        assert [p["code"] for p in said["problems"] if p["severity"] == "warning"] == ["NO_PERSON_REF"]

    def test_the_same_file_twice_is_the_same_submission(self, payroll, organisation):
        first, second = send(payroll, organisation), send(payroll, organisation)

        assert first.json()["id"] == second.json()["id"]
        assert second.status_code == 200
        assert Event.objects.filter(act="submission.received").count() == 1

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"period": "2026-Q4"}, "PERIOD_IN_FUTURE"),
            ({"content": b""}, "INVALID"),
            ({"period": "2026-3"}, "INVALID"),
            ({"collection": "cakes"}, "INVALID"),
        ],
    )
    def test_a_faulty_envelope_is_answered_and_nothing_is_kept(self, payroll, organisation, change, code):
        answer = send(payroll, organisation, **change)

        assert answer.status_code in {400, 422}
        assert answer.json()["code"] == code
        assert not Submission.objects.exists()
        assert not SealedDocument.objects.exists()

    def test_every_fault_of_an_envelope_is_said_at_once(self, payroll):
        answer = payroll.post(ADDRESS, {"period": "x"})

        assert {fault["field"] for fault in answer.json()["problems"]} == {"organisation", "period", "file"}

    def test_a_quarter_that_is_none_has_one_code_everywhere(self, payroll, organisation):
        (fault,) = send(payroll, organisation, period="2026-Q5").json()["problems"]

        assert (fault["code"], fault["field"]) == ("PERIOD_MALFORMED", "period")

    @pytest.mark.parametrize("send_", [send, lambda machine, of, **more: send_records(machine, of, staff(3), **more)])
    def test_a_field_that_is_not_known_is_answered_and_nothing_is_kept(self, payroll, organisation, send_):
        answer = send_(payroll, organisation, correction_note="Late starters")

        (fault,) = answer.json()["problems"]
        assert (answer.status_code, fault["code"], fault["field"]) == (400, "FIELD_UNKNOWN", "correction_note")
        assert "correction_reason" in fault["message"]
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("records", ["text", [], [["a"]], [{"sex": ["F"]}], [{"sex": {"a": 1}}]])
    def test_malformed_records_are_answered(self, payroll, organisation, records):
        answer = send_records(payroll, organisation, records)

        assert answer.status_code in {400, 422}
        assert answer.json()["code"] in {"INVALID", "RECORDS_MALFORMED"}

    def test_a_file_of_another_organisation_is_refused_row_by_row(self, payroll, organisation):
        answer = send(payroll, organisation, as_csv(staff(3, organisation_code="wales")))

        problems = payroll.get(f"{ADDRESS}{answer.json()['id']}/").json()["problems"]
        assert [(p["code"], p["row"]) for p in problems if p["severity"] == "error"] == [
            ("ORGANISATION_OTHER", row) for row in (2, 3, 4)
        ]

    def test_a_body_over_the_limit_of_json_is_answered(self, payroll, organisation, monkeypatch):
        monkeypatch.setattr("api.parsers.MAX_JSON", 1000)

        answer = send_records(payroll, organisation, staff(40))

        assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")

    @pytest.mark.parametrize(("kind", "status"), [("text/plain", 415), ("application/xml", 415)])
    def test_another_kind_of_body_is_answered(self, payroll, kind, status):
        answer = payroll.post(ADDRESS, "anything", content_type=kind)

        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"

    def test_broken_json_is_answered_without_repeating_it(self, payroll):
        answer = payroll.post(ADDRESS, '{"records": [{"name": "Jane Secret"', content_type="application/json")

        assert answer.status_code == 400
        assert "Secret" not in answer.content.decode()


class TestDeciding:
    def test_accepting_lets_reports_count_it(self, payroll, organisation):
        pk = submit(organisation).pk

        answer = payroll.post(f"{ADDRESS}{pk}/accept/")

        assert (answer.status_code, answer.json()["state"], answer.json()["accepted"]) == (200, "accepted", 60)

    def test_a_doubled_click_accepts_once(self, payroll, organisation):
        pk = submit(organisation).pk

        answers = [payroll.post(f"{ADDRESS}{pk}/accept/").status_code for _ in range(2)]

        assert answers == [200, 200]
        assert Event.objects.filter(act="submission.accepted").count() == 1

    def test_a_refused_submission_cannot_be_accepted(self, payroll, organisation):
        pk = submit(organisation, b"sex\nF\n\x00").pk

        answer = payroll.post(f"{ADDRESS}{pk}/accept/")

        assert (answer.status_code, answer.json()["code"]) == (409, "NOT_CHECKED")

    def test_withdrawing_says_why(self, payroll, organisation):
        pk = accepted(organisation).pk

        answer = payroll.post(f"{ADDRESS}{pk}/withdraw/", {"reason": "wrong month"}, content_type="application/json")

        assert answer.json()["state"] == "withdrawn"
        assert Event.objects.get(act="submission.withdrawn").details == {"reason": "wrong month"}

    def test_withdrawing_without_a_reason_is_refused(self, payroll, organisation):
        pk = accepted(organisation).pk

        answer = payroll.post(f"{ADDRESS}{pk}/withdraw/", {"reason": ""}, content_type="application/json")

        assert answer.status_code == 400
        assert Submission.objects.get(pk=pk).state == State.ACCEPTED

    def test_a_database_lost_while_accepting_leaves_nothing_half_done(self, payroll, organisation, monkeypatch):
        earlier, later = accepted(organisation), submit(organisation, as_csv(staff(25, seed=4)))
        payroll.raise_request_exception = False

        def lost(*_, **__):
            raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(deciding, "_record", lost)
        with transaction.atomic():
            answer = payroll.post(f"{ADDRESS}{later.pk}/accept/")

        assert answer.status_code == 500
        assert "connection" not in answer.content.decode()
        assert dict(Submission.objects.values_list("pk", "state")) == {earlier.pk: "accepted", later.pk: "checked"}


class TestListing:
    def test_is_paged(self, payroll, organisation):
        for seed in range(3):
            submit(organisation, as_csv(staff(6, seed=seed)))

        answer = payroll.get(ADDRESS, {"page_size": 2}).json()

        assert (answer["count"], len(answer["results"])) == (3, 2)
        assert len(payroll.get(answer["next"]).json()["results"]) == 1

    def test_a_page_that_is_not_there_is_answered(self, payroll):
        assert payroll.get(ADDRESS, {"page": 9}).status_code == 404

    def test_can_be_filtered_by_quarter_and_state(self, payroll, organisation):
        accepted(organisation, period="2026-Q2")
        submit(organisation)

        assert [s["period"] for s in payroll.get(ADDRESS, {"state": "accepted"}).json()["results"]] == ["2026-Q2"]
        assert [s["period"] for s in payroll.get(ADDRESS, {"period": "2026-Q3"}).json()["results"]] == ["2026-Q3"]

    def test_an_unknown_state_is_answered(self, payroll):
        answer = payroll.get(ADDRESS, {"state": "eaten"})

        assert (answer.status_code, answer.json()["problems"][0]["field"]) == (400, "state")

    def test_shows_no_other_organisation(self, payroll, organisation):
        submit(make_organisation("wales"))

        assert payroll.get(ADDRESS).json()["results"] == []

    def test_never_shows_what_a_person_answered(self, payroll, organisation):
        submit(organisation, as_csv([{"sex": "F", "ethnicity": "SECRET@example.org 12345678"}] * 8))

        assert "SECRET@" not in json.dumps(payroll.get(ADDRESS).json())
