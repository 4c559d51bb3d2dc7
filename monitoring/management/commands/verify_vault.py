"""Open everything sealed and say what does not open as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.vault.datasets import verify
from monitoring.vault.seals import unknown_files


class Command(BaseCommand):
    help = (
        "Verify every sealed dataset and document. Exit 1 where one is missing, changed, cut short or without its key."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in unknown_files():
            self.stdout.write(
                f"Note: nothing knows the file {name}. A stopped worker may have left it; it can be deleted."
            )
        faults = list(verify())
        for what, fault in faults:
            self.stderr.write(f"{what}: {fault}")
        if faults:
            raise CommandError(f"{len(faults)} faults in the vault.")
        self.stdout.write("The vault is whole.")
