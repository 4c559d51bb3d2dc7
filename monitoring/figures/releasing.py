"""Releasing: from exact tables to tables that may be shown, beside what has been shown before."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from typing import Any

from django.conf import settings

from equality.characteristics import VARIABLES, special_categories
from equality.disclosure.certificate import Certificate
from equality.disclosure.facts import still_true
from equality.disclosure.policy import Policy, policy
from equality.disclosure.price import ReleasePrice, price_of
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import (
    Ratio,
    Region,
    Release,
    TableSpec,
    Told,
    involved_in,
    linked,
    region_of,
)
from equality.disclosure.witnesses import Watch, unwatched
from equality.measures.pay_quarters import beyond_a_quarter
from equality.tables import ASKED, DECLARED, TOTAL
from monitoring.figures.containing import Beside, beside
from monitoring.figures.counting import PAY, PAY_QUARTERS, People, keys_of, people_of, references_of
from monitoring.figures.ledger import Population, remembered, written
from monitoring.figures.linking import Stayers, stayers
from monitoring.submissions.models import Submission
from monitoring.vault import seals
from monitoring.vault.documents import open_document, seal_document
from monitoring.vault.models import SealedDocument

WORTH_OF_TOTALS = 30.0  # a report is read for its totals first


def report_policy() -> Policy:
    """The policy that reports are protected under from now on. Raises UnknownPolicy."""
    return policy(settings.REPORT_POLICY)


@dataclass(frozen=True)
class Quarters:
    """An organisation's people in several quarters, presented alike, and how those who stayed link them. ``told``:
    what is public of them. ``unlinked``: pairs of quarters that could not be linked person by person. ``beside``:
    organisations that contain this one, or that it contains, in the newest quarter."""

    people: Mapping[str, People]
    links: Mapping[tuple[str, str], Stayers]
    told: Mapping[Region, Sequence[Told]]
    hidden: frozenset[Region]
    unlinked: tuple[tuple[str, str], ...]
    beside: Sequence[Beside] = ()

    @property
    def others(self) -> list[str]:
        """Names of the organisations that something was told of beside this one."""
        return sorted({name for one in self.beside for name in one.others})


def together(now: Submission, before: Submission | None, also: Sequence[Submission] = ()) -> Quarters:
    """The people of a quarter, with those of the quarter before and of quarters that were told of. All accepted."""
    submissions = {s.period: s for s in sorted((now, *filter(None, (before,)), *also), key=lambda s: s.period)}
    keys = {period: keys_of(submission) for period, submission in submissions.items()}
    people = {
        period: people_of(submission, _others(keys, period)) for period, submission in submissions.items()
    }  # fmt: skip
    references = {period: references_of(submission) for period, submission in submissions.items()}
    links, unlinked = {}, []
    for start, end in pairwise(submissions):
        linked_up = stayers(people[start], people[end], references[start], references[end])
        if linked_up is None:
            unlinked.append((start, end))
        else:
            links[start, end] = linked_up
    known = [remembered(Population(now.organisation, now.collection, period)) for period in submissions]
    told = {region: said for one in known for region, said in one.told.items()}
    hidden = frozenset().union(*(one.hidden for one in known))
    population = Population(now.organisation, now.collection, now.period)
    return Quarters(people, links, told, hidden, tuple(unlinked), beside(population, people[now.period]))


def alone(people: People, population: Population) -> Quarters:
    """One quarter by itself, with what is public of it."""
    known = remembered(population)
    return Quarters({population.period: people}, {}, known.told, known.hidden, (), beside(population, people))


def _others(keys: Mapping[str, Mapping[str, Sequence[str]]], period: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for other, columns in keys.items():
        if other != period:
            for name, values in columns.items():
                found.setdefault(name, []).extend(values)
    return found


def release(quarters: Quarters, tables: Sequence[TableSpec], policy: Policy, *, watch: Watch = unwatched) -> Protected:
    """Protect tables of one quarter or several together, and together with all that was published before."""
    return protect(_release(quarters, tables, policy), policy, watch=watch)


def price(
    quarters: Quarters, tables: Sequence[TableSpec], policy: Policy, protected: Protected, *, watch: Watch = unwatched
) -> ReleasePrice:
    """What tables that were protected so cost, and what they would cost with one of them otherwise."""
    return price_of(_release(quarters, tables, policy), policy, protected, watch=watch)


def seal_certificate(certificate: Certificate, *, at: datetime) -> SealedDocument:
    """Keep the proof of a release: with the numbers that are printed, it tells those that are hidden."""
    return seal_document(json.dumps(certificate.as_json()).encode(), at=at)


def open_certificate(document: SealedDocument) -> Certificate:
    """The proof of a release, to be worked out again. Raises SealBroken and OutdatedCertificate."""
    return Certificate.from_json(json.loads(open_document(document)))


def destroy_certificate(document: SealedDocument | None) -> None:
    """The proof of a draft that another took the place of."""
    seals.erase(document)


def _release(quarters: Quarters, tables: Sequence[TableSpec], policy: Policy) -> Release:
    people, newest = quarters.people, tables[0].block
    known = set(people[newest].dimensions)
    told = {region: said for region, said in quarters.told.items() if {name for name, _ in region.within} <= known}
    hidden = {region: [Told()] for region in quarters.hidden if {name for name, _ in region.within} <= known}
    if not policy.exact:  # a report names the size of the file that it was made from
        told |= {Region(period, frozenset()): [Told(own.size, own.size)] for period, own in people.items()}
    for one in quarters.beside:
        told[Region(one.block, frozenset())] = [Told(one.size, one.size)]
        # Of fewer people no group can stay as wide open as a hidden number. What movers are promised holds for them.
        told |= {region: [Told()] for region in one.groups if one.size >= policy.width}
        told |= {region: [said] for region, said in one.told.items()}
    public = told | {region: said for region, said in hidden.items() if region not in told}
    steady = [frozenset(link.steady) for link in quarters.links.values()]
    sets = linked(
        [*involved_in(tables, public), *steady], people[newest].dimensions, len(people) + len(quarters.beside)
    )
    # Of what was not collected in a quarter nothing was told, and what was told of the rest stays linked.
    counts = {
        period: cache(partial(one.table_of, people[newest].dimensions, asked=one.dimensions))
        for period, one in people.items()
    }
    involved = {name for names in sets for name in names}
    draft = Release(
        dimensions={name: dimension for name, dimension in people[newest].dimensions.items() if name in involved},
        tables=tables,
        sets=sets,
        people=counts | {one.block: one.counts for one in quarters.beside},
        flows=[link.flow(start, end) for (start, end), link in quarters.links.items()],
        inside=[(one.block, newest) for one in quarters.beside if one.inside],
        combined={one.combined: [(newest, 1), (one.block, one.sign)] for one in quarters.beside},
        elsewhere=frozenset(one.block for one in quarters.beside),
        ratios=[
            *(ratio for table in tables for ratio in _told_by_splitting(people[table.block], table, policy)),
            *(ratio for period in (people if PAY in involved else ()) for ratio in _equal_quarters(period)),
        ],
        hidden_before=frozenset(_carried_over(quarters.hidden, newest)),
        worth_of_totals=WORTH_OF_TOTALS,
        special=special_categories(involved),
    )
    return replace(draft, told=still_true(draft, public))


def _told_by_splitting(people: People, table: TableSpec, policy: Policy) -> Iterator[Ratio]:
    """That a characteristic is split, or is not, tells whether enough of those who were asked declared."""
    (name, *more) = table.involved
    if more or not (name in VARIABLES and VARIABLES[name].characteristic):
        return
    dimension, share = people.dimensions[name], policy.declared / 100
    asked = ASKED if ASKED in dimension.groups else TOTAL
    part, whole = (region_of({name: dimension}, table, (code,)) for code in (DECLARED, asked))
    if not table.too_few:
        yield Ratio(part, whole, share, 1.0)
    elif people.table((name,)).count(**{name: asked}) >= policy.asked:
        yield Ratio(part, whole, 0.0, share)


def _equal_quarters(period: str) -> Iterator[Ratio]:
    """That the quarters of pay are equally large, as far as whole people allow."""
    given = Region(period, frozenset({(PAY, frozenset(PAY_QUARTERS))}))
    for quarter, (less, more) in beyond_a_quarter().items():
        part = Region(period, frozenset({(PAY, frozenset({quarter.upper()}))}))
        yield Ratio(part, given, 1 / 4, 1 / 4, float(less), float(more))


def _carried_over(hidden: frozenset[Region], period: str) -> Iterator[Region]:
    """What was hidden of any quarter is hidden again where that costs little: who compares learns least."""
    for region in hidden:
        yield region._replace(block=period)


def telling(protected: Protected, periods: Sequence[str]) -> list[dict[str, Any]]:
    """What publishing would tell of each quarter, as ``remember`` takes it and JSON can keep it."""
    return [
        {
            "period": period,
            "shown": {
                written(region.within): said.low if said.exact else [said.low, said.high]
                for region, said in protected.told.items()
                if region.block == period
            },
            "hidden": sorted(written(region.within) for region in protected.hidden if region.block == period),
        }
        for period in periods
    ]
