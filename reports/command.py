"""A draft written to a folder, for whoever works at the command line. Nothing of it is kept by the service."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from monitoring.organisations.models import Organisation
from reports.building import NothingToReport, draft_of
from reports.drawing import draw_all
from reports.models import Report
from reports.requesting import CannotRequest, checked_quarter


@dataclass(frozen=True)
class Written:
    """What a draft came to. ``policy``: its name; ``hidden``: so many of its ``numbers`` of people are."""

    files: list[Path]
    policy: str
    numbers: int
    hidden: int


def write_draft(code: str, *, organisation: Organisation, period: str, folder: Path, today: date) -> Written:
    """Compose a draft from what is accepted now and write every drawing of it. Raises CannotRequest, with nothing
    written."""
    quarter = checked_quarter(code, period, today)
    last = Report.objects.filter(organisation=organisation, code=code, period=str(quarter)).published().first()
    report = Report(
        code=code,
        organisation=organisation,
        period=str(quarter),
        version=last.version + 1 if last else 1,
        requested_at=timezone.now(),
    )
    try:
        contents, told, _ = draft_of(report)
    except NothingToReport as nothing:
        raise CannotRequest("NOTHING_TO_REPORT", str(nothing)) from None
    written = []
    for name, content in draw_all(contents).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    hidden = sum(len(one["hidden"]) for one in told)
    numbers = hidden + sum(len(one["shown"]) for one in told)
    return Written(written, contents.report["policy"]["label"], numbers, hidden)
