"""Check a file, and accept it where that is asked for."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from monitoring.jobs import work as jobs
from monitoring.jobs.models import Job
from monitoring.organisations.register import UnknownOrganisation, find
from monitoring.submissions.deciding import accept
from monitoring.submissions.models import State, Submission
from monitoring.submissions.problems import Problem, Unreadable, problem
from monitoring.submissions.receiving import CHECK, receive
from monitoring.submissions.work import problems_of


class Command(BaseCommand):
    help = "Check a file of workforce data; --accept freezes it so that reports count it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("collection", help="workforce")
        parser.add_argument("file", help="CSV, XLSX or ODS")
        parser.add_argument("--organisation", required=True, help="short name")
        parser.add_argument("--period", required=True, help="quarter, like 2026-Q3")
        parser.add_argument("--mapping", help="TOML file that says where headings and wordings go")
        parser.add_argument("--correction", default="", help="why figures already published were wrong")
        parser.add_argument("--accept", action="store_true", help="freeze the file if it has no errors")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            submission = self._submit(options)
        except Unreadable as refused:
            self._answer(None, list(refused.problems), options)
            sys.exit(1)
        self._answer(submission, problems_of(submission), options)
        if submission.state == State.REFUSED:
            sys.exit(1)

    def _submit(self, options: dict[str, Any]) -> Submission:
        now = timezone.now()
        submission = receive(
            _content(options["file"]),
            organisation=_organisation(options["organisation"]),
            collection=options["collection"],
            period=options["period"],
            mapping=_content(options["mapping"]).decode("utf-8-sig", errors="replace") if options["mapping"] else "",
            correction_reason=options["correction"],
            today=timezone.localdate(),
            at=now,
            by=None,
        )
        _do_now(submission)
        submission.refresh_from_db()
        if options["accept"] and submission.state == State.CHECKED:
            submission = accept(submission, at=now, by=None)
        return submission

    def _answer(self, submission: Submission | None, problems: list[Problem], options: dict[str, Any]) -> None:
        if options["json"]:
            said = {
                "submission": str(submission.pk) if submission else None,
                "state": submission.state if submission else State.REFUSED.value,
                "rows": submission.rows if submission else 0,
                "accepted": submission.kept if submission and submission.state == State.ACCEPTED else 0,
                "problems": [found.as_dict() for found in problems],
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        elif submission:
            self.stdout.write(
                f"Submission {submission.pk}: {submission.get_state_display().lower()}, {submission.rows:,} rows."
            )
        if not options["json"] or submission is None or submission.state == State.REFUSED:
            for found in problems:
                self.stderr.write(_line(found))


def _organisation(slug: str) -> Any:
    try:
        return find(slug)
    except UnknownOrganisation:
        raise Unreadable(problem("ORGANISATION_UNKNOWN")) from None


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise Unreadable(problem("FILE_MISSING")) from None


def _do_now(submission: Submission) -> None:
    """Whoever waits at a command line waits for the answer; a worker that is at it already is left to it."""
    for job in Job.objects.filter(kind=CHECK, subject=str(submission.pk)):
        jobs.perform(job.pk)


def _line(found: Problem) -> str:
    where = ", ".join(
        part
        for part in (f"row {found.row:,}" if found.row else "", f"column {found.column}" if found.column else "")
        if part
    )
    times = f" ({found.count:,} times)" if found.count > 1 else ""
    value = f' "{found.value}"' if found.value else ""
    nearest = f" Nearest: {'; '.join(found.nearest)}." if found.nearest else ""
    place = f" {where}:" if where else ""
    return f"{found.severity.upper()} {found.code}{place}{value} {found.message}{times} {found.advice}{nearest}"
