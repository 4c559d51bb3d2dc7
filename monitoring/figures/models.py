"""The release ledger: what has been told of which population, for ever."""

from django.db import models

from monitoring.organisations.models import Organisation


class ReleasedRegion(models.Model):
    """What a published report says of some of a quarter's people: at least so many, at most so many, both the same
    where it shows the number itself; or that it hides their number (both empty). ``region`` names the people: dimension
    and leaves, as JSON. Hidden numbers are not kept here."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    collection = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    report = models.UUIDField()
    region = models.TextField()
    least = models.PositiveBigIntegerField(null=True)
    most = models.PositiveBigIntegerField(null=True)
    released_at = models.DateTimeField()

    class Meta:
        app_label = "monitoring"
        indexes = (models.Index(fields=("organisation", "collection", "period")),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.period} {self.region}"
