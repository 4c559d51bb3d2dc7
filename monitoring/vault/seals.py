"""What sealed things share: a key of their own, and for files a place in the storage and a digest."""

import hashlib
import os
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from monitoring.vault.keyring import SealBroken, key_ring
from monitoring.vault.models import OrganisationKey, Sealed, SealedDataset, SealedDocument, Wrapped

FOLDERS = {SealedDataset: "datasets", SealedDocument: "documents"}


def storage() -> Storage:
    return storages["vault"]


def give_key(sealed: Wrapped) -> bytes:
    """A fresh key for something about to be sealed; its wrapping is noted on the row."""
    key = os.urandom(32)
    sealed.key_name, sealed.wrapped_key = key_ring().seal(key, sealed.purpose)
    return key


def key_of(sealed: Wrapped) -> bytes:
    """Raises SealBroken."""
    return key_ring().open(sealed.key_name, bytes(sealed.wrapped_key), sealed.purpose)


def store(sealed: Sealed, content: bytes) -> None:
    """Write the file, then the row that knows it: a failure between leaves a file that nobody can open, which
    ``unknown_files`` finds."""
    sealed.file_digest = hashlib.sha256(content).hexdigest()
    sealed.name = storage().save(f"{FOLDERS[type(sealed)]}/{sealed.pk}", ContentFile(content))
    sealed.save(force_insert=True)


def read(sealed: Sealed) -> bytes:
    """The file as it was written. Raises SealBroken where it is missing, changed or cut short."""
    try:
        with storage().open(sealed.name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise SealBroken(f"The file of {sealed} is missing from the vault's storage.") from None
    if hashlib.sha256(content).hexdigest() != sealed.file_digest:
        raise SealBroken(f"The file of {sealed} was changed or cut short since it was written.")
    return content


def erase(sealed: Sealed | None) -> None:
    """Destroy: without its wrapped key even a backup of the file stays shut. Nothing to destroy is no error."""
    if sealed is not None and sealed.pk is not None:
        name = sealed.name
        sealed.delete()
        transaction.on_commit(lambda: storage().delete(name))


def delete_files() -> None:
    """Delete every file that a row knows, for a database that is about to be emptied."""
    for model in FOLDERS:
        for name in model._default_manager.values_list("name", flat=True):
            storage().delete(name)


@transaction.atomic
def rewrap_keys() -> int:
    """Wrap every key by the current key-encryption key. Files stay as they are. Returns how many keys changed."""
    changed = 0
    for model in (*FOLDERS, OrganisationKey):
        for sealed in model._default_manager.exclude(key_name=key_ring().current).select_for_update():
            sealed.key_name, sealed.wrapped_key = key_ring().seal(key_of(sealed), sealed.purpose)
            sealed.save(update_fields=["key_name", "wrapped_key"])
            changed += 1
    return changed


def unknown_files() -> Iterator[str]:
    """Files in the vault's storage that no row knows."""
    for model, folder in FOLDERS.items():
        known = set(model._default_manager.values_list("name", flat=True))
        try:
            names = storage().listdir(folder)[1]
        except FileNotFoundError:
            continue
        yield from (f"{folder}/{name}" for name in names if f"{folder}/{name}" not in known)
