"""A synthetic inspectorate, from files and findings to a published report."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings
from django.utils import timezone

from monitoring.demonstration.emptying import NotADemonstration
from monitoring.demonstration.story import story
from reports.demonstration import run


class Command(BaseCommand):
    help = "Build a synthetic inspectorate anew and publish its quarterly report. Development mode only."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", default="demo-report", help="folder for the published report's files")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError(
                "The demonstration's passwords are known to everybody. It runs in development mode only."
            )
        folder = Path(options["output"])
        try:
            # Everything is done here and now, whether or not workers are about.
            with override_settings(CELERY_BROKER_URL=""):
                run(folder, today=timezone.localdate(), at=timezone.now(), say=self.stdout.write)
        except NotADemonstration as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write("")
        self.stdout.write("A synthetic inspectorate is ready. Nobody in it is real.")
        self.stdout.write(f"The published report:  {folder / 'report.pdf'}")
        self.stdout.write("Open the site:         make serve    and then http://localhost:8000/")
        self.stdout.write(f"Sign in, password {story()['password']}:")
        for person in story()["people"]:
            self.stdout.write(f"  {person['email']:26} {person['name']}")
