"""Small sealed files: what a sender sent, until it is checked, answers that repeat the sender's wordings, what would be
printed, until that is decided, and certificates of releases."""

import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitoring.vault import seals
from monitoring.vault.keyring import SealBroken
from monitoring.vault.models import SealedDocument


def seal_document(content: bytes, *, at: datetime) -> SealedDocument:
    """Seal bytes under a key of their own."""
    document = SealedDocument(sealed_at=at)
    nonce = os.urandom(12)
    key = seals.give_key(document)
    seals.store(document, nonce + AESGCM(key).encrypt(nonce, content, document.purpose.encode()))
    return document


def open_document(document: SealedDocument) -> bytes:
    """Raises SealBroken."""
    sealed = seals.read(document)
    try:
        return AESGCM(seals.key_of(document)).decrypt(sealed[:12], sealed[12:], document.purpose.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(f"The file of {document} is not the one that was sealed.") from None
