"""Reports of an organisation and of its parts about the same quarter: a reader can take the parts from the whole.

Whoever works for a part works for the whole, on the same day and with the same answers. So those of the whole who are
in no part are people whom both reports tell of, though no table counts them. The attacker is given the reports as two
populations: the parts, and the whole that only others joined. Parts are added up where all print a number.

Units of the one are not those of the other, and quarters of pay are quarters of other people: tables of these are left
to the report that they stand in."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from equality.disclosure.attack import Attacked, Contradictory, attack
from equality.disclosure.exchange import (
    Exact,
    Form,
    Key,
    Link,
    PrintedCell,
    PrintedTable,
    Published,
    Suppressed,
    joiners_between,
)
from equality.tables import TOTAL
from monitoring.figures.counting import PAY
from monitoring.organisations.models import Organisation
from reports.attacking import published_of
from reports.models import Report
from reports.reading import Document, period_of
from reports.wording import listed


class Taken(NamedTuple):
    """A report from which those of ``parts`` can be taken: names of organisations with their documents."""

    whole: tuple[str, Document]
    parts: Mapping[str, Document]

    @property
    def together(self) -> str:
        """The parts, in words."""
        return listed(list(self.parts))

    @property
    def named(self) -> dict[str, str]:
        """What the people of the whole who are in no part are called."""
        return {joiners_between(self.together, self.whole[0]): f"{self.whole[0]} without {self.together}"}


def to_be_taken(report: Report, document: Document) -> Iterator[Taken]:
    """Whole and parts that a reader of a report can take from each other, with what was published about the same
    quarter: each part alone, and all of them together."""
    organisation = report.organisation
    published = _published(report)
    own = {organisation.pk: document}
    for above in _above(organisation):
        if above.pk in published:
            yield _taken(above, published[above.pk], own)
            beside = _outermost(above, published, leaving_out={organisation.pk, *_ids_around(organisation)})
            if beside:
                yield _taken(above, published[above.pk], own | beside)
    inside = _ids_below(organisation)
    for pk, part in published.items():
        if pk in inside:
            yield _taken(organisation, document, {pk: part})
    below = _outermost(organisation, published)
    if len(below) > 1:
        yield _taken(organisation, document, below)


def attack_parts(document: Document, taken: Taken) -> Attacked | None:
    """What a whole and its parts give away together of the people who are in no part, and of the others; ``document``
    is the one that asks, whose policy holds. None where the parts have people that the whole has not: nobody can take
    the one from the other."""
    own = published_of(document)
    whole_name, whole = taken.whole
    counted = _counted(whole, whole_name, own)
    added = _added_up([_counted(part, taken.together, own) for part in taken.parts.values()])
    totals = [_total(tables) for tables in (added, counted)]
    if None in totals:
        joined: tuple[int, int | None] = (0, None)
    elif (others := (totals[1] or 0) - (totals[0] or 0)) < 0:
        return None
    else:
        joined = (others, others)
    link = Link(taken.together, whole_name, joined, (0, 0))
    published = Published(own.dimensions, (*added, *counted), own.policy, (link,))
    try:
        return attack(published, exact=False)
    except Contradictory:
        return None


def published_around(report: Report) -> set[UUID]:
    """Published reports that one is attacked together with: those of its organisation, and those of others that have
    people in common with it about the same quarter."""
    own = Report.objects.published().filter(organisation=report.organisation)
    return set(own.values_list("pk", flat=True)) | set(_beside(report).values_list("pk", flat=True))


def nobody_else_publishes(report: Report) -> None:
    """From here to the end of the transaction, no report of an organisation that could have people in common with
    this one's."""
    top = [report.organisation, *_above(report.organisation)][-1]
    Organisation.objects.select_for_update().get(pk=top.pk)


def _beside(report: Report) -> QuerySet[Report]:
    """The newest reports about the same quarter of organisations that contain this one's, or are contained with it."""
    around = _ids_around(report.organisation).union(*map(_ids_below, _above(report.organisation)))
    around -= {report.organisation.pk}
    return Report.objects.newest().filter(organisation__in=around, code=report.code, period=report.period)


def _published(report: Report) -> dict[int, Document]:
    found = Report.objects.filter(pk__in=_beside(report).values("pk")).order_by("organisation__name")
    return {pk: contents for pk, contents in found.values_list("organisation", "contents") if contents}


def _taken(whole: Organisation, document: Document, parts: Mapping[int, Document]) -> Taken:
    names = dict(Organisation.objects.filter(pk__in=parts).values_list("pk", "name"))
    return Taken((whole.name, document), {names[pk]: part for pk, part in parts.items()})


def _above(organisation: Organisation) -> list[Organisation]:
    found = []
    while (parent := organisation.parent) is not None:
        found.append(parent)
        organisation = parent
    return found


def _ids_below(organisation: Organisation) -> set[int]:
    everything = Organisation.objects.covered_by({organisation.pk}).values_list("pk", flat=True)
    return set(everything) - {organisation.pk}


def _ids_around(organisation: Organisation) -> set[int]:
    """What contains an organisation, and what it contains."""
    return {one.pk for one in _above(organisation)} | _ids_below(organisation)


def _outermost(
    whole: Organisation, published: Mapping[int, Document], leaving_out: Collection[int] = ()
) -> dict[int, Document]:
    """Published parts of a whole that have no one in common: those that no other published part contains."""
    inside = (_ids_below(whole) & published.keys()) - set(leaving_out)
    contained = set().union(*(_ids_below(one) for one in Organisation.objects.filter(pk__in=inside)))
    return {pk: published[pk] for pk in published if pk in inside - contained}


def _counted(document: Document, name: str, own: Published) -> list[PrintedTable]:
    """The tables of a document that can be set beside those of another, as a population of that name."""
    published = published_of(document)
    return [
        replace(table, block=name)
        for table in published.tables
        if table.block == period_of(document)
        and PAY not in {*table.dims, *table.where}
        and all(published.dimensions[used] == own.dimensions.get(used) for used in (*table.dims, *table.where))
    ]


def _added_up(parts: Sequence[Sequence[PrintedTable]]) -> list[PrintedTable]:
    """Tables that every part has, with the sums of what all of them print. One part alone as it is."""
    if len(parts) == 1:
        return list(parts[0])
    cells: dict[tuple[str, Key], dict[Key, list[Form]]] = {}
    for table in chain.from_iterable(parts):
        for cell in table.cells:
            cells.setdefault((table.id, table.dims), {}).setdefault(cell.key, []).append(cell.printed)
    return [
        replace(table, cells=tuple(PrintedCell(key, _sum(forms, len(parts))) for key, forms in found.items()))
        for table in parts[0]
        if (found := cells[table.id, table.dims])
    ]


def _sum(forms: Iterable[Form], parts: int) -> Form:
    exact = [form.value for form in forms if isinstance(form, Exact)]
    return Exact(sum(exact)) if len(exact) == parts else Suppressed()


def _total(tables: Iterable[PrintedTable]) -> int | None:
    """Everybody, where that is printed."""
    printed = (cell.printed for table in tables for cell in table.cells if set(cell.key) == {TOTAL} and not table.where)
    return next((form.value for form in printed if isinstance(form, Exact)), None)
