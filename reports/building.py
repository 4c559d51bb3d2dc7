"""Building a draft: count, protect, compose. A job, because protecting can take a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from django.utils import timezone

from equality.disclosure.policy import Policy
from equality.disclosure.price import NoMoreTime, ReleasePrice, is_two_way
from equality.disclosure.protection import Protected
from equality.disclosure.release import Region, TableSpec
from equality.disclosure.witnesses import CannotProtect, Watch
from equality.quarters import Quarter
from monitoring.audit.trail import record
from monitoring.figures.ledger import Population, ledger_size, read, remembered, told_periods
from monitoring.figures.releasing import (
    Quarters,
    destroy_certificate,
    price,
    release,
    report_policy,
    seal_certificate,
    telling,
    together,
)
from monitoring.inspections.models import Finding
from monitoring.jobs import work
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission
from monitoring.submissions.work import SERVICE
from reports.contents import Contents
from reports.material import Material
from reports.models import Report, State
from reports.price import price_of_report
from reports.quarterly import compose
from reports.wording import written_day
from reports.workforce import COLLECTION, compared_with, plan, told_again

BUILD = "report.build"
STEPS = 3
PROTECTING = "Protecting small numbers"
SUGGESTING = "Looking for what would hide less"
EVERY = 2.0  # seconds between two words about progress
# What would hide less is worked out by protecting again for each of so many tables at most, if that is soon done.
SUGGESTED = 10
PATIENCE = 90.0  # seconds; with none it is not tried


class NothingToReport(LookupError):
    """There are neither accepted data nor findings for the quarter."""


def build(claim: work.Claim, subject: str) -> None:
    """Build one requested report; a report that cannot be built says why."""
    report = Report.objects.select_related("organisation", "corrects").get(pk=subject)
    if report.state != State.REQUESTED:
        with claim.finishing():
            return
    draft, failure = None, ""
    try:
        draft = prepare(report, claim.progress, suggesting=True)
    except (NothingToReport, CannotProtect) as reason:
        failure = str(reason)
    with claim.finishing():
        _keep(report, draft, failure)
        record(f"report.{report.state}", report.audit_name, by=SERVICE, organisation=report.organisation.slug)


def _keep(report: Report, draft: "Draft | None", failure: str) -> None:
    """Write a draft, or why there is none, with the proof of what it shows in place of the proof of an older draft."""
    at, older = timezone.now(), report.certificate
    report.contents = draft.contents.as_json() if draft else None
    report.told, report.ledger_size = (draft.told, draft.ledger_size) if draft else ([], 0)
    report.price = draft.price if draft else {}
    report.certificate = seal_certificate(draft.protected.certificate, at=at) if draft and draft.protected else None
    report.failure, report.state, report.built_at = failure, (State.FAILED if failure else State.DRAFT), at
    report.save()
    destroy_certificate(older)


def give_up(subject: str) -> None:
    """The build stopped for a reason on our side."""
    report = Report.objects.select_related("organisation").get(pk=subject)
    report.state, report.failure = State.FAILED, "Building stopped for a reason on our side. Ask for the report again."
    report.save()
    record("report.failed", report.audit_name, by=SERVICE, organisation=report.organisation.slug)


@dataclass(frozen=True)
class Draft:
    """What a build comes to. ``told``: what publishing it would tell; ``ledger_size``: length of the ledger that it was
    protected against; ``protected``: None without workforce data; ``price``: what protection costs."""

    contents: Contents
    told: list[dict]
    ledger_size: int
    protected: Protected | None
    price: dict[str, Any]


def draft_of(report: Report, progress: Any = lambda *_: None) -> tuple[Contents, list[dict], int]:
    """(contents, what publishing them would tell, length of the ledger they were protected against). Raises
    NothingToReport or CannotProtect."""
    draft = prepare(report, progress)
    return draft.contents, draft.told, draft.ledger_size


def prepare(report: Report, progress: Any, *, suggesting: bool = False) -> Draft:
    """Count, protect and compose; and, where that is asked for and soon done, work out what would hide less. Raises
    NothingToReport or CannotProtect."""
    size = ledger_size(Population(report.organisation, COLLECTION, report.period))
    material, told, alternatives = _material(report, progress, suggesting=suggesting)
    progress(STEPS, STEPS, "Writing the report")
    facts = {"version": report.version, "correction": _correction(report)}
    costs = price_of_report(material, alternatives)
    return Draft(compose(material, facts), told, size, material.protected, costs)


def _material(report: Report, progress: Any, *, suggesting: bool) -> tuple[Material, list[dict], ReleasePrice | None]:
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
    policy = report_policy()
    versions = [Contents.from_json(said) for said in Report.objects.before(report).values_list("contents", flat=True)]
    material = Material(organisation, quarter, policy, findings, versions=versions)
    if submission is None:
        return material, [], None
    progress(1, STEPS, "Counting")
    earlier = _accepted(organisation, quarter.previous)
    periods = told_periods(organisation, COLLECTION, str(quarter))
    told_of = [found for period in periods if (found := _accepted(organisation, Quarter.parse(period)))]
    quarters = together(submission, earlier, told_of)
    quarters = replace(quarters, hidden=quarters.hidden | _opened(report, quarters))
    people = quarters.people[str(quarter)]
    known = remembered(Population(organisation, COLLECTION, str(quarter.previous)))
    before = known.counts if policy.exact else {}
    tables = plan(people, policy, str(quarter))
    if earlier is not None and policy.exact and not before:
        tables += compared_with(quarters.people[str(quarter.previous)], policy, str(quarter.previous))
    progress(2, STEPS, PROTECTING)
    protected = release(quarters, tables, policy, watch=watching(progress, PROTECTING))
    alternatives = _alternatives(quarters, tables, policy, protected, progress) if suggesting else None
    last = str(quarter.previous)
    if policy.exact:
        before |= {region.within: said.low for region, said in protected.told.items() if region.block == last}
    hidden_before = {region.within for region in (*known.hidden, *protected.hidden) if region.block == last}
    told = telling(protected, sorted({table.block for table in tables}))
    if not any(one["period"] == str(quarter.previous) for one in told):
        told += told_again(protected.of_block(str(quarter)), before, str(quarter.previous))
    material = replace(
        material,
        submission=submission,
        people=people,
        protected=protected,
        before=before or None,
        hidden_before=hidden_before,
        unlinked=quarters.unlinked,
        beside=quarters.others,
    )
    return material, told, alternatives


def _opened(report: Report, quarters: Quarters) -> frozenset[Region]:
    """People whose number could be worked out from a draft that was refused: looked after as if it had been hidden."""
    return frozenset(Region(period, read(within)) for period, within in report.opened if period in quarters.people)


def _alternatives(
    quarters: Quarters, tables: Sequence[TableSpec], policy: Policy, protected: Protected, progress: Any
) -> ReleasePrice | None:
    """What would hide less, as far as it is soon worked out; None where there are too many tables to try."""
    if not PATIENCE or sum(is_two_way(table) for table in tables) > SUGGESTED:
        return None
    until, watch = monotonic() + PATIENCE, watching(progress, SUGGESTING)

    def patient(done: int, of: int) -> None:
        if monotonic() > until:
            raise NoMoreTime
        watch(done, of)

    return price(quarters, tables, policy, protected, watch=patient)


def watching(progress: Any, doing: str) -> Watch:
    """Says how far the search is, not more often than somebody looks."""
    last = 0.0

    def watch(done: int, of: int) -> None:
        nonlocal last
        if monotonic() - last > EVERY:
            last = monotonic()
            progress(2, STEPS, f"{doing}: {done:,} of {of:,}")

    return watch


def _accepted(organisation: Organisation, quarter: Quarter) -> Submission | None:
    of_quarter = Submission.objects.accepted().of(organisation, COLLECTION, str(quarter))
    return of_quarter.select_related("dataset", "organisation").first()


def _correction(report: Report) -> dict | None:
    if report.corrects is None:
        return None
    published = report.corrects.published_at
    day = written_day(published) if published else ""
    return {
        "of_version": report.corrects.version,
        "note": report.correction_note,
        "text": f"This is version {report.version}. It corrects version {report.corrects.version}, published on {day}: "
        f"{report.correction_note}",
    }


KIND = work.Kind(BUILD, build, give_up)
