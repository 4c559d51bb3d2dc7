"""Read the audit chain back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.audit.models import Event
from monitoring.audit.trail import verify


class Command(BaseCommand):
    help = "Verify the audit trail. Exit 1 where an event was changed, removed, moved or cut off the end."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify())
        for fault in faults:
            self.stderr.write(f"Event {fault.number}: {fault.what}.")
        if faults:
            raise CommandError(f"{len(faults)} faults in the audit trail.")
        self.stdout.write(f"The audit trail is whole: {Event.objects.count():,} events.")
