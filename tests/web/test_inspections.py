import uuid
from datetime import date

import pytest

from equality.characteristics import characteristics
from monitoring.inspections.models import Finding, Inspection
from tests.factories import make_finding, make_inspection, make_organisation
from tests.web.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(organisation, inspectorate):
    return make_inspection(organisation, inspectorate)


@pytest.fixture
def phone(signed_in, inspector):
    return signed_in(inspector)


@pytest.fixture
def desk(signed_in, lead):
    return signed_in(lead)


def address(inspection, more=""):
    return f"/inspections/{inspection.pk}/{more}"


def tag(client, inspection, **change):
    """Fill the form for a finding in and send it."""
    said = {
        "reference": uuid.uuid4(),
        "statement": "Interpreters were booked in good time.",
        "characteristics": ["race", "religion_or_belief"],
        "theme": "ACCESS",
        "direction": "STRENGTH",
        "severity": "2",
        "extent": "MOST",
        "evidence": ["CASE", "INTERVIEW"],
        "responsible": inspection.organisation.pk,
        **day("observed_date", 10, 9, 2026),
    }
    return client.post(address(inspection, "findings/new/"), said | change)


def day(name, *parts):
    return {f"{name}_{part}": value for part, value in zip(("day", "month", "year"), parts, strict=True)}


class TestTheList:
    def test_says_that_there_is_none(self, phone):
        assert "No inspection has been opened yet." in Page.of(phone.get("/inspections/")).text

    def test_names_programme_place_days_and_findings(self, phone, inspection):
        make_finding(inspection)

        page = Page.of(phone.get("/inspections/"))

        assert page.links["Inspection of a region"] == address(inspection)
        assert "Probation region inspection. North East. Fieldwork 1 Sep to 18 Sep 2026. 1 finding." in page.text

    def test_does_not_count_withdrawn_findings(self, phone, inspection):
        make_finding(inspection)
        Finding.objects.update(standing="withdrawn", withdrawn_reason="a mistake")

        assert "0 findings." in Page.of(phone.get("/inspections/")).text

    def test_turns_pages_of_25(self, phone, organisation, inspectorate):
        for number in range(26):
            make_inspection(organisation, inspectorate, title=f"Inspection {number:02d}")

        assert "Inspection 25" in Page.of(phone.get("/inspections/?page=2")).text

    def test_offers_opening_to_leads_alone(self, phone, desk):
        assert "Open an inspection" not in Page.of(phone.get("/inspections/")).links
        assert "Open an inspection" in Page.of(desk.get("/inspections/")).links


class TestOpening:
    def said(self, organisation, inspectorate, **change):
        return {
            "programme": "REGION",
            "title": "Inspection of the North East",
            "organisation": organisation.pk,
            "lead": inspectorate.pk,
            "partners": ["OFSTED", "CQC"],
            **day("fieldwork_start_date", 1, 9, 2026),
            **day("fieldwork_end_date", 18, 9, 2026),
        } | change

    def test_leads_to_the_inspection(self, desk, organisation, inspectorate):
        page = Page.of(desk.post("/inspections/new/", self.said(organisation, inspectorate), follow=True))

        assert "Inspection of the North East" in page.text
        assert "With Ofsted, Care Quality Commission" in page.text
        assert "Fieldwork 1 September 2026 to 18 September 2026" in page.text

    @pytest.mark.parametrize(
        ("change", "mistake"),
        [
            ({"programme": ""}, ("Choose a programme", "id_programme")),
            ({"title": " "}, ("Enter a title", "id_title")),
            (day("fieldwork_start_date", 31, 9, 2026), ("Enter a real day, like 14 9 2026", "id_fieldwork_start_date_0")),
            (day("fieldwork_end_date", "", "", ""), ("Enter the last day of fieldwork", "id_fieldwork_end_date_0")),
            (day("fieldwork_end_date", 1, 8, 2026), ("Fieldwork must end after it starts", "id_fieldwork_end_date_0")),
        ],
    )  # fmt: skip
    def test_with_one_thing_wrong_names_it_and_where(self, desk, organisation, inspectorate, change, mistake):
        page = Page.of(desk.post("/inspections/new/", self.said(organisation, inspectorate, **change)))

        assert (page.status, page.mistakes) == (422, dict([mistake]))
        assert set(page.mistakes.values()) <= set(page.ids)
        assert not Inspection.objects.exists()

    def test_offers_only_organisations_of_whoever_opens_it(self, desk, inspectorate):
        make_organisation("south-west")

        text = Page.of(desk.get("/inspections/new/")).text

        assert "North East" in text
        assert "South West" not in text


class TestTheForm:
    def test_starts_with_what_is_usual(self, phone, inspection):
        page = Page.of(phone.get(address(inspection, "findings/new/")))
        (form,) = (form for form in page.forms.values() if "statement" in form)

        assert page.status == 200
        assert [form[f"observed_date_{part}"] for part in ("day", "month", "year")] == ["18", "9", "2026"]
        assert uuid.UUID(form["reference"])

    def test_offers_every_characteristic(self, phone, inspection):
        text = Page.of(phone.get(address(inspection, "findings/new/"))).text

        assert all(one.label in text for one in characteristics().values())

    def test_folds_what_is_optional_until_something_stands_there(self, phone, inspection):
        folded = phone.get(address(inspection, "findings/new/")).content.decode()
        written = tag(phone, inspection, theme="", recommendation="Ask everybody.").content.decode()
        wrong = tag(phone, inspection, cases="3").content.decode()

        opened = '<details class="govuk-details" open>'
        assert [opened in page for page in (folded, written, wrong)] == [False, True, True]

    def test_offers_the_inspected_body_what_it_is_part_of_and_its_parts(self, signed_in, inspectorate, lead):
        from monitoring.access.people import grant

        above = make_organisation("the-service")
        middle = make_organisation("region", parent=above)
        make_organisation("unit", parent=middle)
        grant(lead, "lead_inspector", middle, by=None)

        text = Page.of(signed_in(lead).get(address(make_inspection(middle, inspectorate), "findings/new/"))).text

        assert "Who answers for it? Region The Service Unit" in text


class TestTagging:
    def test_leads_to_the_finding_with_all_that_was_said(self, phone, inspection):
        response = tag(
            phone,
            inspection,
            recommendation="Ask for the language at the first meeting.",
            good_practice="A shared booking sheet.",
            cases="15",
            cases_seen="20",
            note="Second visit in March.",
            **day("recommendation_due_date", 31, 3, 2027),
        )

        page = Page.of(phone.get(response["Location"]))

        assert "Finding recorded. It will appear in the quarter's report." in page.text
        for words in (
            "Interpreters were booked in good time.",
            "Religion or belief",
            "Theme Access to services and adjustments",
            "Direction Strength",
            "Moderate, most (15 of 20 cases)",
            "Evidence Inspected cases, Interviews",
            "Responsible North East",
            "Observed 10 September 2026",
            "Ask for the language at the first meeting. Due by 31 March 2027.",
            "Good practice A shared booking sheet.",
            "Private note Second visit in March.",
        ):
            assert words in page.text
        assert page.links["Tag another finding"] == address(inspection, "findings/new/")

    def test_twice_is_one_finding(self, phone, inspection):
        reference = uuid.uuid4()

        first, second = (tag(phone, inspection, reference=reference) for _ in range(2))

        assert first["Location"] == second["Location"]
        assert Finding.objects.count() == 1

    def test_left_empty_names_everything_and_where(self, phone, inspection):
        page = Page.of(phone.post(address(inspection, "findings/new/"), {"reference": uuid.uuid4()}))

        assert page.status == 422
        assert page.mistakes == {
            "Enter the statement": "id_statement",
            "Select at least one characteristic from the list": "id_characteristics_0",
            "Select a theme": "id_theme",
            "Select whether it is a strength or an area for improvement": "id_direction_0",
            "Select how serious it is": "id_severity_0",
            "Select how widespread it is": "id_extent_0",
            "Select what the finding rests on": "id_evidence_0",
            "Enter the day it was seen, like 14 9 2026": "id_observed_date_0",
            "Select the organisation that answers for this": "id_responsible",
        }
        assert set(page.mistakes.values()) <= set(page.ids)

    @pytest.mark.parametrize(
        ("change", "target"),
        [
            ({"statement": "Seen in the case of A1234BC."}, "id_statement"),
            ({"statement": "word " * 61}, "id_statement"),
            (day("observed_date", 31, 8, 2026), "id_observed_date_0"),
            (day("observed_date", 31, 9, 2026), "id_observed_date_0"),
            ({"cases": "3"}, "id_cases"),
            ({"cases": "three", "cases_seen": "4"}, "id_cases"),
            (day("recommendation_due_date", 31, 3, 2027), "id_recommendation"),
        ],
    )
    def test_with_one_thing_wrong_says_so_there(self, phone, inspection, change, target):
        page = Page.of(tag(phone, inspection, **change))

        assert (page.status, list(page.mistakes.values())) == (422, [target])
        assert not Finding.objects.exists()

    def test_with_several_things_wrong_says_them_all_at_once(self, phone, inspection):
        page = Page.of(tag(phone, inspection, theme="", **day("observed_date", 31, 9, 2026)))

        assert page.mistakes == {
            "Select a theme": "id_theme",
            "Enter a real day, like 14 9 2026": "id_observed_date_0",
        }

    def test_keeps_what_was_typed(self, phone, inspection):
        response = tag(phone, inspection, theme="")

        assert "Interpreters were booked in good time." in response.content.decode()

    def test_in_an_inspection_of_another_organisation_is_not_found(self, phone, other_organisation, inspectorate):
        assert tag(phone, make_inspection(other_organisation, inspectorate)).status_code == 404


class TestTheInspection:
    def test_lists_its_findings(self, phone, inspection):
        finding = make_finding(inspection)

        page = Page.of(phone.get(address(inspection)))

        assert page.links[finding.statement] == f"/findings/{finding.pk}/"
        assert "Area for improvement. Reflected in planning." in page.text
        assert page.links["Tag a finding"] == address(inspection, "findings/new/")

    def test_without_findings_says_so(self, phone, inspection):
        assert "No finding has been recorded yet." in Page.of(phone.get(address(inspection))).text

    def test_does_not_offer_tagging_to_those_who_only_read(self, signed_in, analyst, inspection):
        finding = make_finding(inspection)

        for place in (address(inspection), f"/findings/{finding.pk}/"):
            assert address(inspection, "findings/new/") not in Page.of(signed_in(analyst).get(place)).links.values()

    def test_of_another_organisation_is_not_found(self, phone, other_organisation, inspectorate):
        assert phone.get(address(make_inspection(other_organisation, inspectorate))).status_code == 404


class TestWithdrawing:
    @pytest.fixture
    def finding(self, inspection):
        return make_finding(inspection)

    def withdraw(self, client, finding, reason):
        return client.post(f"/findings/{finding.pk}/withdraw/", {"reason": reason}, follow=True)

    def test_takes_the_finding_out_of_reports_and_keeps_it_marked(self, desk, finding):
        page = Page.of(self.withdraw(desk, finding, "Counted twice."))

        assert "Finding withdrawn. No report to come will hold it." in page.text
        assert "Withdrawn: Counted twice." in page.text
        assert f"/findings/{finding.pk}/withdraw/" not in page.forms
        assert "Withdrawn" in Page.of(desk.get(address(finding.inspection))).text

    def test_needs_a_reason(self, desk, finding):
        page = Page.of(self.withdraw(desk, finding, ""))

        finding.refresh_from_db()
        assert (page.status, page.mistakes) == (422, {"Say why the finding is withdrawn": "id_reason"})
        assert finding.standing == "recorded"

    def test_is_not_for_inspectors(self, phone, finding):
        page = Page.of(phone.get(f"/findings/{finding.pk}/"))

        assert f"/findings/{finding.pk}/withdraw/" not in page.forms
        assert self.withdraw(phone, finding, "mine").status_code == 403


class TestTheDayOfAFinding:
    def test_starts_with_today_during_fieldwork(self, phone, organisation, inspectorate):
        going_on = make_inspection(
            organisation, inspectorate, fieldwork_start_date=date(2026, 11, 16), fieldwork_end_date=date(2026, 11, 27)
        )

        page = Page.of(phone.get(address(going_on, "findings/new/")))
        (form,) = (form for form in page.forms.values() if "statement" in form)

        assert [form[f"observed_date_{part}"] for part in ("day", "month", "year")] == ["23", "11", "2026"]
