import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from equality.quarters import Quarter
from monitoring.audit.models import Event
from monitoring.inspections.models import Finding, Standing
from monitoring.inspections.recording import Faulty, record_finding, withdraw_finding
from tests.factories import make_finding, make_inspection, make_organisation
from tests.factories.findings import AT, TODAY, draft_finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(organisation, inspectorate):
    return make_inspection(organisation, inspectorate)


def codes(inspection, **change):
    with pytest.raises(Faulty) as refused:
        record_finding(inspection, draft_finding(inspection, **change), today=TODAY, at=AT, by=None)
    return {(fault.field, fault.code) for fault in refused.value.faults}


class TestOpening:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"programme": "CAKES"}, "programme"),
            ({"title": " "}, "title"),
            ({"fieldwork_end_date": date(2026, 8, 1)}, "fieldwork_end_date"),
            ({"partners": ["NOBODY"]}, "partners"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, organisation, inspectorate, change, field):
        with pytest.raises(Faulty) as refused:
            make_inspection(organisation, inspectorate, **change)

        assert [fault.field for fault in refused.value.faults] == [field]

    def test_an_inspection_is_led_by_an_inspectorate(self, organisation, other_organisation):
        with pytest.raises(Faulty, match="LEAD_NOT_INSPECTORATE"):
            make_inspection(organisation, other_organisation)

    @pytest.mark.parametrize("programme", ["ADULT", "YOUTH_FJI", "YOUTH_SQS", "THEMATIC", "SPECIAL_INQUIRY", "JOINT"])
    def test_every_programme_can_be_opened(self, organisation, inspectorate, programme):
        assert make_inspection(organisation, inspectorate, programme=programme).programme == programme


class TestTagging:
    def test_keeps_what_was_found_and_what_follows(self, inspection):
        finding = make_finding(
            inspection, recommendation="Ask.", recommendation_due_date=date(2027, 1, 31), good_practice="A shared list."
        )

        assert {tag.code for tag in finding.characteristics.all()} == {"race", "religion_or_belief"}
        assert finding.recommendations.get().due_date == date(2027, 1, 31)
        assert finding.good_practice.get().text == "A shared list."
        assert Event.objects.filter(act="finding.recorded", organisation=inspection.organisation.slug).count() == 1

    def test_the_same_reference_twice_is_one_finding(self, inspection):
        reference = uuid.uuid4()

        assert make_finding(inspection, reference=reference) == make_finding(inspection, reference=reference)
        assert Finding.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"statement": ""}, ("statement", "STATEMENT_MISSING")),
            ({"statement": "word " * 61}, ("statement", "TOO_MANY_WORDS")),
            ({"recommendation": "word " * 61}, ("recommendation", "TOO_MANY_WORDS")),
            ({"recommendation_due_date": date(2027, 1, 31)}, ("recommendation", "RECOMMENDATION_MISSING")),
            ({"characteristics": []}, ("characteristics", "CHARACTERISTIC_MISSING")),
            ({"characteristics": ["race", "shoes"]}, ("characteristics", "CHARACTERISTIC_MISSING")),
            ({"theme": "CAKES"}, ("theme", "THEME_MISSING")),
            ({"direction": ""}, ("direction", "DIRECTION_MISSING")),
            ({"severity": None}, ("severity", "SEVERITY_MISSING")),
            ({"severity": 5}, ("severity", "SEVERITY_MISSING")),
            ({"extent": "HUGE"}, ("extent", "EXTENT_MISSING")),
            ({"evidence": []}, ("evidence", "EVIDENCE_MISSING")),
            ({"evidence": ["RUMOUR"]}, ("evidence", "EVIDENCE_MISSING")),
            ({"responsible": None}, ("responsible", "RESPONSIBLE_MISSING")),
            ({"observed_date": None}, ("observed_date", "OBSERVED_MISSING")),
            ({"observed_date": date(2026, 8, 31)}, ("observed_date", "OBSERVED_OUTSIDE")),
            ({"observed_date": date(2026, 11, 24)}, ("observed_date", "OBSERVED_OUTSIDE")),
            ({"cases": 3}, ("cases", "CASES_IMPOSSIBLE")),
            ({"cases": 9, "cases_seen": 8}, ("cases", "CASES_IMPOSSIBLE")),
            ({"cases": 0, "cases_seen": 0}, ("cases", "CASES_IMPOSSIBLE")),
        ],
    )
    def test_one_thing_wrong_is_the_one_thing_said(self, inspection, change, fault):
        assert codes(inspection, **change) == {fault}
        assert not Finding.objects.exists()

    def test_everything_wrong_is_said_at_once(self, inspection):
        assert len(codes(inspection, statement="", theme="", evidence=[])) == 3

    @pytest.mark.parametrize(
        "text",
        ["Seen in A1234BC's case.", "Case X123456.", "Born 04/05/1990.", "Mail a@b.org.", "Ring 01632960123.", "QQ 12 34 56 C.",
         "PNC 2001/1234567A."],
    )  # fmt: skip
    @pytest.mark.parametrize("field", ["statement", "recommendation", "good_practice"])
    def test_what_names_a_person_is_refused_and_not_repeated(self, inspection, field, text):
        with pytest.raises(Faulty) as refused:
            make_finding(inspection, **{field: text})

        (fault,) = refused.value.faults
        assert (fault.field, fault.code) == (field, "NAMES_A_PERSON")
        assert text not in fault.message

    @pytest.mark.parametrize("text", ["In 14 of 20 cases.", "Since 2019.", "Standard D2.3 was met.", "On 4 September."])
    def test_ordinary_numbers_are_fine(self, inspection, text):
        assert make_finding(inspection, statement=text).statement == text

    def test_a_body_that_was_not_inspected_does_not_answer(self, inspection, other_organisation):
        assert codes(inspection, responsible=other_organisation) == {("responsible", "RESPONSIBLE_OUTSIDE")}

    def test_a_part_of_the_inspected_body_or_what_it_is_part_of_may_answer(self, inspectorate):
        above = make_organisation("service")
        middle = make_organisation("region", parent=above)
        below = make_organisation("unit", parent=middle)
        inspection = make_inspection(middle, inspectorate)

        assert {make_finding(inspection, responsible=who).responsible for who in (above, middle, below)} == {
            above, middle, below,
        }  # fmt: skip


class TestWithdrawing:
    def test_takes_the_finding_out_of_reports(self, inspection):
        finding = make_finding(inspection)

        withdraw_finding(finding, reason="Wrong office", by=None)
        withdraw_finding(finding, reason="Wrong office", by=None)

        assert not Finding.objects.standing().exists()
        assert Event.objects.filter(act="finding.withdrawn").count() == 1

    def test_needs_a_reason(self, inspection):
        with pytest.raises(Faulty, match="REASON_MISSING"):
            withdraw_finding(make_finding(inspection), reason=" ", by=None)


class TestWhoseReport:
    def test_a_finding_belongs_to_the_quarter_in_which_it_was_seen(self, inspection):
        finding = make_finding(inspection, observed_date=date(2026, 9, 10))

        assert list(Finding.objects.seen_in(Quarter(2026, 3))) == [finding]
        assert not Finding.objects.seen_in(Quarter(2026, 4)).exists()

    def test_and_to_the_bodies_that_answer_for_it(self, inspection, organisation, other_organisation, inspectorate):
        finding = make_finding(inspection)

        assert list(Finding.objects.concerning(organisation)) == [finding]
        assert list(Finding.objects.concerning(inspectorate)) == [finding]
        assert not Finding.objects.concerning(other_organisation).exists()


class TestDatabase:
    def test_knows_what_counts_are_possible(self, inspection):
        finding = make_finding(inspection)

        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(cases=5, cases_seen=4)

    def test_knows_the_standings(self, inspection):
        finding = make_finding(inspection)
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=finding.pk).update(standing="lost")

        assert set(Standing.values) == {"recorded", "withdrawn"}
