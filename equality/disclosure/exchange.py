"""The exchange format ``sdc-audit/1``: what is wanted (RELEASE.json) and what was printed (PUBLISHED.json).

It lets the side that protects and the side that attacks be used, compared and checked alone: they share these
documents and nothing else. ``exchange_published`` and ``exchange_wanted`` read them; what is wrong with one is an
``exchange_faults``."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from math import prod
from typing import Any, Self

from equality.disclosure.policy import Policy

FORMAT = "sdc-audit/1"
MAIN = "main"
STOCK_FLOW = "stock_flow"
EVERY_LEAF = "*"
MOST_DECIMALS = 6  # of a number that need not be whole
# Up to so many combinations of codes, in all blocks together, everybody is looked at in all dimensions at once.
FEW_COMBINATIONS = 6_000

Key = tuple[str, ...]


@dataclass(frozen=True)
class Classification:
    """The codes of one dimension. ``leaves``: the finest, at least one. ``groups``: code to the leaves it sums; groups
    overlap freely."""

    leaves: Key
    groups: Mapping[str, Key] = field(default_factory=dict)

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """The leaves that every leaf or group code stands for."""
        return {leaf: frozenset({leaf}) for leaf in self.leaves} | {
            code: frozenset(leaves) for code, leaves in self.groups.items()
        }

    def within(self, code: str) -> Key:
        """The same in the order they were given."""
        return (code,) if code in self.leaves else self.groups[code]

    @property
    def codes(self) -> Key:
        """Leaves, then groups."""
        return (*self.leaves, *self.groups)


class Mode(StrEnum):
    """How a number was rounded: to the nearest multiple, a half upwards; or to one of the two it lies between."""

    NEAREST = "nearest"
    ADJACENT = "adjacent"


@dataclass(frozen=True, slots=True)
class Exact:
    """The count itself."""

    value: int

    @property
    def bounds(self) -> tuple[int, int | None]:
        return self.value, self.value


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Nothing but that there is a count."""

    @property
    def bounds(self) -> tuple[int, int | None]:
        return 0, None


@dataclass(frozen=True, slots=True)
class Range:
    """At least ``lo``, at most ``hi`` people; None: no limit."""

    lo: int
    hi: int | None

    @property
    def bounds(self) -> tuple[int, int | None]:
        return self.lo, self.hi


@dataclass(frozen=True, slots=True)
class Rounded:
    """A multiple of ``base`` that the count was rounded to."""

    value: int
    base: int
    mode: Mode

    @property
    def bounds(self) -> tuple[int, int | None]:
        below, above = (
            (self.base // 2, (self.base - 1) // 2) if self.mode is Mode.NEAREST else (self.base - 1, self.base - 1)
        )
        return max(0, self.value - below), self.value + above


@dataclass(frozen=True, slots=True)
class Percent:
    """The count in percent of another cell of the same table, rounded to ``dp`` decimals. ``of``: that cell's key."""

    percent: Decimal
    dp: int
    of: Key

    @property
    def bounds(self) -> tuple[int, int | None]:
        return 0, None


Form = Exact | Suppressed | Range | Rounded | Percent


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """``key``: one code for each of the table's dimensions. ``printed``: what a reader sees there."""

    key: Key
    printed: Form


@dataclass(frozen=True)
class PrintedTable:
    """``dims``: the names that keys follow. ``where``: one code of further dimensions that all its people share."""

    id: str
    block: str
    dims: Key
    cells: tuple[PrintedCell, ...]
    where: Mapping[str, str] = field(default_factory=dict)

    def codes(self, key: Key) -> dict[str, str]:
        """Dimension → code of one cell, with the codes all people of the table share."""
        return dict(zip(self.dims, key, strict=True)) | dict(self.where)


@dataclass(frozen=True)
class Link:
    """Two blocks count the same people at two times. ``joiners`` and ``leavers``: at least, at most so many came and
    went in between (None: no limit). ``fixed``: dimensions that cannot change for somebody who stays; None: all."""

    start: str
    end: str
    joiners: tuple[int, int | None]
    leavers: tuple[int, int | None]
    fixed: Key | None = None


@dataclass(frozen=True)
class Portion:
    """What is known of a part of some people, by dimension → code: between ``times`` the whole and ``least`` more, and
    ``times`` the whole and ``most`` more, are in it. People that were divided into quarters are an example."""

    block: str
    part: Mapping[str, str]
    whole: Mapping[str, str]
    times: Decimal
    least: Decimal
    most: Decimal


def joiners_between(start: str, end: str) -> str:
    """What those are called who joined between two blocks, as a block of their own."""
    return f"joiners {start} to {end}"


def leavers_between(start: str, end: str) -> str:
    """What those are called who left between two blocks."""
    return f"leavers {start} to {end}"


class PolicyForm(StrEnum):
    """How the protecting side is to print what may be told."""

    EXACT = "exact"
    NEAREST = "nearest"
    CONTROLLED = "controlled"
    RANGES = "ranges"


BASE = 5  # what is rounded to, where a document does not say


@dataclass(frozen=True, slots=True)
class ExchangePolicy:
    """What must hold. Counts 1 to ``k`` - 1 are small; nobody may bound one within less than ``min_width``.
    ``zero_ok``: zeros may be known. Where a document says it: ``form`` and ``base``, in which the protecting side
    prints; ``insider``, that the promise holds against the only member of a cell too; ``movers``, that it must not be
    certain that somebody of a group joined or left, unless at least k may have."""

    k: int
    min_width: int
    zero_ok: bool = True
    form: PolicyForm | None = None
    base: int | None = None
    insider: bool | None = None
    movers: bool | None = None

    @classmethod
    def of(cls, rules: Policy) -> Self:
        """What a policy of reports asks of counts."""
        form = PolicyForm(rules.form)
        base = rules.base if form in {PolicyForm.NEAREST, PolicyForm.CONTROLLED} else None
        return cls(
            rules.threshold, rules.width, not rules.zeros, form, base, insider=rules.insider, movers=rules.movers
        )

    @property
    def width(self) -> int:
        """How wide must stay open: no wider than the printed form itself leaves everything."""
        base = self.base or BASE
        printed = {PolicyForm.NEAREST: base - 1, PolicyForm.CONTROLLED: base - 1, PolicyForm.RANGES: self.k - 1}
        return min(self.min_width, printed.get(self.form or PolicyForm.EXACT, self.min_width))

    @property
    def unprinted(self) -> int:
        """How wide people must stay whom no table counts: as wide as a printed zero, which may contain them, unless it
        is nobody."""
        zero = ((self.base or BASE) - 1) // 2
        return min(self.width, zero) if self.form is PolicyForm.NEAREST and zero >= self.k else self.width


@dataclass(frozen=True)
class Published:
    """A PUBLISHED.json: all that somebody outside can know. ``special``: the answers of dimensions of which it may not
    be known, where the policy says so, that nobody gave them; None: every one."""

    dimensions: Mapping[str, Classification]
    tables: tuple[PrintedTable, ...]
    policy: ExchangePolicy
    links: tuple[Link, ...] = ()
    portions: tuple[Portion, ...] = ()
    special: Mapping[str, frozenset[str]] | None = None

    @cached_property
    def blocks(self) -> Key:
        """Populations that tables are about, in order of appearance."""
        return tuple(dict.fromkeys(table.block for table in self.tables))

    @cached_property
    def exactly(self) -> "Mapping[People, tuple[int, PrintedTable, PrintedCell]]":
        """People whose number is printed itself: how many, and the first cell that shows it."""
        found: dict[People, tuple[int, PrintedTable, PrintedCell]] = {}
        for table in self.tables:
            for cell in table.cells:
                low, high = self.bounds(cell.printed)
                if low == high and not isinstance(cell.printed, Percent):
                    people = people_of(self.dimensions, table.block, table.codes(cell.key))
                    found.setdefault(people, (low, table, cell))
        return found

    def zero_ok(self, people: "People") -> bool:
        """May it be known that these are nobody? Where zeros may not, still of those who gave no sensitive answer, and
        where it is printed that nobody is there of whom it could be told."""
        if self.policy.zero_ok:
            return True
        block, within = people
        others = block, frozenset((name, leaves) for name, leaves in within if not self._is_answer(name, leaves))
        return others == people or (others in self.exactly and self.exactly[others][0] == 0)

    def _is_answer(self, name: str, leaves: frozenset[str]) -> bool:
        return self.special is None or not leaves.isdisjoint(self.special.get(name, ()))

    def bounds(self, printed: Form) -> tuple[int, int | None]:
        """What a printed form says to a reader who knows the policy: at least, at most. Where small counts are hidden
        and others rounded, what is rounded is not small."""
        low, high = printed.bounds
        if self.policy.form is PolicyForm.NEAREST and isinstance(printed, Rounded) and printed.mode is Mode.NEAREST:
            some = high is not None and high >= self.policy.k
            if printed.value:
                return max(low, self.policy.k) if some else low, high
            return 0, high if some else 0
        return low, high


@dataclass(frozen=True)
class WantedTable:
    """``margins``: every leaf and every group code of each dimension, else leaves alone. ``block`` None: one table for
    every block."""

    id: str
    dims: Key
    margins: bool = True
    where: Mapping[str, str] = field(default_factory=dict)
    block: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A RELEASE.json. Secret: it holds records.

    ``records``: for every block one tuple of leaf codes a person, in the order of ``dims_order``. ``ids``: who each
    record is, in the same order, which links blocks; None where the document does not say. ``ledger``: what is out
    already."""

    dimensions: Mapping[str, Classification]
    dims_order: Key
    records: Mapping[str, list[Key]]
    ids: Mapping[str, list[str]] | None
    tables: tuple[WantedTable, ...]
    policy: ExchangePolicy
    links: tuple[Link, ...] = ()
    portions: tuple[Portion, ...] = ()
    ledger: Published | None = None


# Some people of one block: dimension → leaves, without dimensions of which all leaves count.
People = tuple[str, frozenset[tuple[str, frozenset[str]]]]


def are_few(sizes: Iterable[int], blocks: int) -> bool:
    """Are there so few combinations of dimensions of these sizes that both sides look at all of them together, whether
    or not a table does?"""
    return prod(sizes) * blocks <= FEW_COMBINATIONS


def people_of(dimensions: Mapping[str, Classification], block: str, codes: Mapping[str, str]) -> People:
    """The people of a cell. Two cells of the same people are one cell, whichever tables they stand in."""
    named = ((name, dimensions[name].members[code]) for name, code in codes.items())
    return block, frozenset((name, leaves) for name, leaves in named if len(leaves) < len(dimensions[name].leaves))


def published_document(published: Published) -> str:
    """The PUBLISHED.json that reads as the same. A cell stands on a line, so that two documents can be compared."""
    said = {
        "format": FORMAT,
        "dimensions": {name: _classification_said(c) for name, c in published.dimensions.items()},
        "links": [_link_said(link) for link in published.links],
        "protect": _policy_said(published.policy),
    }
    said |= {"portions": [_portion_said(portion) for portion in published.portions]} if published.portions else {}
    head = ",\n".join(f"{_text(name)}: {_text(value)}" for name, value in said.items())
    tables = ",\n".join(map(_table_text, published.tables))
    return f'{{{head},\n"tables": [\n{tables}\n]}}\n'


def _classification_said(classification: Classification) -> dict[str, Any]:
    return {
        "leaves": list(classification.leaves),
        "groups": {
            code: EVERY_LEAF if set(leaves) == set(classification.leaves) else list(leaves)
            for code, leaves in classification.groups.items()
        },
    }


def _link_said(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": STOCK_FLOW, "from": link.start, "to": link.end}
    said |= {"joiners": list(link.joiners), "leavers": list(link.leavers)}
    return said if link.fixed is None else said | {"fixed": list(link.fixed)}


def _portion_said(portion: Portion) -> dict[str, Any]:
    numbers = {name: float(getattr(portion, name)) for name in ("times", "least", "most")}
    return {"block": portion.block, "part": dict(portion.part), "whole": dict(portion.whole)} | numbers


def _policy_said(policy: ExchangePolicy) -> dict[str, Any]:
    return {name: value for name, value in asdict(policy).items() if value is not None}


def _table_text(table: PrintedTable) -> str:
    said: dict[str, Any] = {"id": table.id, "block": table.block, "dims": list(table.dims)}
    said |= {"where": dict(table.where)} if table.where else {}
    cells = ",\n".join(_text(_cell_said(cell)) for cell in table.cells)
    return f'{_text(said)[:-1]}, "cells": [\n{cells}\n]}}'


def _cell_said(cell: PrintedCell) -> dict[str, Any]:
    key = {"key": list(cell.key)}
    match cell.printed:
        case Exact(value):
            return key | {"value": value}
        case Suppressed():
            return key | {"suppressed": True}
        case Range(lo, hi):
            return key | {"lo": lo, "hi": hi}
        case Rounded(value, base, mode):
            return key | {"rounded": value, "base": base, "mode": mode}
        case Percent(percent, dp, of):
            return key | {"percent": float(percent), "dp": dp, "of": list(of)}


def _text(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, allow_nan=False)
