"""Organisations, in a tree: a delivery unit belongs to a region, a region to the service."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q

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

    def above(self) -> list["Organisation"]:
        """What it is part of, the nearest first."""
        return [] if self.parent is None else [self.parent, *self.parent.above()]

    def below(self) -> OrganisationQuerySet:
        """Its parts and theirs."""
        return Organisation.objects.covered_by({self.pk}).exclude(pk=self.pk)

    def around(self, wholes: Collection[int]) -> OrganisationQuerySet:
        """Every organisation that shares people with it, and every other part of those of ``wholes`` that it is in."""
        above = {one.pk for one in self.above()}
        below = Organisation.objects.covered_by({self.pk, *(above & set(wholes))})
        return Organisation.objects.filter(Q(pk__in=above) | Q(pk__in=below)).exclude(pk=self.pk)

    def outermost(self, among: Collection[int], apart_from: "Organisation | None" = None) -> list["Organisation"]:
        """Parts of it that are ``among`` these and in no other of them, so that they have nobody in common; nor with
        another part of it that they are to be ``apart_from``."""
        parts = self.below().filter(pk__in=among)
        if apart_from is not None:
            shared = {one.pk for one in [apart_from, *apart_from.above(), *apart_from.below()]}
            parts = parts.exclude(pk__in=shared)
        inside = {one.pk for part in parts for one in part.below()}
        return [part for part in parts if part.pk not in inside]

    @property
    def is_inspectorate(self) -> bool:
        return self.kind == INSPECTORATE
