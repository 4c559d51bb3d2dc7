"""The release ledger: what was told of whom, and what was hidden of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Q, QuerySet

from equality.disclosure.release import Region, Told, Within
from equality.quarters import Quarter
from monitoring.figures.counting import PAID, PAY, PAY_QUARTERS
from monitoring.figures.models import ReleasedRegion
from monitoring.organisations.models import Organisation

LOOKED_AT = 6  # quarters: this one and the nearest that were told of
# Leaves that were split since something was told of them.
_SPLIT = {(PAY, PAID): PAY_QUARTERS}


@dataclass(frozen=True)
class Population:
    """Whose numbers: one organisation's people of one collection in one quarter."""

    organisation: Organisation
    collection: str
    period: str


@dataclass(frozen=True)
class Remembered:
    """What is public about a population, and what was hidden of it. ``told``: everything that was said of a region, the
    last word last."""

    told: Mapping[Region, Sequence[Told]]
    hidden: frozenset[Region]

    @property
    def last(self) -> dict[Within, Told]:
        """The last word on each region."""
        return {region.within: said[-1] for region, said in self.told.items()}

    @property
    def counts(self) -> dict[Within, int]:
        """Exact counts that are public."""
        return {within: said.low for within, said in self.last.items() if said.exact}


def remembered(population: Population) -> Remembered:
    """What published reports have told of a population."""
    told: dict[Region, list[Told]] = {}
    hidden = set()
    rows = _rows(population).order_by("released_at", "pk").values_list("region", "least", "most")
    for within, least, most in rows:
        region = Region(population.period, read(within))
        if least is None:
            hidden.add(region)
        else:
            told.setdefault(region, []).append(Told(least, most))
    return Remembered(told, frozenset(hidden - told.keys()))


def told_beside(population: Population) -> list[Organisation]:
    """Organisations that something was told of in the same quarter, which share people with that of a population, or a
    whole that something was told of."""
    of_quarter = ReleasedRegion.objects.filter(collection=population.collection, period=population.period)
    told = set(of_quarter.order_by().values_list("organisation", flat=True).distinct())
    return list(population.organisation.around(told).filter(pk__in=told))


def ledger_size(population: Population) -> int:
    """How much has been told that a release about a population has to agree with: of its organisation in any quarter,
    and in the same quarter of others that it can be taken from, or that can be taken from it."""
    own = Q(organisation=population.organisation)
    others = Q(organisation__in=told_beside(population), period=population.period)
    return ReleasedRegion.objects.filter(own | others).count()


def told_periods(organisation: Organisation, collection: str, period: str) -> list[str]:
    """The quarters nearest to one that anything was told of, as many as are looked at together with it."""
    rows = ReleasedRegion.objects.filter(organisation=organisation, collection=collection)
    periods = set(rows.order_by().values_list("period", flat=True).distinct()) - {period}
    here = Quarter.parse(period)
    nearest = sorted(periods, key=lambda other: (abs(_distance(Quarter.parse(other), here)), other))
    return sorted(nearest[: LOOKED_AT - 1])


def _distance(one: Quarter, other: Quarter) -> int:
    return 4 * (one.year - other.year) + one.number - other.number


def remember(
    population: Population,
    shown: Mapping[str, int | tuple[int, int]],
    hidden: Sequence[str],
    *,
    report: UUID,
    at: datetime,
) -> None:
    """Write down what a report is about to tell, regions as ``written``: numbers, or at least and at most so many. Part
    of the transaction that publishes it."""
    told: list[tuple[str, int | None, int | None]] = [(region, None, None) for region in hidden]
    for region, said in shown.items():
        least, most = (said, said) if isinstance(said, int) else said
        told.append((region, least, most))
    ReleasedRegion.objects.bulk_create(
        ReleasedRegion(
            organisation=population.organisation,
            collection=population.collection,
            period=population.period,
            report=report,
            region=region,
            least=least,
            most=most,
            released_at=at,
        )
        for region, least, most in told
    )


def _rows(population: Population) -> QuerySet[ReleasedRegion]:
    return ReleasedRegion.objects.filter(
        organisation=population.organisation, collection=population.collection, period=population.period
    )


def written(within: Within) -> str:
    """People as text, the same for the same people."""
    return json.dumps({name: sorted(leaves) for name, leaves in sorted(within)}, sort_keys=True)


def read(text: str) -> Within:
    """People who were ``written``."""
    return frozenset(
        (name, frozenset(chain.from_iterable(_SPLIT.get((name, leaf), (leaf,)) for leaf in leaves)))
        for name, leaves in json.loads(text).items()
    )
