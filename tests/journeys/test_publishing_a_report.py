"""From the analyst's request to a reader without an account."""

import csv
import io
import json

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.factories import accepted, brief, make_finding, make_inspection
from tests.journeys.conftest import Open

pytestmark = pytest.mark.chromium


def test_a_report_is_asked_for_signed_published_and_read(
    window: Open, organisation, inspectorate, analyst, chief
) -> None:
    accepted(organisation, brief(), period="2026-Q2")
    accepted(organisation, brief(140))
    make_finding(make_inspection(organisation, inspectorate))

    ask_for_the_report(window(analyst))
    sign_and_publish(window(chief))
    reader = window()

    open_the_newest_report(reader)
    expect(reader.locator("main")).to_contain_text("140 people were in post on 30 September 2026.")
    expect(reader.locator("main")).to_contain_text("Plans rarely said how a person's faith would be respected.")
    files_say_the_same(reader)
    assert reader.context.cookies() == []


def ask_for_the_report(desk: Page) -> None:
    desk.get_by_label("Menu").get_by_role("link", name="Reports in preparation").click()
    desk.get_by_role("button", name="Ask for a report").click()
    desk.get_by_label("Organisation").select_option(label="North East")
    desk.get_by_label("Quarter").select_option(label="July to September 2026 (2026-Q3)")
    desk.get_by_role("button", name="Build the report").click()
    expect(desk.get_by_role("heading", name="Quarterly report: North East")).to_be_visible()
    expect(desk.get_by_role("button", name="Sign off")).to_have_count(0)


def sign_and_publish(desk: Page) -> None:
    desk.get_by_role("link", name="Read and sign off the report of North East").click()
    desk.get_by_role("link", name="decide").click()
    desk.get_by_role("button", name="Sign off").click()
    expect(desk.get_by_role("alert")).to_contain_text("Signed off.")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator("main")).to_contain_text("Version 1. Signed off by chief inspector.")


def open_the_newest_report(reader: Page) -> None:
    reader.get_by_role("heading", name="Newest report").get_by_role("link").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Race equality and diversity: quarterly report")
    reader.get_by_label("Contents").get_by_role("link", name="What inspections found").click()
    expect(reader.get_by_role("heading", name="What inspections found")).to_be_in_viewport()


def files_say_the_same(reader: Page) -> None:
    """The number of people, in every file that the page leads to."""
    reader.get_by_text("Single tables (CSV)").click()
    page = {
        name: download(reader, name)
        for name in ("PDF", "Spreadsheet (ODS)", "Everything as data (JSON)", "This report as one file (HTML)")
    }
    table = download(reader, "Sex: people, and share of those who declared")

    words = " ".join(text for p in PdfReader(io.BytesIO(page["PDF"])).pages for text in p.extract_text().split())
    assert "140 people were in post" in words
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(page["Spreadsheet (ODS)"]))
    sheet = next(name for name in sheets.sheet_names if name.endswith(" sex"))
    assert ["All people", 140] in [row[:2] for row in sheets.get_sheet_by_name(sheet).to_python()]
    assert json.loads(page["Everything as data (JSON)"])["report"]["datasets"][0]["rows"] == 140
    assert b"140 people were in post" in page["This report as one file (HTML)"]
    everybody = [row for row in csv.DictReader(io.StringIO(table.decode())) if row["sex"] == "_total"]
    assert [row["value"] for row in everybody if row["measure"] == "headcount"] == ["140"]


def download(reader: Page, link: str) -> bytes:
    address = reader.get_by_role("link", name=link, exact=True).get_attribute("href")
    answer = reader.context.request.get(f"{reader.url.partition('/reports/')[0]}{address}")
    assert answer.ok
    return answer.body()
