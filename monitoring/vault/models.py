"""What the database knows of sealed things: where they are, their digest, and their wrapped key."""

import uuid

from django.db import models

from monitoring.organisations.models import Organisation


class Wrapped(models.Model):
    """Something with a key of its own. ``wrapped_key``: that key, sealed by the key-encryption key ``key_name``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_name = models.CharField(max_length=60)
    wrapped_key = models.BinaryField()

    class Meta:
        app_label = "monitoring"
        abstract = True

    def __str__(self) -> str:
        return self.purpose

    @property
    def purpose(self) -> str:
        """What the key is for: bound into its wrapping, so that one sealed thing cannot stand in for another."""
        return f"{self._meta.model_name}:{self.pk}"


class Sealed(Wrapped):
    """A file in the vault's storage. ``file_digest``: SHA-256 of it."""

    name = models.CharField(max_length=120, unique=True)
    file_digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        app_label = "monitoring"
        abstract = True


class SealedDataset(Sealed):
    """One frozen dataset about persons."""

    rows = models.PositiveBigIntegerField()
    columns = models.JSONField()


class SealedDocument(Sealed):
    """A small sealed file: what a sender sent until it is checked, the answer with the sender's own wordings in it,
    what would be printed until that is decided, and the certificate of a release."""


class OrganisationKey(Wrapped):
    """The key under which an organisation's staff references become pseudonyms. It never changes, so that quarters
    can be linked; only its wrapping does."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")

    class Meta:
        app_label = "monitoring"
