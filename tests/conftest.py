"""What every test can ask for."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management.commands import flush
from django.db import connection, transaction
from django.test import Client

from monitoring.access.models import User
from monitoring.audit import guard
from monitoring.organisations.models import Organisation
from tests import machine
from tests.browsing import chromium, server  # noqa: F401  # fixtures, for whoever drives a browser
from tests.factories import make_organisation, make_user

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


_OF_A_DATABASE = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the database of the run, so that the rest need not be run again on another. Leave out what this
    machine cannot run; where nothing may be left out, that is a failure."""
    for item in items:
        if item.get_closest_marker("django_db") or not _OF_A_DATABASE.isdisjoint(item.fixturenames):
            item.add_marker("database")
    for need in machine.missing():
        left_out = [item for item in items if item.get_closest_marker(need.marker)]
        if left_out and need.everywhere and os.environ.get("CI"):
            raise pytest.UsageError(f"{len(left_out)} tests need {need.name}: {need.how}.")
        for item in left_out:
            item.add_marker(pytest.mark.skip(reason=f"needs {need.name}"))


@pytest.fixture(autouse=True)
def _empty_storages(request: pytest.FixtureRequest) -> Iterator[None]:
    """Files of one test are nobody's in the next."""
    yield
    for name in ("vault", "published"):
        _empty(storages[name], "")


def _empty(storage: object, folder: str) -> None:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        storage.delete(f"{folder}/{file}".lstrip("/"))
    for inner in folders:
        _empty(storage, f"{folder}/{inner}".lstrip("/"))


@pytest.fixture(autouse=True, scope="session")
def _flush_through_the_guard() -> Iterator[None]:
    """Tests that commit are cleaned by emptying every table, which the audit guard forbids: it steps aside for that."""
    original = flush.Command.handle

    def handle(self: flush.Command, **options: object) -> None:
        guard.take_down(connection)
        try:
            original(self, **options)
        finally:
            guard.build(connection)

    flush.Command.handle = handle
    yield
    flush.Command.handle = original


@pytest.fixture(autouse=True, scope="session")
def _no_suggestions() -> Iterator[None]:
    """What would hide less is worked out for the tests that are about it, and no clock decides."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.building.PATIENCE", 0.0)
        yield


@pytest.fixture(scope="session")
def undone(django_db_setup: None, django_db_blocker: Any) -> Callable[[], AbstractContextManager[None]]:
    """Where a fixture of many tests may use the database: nothing of it stays."""

    @contextmanager
    def context() -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return context


@pytest.fixture
def suggestions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports say what would hide less, however long that takes."""
    monkeypatch.setattr("reports.building.PATIENCE", float("inf"))


@pytest.fixture
def organisation(db: None) -> Organisation:
    return make_organisation("north-east")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    return make_organisation("wales")


@pytest.fixture
def inspectorate(db: None) -> Organisation:
    return make_organisation("hmi-probation", kind="inspectorate")


@pytest.fixture
def hr(organisation: Organisation) -> User:
    return make_user("hr_submitter", organisation)


@pytest.fixture
def inspector(organisation: Organisation) -> User:
    return make_user("inspector", organisation)


@pytest.fixture
def lead(organisation: Organisation) -> User:
    return make_user("lead_inspector", organisation)


@pytest.fixture
def analyst(organisation: Organisation) -> User:
    return make_user("analyst", organisation)


@pytest.fixture
def chief(organisation: Organisation) -> User:
    return make_user("chief_inspector", organisation)


@pytest.fixture
def signed_in() -> Callable[[User | None], Client]:
    """A browser in which somebody has signed in, or nobody."""

    def browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return browser
