"""Organisations, in a tree: a delivery unit belongs to a region, a region to the service."""

from typing import Self

from django.db import models

INSPECTORATE = "inspectorate"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def covered_by(self, ids: set[int]) -> Self:
        """These organisations and everything below them."""
        found, fresh = set(ids), set(ids)
        while fresh:
            fresh = set(Organisation.objects.filter(parent__in=fresh).values_list("pk", flat=True)) - found
            found |= fresh
        return self.filter(pk__in=found)


class Organisation(models.Model):
    """A body whose workforce is counted or whose work is inspected. ``kind`` is a word of the field
    (probation-region); only ``inspectorate`` changes what a report holds. ``synthetic``: made up, and labelled so
    wherever it shows."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.SlugField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    synthetic = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        app_label = "monitoring"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_inspectorate(self) -> bool:
        return self.kind == INSPECTORATE
