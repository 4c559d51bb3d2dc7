"""Reports in every state."""

import uuid
from datetime import UTC, date, datetime

from monitoring.access.models import User
from monitoring.figures.ledger import Population, remember, written
from monitoring.organisations.models import Organisation
from reports.contents import Contents
from reports.models import Report
from reports.publishing import publish
from reports.requesting import request_report
from reports.signing import sign
from tests.factories.people import make_user
from tests.factories.submissions import do_waiting_work

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def make_draft(
    organisation: Organisation, period: str = "2026-Q3", by: User | None = None, correction_note: str = ""
) -> Report:
    report = request_report(
        "quarterly",
        organisation=organisation,
        period=period,
        today=TODAY,
        at=AT,
        by=by or make_user("analyst", organisation),
        correction_note=correction_note,
    )
    do_waiting_work()
    report.refresh_from_db()
    return report


def make_signed(organisation: Organisation, period: str = "2026-Q3", **more: str) -> Report:
    report = make_draft(organisation, period, **more)
    digest = Contents.from_json(report.contents).body_digest()
    return sign(report, digest=digest, at=AT, by=make_user("chief_inspector", organisation))


def make_published(organisation: Organisation, period: str = "2026-Q3", **more: str) -> Report:
    report = make_signed(organisation, period, **more)
    publish(report, by=report.signed_by)
    do_waiting_work()
    report.refresh_from_db()
    return report


def give_away(organisation: Organisation, period: str, within: dict[str, list[str]], count: int) -> None:
    """What should not have happened: a number of people is public."""
    region = written(frozenset((name, frozenset(leaves)) for name, leaves in within.items()))
    population = Population(organisation, "workforce", period)
    remember(population, {region: count}, [], report=uuid.uuid4(), at=AT)
