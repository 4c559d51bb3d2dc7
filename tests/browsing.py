"""Chromium for tests: one browser for the whole run, and what is wrong with a page that it shows. Tests that drive it
are marked ``chromium``."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright
from pytest_django.live_server_helper import LiveServer

from monitoring.access.models import User
from tests import machine

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
_ALONE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run", "--no-default-browser-check"]  # fmt: skip
_AXE = (Path(__file__).parent / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 A and AA, and what axe counts as good practice. Rules that axe leaves out unless asked are asked for.
_RUN = """async () => (await axe.run(document, {
    runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations"],
})).violations.map(found => `${found.id}: ${found.help}: ${found.nodes.map(node => node.html).slice(0, 3).join("; ")}`)"""


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Playwright keeps an event loop in the thread of the tests, and Django then refuses queries there in case one is
    awaited. None is: the tests are ordinary functions."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.chromium(), args=_ALONE)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def server(chromium: Browser) -> Iterator[str]:
    """The address of pytest-django's live server, started once for all who drive the browser. It is not that plugin's
    own fixture, which empties the database after every test: here a test says itself how it wants its data."""
    live = LiveServer("127.0.0.1")
    yield live.url
    for thread in threading.enumerate():  # the last answers are on their way; they share the tests' connection
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)
    live.stop()


def session_of(user: User, address: str) -> dict[str, str]:
    """The cookie of somebody who has signed in."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now. The browser is handed axe from outside, so that the page's content
    security policy need not let it in and holds for everything else."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN)
    return found


def scrolls_sideways(page: Page) -> bool:
    wider: bool = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


@dataclass
class Complaints:
    """What the browser has to say against a page while it is looked at: policies broken, scripts failed, files
    missing."""

    page: Page
    heard: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Self:
        return cls(page)

    def __enter__(self) -> Self:
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._fail)
        self.page.on("response", self._see)
        return self

    def __exit__(self, *_: object) -> None:
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._fail)
        self.page.remove_listener("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that says what went wrong comes with the status that says so; a missing file is seen below.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.heard.append(message.text)

    def _fail(self, error: Error) -> None:
        self.heard.append(str(error))

    def _see(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.heard.append(f"{response.status} {response.url}")
