"""The release ledger: what has been told of which population, for ever."""

from django.db import models

from monitoring.organisations.models import Organisation


class ReleasedRegion(models.Model):
    """A number that a published report shows of a quarter's people, or that it hides (``count`` empty). ``region``
    names the people: dimension and leaves, as JSON. Hidden numbers are not kept here."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    collection = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    report = models.UUIDField()
    region = models.TextField()
    count = models.PositiveBigIntegerField(null=True)
    released_at = models.DateTimeField()

    class Meta:
        app_label = "monitoring"
        indexes = (models.Index(fields=("organisation", "collection", "period")),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.period} {self.region}"
