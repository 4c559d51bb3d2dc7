"""The envelope of a submission, and what is remembered of an organisation's way of writing."""

import uuid

from django.db import models
from django.db.models import Q

from monitoring.access.models import User
from monitoring.organisations.models import Organisation
from monitoring.vault.models import SealedDataset, SealedDocument


class State(models.TextChoices):
    RECEIVED = "received", "Received"
    CHECKING = "checking", "Being checked"
    REFUSED = "refused", "Refused"
    CHECKED = "checked", "Checked"
    ACCEPTED = "accepted", "Accepted"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What may follow what. A refused file that is sent again is checked again under the same envelope.
NEXT: dict[str, tuple[str, ...]] = {
    State.RECEIVED: (State.CHECKING, State.WITHDRAWN),
    State.CHECKING: (State.REFUSED, State.CHECKED),
    State.REFUSED: (State.RECEIVED,),
    State.CHECKED: (State.ACCEPTED, State.WITHDRAWN),
    State.ACCEPTED: (State.SUPERSEDED, State.WITHDRAWN),
    State.SUPERSEDED: (),
    State.WITHDRAWN: (),
}
ENDED = (State.SUPERSEDED, State.WITHDRAWN)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def accepted(self) -> "SubmissionQuerySet":
        """The only submissions that figures are made from."""
        return self.filter(state=State.ACCEPTED)

    def of(self, organisation: Organisation, collection: str, period: str) -> "SubmissionQuerySet":
        return self.filter(organisation=organisation, collection=collection, period=period)


class Submission(models.Model):
    """One file for one organisation, collection and quarter. What it held is sealed: ``incoming`` until it is
    checked, ``answer`` the problems found, ``dataset`` what would be, or is, counted, ``preview`` what would be printed
    until that is decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions")
    collection = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    digest = models.CharField(max_length=64)
    mapping = models.TextField(blank=True)
    mapping_digest = models.CharField(max_length=64, blank=True)
    mapping_was_saved = models.BooleanField(default=False)
    correction_reason = models.CharField(max_length=300, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    kept = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    incoming = models.ForeignKey(SealedDocument, models.SET_NULL, null=True, related_name="+")
    answer = models.ForeignKey(SealedDocument, models.SET_NULL, null=True, related_name="+")
    dataset = models.ForeignKey(SealedDataset, models.SET_NULL, null=True, related_name="+")
    preview = models.ForeignKey(SealedDocument, models.SET_NULL, null=True, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        app_label = "monitoring"
        ordering = ("-received_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "collection", "period", "digest", "mapping_digest"),
                condition=~Q(state__in=ENDED),
                name="same_file_same_submission",
            ),
            models.UniqueConstraint(
                fields=("organisation", "collection", "period"),
                condition=Q(state=State.ACCEPTED),
                name="one_accepted_per_quarter",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ACCEPTED) | Q(dataset__isnull=False, accepted_at__isnull=False),
                name="accepted_has_dataset",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="submission_in_known_state"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.collection} {self.period} {self.state}"

    @property
    def audit_name(self) -> str:
        return f"submission:{self.pk}"

    @property
    def is_being_checked(self) -> bool:
        return self.state in {State.RECEIVED, State.CHECKING}


class SavedMapping(models.Model):
    """The mapping of an organisation's last accepted file, used where the next one comes without."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mappings")
    collection = models.CharField(max_length=40)
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        app_label = "monitoring"
        constraints = (
            models.UniqueConstraint(fields=("organisation", "collection"), name="one_saved_mapping_per_collection"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.collection}"


class ClosedPeriod(models.Model):
    """A quarter whose figures are published. New data for it must come as a correction."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="closed_periods")
    collection = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    closed_at = models.DateTimeField()

    class Meta:
        app_label = "monitoring"
        constraints = (
            models.UniqueConstraint(fields=("organisation", "collection", "period"), name="period_closed_once"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.collection} {self.period}"
