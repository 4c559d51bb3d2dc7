"""Building a draft: count, protect, compose. A job, because protecting can take a while."""

from typing import Any

from django.utils import timezone

from equality.disclosure.policy import PUBLISHED
from equality.disclosure.witnesses import CannotProtect
from equality.quarters import Quarter
from monitoring.audit.trail import record
from monitoring.figures.counting import keys_of, people_of
from monitoring.figures.models import ReleasedRegion
from monitoring.figures.releasing import Population, Remembered, release, remembered, written
from monitoring.inspections.models import Finding
from monitoring.jobs import work
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission
from monitoring.submissions.work import SERVICE
from reports.contents import Contents
from reports.models import Report, State
from reports.quarterly import Material, compose
from reports.workforce import COLLECTION, plan, told_before

BUILD = "report.build"
STEPS = 4


class NothingToReport(LookupError):
    """There are neither accepted data nor findings for the quarter."""


def build(claim: work.Claim, subject: str) -> None:
    """Build one requested report; a report that cannot be built says why."""
    report = Report.objects.select_related("organisation", "corrects").get(pk=subject)
    if report.state != State.REQUESTED:
        with claim.finishing():
            return
    failure = ""
    contents, told, size = None, [], 0
    try:
        contents, told, size = draft_of(report, claim.progress)
    except (NothingToReport, CannotProtect) as reason:
        failure = str(reason)
    with claim.finishing():
        report.contents = contents.as_json() if contents else None
        report.told, report.ledger_size, report.failure = told, size, failure
        report.state, report.built_at = (State.FAILED if failure else State.DRAFT), timezone.now()
        report.save()
        record(f"report.{report.state}", report.audit_name, by=SERVICE, organisation=report.organisation.slug)


def give_up(subject: str) -> None:
    """The build stopped for a reason on our side."""
    report = Report.objects.select_related("organisation").get(pk=subject)
    report.state, report.failure = State.FAILED, "Building stopped for a reason on our side. Ask for the report again."
    report.save()
    record("report.failed", report.audit_name, by=SERVICE, organisation=report.organisation.slug)


def draft_of(report: Report, progress: Any = lambda *_: None) -> tuple[Contents, list[dict], int]:
    """(contents, what publishing them would tell, length of the ledger they were protected against). Raises
    NothingToReport or CannotProtect."""
    size = ledger_size(report.organisation)
    material, told = _material(report, progress)
    progress(STEPS, STEPS, "Writing the report")
    facts = {"version": report.version, "correction": _correction(report)}
    return compose(material, facts), told, size


def ledger_size(organisation: Organisation) -> int:
    """How much has been told of an organisation's people so far."""
    return ReleasedRegion.objects.filter(organisation=organisation).count()


def _material(report: Report, progress: Any) -> tuple[Material, list[dict]]:
    organisation, quarter = report.organisation, Quarter.parse(report.period)
    findings = list(
        Finding.objects.standing().seen_in(quarter).concerning(organisation)
        .select_related("responsible", "inspection")
        .prefetch_related("characteristics", "recommendations", "good_practice")
        .order_by("observed_date", "recorded_at")
    )  # fmt: skip
    submission = _accepted(organisation, quarter)
    if submission is None and not findings:
        raise NothingToReport(
            "There are no accepted data and no findings for this organisation and quarter. "
            "Accept a submission, or check the quarter."
        )
    material = Material(organisation, quarter, PUBLISHED, findings)
    if submission is None:
        return material, []
    progress(1, STEPS, "Counting")
    population = Population(organisation, COLLECTION, str(quarter))
    earlier = _accepted(organisation, quarter.previous)
    people = people_of(submission, keys_of(earlier) if earlier else None)
    progress(2, STEPS, "Looking at the quarter before")
    before = _before(organisation, quarter.previous, earlier, submission)
    progress(3, STEPS, "Protecting small numbers")
    protected = release(people, plan(people, PUBLISHED), population, PUBLISHED)
    told = [_told(str(quarter), protected.shown, protected.hidden)]
    if before is not None:
        shown_again = told_before(list(protected.tables.values()), before.shown)
        told.append(_told(str(quarter.previous), shown_again, frozenset()))
    material = Material(
        organisation, quarter, PUBLISHED, findings, submission, people, protected, before.shown if before else None
    )
    return material, told


def _accepted(organisation: Organisation, quarter: Quarter) -> Submission | None:
    of_quarter = Submission.objects.accepted().of(organisation, COLLECTION, str(quarter))
    return of_quarter.select_related("dataset", "organisation").first()


def _before(
    organisation: Organisation, quarter: Quarter, earlier: Submission | None, now: Submission
) -> Remembered | None:
    """What may be shown of the quarter before: what is published of it; else what its own report would show."""
    population = Population(organisation, COLLECTION, str(quarter))
    known = remembered(population)
    if known.shown:
        return known
    if earlier is None:
        return None
    people = people_of(earlier, keys_of(now))
    protected = release(people, plan(people, PUBLISHED), population, PUBLISHED)
    return Remembered(protected.shown, protected.hidden)


def _told(period: str, shown: Any, hidden: Any) -> dict:
    return {
        "period": period,
        "shown": {written(region): count for region, count in shown.items()},
        "hidden": sorted(written(region) for region in hidden),
    }


def _correction(report: Report) -> dict | None:
    if report.corrects is None:
        return None
    published = report.corrects.published_at
    day = f"{published.day} {published:%B %Y}" if published else ""
    return {
        "of_version": report.corrects.version,
        "note": report.correction_note,
        "text": f"This is version {report.version}. It corrects version {report.corrects.version}, published on {day}: "
        f"{report.correction_note}",
    }


KIND = work.Kind(BUILD, build, give_up)
