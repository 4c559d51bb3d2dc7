import uuid

import pytest

from monitoring.inspections.models import Finding, Inspection
from tests.factories import make_finding, make_inspection, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(organisation, inspectorate):
    return make_inspection(organisation, inspectorate)


@pytest.fixture
def field(machine, organisation):
    """An inspector's device."""
    return machine("inspector", organisation)


def finding(inspection, **more):
    said = {
        "inspection": str(inspection.pk), "statement": "Plans rarely said how faith would be respected.",
        "characteristics": ["religion_or_belief", "race"], "theme": "PLANNING", "direction": "AREA", "severity": 2,
        "extent": "SOME", "evidence": ["CASE"], "responsible": inspection.organisation.slug,
        "observed_date": "2026-09-09",
    }  # fmt: skip
    return said | more


def tag(client, said):
    return client.post("/api/v1/findings/", said, content_type="application/json")


class TestOpeningAnInspection:
    def test_names_programme_partners_and_fieldwork(self, machine, organisation, inspectorate):
        lead = machine("lead_inspector", organisation)
        said = {
            "programme": "REGION", "title": "A region", "organisation": organisation.slug, "lead": inspectorate.slug,
            "partners": ["OFSTED"], "fieldwork_start_date": "2026-09-01", "fieldwork_end_date": "2026-09-18",
        }  # fmt: skip

        answer = lead.post("/api/v1/inspections/", said, content_type="application/json")

        assert answer.status_code == 201
        assert lead.get(f"/api/v1/inspections/{answer.json()['id']}/").json() == said | {"id": answer.json()["id"]}

    def test_what_is_not_one_s_to_say_is_answered(self, machine, organisation, inspectorate):
        said = {"id": str(uuid.uuid4()), "organisation": organisation.slug, "start": "2026-09-01"}
        answer = machine("lead_inspector", organisation).post(
            "/api/v1/inspections/", said, content_type="application/json"
        )

        unknown = {fault["field"] for fault in answer.json()["problems"] if fault["code"] == "FIELD_UNKNOWN"}
        assert unknown == {"id", "start"}
        assert len(answer.json()["problems"]) > len(unknown)

    def test_that_ends_before_it_starts_is_answered(self, machine, organisation, inspectorate):
        lead = machine("lead_inspector", organisation)
        said = {
            "programme": "REGION", "title": "A region", "organisation": organisation.slug, "lead": inspectorate.slug,
            "fieldwork_start_date": "2026-09-18", "fieldwork_end_date": "2026-09-01",
        }  # fmt: skip

        answer = lead.post("/api/v1/inspections/", said, content_type="application/json")

        assert answer.status_code == 422
        assert answer.json()["problems"][0]["field"] == "fieldwork_end_date"
        assert not Inspection.objects.exists()


class TestTaggingAFinding:
    def test_records_it_with_what_follows(self, field, inspection):
        answer = tag(field, finding(inspection, recommendation="Ask about faith.", good_practice="A list of days."))

        said = answer.json()
        assert answer.status_code == 201
        assert said["characteristics"] == ["race", "religion_or_belief"]
        assert said["recommendations"][0]["text"] == "Ask about faith."
        assert said["good_practice"][0]["text"] == "A list of days."

    def test_the_same_reference_twice_is_one_finding(self, field, inspection):
        reference = str(uuid.uuid4())

        answers = [tag(field, finding(inspection, reference=reference)).json()["id"] for _ in range(2)]

        assert len(set(answers)) == 1
        assert Finding.objects.count() == 1

    def test_every_fault_is_said_at_once_and_nothing_recorded(self, field, inspection):
        answer = tag(field, finding(inspection, statement="word " * 61, observed_date="2026-08-01", cases=3))

        assert answer.status_code == 422
        assert {fault["field"] for fault in answer.json()["problems"]} == {"statement", "observed_date", "cases"}
        assert not Finding.objects.exists()

    def test_a_statement_that_names_a_person_is_refused_without_repeating_it(self, field, inspection):
        answer = tag(field, finding(inspection, statement="Case A1234BC was not asked."))

        assert answer.json()["code"] == "NAMES_A_PERSON"
        assert "A1234BC" not in answer.content.decode()

    @pytest.mark.parametrize("name", ["theme", "direction", "extent", "characteristics", "evidence"])
    def test_an_unknown_word_is_answered(self, field, inspection, name):
        wrong = ["NONSENSE"] if name in {"characteristics", "evidence"} else "NONSENSE"

        answer = tag(field, finding(inspection, **{name: wrong}))

        assert answer.status_code == 400
        assert answer.json()["problems"][0]["field"].startswith(name)

    def test_an_organisation_that_was_not_inspected_is_refused(self, field, inspection):
        answer = tag(field, finding(inspection, responsible=make_organisation("wales").slug))

        assert answer.json()["code"] == "RESPONSIBLE_OUTSIDE"


class TestWithdrawing:
    def test_needs_a_reason(self, machine, organisation, inspection):
        lead, pk = machine("lead_inspector", organisation), make_finding(inspection).pk

        answer = lead.post(f"/api/v1/findings/{pk}/withdraw/", {"reason": " "}, content_type="application/json")

        assert answer.status_code == 400
        assert Finding.objects.get().standing == "recorded"

    def test_takes_it_out(self, machine, organisation, inspection):
        lead, pk = machine("lead_inspector", organisation), make_finding(inspection).pk

        answer = lead.post(f"/api/v1/findings/{pk}/withdraw/", {"reason": "misread"}, content_type="application/json")

        assert answer.json()["standing"] == "withdrawn"


class TestListing:
    def test_findings_can_be_filtered(self, field, inspection, organisation):
        make_finding(inspection)

        for wanted, found in (({"organisation": organisation.slug}, 1), ({"standing": "withdrawn"}, 0)):
            assert field.get("/api/v1/findings/", wanted).json()["count"] == found

    def test_a_private_note_is_never_in_an_answer(self, field, inspection):
        make_finding(inspection, note="not for anybody else")

        assert "not for anybody" not in field.get("/api/v1/findings/").content.decode()

    def test_the_words_of_findings_need_no_account(self, client):
        said = client.get("/api/v1/vocabulary/").json()

        assert {"code": "race", "label": "Race (ethnic group, also nationality, national origin, colour)"}["code"] in {
            word["code"] for word in said["characteristics"]
        }
