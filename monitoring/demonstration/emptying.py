"""Making room for a demonstration: everything goes, unless something real is there."""

from django.core.management import call_command
from django.db import connection

from monitoring.audit import guard
from monitoring.organisations.models import Organisation
from monitoring.vault.seals import delete_files


class NotADemonstration(RuntimeError):
    """The database holds organisations that are not synthetic; it is left as it is."""


def require_synthetic() -> None:
    """Bring the database up to date and look at it. Raises NotADemonstration."""
    call_command("migrate", verbosity=0, interactive=False)
    if Organisation.objects.filter(synthetic=False).exists():
        raise NotADemonstration(
            "This database holds organisations that are not synthetic. Set DATA_DIR (or DATABASE_URL) to another place."
        )


def empty() -> None:
    """Empty the vault and every table, the audit trail's among them."""
    delete_files()
    guard.take_down(connection)
    call_command("flush", verbosity=0, interactive=False)
    guard.build(connection)
