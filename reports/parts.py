"""Reports of an organisation and of its parts about the same quarter: a reader can take the parts from the whole.

Whoever works for a part works for the whole, on the same day and with the same answers. So those of the whole who are
in no part are people whom both reports tell of, though no table counts them. The attacker is given the reports as two
populations: the parts, and the whole that only others joined. Parts are added up where all print a number.

Units of the one are seldom those of the other, and quarters of pay are quarters of other people: tables of what is not
alike are left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from equality.disclosure.attack import Attacked, Contradictory, attack
from equality.disclosure.exchange import (
    Classification,
    Exact,
    ExchangePolicy,
    Form,
    Key,
    Link,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Suppressed,
    joiners_between,
)
from equality.tables import TOTAL
from monitoring.figures.counting import PAY
from monitoring.organisations.models import Organisation
from reports.attacking import published_of
from reports.models import Report
from reports.reading import Document, name_of, period_of, policy_of, special_answers
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
    own = {organisation.name: document}
    for above in organisation.above():
        if above.pk in published:
            whole = above.name, published[above.pk]
            yield Taken(whole, own)
            others = _named(above.outermost(published, apart_from=organisation), published)
            if others:
                yield Taken(whole, own | others)
    for part in organisation.below().filter(pk__in=published):
        yield Taken((organisation.name, document), _named([part], published))
    parts = organisation.outermost(published)
    if len(parts) > 1:
        yield Taken((organisation.name, document), _named(parts, published))


def _named(organisations: Iterable[Organisation], published: Mapping[int, Document]) -> dict[str, Document]:
    return {one.name: published[one.pk] for one in organisations}


def every_way(whole: Document, parts: Sequence[Document]) -> Iterator[Taken]:
    """How reports about parts can be taken from that about their whole: each alone, and all together."""
    named = {name_of(part): part for part in parts}
    for name, part in named.items():
        yield Taken((name_of(whole), whole), {name: part})
    if len(named) > 1:
        yield Taken((name_of(whole), whole), named)


def attack_parts(document: Document, taken: Taken) -> tuple[Published, Attacked] | None:
    """What a whole and its parts are together, and give away of the people who are in no part, and of the others;
    ``document`` is the one that asks, whose policy holds. None where nobody can take the one from the other."""
    published = _as_two_populations(document, taken)
    try:
        return (published, attack(published, exact=False)) if published else None
    except Contradictory:
        return None


def _as_two_populations(document: Document, taken: Taken) -> Published | None:
    """The parts, and the whole that only others joined. None where the parts have people that the whole has not."""
    name, whole = taken.whole
    read = [published_of(one) for one in (whole, *taken.parts.values())]
    dimensions = _alike([one.dimensions for one in read])
    counted, *parts = (_counted(one, period_of(document), dimensions) for one in read)
    added = _added_up(parts)
    of_parts, of_whole = _total(added), _total(counted)
    joined: tuple[int, int | None] = (0, None)
    if of_parts and of_whole:
        joined = max(0, of_whole[0] - of_parts[1]), of_whole[1] - of_parts[0]
        if joined[1] < 0:
            return None
    tables = (
        *(replace(table, block=taken.together) for table in added),
        *(replace(table, block=name) for table in counted),
    )
    link = Link(taken.together, name, joined, (0, 0))
    policy, special = ExchangePolicy.of(policy_of(document)), special_answers(dimensions)
    return Published(dimensions, tables, policy, (link,), special=special)


def _published(report: Report) -> dict[int, Document]:
    """The newest reports about the same quarter of organisations that share people, or a whole, with this one's."""
    of_quarter = Report.objects.newest().filter(code=report.code, period=report.period)
    around = report.organisation.around(set(of_quarter.values_list("organisation", flat=True)))
    found = Report.objects.filter(pk__in=of_quarter.filter(organisation__in=around).values("pk"))
    return dict(found.values_list("organisation", "contents"))


def _alike(documents: Sequence[Mapping[str, Classification]]) -> dict[str, Classification]:
    """Dimensions that all documents have, in the same categories."""
    first, *others = documents
    return {
        name: dimension
        for name, dimension in first.items()
        if name != PAY and all(other.get(name) == dimension for other in others)
    }


def _counted(published: Published, period: str, dimensions: Collection[str]) -> list[PrintedTable]:
    """The tables about a quarter that are of these dimensions alone."""
    return [
        table for table in published.tables if table.block == period and {*table.dims, *table.where} <= set(dimensions)
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
    known = [limits for form in forms if (limits := _limits(form))]
    if len(known) < parts:
        return Suppressed()
    least, most = (sum(ends) for ends in zip(*known, strict=True))
    return Exact(least) if least == most else Range(least, most)


def _total(tables: Iterable[PrintedTable]) -> tuple[int, int] | None:
    """At least, at most everybody, where that is printed; as closely as it is."""
    printed = (cell.printed for table in tables for cell in table.cells if set(cell.key) == {TOTAL} and not table.where)
    return min(filter(None, map(_limits, printed)), key=lambda ends: ends[1] - ends[0], default=None)


def _limits(form: Form) -> tuple[int, int] | None:
    """At least, at most so many; None where a form says no such thing."""
    low, high = form.bounds
    return None if high is None else (low, high)
