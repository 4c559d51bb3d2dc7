"""Staff references become pseudonyms: HMAC-SHA256 under a key of the organisation, cut to 16 bytes. The reference is
not kept."""

import hmac
from collections.abc import Callable

from django.db import transaction

from monitoring.organisations.models import Organisation
from monitoring.vault import seals
from monitoring.vault.models import OrganisationKey

LENGTH = 16


def pseudonyms_of(organisation: Organisation) -> Callable[[list[str]], list[bytes]]:
    """A function from references to pseudonyms; the same reference always becomes the same pseudonym."""
    key = _key(organisation)
    return lambda references: [hmac.digest(key, text.encode(), "sha256")[:LENGTH] for text in references]


def _key(organisation: Organisation) -> bytes:
    with transaction.atomic():
        kept = OrganisationKey.objects.filter(organisation=organisation).first()
        if kept is None:
            kept = OrganisationKey(organisation=organisation)
            seals.give_key(kept)
            kept, _ = OrganisationKey.objects.get_or_create(
                organisation=organisation,
                defaults={"id": kept.pk, "key_name": kept.key_name, "wrapped_key": kept.wrapped_key},
            )
    return seals.key_of(kept)
