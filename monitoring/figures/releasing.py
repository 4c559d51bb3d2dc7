"""Releasing: from exact tables to tables that may be shown, with a memory of what has been shown before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from equality.disclosure.facts import Region
from equality.disclosure.policy import Policy
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import Release, TableSpec, linked
from monitoring.figures.counting import People
from monitoring.figures.models import ReleasedRegion
from monitoring.organisations.models import Organisation


@dataclass(frozen=True)
class Population:
    """Whose numbers: one organisation's people of one collection in one quarter."""

    organisation: Organisation
    collection: str
    period: str


@dataclass(frozen=True)
class Remembered:
    """What is public about a population, and what was hidden of it."""

    shown: Mapping[Region, int]
    hidden: frozenset[Region]


def release(people: People, tables: Sequence[TableSpec], population: Population, policy: Policy) -> Protected:
    """Protect the tables of one population together, and together with all that was published of it before."""
    counted = [people.table(names) for names in linked(tables)]
    involved = {name for table in tables for name in table.involved}
    dimensions = {name: dimension for name, dimension in people.dimensions.items() if name in involved}
    before = remembered(population)
    return protect(Release(dimensions, tables, counted), policy, public=before.shown, hidden_before=before.hidden)


def remembered(population: Population) -> Remembered:
    """What published reports have told of a population."""
    rows = ReleasedRegion.objects.filter(
        organisation=population.organisation, collection=population.collection, period=population.period
    ).order_by("released_at", "pk")
    shown: dict[Region, int] = {}
    hidden = set()
    for region, count in rows.values_list("region", "count"):
        if count is None:
            hidden.add(_read(region))
        else:
            shown[_read(region)] = count
    return Remembered(shown, frozenset(hidden - shown.keys()))


def remember(
    population: Population,
    shown: Mapping[str, int],
    hidden: Sequence[str],
    *,
    report: UUID,
    at: datetime,
) -> None:
    """Write down what a report is about to tell, regions as ``written``. Part of the transaction that publishes
    it."""
    told: list[tuple[str, int | None]] = [*shown.items(), *((region, None) for region in hidden)]
    ReleasedRegion.objects.bulk_create(
        ReleasedRegion(
            organisation=population.organisation,
            collection=population.collection,
            period=population.period,
            report=report,
            region=region,
            count=count,
            released_at=at,
        )
        for region, count in told
    )


def written(region: Region) -> str:
    """A region as text, the same for the same region."""
    return json.dumps({name: sorted(leaves) for name, leaves in sorted(region)}, sort_keys=True)


def _read(text: str) -> Region:
    return frozenset((name, frozenset(leaves)) for name, leaves in json.loads(text).items())
