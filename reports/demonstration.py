"""The whole way in one go, with synthetic data: organisations, people, submissions, inspections, a signed and
published report."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from equality.quarters import Quarter
from monitoring.access.models import User
from monitoring.access.people import add_person, grant
from monitoring.demonstration.emptying import empty, require_synthetic
from monitoring.demonstration.people import as_csv, quarters
from monitoring.demonstration.story import employers, inspectorate, story
from monitoring.inspections.recording import FindingDraft, open_inspection, record_finding
from monitoring.organisations.models import Organisation
from monitoring.organisations.register import add_organisation
from monitoring.submissions.deciding import accept
from monitoring.submissions.models import Submission
from monitoring.submissions.receiving import receive
from reports.contents import Contents
from reports.models import Report
from reports.publishing import file_of, path_of, publish, storage
from reports.quarterly import CODE
from reports.requesting import request_report
from reports.signing import sign

QUARTERS = 4
ALSO_PUBLISHED = "northmoor"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """``written``: the files of the inspectorate's published report."""

    report: Report
    written: list[Path]


def run(folder: Path, *, today: date, at: datetime, say: Say) -> Demonstration:
    """Build everything anew. Raises NotADemonstration."""
    require_synthetic()
    if Organisation.objects.exists():
        say("Emptying the earlier demonstration: its accounts, files, findings and reports go")
    _delete_published_files()
    empty()
    last = Quarter.of(today).previous
    say("Registering organisations and people")
    organisations = {
        said["slug"]: add_organisation(said["slug"], said["name"], kind=said["kind"], at=at, by=None, synthetic=True)
        for said in story()["organisations"]
    }
    people = _people(list(organisations.values()))
    say("Sending, checking and accepting sixteen workforce files")
    _submissions(organisations, last, people["hr_submitter"], today, at, say)
    say("Recording six inspections and what they found")
    for said in story()["inspections"]:
        _inspection(said, organisations, last, people, today, at)
    reports = {}
    for slug in (inspectorate(), ALSO_PUBLISHED):
        say(f"Building, signing and publishing the report of {organisations[slug].name}: less than a minute")
        reports[slug] = _published(organisations[slug], last, people, today, at)
    main = reports[inspectorate()]
    return Demonstration(main, _write(main, folder))


def _delete_published_files() -> None:
    for report in Report.objects.published().select_related("organisation"):
        for name in report.files:
            storage().delete(path_of(report, name))


def _people(organisations: list[Organisation]) -> dict[str, User]:
    people = {}
    for said in story()["people"]:
        person = add_person(said["email"], name=said["name"], password=story()["password"], by=None)
        for organisation in organisations:
            grant(person, said["role"], organisation, by=None)
        people[said["role"]] = person
    return people


def _submissions(
    organisations: dict[str, Organisation], last: Quarter, hr: User, today: date, at: datetime, say: Say
) -> None:
    periods = [last]
    while len(periods) < QUARTERS:
        periods.insert(0, periods[0].previous)
    for employer in employers():
        say(f"  {organisations[employer.slug].name}")
        for period, rows in zip(periods, quarters(employer, QUARTERS), strict=True):
            submission = receive(
                as_csv(rows),
                organisation=organisations[employer.slug],
                collection="workforce",
                period=str(period),
                today=today,
                at=at,
                by=hr,
            )
            accept(Submission.objects.get(pk=submission.pk), at=at, by=hr)


def _inspection(
    said: dict[str, Any],
    organisations: dict[str, Organisation],
    last: Quarter,
    people: dict[str, User],
    today: date,
    at: datetime,
) -> None:
    quarter = last
    for _ in range(said["quarters_ago"]):
        quarter = quarter.previous
    start = quarter.first_day + timedelta(days=said["day"])
    inspection = open_inspection(
        programme=said["programme"],
        title=said["title"],
        organisation=organisations[said["organisation"]],
        lead=organisations[inspectorate()],
        fieldwork_start_date=start,
        fieldwork_end_date=start + timedelta(days=10),
        partners=said["partners"],
        at=at,
        by=people["lead_inspector"],
    )
    for number, finding in enumerate(said["findings"]):
        draft = FindingDraft(
            **finding, responsible=inspection.organisation, observed_date=start + timedelta(days=number)
        )
        record_finding(inspection, draft, today=today, at=at, by=people["inspector"])


def _published(
    organisation: Organisation, quarter: Quarter, people: dict[str, User], today: date, at: datetime
) -> Report:
    report = request_report(
        CODE, organisation=organisation, period=str(quarter), today=today, at=at, by=people["analyst"]
    )
    report.refresh_from_db()
    sign(report, digest=Contents.from_json(report.contents).body_digest(), at=at, by=people["chief_inspector"])
    publish(report, by=people["chief_inspector"])
    report.refresh_from_db()
    return report


def _write(report: Report, folder: Path) -> list[Path]:
    written = []
    for name in report.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = file_of(report, name)
        if content is not None:
            path.write_bytes(content)
            written.append(path)
    return written
