import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.organisations.models import Organisation
from reports import publishing
from reports.models import Report
from tests.factories import accepted, brief, make_draft, make_organisation, make_published
from tests.web.reading import Page

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/north-east/2026-Q3/quarterly/"


@pytest.fixture
def published(organisation):
    accepted(organisation, brief())
    return make_published(organisation)


@pytest.fixture
def corrected(published):
    return make_published(published.organisation, correction_note="A team was left out.")


class TestHome:
    def test_says_what_the_service_is_before_anything_is_published(self, client, db):
        page = Page.of(client.get("/"))

        assert "Who works in probation" in page.text
        assert "No report has been published yet." in page.text

    def test_shows_the_newest_report_at_a_glance(self, client, published):
        page = Page.of(client.get("/"))

        assert page.links["North East, July to September 2026"] == ADDRESS
        assert "120 people were in post on 30 September 2026." in page.text

    def test_puts_the_inspectorate_first_among_reports_of_one_quarter(self, client, published):
        inspectorate = make_organisation("z-inspectorate", kind="inspectorate")
        accepted(inspectorate, brief())
        make_published(inspectorate)

        text = Page.of(client.get("/")).text

        assert "Newest report Z Inspectorate, July to September 2026" in text
        assert text.rindex("Z Inspectorate") < text.rindex("North East")

    def test_leaves_drafts_and_corrected_versions_out(self, client, corrected, other_organisation):
        accepted(other_organisation, brief())
        make_draft(other_organisation)

        page = Page.of(client.get("/"))

        assert "Wales" not in page.text
        assert page.text.count("version 2") == 1
        assert "version 1" not in page.text

    def test_turns_pages_of_25(self, client, published):
        for number in range(26):
            copy = Report.objects.get(pk=published.pk)
            copy.pk, copy.organisation = None, make_organisation(f"region-{number:02d}")
            copy._state.adding = True
            copy.save()

        first, second = (Page.of(client.get(f"/?page={number}")) for number in (1, 2))

        assert "1 of 2" in first.text
        assert first.links["Next page"] == "?page=2"
        assert "Region 24" in second.text
        assert "Newest report" not in second.text

    def test_asks_no_more_of_the_database_for_more_reports(self, client, published):
        with CaptureQueriesContext(connection) as one:
            client.get("/")
        accepted(make_organisation("region-2"), brief())
        make_published(Organisation.objects.get(slug="region-2"))
        with CaptureQueriesContext(connection) as two:
            client.get("/")

        assert len(one) == len(two) <= 4
        assert sum('"contents"' in query["sql"] for query in two) == 1


class TestReport:
    def test_says_whose_it_is_who_signed_it_and_what_it_holds(self, client, published):
        page = Page.of(client.get(ADDRESS))

        assert "North East, July to September 2026" in page.text
        assert "Version 1. Signed off by chief inspector. Published 23 November 2026." in page.text
        for section in ("At a glance", "Who works here", "Pay", "How to read this report"):
            assert page.links[section].removeprefix("#") in page.ids

    def test_leads_to_every_file(self, client, published):
        page = Page.of(client.get(ADDRESS))
        files = {address for address in page.links.values() if address.startswith(f"{ADDRESS}v1/")}

        assert {address.removeprefix(f"{ADDRESS}v1/") for address in files} == set(published.files)
        assert all(client.get(address).status_code == 200 for address in files)

    def test_names_tables_by_what_they_show(self, client, published):
        page = Page.of(client.get(ADDRESS))

        assert page.links["Sex: people, and share of those who declared"] == f"{ADDRESS}v1/data/sex.csv"

    def test_without_a_version_is_the_newest(self, client, corrected):
        page = Page.of(client.get(ADDRESS))

        assert "Version 2" in page.text
        assert "Version 2, this one: A team was left out." in page.text
        assert page.links["Version 1"] == f"{ADDRESS}v1/"

    def test_an_old_version_stays_and_warns_of_the_correction(self, client, corrected):
        page = Page.of(client.get(f"{ADDRESS}v1/"))

        assert "Warning This is version 1." in page.text
        assert page.links["Version 2 corrects it."] == ADDRESS

    def test_synthetic_data_are_labelled(self, client, organisation):
        Organisation.objects.update(synthetic=True)
        organisation.refresh_from_db()
        accepted(organisation, brief())
        make_published(organisation)

        assert "Synthetic" in Page.of(client.get(ADDRESS)).text
        assert "Synthetic" in Page.of(client.get("/")).text

    @pytest.mark.parametrize(
        "address",
        [
            "/reports/north-east/2026-Q2/quarterly/",
            "/reports/north-east/2026-Q3/cakes/",
            "/reports/nowhere/2026-Q3/quarterly/",
            "/reports/north-east/next-year/quarterly/",
            "/reports/north-east/2026-Q3/quarterly/v2/",
        ],
    )
    def test_that_is_not_there_is_not_found(self, client, published, address):
        assert client.get(address).status_code == 404

    def test_that_is_not_published_is_not_found(self, client, organisation):
        accepted(organisation, brief())
        make_draft(organisation)

        assert client.get(ADDRESS).status_code == 404


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "kind", "shown", "saved_as"),
        [
            ("report.pdf", "application/pdf", "inline", "report.pdf"),
            ("report.html", "text/html; charset=utf-8", "attachment", "report.html"),
            ("report.ods", "application/vnd.oasis.opendocument.spreadsheet", "attachment", "report.ods"),
            ("report.json", "application/json", "inline", "report.json"),
            ("data/sex.csv", "text/csv; charset=utf-8", "attachment", "sex.csv"),
        ],
    )
    def test_come_with_their_type_and_a_name_that_says_what_they_are(
        self, client, published, name, kind, shown, saved_as
    ):
        response = client.get(f"{ADDRESS}v1/{name}")

        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'{shown}; filename="north-east-2026-Q3-quarterly-v1-{saved_as}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.content == publishing.file_of(published, name)

    def test_are_of_the_version_asked_for(self, client, corrected):
        versions = [
            json.loads(client.get(f"{ADDRESS}v{number}/report.json").content)["report"]["version"] for number in (1, 2)
        ]

        assert versions == [1, 2]

    @pytest.mark.parametrize("name", ["report.exe", "data/nothing.csv", "../../development-keys.json"])
    def test_of_another_name_are_not_found(self, client, published, name):
        assert client.get(f"{ADDRESS}v1/{name}").status_code == 404


class TestAReader:
    def test_gets_no_cookie(self, client, published):
        for address in ("/", ADDRESS, f"{ADDRESS}v1/report.pdf", "/accessibility/", "/cookies/", "/privacy/"):
            client.get(address)

        assert not client.cookies
