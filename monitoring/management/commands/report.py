"""Write a draft report to a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from monitoring.organisations.register import UnknownOrganisation, find
from reports.command import write_draft
from reports.requesting import CannotRequest


class Command(BaseCommand):
    help = "Write a draft as report.pdf, .html, .ods and .json, and data/*.csv. Nothing is signed or published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="quarterly")
        parser.add_argument("--organisation", required=True, help="short name")
        parser.add_argument("--period", required=True, help="quarter, like 2026-Q3")
        parser.add_argument("--output", required=True, help="folder; made if it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = write_draft(
                options["code"],
                organisation=find(options["organisation"]),
                period=options["period"],
                folder=Path(options["output"]),
                today=timezone.localdate(),
            )
        except (CannotRequest, UnknownOrganisation) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Wrote {len(written.files)} files to {options['output']}.")
        self.stdout.write(f"{written.policy}: {written.hidden} of {written.numbers} numbers of people are hidden.")
