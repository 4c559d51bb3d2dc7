"""What journeys in a browser can ask for."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Browser, Locator, Page

from monitoring.access.models import User
from tests.browsing import Complaints
from tests.conftest import AT
from tests.factories.people import PASSWORD

Open = Callable[..., Page]


def follow(way: Locator) -> None:
    """Click what leads to another page, and wait until that has loaded. Meanwhile the menu of a narrow window folds up
    and everything below it moves: what is clicked then may be missed."""
    with way.page.expect_event("load"):
        way.click()


@pytest.fixture
def window(chromium: Browser, server: str, transactional_db: None) -> Iterator[Open]:
    """Open a browser window of a width for somebody who signs in, or for a reader. Whatever the browser complains of is
    a failure."""
    pages: list[Page] = []
    complaints: list[Complaints] = []

    def open_window(user: User | None = None, *, width: int = 1280) -> Page:
        context = chromium.new_context(
            base_url=server, viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        pages.append(page)
        complaints.append(Complaints(page).__enter__())
        page.goto("/")
        if user is not None:
            follow(page.get_by_role("link", name="Sign in"))
            page.get_by_label("E-mail address").fill(user.email)
            page.get_by_label("Password").fill(PASSWORD)
            follow(page.get_by_role("button", name="Sign in"))
        return page

    with time_machine.travel(AT, tick=True):
        yield open_window
    for page in pages:
        page.context.close()
    assert [heard for complaint in complaints for heard in complaint.heard] == []
