"""Staff references become pseudonyms: HMAC-SHA256 under a key of the organisation, cut to 16 bytes. The reference is
not kept."""

from collections.abc import Callable
from hashlib import sha256

from django.db import transaction

from monitoring.organisations.models import Organisation
from monitoring.vault import seals
from monitoring.vault.models import OrganisationKey

LENGTH = 16
_BLOCK = 64  # of SHA-256


def pseudonyms_of(organisation: Organisation) -> Callable[[list[str]], list[bytes]]:
    """A function from references to pseudonyms; the same reference always becomes the same pseudonym."""
    key = _key(organisation)
    return lambda references: keyed_digests(key, references)


def keyed_digests(key: bytes, texts: list[str]) -> list[bytes]:
    """HMAC-SHA256 of each text, cut to LENGTH. By its two hashes (RFC 2104), which for a million short texts take a
    third of the time of as many calls of the library's own function. ``key`` is at most one block long."""
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ mask for byte in padded) for mask in (0x36, 0x5C))
    return [sha256(outer + sha256(inner + text.encode()).digest()).digest()[:LENGTH] for text in texts]


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
