"""Workforce files and submissions."""

import csv
import io
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from django.db import transaction

from monitoring.access.models import User
from monitoring.jobs import work
from monitoring.jobs.models import LIVE, Job
from monitoring.organisations.models import Organisation
from monitoring.submissions.deciding import accept
from monitoring.submissions.models import Submission
from monitoring.submissions.receiving import receive

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def staff(size: int = 60, seed: int = 1, **fixed: str) -> list[dict[str, str]]:
    """Synthetic people, large groups and small ones."""
    random = Random(seed)
    return [
        {
            "person_ref": f"P{number:05d}",
            "sex": random.choices(["F", "M", "UNKNOWN"], [60, 38, 2])[0],
            "ethnicity": random.choices(["13", "3", "7", "11", "19", "PNTS"], [70, 10, 8, 4, 2, 6])[0],
            "disability": random.choices(["DISABLED", "NOT_DISABLED", "UNKNOWN"], [12, 70, 18])[0],
            "age_band": random.choices(["20-29", "30-39", "40-49", "50-59"], [20, 30, 30, 20])[0],
            "grade": random.choices(["AO", "EO", "HEO", "G7"], [40, 30, 22, 8])[0],
            "hourly_pay": f"{random.uniform(12, 40):.2f}",
            **fixed,
        }
        for number in range(size)
    ]


def unpaid(size: int, seed: int = 1) -> list[dict[str, str]]:
    """The same people without pay: their reports are made in half the time."""
    return [{name: text for name, text in person.items() if name != "hourly_pay"} for person in staff(size, seed)]


def brief(size: int = 120) -> bytes:
    """A file with few columns: its reports are made in a moment."""
    kept = ("person_ref", "sex", "disability", "hourly_pay")
    return as_csv([{name: person[name] for name in kept} for person in staff(size)])


def as_csv(rows: list[dict[str, str]], **dialect: Any) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n", **dialect)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def submit(
    organisation: Organisation, content: bytes | None = None, period: str = "2026-Q3", **more: Any
) -> Submission:
    """Receive a file and check it, as a worker would."""
    with transaction.atomic():
        submission = receive(
            content if content is not None else brief(60),
            organisation=organisation,
            collection="workforce",
            period=period,
            today=TODAY,
            at=AT,
            by=more.pop("by", None),
            **more,
        )
    do_waiting_work()
    submission.refresh_from_db()
    return submission


def do_waiting_work() -> None:
    """Inside a test's own transaction nothing commits, so nothing is sent: do it here."""
    for job in Job.objects.filter(state__in=LIVE):
        work.perform(job.pk)


def checked(organisation: Organisation, **more: Any) -> Submission:
    return submit(organisation, **more)


def accepted(
    organisation: Organisation, content: bytes | None = None, by: User | None = None, **more: Any
) -> Submission:
    return accept(submit(organisation, content, by=by, **more), at=AT, by=by)
