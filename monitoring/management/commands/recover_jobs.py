"""Send again what nobody is working on."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.jobs import work


class Command(BaseCommand):
    help = "Send jobs again whose worker stopped or whose message was lost. Harmless to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{work.recover():,} jobs sent again.")
