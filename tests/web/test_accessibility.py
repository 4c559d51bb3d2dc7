"""Every page in a real browser, at the width of a small phone and of a desktop: nobody is shut out, nothing is cut
off, and the browser has nothing to complain of."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, Locator, Page
from pytest_django import DjangoDbBlocker

from monitoring.inspections.models import Finding
from monitoring.submissions.models import Submission
from reports.models import Report
from reports.publishing import file_of
from tests.browsing import DESKTOP, PHONE, Complaints, scrolls_sideways, session_of, violations
from tests.conftest import AT
from tests.factories import brief
from tests.factories.submissions import do_waiting_work
from tests.web.cases import CASES, NO_PAGE, Case, press, unfold
from tests.web.stage import Stage
from web.urls import urlpatterns

pytestmark = [pytest.mark.chromium, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _empty_storages() -> None:
    """Published files stay while the stage stands."""


@dataclass
class Site:
    """The stage behind a running server, and a browser window for each person."""

    address: str
    stage: Stage
    browser: Browser
    sessions: dict[str, dict[str, str]]
    windows: dict[str | None, Page] = field(default_factory=dict)

    def window(self, who: str | None) -> Page:
        if who not in self.windows:
            self.windows[who] = self.fresh_window(who)
        return self.windows[who]

    def fresh_window(self, who: str | None, **more: bool) -> Page:
        context = self.browser.new_context(base_url=self.address, reduced_motion="reduce", **more)
        context.set_default_timeout(20_000)
        if who is not None:
            context.add_cookies([self.sessions[who]])
        return context.new_page()

    def see(self, page: Page, case: Case) -> None:
        """Go where the case says, do what it says, and make sure that this is the page."""
        page.goto(case.where.format(**self.stage.ids))
        if case.act is not None:
            case.act(page, self.stage)
        assert case.says in page.locator("main").inner_text()

    def examine(self, case: Case) -> dict[str, object]:
        """What is wrong with a page, at both widths, with its folded parts folded and open."""
        page = self.window(case.who)
        with Complaints.of(page) as complaints:
            page.set_viewport_size(DESKTOP)
            self.see(page, case)
            wrong: dict[str, object] = {"desktop": violations(page)}
            page.set_viewport_size(PHONE)
            wrong["phone, sideways"] = scrolls_sideways(page)
            unfold(page, self.stage)
            wrong["phone, unfolded, sideways"] = scrolls_sideways(page)
            wrong["phone, unfolded"] = violations(page)
        return wrong | {"browser": complaints.heard}


@pytest.fixture(scope="module")
def site(chromium: Browser, server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Set once. What a test changes is rolled back after it: the server shares its connection, and so its
    transaction."""
    with django_db_blocker.unblock(), time_machine.travel(AT, tick=True):
        stage = Stage.set()
        sessions = {name: session_of(user, server) for name, user in stage.people.items()}
        shown = Site(server, stage, chromium, sessions)
        yield shown
        for page in shown.windows.values():
            page.context.close()
        call_command("flush", verbosity=0, interactive=False)


class TestTheChecks:
    """That they can fail."""

    @pytest.fixture
    def page(self, site: Site) -> Page:
        page = site.window(None)
        page.set_viewport_size(PHONE)
        page.goto("/cookies/")
        return page

    def test_axe_sees_an_image_without_words_and_grey_on_grey(self, page: Page) -> None:
        page.evaluate("""() => { document.querySelector("main").innerHTML +=
            `<img src="/static/web/favicon.svg"><p id="pale">Pale</p>`;
            document.getElementById("pale").style.color = "#ccc"; }""")

        assert {found.partition(":")[0] for found in violations(page)} == {"image-alt", "color-contrast"}

    def test_axe_sees_what_is_too_small_to_be_hit(self, page: Page) -> None:
        page.evaluate("""() => { const list = document.querySelector(".govuk-footer__inline-list");
            for (const item of list.children) { item.style = "margin: 0"; item.firstChild.style = "font-size: 4px"; } }""")

        assert "target-size" in {found.partition(":")[0] for found in violations(page)}

    def test_a_page_that_is_too_wide_is_seen(self, page: Page) -> None:
        page.evaluate("() => { document.querySelector('main').style.width = '400px'; }")

        assert scrolls_sideways(page)

    @pytest.mark.parametrize(
        "breaks",
        [
            "document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.let_in = 1'}))",
            "document.body.insertAdjacentHTML('beforeend', `<p style='color: red'>Red</p>`)",
            "document.body.appendChild(Object.assign(new Image(), {src: '/static/web/no-such.svg'}))",
            "setTimeout(() => { throw new Error('broken') })",
        ],
    )
    def test_the_browsers_complaints_are_heard(self, page: Page, breaks: str) -> None:
        with Complaints.of(page) as complaints:
            page.evaluate(f"() => {{ {breaks} }}")
            page.wait_for_timeout(300)

        assert len(complaints.heard) == 1


class TestEveryPage:
    def test_has_a_case(self) -> None:
        seen = {case.route for case in CASES} | NO_PAGE.keys()

        assert {pattern.name for pattern in _flat(urlpatterns)} <= seen

    @pytest.mark.parametrize("case", CASES, ids=str)
    def test_shuts_nobody_out_and_fits_and_works(self, site: Site, case: Case) -> None:
        wrong = site.examine(case)

        assert not any(wrong.values()), wrong

    def test_does_so_before_anything_is_published(self, site: Site) -> None:
        Report.objects.update(corrects=None)
        Report.objects.all().delete()

        wrong = site.examine(Case("home", "empty", None, "/", "No report has been published yet."))

        assert not any(wrong.values()), wrong

    def test_does_so_when_an_error_is_ours(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("web.about.render", fail)

        wrong = site.examine(Case("cookies", "error", None, "/cookies/", "there is a problem with the service"))

        assert not any(wrong.values()), wrong


class TestTheKeyboard:
    FOCUSED = "() => document.activeElement.id || document.activeElement.className"

    def test_reaches_the_content_first(self, site: Site) -> None:
        page = site.window(None)
        page.goto("/")

        page.keyboard.press("Tab")
        skip = page.evaluate("() => document.activeElement.textContent")
        page.keyboard.press("Enter")

        assert skip == "Skip to main content"
        assert page.evaluate(self.FOCUSED) == "main-content"

    def test_is_led_to_what_is_wrong(self, site: Site) -> None:
        page = site.window("inspector")
        page.goto("/inspections/{inspection}/findings/new/".format(**site.stage.ids))
        unfold(page, site.stage)
        press("Record finding", observed_date_0="77", cases="3")(page, site.stage)

        places = [page.evaluate(self.FOCUSED)]
        for mistake in ("Enter the statement", "Enter a real day", "Enter both numbers"):
            page.locator(".govuk-error-summary").get_by_role("link", name=mistake).click()
            places.append(page.evaluate(self.FOCUSED))

        assert places == ["govuk-error-summary", "id_statement", "id_observed_date_0", "id_cases"]
        assert page.title().startswith("Error: ")

    def test_scrolls_wide_tables(self, site: Site) -> None:
        page = site.window(None)
        page.set_viewport_size(PHONE)
        page.goto("/reports/north-east/2026-Q1/quarterly/v1/")
        table = page.locator(".report-scroll", has=page.locator("#table-ethnicity-by-grade"))

        table.focus()
        page.keyboard.press("ArrowRight")

        page.wait_for_function("table => table.scrollLeft > 0", arg=table.element_handle())


class TestATableTooWideForThePhone:
    def edge(self, table: Locator) -> int:
        """How bright its right edge is, above the lines of its rows: 255 is white."""
        image = Image.open(io.BytesIO(table.screenshot())).convert("L")
        return int(image.getpixel((image.width - 2, 3)))

    def test_has_a_dark_edge_until_its_end_is_seen(self, site: Site) -> None:
        page = site.window(None)
        page.set_viewport_size(PHONE)
        page.goto("/reports/north-east/2026-Q1/quarterly/v1/")
        table = page.locator(".report-scroll", has=page.locator("#table-ethnicity-by-grade"))

        start = self.edge(table)
        table.evaluate("table => { table.scrollLeft = table.scrollWidth }")

        assert start < 148  # 3 to 1 on white
        assert self.edge(table) == 255


class TestAReportAlone:
    @pytest.mark.parametrize("version", [1, 2])
    def test_shuts_nobody_out_and_fits_and_works(self, site: Site, tmp_path: Path, version: int) -> None:
        """As somebody opens it who was sent it."""
        content = file_of(Report.objects.published().get(version=version), "report.html")
        path = tmp_path / "report.html"
        path.write_bytes(content or b"")

        wrong = site.examine(Case("report.html", "filled", None, path.as_uri(), "At a glance"))

        assert not any(wrong.values()), wrong


class TestWithoutJavaScript:
    @pytest.fixture
    def page(self, site: Site) -> Iterator[Callable[[str], Page]]:
        opened: list[Page] = []

        def open_for(who: str) -> Page:
            opened.append(site.fresh_window(who, java_script_enabled=False))
            return opened[-1]

        yield open_for
        for page in opened:
            page.context.close()

    def test_a_file_is_sent_checked_and_accepted(self, page: Callable[[str], Page]) -> None:
        desk = page("new_hr_submitter")
        desk.goto("/submissions/new/")
        desk.get_by_label("Organisation").select_option("quiet-county")
        desk.get_by_label("Workforce file").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": brief()}
        )
        desk.get_by_role("button", name="Send and check").click()
        desk.get_by_text("Waiting to start.").wait_for()
        do_waiting_work()
        desk.get_by_role("link", name="Update this page").click()
        desk.get_by_role("button", name="Accept").click()

        desk.get_by_text("Accepted. Reports of this quarter now count these data.").wait_for()
        assert Submission.objects.get(organisation__slug="quiet-county").state == "accepted"

    def test_a_finding_is_tagged(self, site: Site, page: Callable[[str], Page]) -> None:
        phone = page("inspector")
        phone.goto("/inspections/{bare_inspection}/".format(**site.stage.ids))
        phone.get_by_role("button", name="Tag a finding").click()
        phone.get_by_label("What did you find?").fill("Interpreters were booked in good time.")
        for label in ("Religion or belief", "Strength", "Moderate", "Most", "Interviews"):
            phone.get_by_label(label, exact=True).check()
        phone.get_by_label("Theme").select_option("ACCESS")
        phone.get_by_text("Add a recommendation, good practice, numbers or a note").click()
        phone.get_by_label("Good practice").fill("A shared booking sheet.")
        phone.get_by_role("button", name="Record finding").click()

        phone.get_by_text("Finding recorded.").wait_for()
        assert Finding.objects.filter(inspection=site.stage.ids["bare_inspection"]).count() == 1

    def test_the_menu_is_open(self, page: Callable[[str], Page]) -> None:
        desk = page("analyst")
        desk.set_viewport_size(PHONE)
        desk.goto("/")

        desk.get_by_role("link", name="Reports in preparation").click()

        desk.get_by_role("heading", name="Reports in preparation").wait_for()


def _flat(patterns: list) -> Iterator:
    for pattern in patterns:
        yield from _flat(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]
