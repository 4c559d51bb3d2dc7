"""Protection by itself: from the records of a RELEASE.json to the tables of a PUBLISHED.json."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product

import numpy as np

from equality.disclosure.exchange import (
    BASE,
    Classification,
    Exact,
    ExchangePolicy,
    Form,
    Key,
    Link,
    Mode,
    Percent,
    PolicyForm,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Rounded,
    Suppressed,
    Wanted,
    people_of,
)
from equality.disclosure.facts import Contradiction
from equality.disclosure.policy import Form as PrintedAs
from equality.disclosure.policy import Policy
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import (
    Flow,
    Ratio,
    Region,
    Release,
    TableSpec,
    Told,
    involved_in,
    linked,
    links_of,
)
from equality.disclosure.safe import Cell, SafeTable
from equality.disclosure.witnesses import Watch, unwatched
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table


def publish(wanted: Wanted, *, watch: Watch = unwatched) -> tuple[Published, Protected]:
    """What may be published of a document, and how it was protected. Raises as ``protect`` does."""
    release = release_of(wanted)
    protected = protect(release, policy_of(wanted.policy), watch=watch)
    policy = wanted.policy
    mode = Mode.ADJACENT if policy.form is PolicyForm.CONTROLLED else Mode.NEAREST
    tables = (printed(table, base=policy.base or BASE, mode=mode) for table in protected.tables.values())
    named = tuple(replace(table, id=table.id.removeprefix(f"{table.block}/")) for table in tables)
    out = Published(wanted.dimensions, named, policy, links_of(release.flows), wanted.portions)
    return out, protected


def policy_of(rules: ExchangePolicy) -> Policy:
    """The policy that a document asks for."""
    form = PrintedAs(rules.form or PolicyForm.EXACT)
    base = rules.base or BASE
    return Policy(
        code="document",
        label="The policy of a document",
        dated="",
        source="the document",
        threshold=rules.k,
        width=rules.width,
        form=form,
        base=base if form in {PrintedAs.NEAREST, PrintedAs.CONTROLLED} else 1,
        ranges=(0, rules.k, 2 * rules.k) if form is PrintedAs.RANGES else (),
        zeros=not rules.zero_ok,
        insider=bool(rules.insider),
        movers=bool(rules.movers),
    )


def release_of(wanted: Wanted) -> Release:
    """The release that a document describes. Raises Contradiction where the records do not fit the links."""
    dimensions = {name: _dimension(name, wanted.dimensions[name]) for name in wanted.dims_order}
    tables = list(_specs(wanted))
    told, ratios = _ledger(wanted.ledger) if wanted.ledger else ({}, [])
    ratios += [_ratio(wanted.dimensions, portion) for portion in wanted.portions]
    public = {*told, *(ratio.part for ratio in ratios), *(ratio.whole for ratio in ratios)}
    steady = [_steady(wanted, link) for link in wanted.links]
    together = [*involved_in(tables, public), *map(frozenset, steady)]
    sets = linked(together, dimensions, len(wanted.records))
    everything = {name for names in sets for name in names}
    steady = [tuple(name for name in names if name in everything) for names in steady]
    return Release(
        dimensions=dimensions,
        tables=tables,
        sets=sets,
        people={block: cache(partial(_count, dimensions, records)) for block, records in _records(wanted)},
        flows=[_flow(wanted, link, dimensions, fixed) for link, fixed in zip(wanted.links, steady, strict=True)],
        told=told,
        ratios=ratios,
        hidden_before=frozenset(region for region, said in told.items() if said == Told()),
        special=frozenset(wanted.dims_order),
        silence_known=frozenset(),
    )


def _dimension(name: str, categories: Classification) -> Dimension:
    """Nothing of a document's codes is taken to mean that somebody did not answer."""
    groups = {**categories.groups, DECLARED: categories.leaves, NOT_DECLARED: (), TOTAL: categories.leaves}
    labels = {code: code for code in (*categories.leaves, *groups)}
    return Dimension(name, name, categories.leaves, groups, labels)


def _specs(wanted: Wanted) -> Iterator[TableSpec]:
    for table in wanted.tables:
        for block in wanted.records if table.block is None else (table.block,):
            codes = {
                name: wanted.dimensions[name].codes if table.margins else wanted.dimensions[name].leaves
                for name in table.dims
            }
            yield TableSpec(f"{block}/{table.id}", codes, dict(table.where), block=block)


def _records(wanted: Wanted) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for block, records in wanted.records.items():
        yield block, [dict(zip(wanted.dims_order, record, strict=True)) for record in records]


def _count(dimensions: Mapping[str, Dimension], records: Sequence[Mapping[str, str]], names: Key) -> Table:
    used = tuple(dimensions[name] for name in names)
    counts = np.zeros(tuple(len(dimension.leaves) for dimension in used), dtype=np.int64)
    for record in records:
        counts[tuple(dimension.position[record[dimension.code]] for dimension in used)] += 1
    return Table(used, counts)


def _steady(wanted: Wanted, link: Link) -> Key:
    """What indeed nobody who stayed changed, of what the link says cannot change."""
    fixed = wanted.dims_order if link.fixed is None else link.fixed
    if wanted.ids is None:
        return tuple(fixed)
    after = dict(zip(wanted.ids[link.end], wanted.records[link.end], strict=True))
    pairs = [
        (record, after[person])
        for person, record in zip(wanted.ids[link.start], wanted.records[link.start], strict=True)
        if person in after
    ]
    place = {name: at for at, name in enumerate(wanted.dims_order)}
    return tuple(name for name in fixed if all(was[place[name]] == now[place[name]] for was, now in pairs))


def _flow(wanted: Wanted, link: Link, dimensions: Mapping[str, Dimension], fixed: Key) -> Flow:
    came, went = _movements(wanted, link, fixed)
    joiners, leavers = (
        _between(limits, len(people), what)
        for limits, people, what in ((link.joiners, came, "joined"), (link.leavers, went, "left"))
    )
    return Flow(
        link.start,
        link.end,
        joiners,
        leavers,
        fixed,
        cache(partial(_count, dimensions, came)),
        cache(partial(_count, dimensions, went)),
    )


def _between(limits: tuple[int, int | None], people: int, what: str) -> tuple[int, int]:
    low, high = limits
    if people < low or (high is not None and people > high):
        raise Contradiction(f"As many people as the link says cannot have {what}.")
    return low, people if high is None else high


def _movements(wanted: Wanted, link: Link, fixed: Key) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Who came and who went, by what is fixed. Where records do not say who they are: as few as explain the
    difference, and as many more of each as the link asks for."""
    records = dict(_records(wanted))
    start, end = records[link.start], records[link.end]
    if wanted.ids is not None:
        before, after = set(wanted.ids[link.start]), set(wanted.ids[link.end])
        came = [record for person, record in zip(wanted.ids[link.end], end, strict=True) if person not in before]
        went = [record for person, record in zip(wanted.ids[link.start], start, strict=True) if person not in after]
        return came, went
    was, now = (Counter(tuple(record[name] for name in fixed) for record in records) for records in (start, end))
    joined, left = now - was, was - now
    more = max(link.joiners[0] - joined.total(), link.leavers[0] - left.total(), 0)
    stayed = list((was & now).elements())[:more]
    both = [list((moved + Counter(stayed)).elements()) for moved in (joined, left)]
    came, went = ([dict(zip(fixed, codes, strict=True)) for codes in people] for people in both)
    return came, went


def _ledger(published: Published) -> tuple[dict[Region, Told], list[Ratio]]:
    """Every fact that is out: counts and ranges by region, and percentages."""
    told: dict[Region, Told] = {}
    ratios = []
    for table in published.tables:
        for cell in table.cells:
            region = Region(*people_of(published.dimensions, table.block, table.codes(cell.key)))
            if isinstance(cell.printed, Percent):
                whole = Region(*people_of(published.dimensions, table.block, table.codes(cell.printed.of)))
                percent, reach = float(cell.printed.percent), 0.5 * 10**-cell.printed.dp
                ratios.append(Ratio(region, whole, (percent - reach) / 100, (percent + reach) / 100))
                continue
            low, high = published.bounds(cell.printed)
            told[region] = told.get(region, Told()).and_also(Told(low, high))
    return told, ratios + [_ratio(published.dimensions, portion) for portion in published.portions]


def _ratio(dimensions: Mapping[str, Classification], portion: Portion) -> Ratio:
    part, whole = (Region(*people_of(dimensions, portion.block, codes)) for codes in (portion.part, portion.whole))
    times = float(portion.times)
    return Ratio(part, whole, times, times, float(portion.least), float(portion.most))


def printed(table: SafeTable, *, base: int = 1, mode: Mode = Mode.NEAREST) -> PrintedTable:
    """A table as a document prints it. ``base`` and ``mode``: how its counts are rounded, if they are."""
    return PrintedTable(
        id=table.id,
        block=table.block,
        dims=tuple(table.codes),
        where=dict(table.where),
        cells=tuple(PrintedCell(key, _form(table.cell(*key), base, mode)) for key in product(*table.codes.values())),
    )


def classified(dimensions: Mapping[str, Dimension]) -> dict[str, Classification]:
    """Dimensions as a document gives them."""
    return {
        name: Classification(dimension.leaves, {code: tuple(leaves) for code, leaves in dimension.groups.items()})
        for name, dimension in dimensions.items()
    }


def _form(cell: Cell, base: int, mode: Mode) -> Form:
    if cell.status is not None:
        return Suppressed()
    if cell.value is None:
        return Range(cell.low or 0, cell.high)
    return Exact(cell.value) if cell.low in (None, cell.high) else Rounded(cell.value, base, mode)
