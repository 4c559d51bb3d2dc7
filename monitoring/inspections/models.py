"""Inspections, findings, and what follows from a finding."""

import uuid

from django.db import models
from django.db.models import F, Q

from equality.quarters import Quarter
from monitoring.access.models import User
from monitoring.organisations.models import Organisation


class Inspection(models.Model):
    """One inspection of one organisation. ``lead`` is the inspectorate that leads it; ``partners`` are codes of the
    others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections")
    lead = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections_led")
    partners = models.JSONField(default=list, blank=True)
    fieldwork_start_date = models.DateField()
    fieldwork_end_date = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        app_label = "monitoring"
        ordering = ("-fieldwork_end_date", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(fieldwork_end_date__gte=F("fieldwork_start_date")), name="fieldwork_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Standing(models.TextChoices):
    RECORDED = "recorded", "Recorded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class FindingQuerySet(models.QuerySet["Finding"]):
    def standing(self) -> "FindingQuerySet":
        """The only findings that reach a report."""
        return self.filter(standing=Standing.RECORDED)

    def seen_in(self, quarter: Quarter) -> "FindingQuerySet":
        """By the day of the observation, not of the typing."""
        return self.filter(observed_date__range=(quarter.first_day, quarter.last_day))

    def concerning(self, organisation: Organisation) -> "FindingQuerySet":
        """What an organisation's report holds: findings it answers for, with its parts; an inspectorate's report also
        holds what the inspections it led have found."""
        own = Q(responsible__in=Organisation.objects.covered_by({organisation.pk}))
        return self.filter(own | Q(inspection__lead=organisation) if organisation.is_inspectorate else own)


class Finding(models.Model):
    """One diversity finding. ``statement`` may be published; ``note`` never is. ``cases`` of ``cases_seen``: the n of
    N behind the extent, where it was counted. ``reference`` comes from the device, so that a second click finds the
    first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.UUIDField(default=uuid.uuid4)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    responsible = models.ForeignKey(Organisation, models.PROTECT, related_name="findings")
    statement = models.TextField()
    note = models.TextField(blank=True)
    theme = models.CharField(max_length=40)
    direction = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    extent = models.CharField(max_length=20)
    cases = models.PositiveIntegerField(null=True)
    cases_seen = models.PositiveIntegerField(null=True)
    evidence = models.JSONField()
    observed_date = models.DateField()
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.RECORDED)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        app_label = "monitoring"
        ordering = ("-observed_date", "-recorded_at")
        constraints = (
            models.UniqueConstraint(fields=("inspection", "reference"), name="one_finding_per_reference"),
            models.CheckConstraint(
                condition=Q(cases__isnull=True, cases_seen__isnull=True)
                | Q(cases__lte=F("cases_seen"), cases_seen__gte=1),
                name="cases_within_cases_seen",
            ),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="finding_of_known_standing"),
        )

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.theme} {self.direction}"

    @property
    def audit_name(self) -> str:
        return f"finding:{self.pk}"


class FindingCharacteristic(models.Model):
    """A protected characteristic, or a further one, that a finding is about."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="characteristics")
    code = models.CharField(max_length=40)

    class Meta:
        app_label = "monitoring"
        constraints = (models.UniqueConstraint(fields=("finding", "code"), name="characteristic_once_per_finding"),)

    def __str__(self) -> str:
        return self.code


class Recommendation(models.Model):
    """What an organisation should do about a finding, and by when."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="recommendations")
    text = models.TextField()
    addressee = models.ForeignKey(Organisation, models.PROTECT, related_name="recommendations")
    due_date = models.DateField(null=True)

    class Meta:
        app_label = "monitoring"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"for {self.addressee_id}"


class GoodPractice(models.Model):
    """What others could learn from a finding."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="good_practice")
    text = models.TextField()

    class Meta:
        app_label = "monitoring"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"from {self.finding_id}"
