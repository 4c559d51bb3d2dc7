"""Asking for a report, and asking again."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from equality.quarters import NotAQuarter, Quarter
from monitoring.access.models import User
from monitoring.audit.trail import record
from monitoring.jobs import work
from monitoring.organisations.models import Organisation
from reports.building import BUILD
from reports.models import Report, State
from reports.quarterly import CODE as QUARTERLY

STOPPED = "Building was stopped. Ask for the report again."
CODES = {QUARTERLY: "Quarterly report"}


class CannotRequest(ValueError):
    """The report was not asked for; ``code`` never changes, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def request_report(
    code: str,
    *,
    organisation: Organisation,
    period: str,
    today: date,
    at: datetime,
    by: User | None,
    correction_note: str = "",
) -> Report:
    """Have a report built. Where one is in preparation it is built again from what is accepted now, unless it is
    already being built or signed. Where one is published, the next is a correction and says why. Raises
    CannotRequest."""
    quarter = checked_quarter(code, period, today)
    known = Report.objects.filter(organisation=organisation, code=code, period=str(quarter))
    waiting = known.in_preparation().first()
    if waiting is not None:
        return _again(waiting, at=at, by=by)
    last = known.published().order_by("-version").first()
    if last is not None and not correction_note.strip():
        raise CannotRequest(
            "REPORT_PUBLISHED",
            "This report is published and never changes. To publish a new version, say what it corrects.",
        )
    try:
        with transaction.atomic():
            report = Report.objects.create(
                code=code,
                organisation=organisation,
                period=str(quarter),
                version=last.version + 1 if last else 1,
                corrects=last,
                correction_note=correction_note.strip() if last else "",
                requested_at=at,
                requested_by=by,
            )
            _ask(report, by)
    except IntegrityError:  # the second of two clicks
        return known.in_preparation().get()
    return report


class CannotStop(RuntimeError):
    """Nothing is being built; ``code`` never changes, the message says so."""

    code = "NOT_BEING_BUILT"


@transaction.atomic
def stop_building(report: Report, *, at: datetime, by: User) -> Report:
    """Stop the build of a report: whoever builds it does so at the next word of progress. Raises CannotStop."""
    building = Report.objects.filter(pk=report.pk, state=State.REQUESTED)
    if not building.update(state=State.FAILED, failure=STOPPED, built_at=at):
        raise CannotStop("This report is not being built, so there is nothing to stop.")
    work.call_off(BUILD, str(report.pk))
    record("report.stopped", report.audit_name, by=by, organisation=report.organisation.slug)
    report.refresh_from_db()
    return report


def checked_quarter(code: str, period: str, today: date) -> Quarter:
    """The quarter of a report that can be asked for. Raises CannotRequest."""
    if code not in CODES:
        raise CannotRequest("REPORT_UNKNOWN", f"There is no such report. Reports: {', '.join(CODES)}.")
    try:
        quarter = Quarter.parse(period)
    except NotAQuarter as wrong:
        raise CannotRequest("PERIOD_MALFORMED", str(wrong)) from None
    if quarter.last_day >= today:
        raise CannotRequest("PERIOD_IN_FUTURE", "This quarter has not ended. Ask for one whose last day is past.")
    return quarter


@transaction.atomic
def _again(report: Report, *, at: datetime, by: User | None) -> Report:
    rebuilt = Report.objects.filter(pk=report.pk, state__in=(State.DRAFT, State.FAILED))
    if rebuilt.update(state=State.REQUESTED, requested_at=at, requested_by=by, contents=None, price={}, failure=""):
        report.refresh_from_db()
        _ask(report, by)
    report.refresh_from_db()
    return report


def _ask(report: Report, by: User | None) -> None:
    details = {"code": report.code, "period": report.period, "version": report.version}
    record("report.requested", report.audit_name, by=by, organisation=report.organisation.slug, details=details)
    work.ask(BUILD, str(report.pk))
