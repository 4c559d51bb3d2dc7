import pytest

from monitoring.access.people import grant
from tests.factories import accepted, brief, checked, make_draft
from tests.factories.reports import make_signed
from tests.web.reading import Page

pytestmark = pytest.mark.django_db


def work(client):
    return Page.of(client.get("/work/"))


class TestYourWork:
    def test_names_roles_and_where_they_lead(self, signed_in, hr, other_organisation):
        grant(hr, "auditor", other_organisation, by=None)

        page = work(signed_in(hr))

        assert "North East HR submitter" in page.text
        assert "Wales Auditor" in page.text
        assert page.links["Submissions"] == "/submissions/"
        assert page.links["Audit"] == "/audit/"
        assert "Inspections" not in page.links

    def test_without_a_role_says_whom_to_ask(self, signed_in, hr):
        hr.grants.all().delete()

        assert "You have no role yet. Ask an administrator of your organisation." in work(signed_in(hr)).text

    def test_needs_somebody_signed_in(self, client):
        assert client.get("/work/")["Location"] == "/account/sign-in/?next=/work/"


class TestWhatWaits:
    def test_is_nothing_at_first(self, signed_in, hr, chief, analyst):
        assert not any("Waiting for you" in work(signed_in(person)).text for person in (hr, chief, analyst))

    def test_for_hr_are_data_that_are_checked(self, signed_in, hr, organisation):
        submission = checked(organisation)

        page = work(signed_in(hr))

        words = "Read and accept the data of North East, July to September 2026"
        assert page.links[words] == f"/submissions/{submission.pk}/"

    def test_for_the_chief_inspector_are_drafts_that_somebody_else_asked_for(self, signed_in, chief, organisation):
        accepted(organisation, brief())
        accepted(organisation, brief(), period="2026-Q2")
        draft = make_draft(organisation)
        make_draft(organisation, "2026-Q2", by=chief)

        page = work(signed_in(chief))

        words = "Read and sign off the report of North East, July to September 2026"
        assert page.links[words] == f"/drafts/{draft.pk}/"
        assert "April to June" not in page.text

    def test_for_the_analyst_are_signed_reports(self, signed_in, analyst, organisation):
        accepted(organisation, brief())
        signed = make_signed(organisation)

        page = work(signed_in(analyst))

        assert page.links["Publish the report of North East, July to September 2026"] == f"/drafts/{signed.pk}/"

    def test_is_nothing_of_other_organisations(self, signed_in, hr, other_organisation):
        checked(other_organisation)

        assert "Wales" not in work(signed_in(hr)).text
