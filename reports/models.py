"""A report on its way from a request to a publication that never changes."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from monitoring.access.models import User
from monitoring.organisations.models import Organisation


class State(models.TextChoices):
    REQUESTED = "requested", "Being built"
    FAILED = "failed", "Could not be built"
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed off"
    PUBLISHING = "publishing", "Being published"
    PUBLISHED = "published", "Published"


IN_PREPARATION = (State.REQUESTED, State.FAILED, State.DRAFT, State.SIGNED, State.PUBLISHING)


class ReportQuerySet(models.QuerySet["Report"]):
    def published(self) -> "ReportQuerySet":
        return self.filter(state=State.PUBLISHED)

    def newest(self) -> "ReportQuerySet":
        """The last published version of every report, without what it says: a list has no use for that."""
        same = {name: OuterRef(name) for name in ("organisation", "code", "period")}
        later = Report.objects.published().filter(**same, version__gt=OuterRef("version"))
        return self.published().filter(~Exists(later)).defer("contents", "told", "files", "price")

    def before(self, report: "Report") -> "ReportQuerySet":
        """The versions of a report that were published before it."""
        same = self.published().filter(organisation=report.organisation, code=report.code, period=report.period)
        return same.filter(version__lt=report.version)

    def in_preparation(self) -> "ReportQuerySet":
        return self.filter(state__in=IN_PREPARATION)


class Report(models.Model):
    """One version of one report. ``contents`` is report.json; ``told`` what publishing it would add to the release
    ledger, and ``ledger_size`` how long the ledger was when the contents were protected against it. ``signed_digest``
    is the body that was signed: nothing else can be published. ``files``: name to SHA-256 of what was published.
    ``certificate``: the sealed proof that its small numbers are safe. ``price``: what protection costs it (see
    ``reports.price``), for those who may see drafts. ``opened``: people whose number a reader could have worked out
    from an earlier draft that was refused for it, as quarter and region; every later draft looks after them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reports")
    period = models.CharField(max_length=7)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    contents = models.JSONField(null=True)
    told = models.JSONField(default=list)
    ledger_size = models.PositiveBigIntegerField(default=0)
    certificate = models.ForeignKey("monitoring.SealedDocument", models.PROTECT, null=True, related_name="+")
    price = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    opened = models.JSONField(default=list)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    correction_note = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    built_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    signed_digest = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    files = models.JSONField(default=dict)

    objects = ReportQuerySet.as_manager()

    class Meta:
        app_label = "reports"
        ordering = ("-period", "organisation__name", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "code", "period", "version"), name="one_report_of_each_version"
            ),
            models.UniqueConstraint(
                fields=("organisation", "code", "period"),
                condition=Q(state__in=IN_PREPARATION),
                name="one_report_in_preparation",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_in_known_state"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False, signed_at__isnull=False),
                name="published_was_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | Q(requested_by__isnull=True) | ~Q(signed_by=F("requested_by")),
                name="signed_by_somebody_else",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.code} {self.period} v{self.version}"

    @property
    def audit_name(self) -> str:
        return f"report:{self.pk}"

    @property
    def state_label(self) -> str:
        """A draft that was built, and may not be published or was sent back, is not one that could not be built."""
        refused = self.state == State.FAILED and self.contents is not None
        return "Refused" if refused else str(self.get_state_display())

    @property
    def is_being_made(self) -> bool:
        return self.state in {State.REQUESTED, State.PUBLISHING}
