"""The exchange format ``sdc-audit/1``: what is wanted (RELEASE.json) and what was printed (PUBLISHED.json).

It lets the side that protects and the side that attacks be used, compared and checked alone: they share these
documents and nothing else. Reading is strict. Every fault of a document is told at once, by a code that never changes,
the place, what was expected and what to do next; never with a value of a record."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

FORMAT = "sdc-audit/1"
MAIN = "main"
STOCK_FLOW = "stock_flow"
MOST = 10**9  # people; sums of counts and of percentages of them stay exact in 64 bits
MOST_DECIMALS = 6
EVERY_LEAF = "*"
STOCK_FLOW = "stock_flow"
MOST = 10**9  # people; sums of counts and of percentages of them stay exact in 64 bits
MOST_DECIMALS = 6

Key = tuple[str, ...]
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. ``code`` never changes. ``where``: the place, like ``tables[3].cells[0].key``. ``what`` is
    wrong, what was ``expected``, and what to do ``next``. Never repeats a value."""

    code: str
    where: str
    what: str
    expected: str
    next: str

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.what} Expected: {self.expected} {self.next}"

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("code", "where", "what", "expected", "next")}


class BadDocument(ValueError):
    """A document that cannot be used. ``faults``: everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


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

    @property
    def low(self) -> int:
        """What the printed form says by itself: at least so many people."""
        return self.printed.bounds[0]

    @property
    def high(self) -> int | None:
        """At most so many people; None: no limit."""
        return self.printed.bounds[1]


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


class PolicyForm(StrEnum):
    """How the protecting side is to print what may be told."""

    EXACT = "exact"
    NEAREST = "nearest"
    CONTROLLED = "controlled"
    RANGES = "ranges"


@dataclass(frozen=True, slots=True)
class ExchangePolicy:
    """What must hold. Counts 1 to ``k`` - 1 are small; nobody may bound one within less than ``min_width``.
    ``zero_ok``: zeros may be known. Where a document says it: ``form`` and ``base``, in which the protecting side
    prints, and ``insider``, that the promise holds against the only member of a cell too."""

    k: int
    min_width: int
    zero_ok: bool = True
    form: PolicyForm | None = None
    base: int | None = None
    insider: bool | None = None


@dataclass(frozen=True)
class Published:
    """A PUBLISHED.json: all that somebody outside can know."""

    dimensions: Mapping[str, Classification]
    tables: tuple[PrintedTable, ...]
    policy: ExchangePolicy
    links: tuple[Link, ...] = ()

    @cached_property
    def blocks(self) -> Key:
        """Populations that tables are about, in order of appearance."""
        return tuple(dict.fromkeys(table.block for table in self.tables))


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
    ledger: Published | None = None


# Some people of one block: dimension → leaves, without dimensions of which all leaves count.
People = tuple[str, frozenset[tuple[str, frozenset[str]]]]


def people_of(dimensions: Mapping[str, Classification], block: str, codes: Mapping[str, str]) -> People:
    """The people of a cell. Two cells of the same people are one cell, whichever tables they stand in."""
    named = ((name, dimensions[name].members[code]) for name, code in codes.items())
    return block, frozenset((name, leaves) for name, leaves in named if len(leaves) < len(dimensions[name].leaves))


def read_published(text: str | bytes) -> Published:
    """A PUBLISHED.json. Raises BadDocument."""
    reading = _Reading()
    found = _published(reading, reading.json(text), "")
    return reading.finished(found)


def read_wanted(text: str | bytes) -> Wanted:
    """A RELEASE.json. Raises BadDocument."""
    reading = _Reading()
    found = _wanted(reading, reading.json(text))
    return reading.finished(found)


def published_document(published: Published) -> str:
    """The PUBLISHED.json that reads as the same. A cell stands on a line, so that two documents can be compared."""
    said = {
        "format": FORMAT,
        "dimensions": {name: _classification_said(c) for name, c in published.dimensions.items()},
        "links": [_link_said(link) for link in published.links],
        "protect": _policy_said(published.policy),
    }
    head = ",\n".join(f"{_text(name)}: {_text(value)}" for name, value in said.items())
    tables = ",\n".join(map(_table_text, published.tables))
    return f'{{{head},\n"tables": [\n{tables}\n]}}\n'


# What every fault says, whatever the place: (what is wrong, what was expected, what to do next).
FAULTS: Mapping[str, tuple[str, str, str]] = {
    "NOT_JSON": ("The text is not JSON.", "one JSON object.", "Check where the file was cut or joined."),
    "WRONG_TYPE": ("The value has the wrong type.", "{}.", "Correct the value."),
    "NAME_TWICE": ("An object gives one name twice.", "every name once.", "Take one of them out."),
    "FIELD_MISSING": ("A field is missing.", "{}.", "Add the field."),
    "FIELD_UNKNOWN": ("There is no such field here.", "{}.", "Take the field out, or correct its name."),
    "FORMAT_UNKNOWN": ("The format is not known.", f'"{FORMAT}".', "Write the document in that format."),
    "TOO_LARGE": ("A number is too large.", "{} or less.", "Correct the number."),
    "TOO_SMALL": ("A number is too small.", "{} or more.", "Correct the number."),
    "EMPTY": ("There is nothing in this list.", "at least one entry.", "Add the entries."),
    "CODE_TWICE": ("A code stands for two things.", "leaves and groups of different codes.", "Rename one of them."),
    "GROUP_LEAF_UNKNOWN": ("A group sums a leaf that is not there.", "leaves of the dimension.", "Correct the group."),
    "DIMENSION_UNKNOWN": ("There is no such dimension.", "a name under dimensions.", "Correct the name."),
    "DIMENSION_TWICE": ("A dimension is used twice.", "each dimension once, in dims or in where.", "Take one out."),
    "DIMENSIONS_NOT_ORDERED": ("The order leaves dimensions out.", "every dimension once.", "Complete dims_order."),
    "CODE_UNKNOWN": ("The dimension has no such code.", "a leaf or a group of it.", "Correct the code."),
    "KEY_LENGTH": ("A key does not fit its table.", "one code for each dimension.", "Correct the key."),
    "CELL_FORM": (
        "A cell must be printed in one form.",
        "one of: value; suppressed; lo and hi; rounded, base and mode; percent, dp and of.",
        "Keep one form, or write the other as a cell of its own.",
    ),
    "RANGE_REVERSED": ("A range ends before it begins.", "lo at most hi.", "Exchange the ends."),
    "MODE_UNKNOWN": ("There is no such rounding.", "nearest or adjacent.", "Correct the mode."),
    "NOT_A_MULTIPLE": ("A rounded number is no multiple of its base.", "a multiple.", "Correct number or base."),
    "PERCENT_DECIMALS": ("A percentage has more decimals than dp says.", "at most dp decimals.", "Correct dp."),
    "DENOMINATOR_UNKNOWN": (
        "A percentage is of a cell that the table does not have.",
        "the key of a cell of the same table.",
        "Correct the key, or add the cell (as suppressed where its count is not shown).",
    ),
    "TABLE_TWICE": ("Two tables of a block have one id.", "an id for each table.", "Rename one of them."),
    "FACTS_CONTRADICT": (
        "One cell is printed in two ways that cannot both be true.",
        "forms that some count fits.",
        "Correct one of them.",
    ),
    "LINK_KIND_UNKNOWN": ("There is no such kind of link.", f'"{STOCK_FLOW}".', "Correct the kind."),
    "LINK_TO_ITSELF": ("A block is linked to itself.", "two blocks.", "Correct from or to."),
    "LINK_TWICE": ("Two blocks are linked twice.", "one link between two blocks.", "Take one out."),
    "BLOCK_UNKNOWN": ("There is no such block.", "a block that something is known of.", "Correct the block."),
    "FORM_UNKNOWN": ("There is no such form.", "exact, nearest, controlled or ranges.", "Correct the form."),
    "RECORD_LENGTH": (
        "Records have the wrong number of codes.",
        "one leaf for each dimension.",
        "Correct the records.",
    ),
    "RECORD_CODE_UNKNOWN": ("Records have codes that are not leaves.", "leaves.", "Correct the records."),
    "RECORD_ID_TWICE": ("An identifier stands in two records of a block.", "each person once.", "Correct the records."),
    "LEDGER_DIFFERS": (
        "A dimension has other leaves in the ledger.",
        "the same leaves in both.",
        "Translate one of them to the codes of the other.",
    ),
    "CONTRADICTORY": (
        "No population agrees with all the facts.",
        "numbers that people could have been counted to.",
        "Look for a table that was corrected or counted apart from the others.",
    ),
}


def fault(code: str, where: str, expected: str = "", *, more: str = "") -> Fault:
    """The fault of a code. ``expected``: fills in what the catalogue leaves open. ``more``: how many, and where."""
    what, wanted, then = FAULTS[code]
    return Fault(code, where or "document", f"{what} {more}".rstrip(), wanted.format(expected), then)


class _Object(dict[str, Any]):
    """A JSON object that remembers whether it gave a name twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = len(self) < len(pairs)


class _Reading:
    """One pass over a document that goes on after a fault. What could not be read is None, and is left out."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def finished(self, found: _Read | None) -> _Read:
        """What was read. Raises BadDocument where anything was wrong with it."""
        if self.faults or found is None:
            raise BadDocument(self.faults)
        return found

    def fault(self, code: str, where: str, expected: str = "", *, more: str = "") -> None:
        self.faults.append(fault(code, where, expected, more=more))

    def json(self, text: str | bytes) -> Any:
        try:
            decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
            return json.loads(decoded, object_pairs_hook=_Object, parse_float=_decimal, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise BadDocument([fault("NOT_JSON", "")]) from None

    def mapping(self, said: Any, where: str) -> Mapping[str, Any]:
        """An object of any names."""
        if not isinstance(said, _Object):
            self.fault("WRONG_TYPE", where, "an object")
            return {}
        if said.twice:
            self.fault("NAME_TWICE", where)
        return said

    def record(self, said: Any, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        """An object of the names given, every required one among them; else the missing ones are left out."""
        found, required, optional = self.mapping(said, where), set(required), set(optional)
        if isinstance(said, _Object):
            for name in sorted(required - found.keys()):
                self.fault("FIELD_MISSING", _at(where, name), f"a field {name}")
            if found.keys() - required - optional:
                names = ", ".join(sorted(required | optional))
                self.fault("FIELD_UNKNOWN", where, f"only {names}")
        return {name: found[name] for name in found if name in required | optional}

    def items(self, said: Any, where: str) -> Iterator[tuple[str, Any]]:
        """(place, entry) of a list."""
        if not isinstance(said, list):
            self.fault("WRONG_TYPE", where, "a list")
            return
        for number, entry in enumerate(said):
            yield f"{where}[{number}]", entry

    def text(self, said: Any, where: str) -> str | None:
        if isinstance(said, str) and said:
            return said
        self.fault("WRONG_TYPE", where, "text")
        return None

    def texts(self, said: Any, where: str) -> Key:
        found = (self.text(entry, place) for place, entry in self.items(said, where))
        return tuple(entry for entry in found if entry is not None)

    def whole(self, said: Any, where: str, *, least: int = 0, most: int = MOST) -> int | None:
        if not isinstance(said, int) or isinstance(said, bool):
            self.fault("WRONG_TYPE", where, "a whole number")
            return None
        if said < least:
            self.fault("TOO_SMALL", where, str(least))
            return None
        if said > most:
            self.fault("TOO_LARGE", where, f"{most:,}")
            return None
        return said

    def truth(self, said: Any, where: str) -> bool | None:
        if isinstance(said, bool):
            return said
        self.fault("WRONG_TYPE", where, "true or false")
        return None

    def known(self, name: str, dimensions: Mapping[str, Classification], where: str) -> bool:
        if name not in dimensions:
            self.fault("DIMENSION_UNKNOWN", where)
        return name in dimensions


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError("an exponent beyond reckoning") from None


def _no_number(_: str) -> None:
    raise ValueError("JSON has no such number")


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _published(reading: _Reading, said: Any, where: str) -> Published | None:
    found = reading.record(said, where, ("format", "dimensions", "protect", "tables"), ("links",))
    if "format" in found and found["format"] != FORMAT:
        reading.fault("FORMAT_UNKNOWN", _at(where, "format"))
        return None
    dimensions = _dimensions(reading, found.get("dimensions", _Object([])), _at(where, "dimensions"))
    policy = _policy(reading, found["protect"], _at(where, "protect")) if "protect" in found else None
    tables = _printed_tables(reading, found.get("tables", []), dimensions, _at(where, "tables"))
    blocks = {table.block for table in tables}
    links = _links(reading, found.get("links", []), dimensions, blocks, _at(where, "links"))
    if policy is None:
        return None
    published = Published(dimensions, tables, policy, links)
    _agree(reading, published, _at(where, "tables"))
    return published


def _wanted(reading: _Reading, said: Any) -> Wanted | None:
    required = ("dimensions", "dims_order", "records", "tables", "policy")
    found = reading.record(said, "", required, ("record_id_first", "links", "ledger"))
    dimensions = _dimensions(reading, found.get("dimensions", _Object([])), "dimensions")
    order = _order(reading, found.get("dims_order", list(dimensions)), dimensions)
    identified = reading.truth(found.get("record_id_first", False), "record_id_first")
    ordered = {name: dimensions[name] for name in order}
    records, ids = _records(reading, found.get("records", _Object([])), ordered, identified=bool(identified))
    tables = _wanted_tables(reading, found.get("tables", []), dimensions, tuple(records))
    ledger = _ledger(reading, found.get("ledger"), dimensions)
    blocks = {*records, *(ledger.blocks if ledger else ())}
    links = _links(reading, found.get("links", []), dimensions, blocks, "links")
    policy = _policy(reading, found["policy"], "policy") if "policy" in found else None
    if policy is None:
        return None
    return Wanted(dimensions, order, records, ids if identified else None, tables, policy, links, ledger)


def _dimensions(reading: _Reading, said: Any, where: str) -> dict[str, Classification]:
    return {
        name: _classification(reading, part, _at(where, name)) for name, part in reading.mapping(said, where).items()
    }


def _classification(reading: _Reading, said: Any, where: str) -> Classification:
    found = reading.record(said, where, ("leaves",), ("groups",))
    leaves = reading.texts(found.get("leaves", []), _at(where, "leaves"))
    if "leaves" in found and not leaves:
        reading.fault("EMPTY", _at(where, "leaves"))
    if len(set(leaves)) < len(leaves):
        reading.fault("CODE_TWICE", _at(where, "leaves"))
    groups = {}
    for code, members in reading.mapping(found.get("groups", _Object([])), _at(where, "groups")).items():
        place = _at(_at(where, "groups"), code)
        if code in leaves:
            reading.fault("CODE_TWICE", place)
        groups[code] = leaves if members == EVERY_LEAF else _members(reading, members, leaves, place)
    return Classification(leaves, groups)


def _members(reading: _Reading, said: Any, leaves: Key, where: str) -> Key:
    members = reading.texts(said, where)
    if set(members) - set(leaves):
        reading.fault("GROUP_LEAF_UNKNOWN", where)
    if len(set(members)) < len(members):
        reading.fault("CODE_TWICE", where)
    return members


def _policy(reading: _Reading, said: Any, where: str) -> ExchangePolicy | None:
    found = reading.record(said, where, ("k", "min_width"), ("zero_ok", "form", "base", "insider"))
    k = reading.whole(found["k"], _at(where, "k"), least=1) if "k" in found else None
    width = reading.whole(found["min_width"], _at(where, "min_width")) if "min_width" in found else None
    zeros = reading.truth(found.get("zero_ok", True), _at(where, "zero_ok"))
    form = _policy_form(reading, found["form"], _at(where, "form")) if "form" in found else None
    base = reading.whole(found["base"], _at(where, "base"), least=2) if "base" in found else None
    insider = reading.truth(found["insider"], _at(where, "insider")) if "insider" in found else None
    return None if k is None or width is None or zeros is None else ExchangePolicy(k, width, zeros, form, base, insider)


def _policy_form(reading: _Reading, said: Any, where: str) -> PolicyForm | None:
    if isinstance(said, str) and said in set(PolicyForm):
        return PolicyForm(said)
    reading.fault("FORM_UNKNOWN", where)
    return None


def _links(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> tuple[Link, ...]:
    found = [_link(reading, part, dimensions, blocks, place) for place, part in reading.items(said, where)]
    links = tuple(link for link in found if link is not None)
    if len({frozenset((link.start, link.end)) for link in links}) < len(links):
        reading.fault("LINK_TWICE", where)
    return links


def _link(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> Link | None:
    found = reading.record(said, where, ("kind", "from", "to", "joiners", "leavers"), ("fixed",))
    if "kind" in found and found["kind"] != STOCK_FLOW:
        reading.fault("LINK_KIND_UNKNOWN", _at(where, "kind"))
    ends = {name: reading.text(found[name], _at(where, name)) for name in ("from", "to") if name in found}
    for name, block in ends.items():
        if block is not None and block not in blocks:
            reading.fault("BLOCK_UNKNOWN", _at(where, name))
    flows = {n: _interval(reading, found[n], _at(where, n)) for n in ("joiners", "leavers") if n in found}
    fixed = _names(reading, found["fixed"], dimensions, _at(where, "fixed")) if "fixed" in found else None
    start, end, joiners, leavers = ends.get("from"), ends.get("to"), flows.get("joiners"), flows.get("leavers")
    if start is None or end is None or joiners is None or leavers is None:
        return None
    if start == end:
        reading.fault("LINK_TO_ITSELF", where)
    return Link(start, end, joiners, leavers, fixed)


def _interval(reading: _Reading, said: Any, where: str) -> tuple[int, int | None] | None:
    ends = list(reading.items(said, where))
    if len(ends) != 2:
        if isinstance(said, list):
            reading.fault("WRONG_TYPE", where, "a list of two ends")
        return None
    (low_place, low), (high_place, high) = ends
    found = _range(reading, low, low_place, high, high_place)
    return found.bounds if found else None


def _range(reading: _Reading, low: Any, low_place: str, high: Any, high_place: str) -> Range | None:
    least = reading.whole(low, low_place)
    most = reading.whole(high, high_place) if high is not None else None
    if least is None or (most is None and high is not None):
        return None
    if most is not None and least > most:
        reading.fault("RANGE_REVERSED", high_place)
        return None
    return Range(least, most)


def _names(reading: _Reading, said: Any, dimensions: Mapping[str, Classification], where: str) -> Key:
    """Names of dimensions, each once."""
    names = reading.texts(said, where)
    if len(set(names)) < len(names):
        reading.fault("DIMENSION_TWICE", where)
    return tuple(name for name in names if reading.known(name, dimensions, where))


def _where(reading: _Reading, said: Any, dimensions: Mapping[str, Classification], where: str) -> dict[str, str]:
    found = {}
    for name, code in reading.mapping(said, where).items():
        place = _at(where, name)
        text = reading.text(code, place)
        if text is not None and reading.known(name, dimensions, place):
            if text not in dimensions[name].members:
                reading.fault("CODE_UNKNOWN", place)
            else:
                found[name] = text
    return found


def _dims_and_where(
    reading: _Reading, said: Mapping[str, Any], dimensions: Mapping[str, Classification], where: str
) -> tuple[Key, dict[str, str]]:
    """What a table is split by, and what its people share. Each dimension serves once."""
    dims = _names(reading, said.get("dims", []), dimensions, _at(where, "dims"))
    shared = _where(reading, said.get("where", _Object([])), dimensions, _at(where, "where"))
    if set(dims) & set(shared):
        reading.fault("DIMENSION_TWICE", _at(where, "where"))
    return dims, shared


def _printed_tables(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> tuple[PrintedTable, ...]:
    tables = [_printed_table(reading, part, dimensions, place) for place, part in reading.items(said, where)]
    seen: set[tuple[str, str]] = set()
    for number, table in enumerate(tables):
        if table is not None and (table.block, table.id) in seen:
            reading.fault("TABLE_TWICE", f"{where}[{number}]")
        if table is not None:
            seen.add((table.block, table.id))
    return tuple(table for table in tables if table is not None)


def _printed_table(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> PrintedTable | None:
    found = reading.record(said, where, ("id", "dims", "cells"), ("block", "where"))
    before = len(reading.faults)
    table_id = reading.text(found["id"], _at(where, "id")) if "id" in found else None
    block = reading.text(found.get("block", MAIN), _at(where, "block"))
    dims, shared = _dims_and_where(reading, found, dimensions, where)
    if len(reading.faults) > before or "dims" not in found:
        return None  # keys cannot be judged by dimensions that are not known
    places = reading.items(found.get("cells", []), _at(where, "cells"))
    read = [_printed_cell(reading, part, dimensions, dims, place) for place, part in places]
    cells = tuple(cell for cell in read if cell is not None)
    keys = {cell.key for cell in cells}
    for number, cell in enumerate(read):
        if cell is not None and isinstance(cell.printed, Percent) and cell.printed.of not in keys:
            reading.fault("DENOMINATOR_UNKNOWN", f"{where}.cells[{number}].of")
    return PrintedTable(table_id, block, dims, cells, shared) if table_id and block else None


# Which fields make up which form, by the field that only it has.
_FORMS: Mapping[str, frozenset[str]] = {
    "value": frozenset({"value"}),
    "suppressed": frozenset({"suppressed"}),
    "lo": frozenset({"lo", "hi"}),
    "rounded": frozenset({"rounded", "base", "mode"}),
    "percent": frozenset({"percent", "dp", "of"}),
}
_CELL_FIELDS = frozenset().union(*_FORMS.values())


def _printed_cell(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], dims: Key, where: str
) -> PrintedCell | None:
    found = reading.record(said, where, ("key",), _CELL_FIELDS)
    if not isinstance(said, _Object):
        return None
    key = _key(reading, found["key"], dimensions, dims, _at(where, "key")) if "key" in found else None
    fields = found.keys() - {"key"}
    form = next((name for name, names in _FORMS.items() if names == fields), None)
    if form is None or (form == "suppressed" and found["suppressed"] is not True):
        reading.fault("CELL_FORM", where)
        return None
    printed = _form(reading, form, found, dimensions, dims, where)
    return PrintedCell(key, printed) if key is not None and printed is not None else None


def _key(reading: _Reading, said: Any, dimensions: Mapping[str, Classification], dims: Key, where: str) -> Key | None:
    key = reading.texts(said, where)
    if not isinstance(said, list) or len(key) < len(said):
        return None
    if len(key) != len(dims):
        reading.fault("KEY_LENGTH", where)
        return None
    if any(code not in dimensions[name].members for name, code in zip(dims, key, strict=True)):
        reading.fault("CODE_UNKNOWN", where)
        return None
    return key


def _form(
    reading: _Reading,
    form: str,
    found: Mapping[str, Any],
    dimensions: Mapping[str, Classification],
    dims: Key,
    where: str,
) -> Form | None:
    match form:
        case "value":
            value = reading.whole(found["value"], _at(where, "value"))
            return None if value is None else Exact(value)
        case "suppressed":
            return Suppressed()
        case "lo":
            return _range(reading, found["lo"], _at(where, "lo"), found["hi"], _at(where, "hi"))
        case "rounded":
            return _rounded(reading, found, where)
        case _:
            return _percent(reading, found, dimensions, dims, where)


def _rounded(reading: _Reading, found: Mapping[str, Any], where: str) -> Rounded | None:
    value = reading.whole(found["rounded"], _at(where, "rounded"))
    base = reading.whole(found["base"], _at(where, "base"), least=2)
    if not isinstance(found["mode"], str) or found["mode"] not in set(Mode):
        reading.fault("MODE_UNKNOWN", _at(where, "mode"))
        return None
    if value is None or base is None:
        return None
    if value % base:
        reading.fault("NOT_A_MULTIPLE", _at(where, "rounded"))
        return None
    return Rounded(value, base, Mode(found["mode"]))


def _percent(
    reading: _Reading, found: Mapping[str, Any], dimensions: Mapping[str, Classification], dims: Key, where: str
) -> Percent | None:
    of = _key(reading, found["of"], dimensions, dims, _at(where, "of"))
    dp = reading.whole(found["dp"], _at(where, "dp"), most=MOST_DECIMALS)
    said = found["percent"]
    if not isinstance(said, int | Decimal) or isinstance(said, bool):
        reading.fault("WRONG_TYPE", _at(where, "percent"), "a number")
        return None
    if said < 0:
        reading.fault("TOO_SMALL", _at(where, "percent"), "0")
        return None
    if said > MOST:
        reading.fault("TOO_LARGE", _at(where, "percent"), f"{MOST:,}")
        return None
    if of is None or dp is None:
        return None
    percent = Decimal(said)
    if percent != round(percent, dp):
        reading.fault("PERCENT_DECIMALS", _at(where, "percent"))
        return None
    return Percent(percent, dp, of)


def _agree(reading: _Reading, published: Published, where: str) -> None:
    """Every form in which the same people are printed must leave some count possible."""
    bounds: dict[People, tuple[int, int | None]] = {}
    for number, table in enumerate(published.tables):
        for place, cell in enumerate(table.cells):
            people = people_of(published.dimensions, table.block, table.codes(cell.key))
            low, high = _both(bounds.get(people, (0, None)), cell.printed.bounds)
            if high is not None and low > high:
                reading.fault("FACTS_CONTRADICT", f"{where}[{number}].cells[{place}]")
            else:
                bounds[people] = low, high


def _both(one: tuple[int, int | None], other: tuple[int, int | None]) -> tuple[int, int | None]:
    """What two ranges have in common."""
    highs = [high for _, high in (one, other) if high is not None]
    return max(one[0], other[0]), min(highs, default=None)


def _order(reading: _Reading, said: Any, dimensions: Mapping[str, Classification]) -> Key:
    order = _names(reading, said, dimensions, "dims_order")
    if set(order) != set(dimensions):
        reading.fault("DIMENSIONS_NOT_ORDERED", "dims_order")
    return order


def _records(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], *, identified: bool
) -> tuple[dict[str, list[Key]], dict[str, list[str]]]:
    records: dict[str, list[Key]] = {}
    ids: dict[str, list[str]] = {}
    for block, rows in reading.mapping(said, "records").items():
        where = _at("records", block)
        ids[block], records[block] = _split(reading, rows, len(dimensions), where, identified=identified)
        _leaves_only(reading, records[block], dimensions, where)
        if len(set(ids[block])) < len(ids[block]):
            reading.fault("RECORD_ID_TWICE", where)
    return records, ids


def _split(reading: _Reading, rows: Any, width: int, where: str, *, identified: bool) -> tuple[list[str], list[Key]]:
    """(identifiers, codes) of the records of one block. Those of the wrong form are told together, without them."""
    if not isinstance(rows, list):
        reading.fault("WRONG_TYPE", where, "a list")
        return [], []
    ahead = 1 if identified else 0
    wrong = [n for n, row in enumerate(rows) if not isinstance(row, list) or len(row) != width + ahead]
    if wrong:
        reading.fault("RECORD_LENGTH", where, more=_which(wrong))
    fitting = [row for row in rows if isinstance(row, list) and len(row) == width + ahead]
    unnamed = [n for n, row in enumerate(fitting) if identified and not _is_identifier(row[0])]
    if unnamed:
        reading.fault("WRONG_TYPE", where, "an identifier, text or a whole number, first", more=_which(unnamed))
    return [str(row[0]) for row in fitting] if identified else [], [tuple(row[ahead:]) for row in fitting]


def _is_identifier(said: Any) -> bool:
    return isinstance(said, str | int) and not isinstance(said, bool)


def _leaves_only(reading: _Reading, rows: list[Key], dimensions: Mapping[str, Classification], where: str) -> None:
    for position, (name, classification) in enumerate(dimensions.items()):
        leaves = set(classification.leaves)
        # A list or an object in a code's place cannot be looked up, and is no leaf.
        wrong = [n for n, row in enumerate(rows) if not isinstance(row[position], str) or row[position] not in leaves]
        if wrong:
            reading.fault("RECORD_CODE_UNKNOWN", where, more=f"{_which(wrong)} Dimension: {name}.")


def _which(numbers: list[int]) -> str:
    return f"{len(numbers):,} records, the first of them number {numbers[0]:,}, counted from 0."


def _wanted_tables(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key
) -> tuple[WantedTable, ...]:
    found = [_wanted_table(reading, part, dimensions, blocks, place) for place, part in reading.items(said, "tables")]
    tables = tuple(table for table in found if table is not None)
    ids = Counter(
        (table.id, block) for table in tables for block in (blocks if table.block is None else (table.block,))
    )
    if any(times > 1 for times in ids.values()):
        reading.fault("TABLE_TWICE", "tables")
    return tables


def _wanted_table(
    reading: _Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key, where: str
) -> WantedTable | None:
    found = reading.record(said, where, ("id", "dims"), ("margins", "where", "block"))
    table_id = reading.text(found["id"], _at(where, "id")) if "id" in found else None
    dims, shared = _dims_and_where(reading, found, dimensions, where)
    margins = reading.truth(found.get("margins", True), _at(where, "margins"))
    block = reading.text(found["block"], _at(where, "block")) if "block" in found else None
    if block is not None and block not in blocks:
        reading.fault("BLOCK_UNKNOWN", _at(where, "block"))
    return WantedTable(table_id, dims, margins, shared, block) if table_id and margins is not None else None


def _ledger(reading: _Reading, said: Any, dimensions: Mapping[str, Classification]) -> Published | None:
    if said is None:
        return None
    ledger = _published(reading, said, "ledger")
    for name, classification in (ledger.dimensions if ledger else {}).items():
        if name in dimensions and set(dimensions[name].leaves) != set(classification.leaves):
            reading.fault("LEDGER_DIFFERS", _at("ledger.dimensions", name))
    return ledger


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
