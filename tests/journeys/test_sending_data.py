"""HR at a desk, with a file whose headings are not those of the layout."""

import pytest
from playwright.sync_api import Page, expect

from monitoring.submissions.models import State, Submission
from tests.factories.cities import MAPPING, city_staff
from tests.journeys.conftest import Open

pytestmark = pytest.mark.chromium


def test_hr_sends_a_file_reads_the_answer_maps_it_and_accepts(window: Open, organisation, hr) -> None:
    content = city_staff(departments=12, largest=300)
    desk = window(hr)

    send(desk, content)
    answer = desk.locator("main")
    expect(answer).to_contain_text("Refused")
    expect(answer).to_contain_text("Heading not placed (5)")
    expect(desk.get_by_role("row", name="Hourly Rate hourly_pay")).to_be_visible()
    expect(answer).to_contain_text("Say in the mapping which column it is")

    send(desk, content, mapping=MAPPING)
    rows = content.count(b"\n") - 1
    expect(answer).to_contain_text(f"{rows:,} of {rows:,} rows would be counted.")
    expect(desk.get_by_role("heading", name="What would be printed")).to_be_visible()
    expect(desk.get_by_role("table", name="Ethnic group: people, and share of those who declared")).to_contain_text(
        "White"
    )

    desk.get_by_role("link", name="accept the data").click()
    desk.get_by_role("button", name="Accept", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("Accepted.")
    expect(answer).to_contain_text(f"Reports of this quarter count {rows:,} rows.")
    desk.get_by_role("link", name="Submissions").first.click()
    expect(desk.get_by_role("row", name="Accepted")).to_have_count(1)
    assert sorted(Submission.objects.values_list("state", flat=True)) == [State.ACCEPTED, State.REFUSED]


def send(desk: Page, content: bytes, mapping: str = "") -> None:
    desk.goto("/submissions/new/")
    desk.get_by_label("Organisation").select_option(label="North East")
    desk.get_by_label("Quarter").select_option(label="July to September 2026 (2026-Q3)")
    desk.get_by_label("Workforce file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    if mapping:
        written = {"name": "m.toml", "mimeType": "application/toml", "buffer": mapping.encode()}
        desk.get_by_label("Mapping file (optional)").set_input_files(written)
    desk.get_by_role("button", name="Send and check").click()
    desk.get_by_role("heading", name="Workforce data of North East").wait_for()
