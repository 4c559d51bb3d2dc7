"""The chain of events and its head."""

from django.db import models


class Event(models.Model):
    """One act. ``digest`` covers every field and the digest of the event before."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "monitoring"
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"


class Head(models.Model):
    """How far the chain has come. One row; locking it puts writers in line."""

    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "monitoring"

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
