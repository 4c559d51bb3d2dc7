"""An inspector in the field, with a phone in one hand."""

import pytest
from playwright.sync_api import Page, expect

from monitoring.inspections.models import Finding
from tests.factories import make_inspection
from tests.journeys.conftest import Open, follow

pytestmark = pytest.mark.chromium


def test_an_inspector_tags_a_finding_on_a_phone(window: Open, organisation, inspectorate, inspector) -> None:
    make_inspection(organisation, inspectorate)
    phone = window(inspector, width=375)

    find_the_inspection(phone)
    say_what_was_found(phone)
    follow(phone.get_by_role("button", name="Record finding"))

    expect(phone.get_by_role("alert")).to_contain_text("Finding recorded.")
    page = phone.locator("main")
    for words in (
        "Plans rarely said how a person's faith or language would be respected.",
        "Race (ethnic group; also nationality, national origin, colour), Religion or belief, Welsh language",
        "Reflected in planning",
        "Area for improvement",
        "Serious, most (9 of 14 cases)",
        "Inspected cases, Interviews",
        "Ask everybody at the first meeting. Due by 31 March 2027.",
        "One team keeps a list of interpreters who know probation.",
    ):
        expect(page).to_contain_text(words)
    follow(phone.get_by_role("link", name="Inspection of a region"))
    expect(phone.get_by_role("link", name="Plans rarely said")).to_be_visible()
    finding = Finding.objects.get()
    assert finding.recorded_by == inspector
    assert {tag.code for tag in finding.characteristics.all()} == {"race", "religion_or_belief", "welsh_language"}


def find_the_inspection(phone: Page) -> None:
    phone.get_by_role("button", name="Menu").click()
    follow(phone.get_by_label("Menu").get_by_role("link", name="Inspections"))
    follow(phone.get_by_role("link", name="Inspection of a region"))
    follow(phone.get_by_role("button", name="Tag a finding"))


def say_what_was_found(phone: Page) -> None:
    """What every finding needs, then what is offered. The day and who answers for it are filled in already."""
    phone.get_by_label("What did you find?").fill(
        "Plans rarely said how a person's faith or language would be respected."
    )
    for label in ("Race (ethnic group", "Religion or belief", "Welsh language"):
        phone.get_by_label(label).check()
    phone.get_by_label("Theme").select_option(label="Reflected in planning")
    for label in ("Area for improvement", "Serious", "Most", "Inspected cases", "Interviews"):
        phone.get_by_label(label, exact=True).check()
    phone.get_by_text("Add a recommendation, good practice, numbers or a note").click()
    phone.get_by_label("Recommendation").fill("Ask everybody at the first meeting.")
    for box, number in (("Day", "31"), ("Month", "3"), ("Year", "2027")):
        phone.get_by_role("group", name="To be done by").get_by_label(box).fill(number)
    phone.get_by_label("Good practice").fill("One team keeps a list of interpreters who know probation.")
    phone.get_by_label("In how many cases?").fill("9")
    phone.get_by_label("Out of how many?").fill("14")


def test_an_inspector_mends_what_was_wrong_without_typing_it_again(
    window: Open, organisation, inspectorate, inspector
) -> None:
    make_inspection(organisation, inspectorate)
    phone = window(inspector, width=375)
    find_the_inspection(phone)
    say_what_was_found(phone)
    phone.get_by_label("What did you find?").fill("Plans in A1234BC's case said nothing of faith.")
    follow(phone.get_by_role("button", name="Record finding"))

    phone.get_by_role("link", name="must not hold case or police numbers").click()
    phone.keyboard.press("Control+A")
    phone.keyboard.type("Plans said nothing of faith.")
    follow(phone.get_by_role("button", name="Record finding"))

    expect(phone.get_by_role("alert")).to_contain_text("Finding recorded.")
    finding = Finding.objects.get()
    assert (finding.statement, finding.cases, finding.recommendations.count()) == ("Plans said nothing of faith.", 9, 1)
