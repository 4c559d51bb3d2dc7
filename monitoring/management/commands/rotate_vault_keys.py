"""Wrap every key in the vault by the newest key of VAULT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitoring.audit.trail import record
from monitoring.vault.keyring import BadKeyRing, SealBroken, key_ring
from monitoring.vault.seals import rewrap_keys


class Command(BaseCommand):
    help = "Put the new key first in VAULT_KEYS, run this, then drop the old key. Sealed files stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                changed = rewrap_keys()
                if changed:
                    record("vault.keys_rotated", "vault", by=None, details={"keys": changed, "to": key_ring().current})
        except (BadKeyRing, SealBroken) as refused:
            raise CommandError(f"Nothing was changed. {refused}") from None
        self.stdout.write(f"{changed:,} keys are now wrapped by {key_ring().current}.")
