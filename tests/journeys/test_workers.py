"""A worker is killed with -9 in the middle of a check, of a build and of a publication; another takes over. Everything is
done once. Run with Redis and the embedded database, and with RabbitMQ and PostgreSQL."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection

from tests import machine
from tests.factories import as_csv, staff
from tests.factories.cities import MAPPING, city_staff
from tests.journeys.service import Caller, Service, kill, until

LEASE = 3
ORGANISATION, QUARTER = "north-east", "2026-Q3"


@pytest.fixture
def on_redis(tmp_path: Path) -> Iterator[Service]:
    """Redis, and the embedded database."""
    service = Service(tmp_path, LEASE, CELERY_BROKER_URL=machine.REDIS_URL, CELERY_QUEUE=_queue())
    yield service
    service.close()
    redis.Redis.from_url(machine.REDIS_URL).flushdb()


@pytest.fixture
def on_rabbitmq(tmp_path: Path) -> Iterator[Service]:
    """RabbitMQ, and PostgreSQL."""
    name, server = f"workers_{uuid.uuid4().hex}", machine.POSTGRESQL_URL.rpartition("/")[0]
    with psycopg.connect(machine.POSTGRESQL_URL, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        broker = {"CELERY_BROKER_URL": machine.RABBITMQ_URL, "CELERY_QUEUE": _queue()}
        service = Service(tmp_path, LEASE, DATABASE_URL=f"{server}/{name}", **broker)
        yield service
        service.close()
        database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    with Connection(machine.RABBITMQ_URL) as connection:
        connection.default_channel.queue_delete(broker["CELERY_QUEUE"])


@pytest.mark.parametrize(
    "service",
    [
        pytest.param("on_redis", marks=pytest.mark.redis),
        pytest.param("on_rabbitmq", marks=[pytest.mark.rabbitmq, pytest.mark.postgresql]),
    ],
)
@pytest.mark.timeout(600)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(service: str, request: pytest.FixtureRequest) -> None:
    installed: Service = request.getfixturevalue(service)
    installed.manage("migrate", "--verbosity", "0")
    installed.manage("add_organisation", ORGANISATION, "North East", "--kind", "probation-region")
    with installed.web_server():
        hr, analyst, chief = (installed.caller(r, ORGANISATION) for r in ("hr_submitter", "analyst", "chief_inspector"))

        checked = killed_while_checking(installed, hr)
        report = killed_while_building(installed, hr, analyst)
        published = killed_while_publishing(installed, analyst, chief, report["id"])

        wrong = [one for one in checked["problems"] if one["severity"] != "info"]
        assert (checked["state"], checked["rows"], wrong) == ("checked", 300_000, [])
        assert (report["state"], report["failure"]) == ("draft", "")
        assert published["version"] == 1
        assert analyst.get("/published/")["count"] == 1
        whole = analyst.session.get(published["files"]["report.json"]["address"], timeout=60)
        assert whole.json()["report"]["datasets"][0]["rows"] > 4_000
    assert twice(installed) == []
    assert "whole" in installed.manage("verify_audit")
    assert "whole" in installed.manage("verify_vault")


def killed_while_checking(service: Service, hr: Caller) -> dict:
    """A large file, whose check takes long enough to be interrupted."""
    rows = staff(3_000)
    many = [row | {"person_ref": f"{block}-{row['person_ref']}"} for block in range(100) for row in rows]
    said = {"organisation": ORGANISATION, "period": "2026-Q2"}

    sent = hr.post("/submissions/", said, file=("staff.csv", as_csv(many)))
    answer = f"/submissions/{sent['id']}/"
    interrupted(service, lambda: hr.get(answer))

    with service.worker():
        until(lambda: hr.get(answer)["progress"] is None, "the check is done")
    return hr.get(answer)


def killed_while_building(service: Service, hr: Caller, analyst: Caller) -> dict:
    """Many small departments, which take long to protect."""
    said = {"organisation": ORGANISATION, "period": QUARTER}
    with service.worker():
        files = {"file": ("staff.csv", city_staff()), "mapping": ("mapping.toml", MAPPING)}
        sent = hr.post("/submissions/", said, **files)
        until(lambda: hr.get(f"/submissions/{sent['id']}/")["state"] == "checked", "the file is checked")
        hr.post(f"/submissions/{sent['id']}/accept/")

    asked = analyst.post("/reports/", said)
    draft = f"/reports/{asked['id']}/"
    interrupted(service, lambda: analyst.get(draft))

    with service.worker():
        until(lambda: analyst.get(draft)["progress"] is None, "the report is built")
    return analyst.get(draft)


def killed_while_publishing(service: Service, analyst: Caller, chief: Caller, report: str) -> dict:
    chief.post(f"/reports/{report}/sign/", {"digest": chief.get(f"/reports/{report}/")["digest"]})
    analyst.post(f"/reports/{report}/publish/")
    interrupted(service, lambda: analyst.get(f"/reports/{report}/"))

    with service.worker():
        until(lambda: analyst.get(f"/reports/{report}/")["state"] == "published", "the report is published")
    return analyst.get(f"/published/{report}/")


def interrupted(service: Service, look: Callable[[], dict]) -> None:
    """Start a worker, kill it in the middle of its work, and wait until its claim has run out."""
    before = look()
    with service.worker() as worker:
        until(lambda: (look()["progress"] or {"step": 0})["step"] > 0, "the worker is at it")
        kill(worker)
    left = look()
    assert left["state"] in {before["state"], "checking"}, "the work was done before the worker could be killed"
    assert left["progress"]["step"] > 0
    until(lambda: _lease_is_over(service), "the claim has run out", pause=0.5)


def twice(service: Service) -> list[tuple[str, str]]:
    """Acts that stand more than once in the audit trail for one subject."""
    query = "SELECT act, subject FROM monitoring_event GROUP BY act, subject HAVING count(*) > 1"
    return _rows(service, query)


def _lease_is_over(service: Service) -> bool:
    now = "now()" if "DATABASE_URL" in service.environment else "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    return _rows(service, f"SELECT 1 FROM monitoring_job WHERE state = 'running' AND lease_until > {now}") == []


def _rows(service: Service, query: str) -> list[tuple]:
    if "DATABASE_URL" in service.environment:
        with psycopg.connect(service.environment["DATABASE_URL"]) as database:
            return database.execute(query).fetchall()
    with sqlite3.connect(Path(service.environment["DATA_DIR"]) / "database.sqlite3") as database:
        return database.execute(query).fetchall()


def _queue() -> str:
    """Nobody else's messages."""
    return f"equality-tests-{uuid.uuid4().hex}"
