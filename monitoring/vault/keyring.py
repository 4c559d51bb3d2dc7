"""The key-encryption keys: ``VAULT_KEYS`` is ``name:base64``, newest first, separated by commas."""

import base64
import binascii
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class BadKeyRing(ValueError):
    """VAULT_KEYS is missing or malformed. The message never repeats a key."""


class SealBroken(RuntimeError):
    """What was sealed cannot be opened: it was changed, cut short, swapped, or its key is gone."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by name, the current one first. Sealing binds a purpose, so that one sealed thing cannot stand in for
    another."""

    keys: dict[str, bytes]

    @property
    def current(self) -> str:
        return next(iter(self.keys))

    def seal(self, secret: bytes, purpose: str) -> tuple[str, bytes]:
        """(name of the key, sealed bytes) under the current key."""
        nonce = os.urandom(_NONCE)
        return self.current, nonce + AESGCM(self.keys[self.current]).encrypt(nonce, secret, purpose.encode())

    def open(self, key_name: str, sealed: bytes, purpose: str) -> bytes:
        """Raises SealBroken."""
        if key_name not in self.keys:
            raise SealBroken("The key this was sealed with is not in VAULT_KEYS. Put it back after the newer keys.")
        try:
            return AESGCM(self.keys[key_name]).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), purpose.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("A sealed key or document was changed or cut short since it was written.") from None


def key_ring() -> KeyRing:
    """The key ring of the settings. Raises BadKeyRing."""
    keys = {}
    for part in filter(None, (part.strip() for part in settings.VAULT_KEYS.split(","))):
        name, separator, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not separator or not name or name in keys or len(key) != 32:
            raise BadKeyRing("VAULT_KEYS is written name:base64-of-32-bytes, each name once, separated by commas.")
        keys[name] = key
    if not keys:
        raise BadKeyRing("VAULT_KEYS is missing. Set it in the environment of every process of the service.")
    return KeyRing(keys)
