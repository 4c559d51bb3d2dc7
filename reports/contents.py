"""What a report says, before anybody draws it: sections of paragraphs, lists, tables and charts.

``as_json`` is ``report.json``, the same that is kept and that every drawing is made from. A table holds tidy cells
keyed by codes; a cell that may not be shown has no value and a symbol that says why."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from equality.tables import ASKED, DECLARED, NOT_DECLARED, SUMS, TOTAL, Dimension

SUMMARY = "summary"  # the section that comes first
# Facts about the act of publishing, which the signature does not cover because they come after it.
_AFTER_SIGNING = ("status", "signed_off", "published_at")


@dataclass(frozen=True)
class Cell:
    """``value`` or ``status``, never both. ``low`` and ``high``: ends of a 95% interval or of a published range.
    ``step``: of a measure that is not always given as exactly, the numbers are multiples of this."""

    dims: Mapping[str, str]
    measure: str
    value: float | None
    status: str | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None

    def as_json(self) -> dict[str, Any]:
        said = {**vars(self), "dims": dict(self.dims)}
        return said if self.step is not None else {name: part for name, part in said.items() if name != "step"}


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Signpost:
    """A paragraph that ends by leading to another section of the report. ``to``: the section's id."""

    text: str
    link: str
    to: str


@dataclass(frozen=True)
class Subheading:
    text: str


@dataclass(frozen=True)
class Items:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class KeyFigures:
    """A few figures set large: what is printed, what it is, and what it rests on."""

    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Statement:
    """A finding in its inspector's words, with the facts beside it and what follows from it."""

    text: str
    facts: tuple[tuple[str, str], ...]
    follows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TableBlock:
    """``population``: the collection, and the codes all its people share. ``dimensions``: rows, then columns.
    ``rows`` and ``columns``: codes in printing order. ``share_of``: the dimension whose declared a share is of."""

    id: str
    title: str
    population: Mapping[str, Any]
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[Cell, ...]
    columns: tuple[str, ...] = ()
    share_of: str | None = None
    note: str = ""

    def find(self, measure: str, *codes: str) -> Cell | None:
        """The cell of one measure at one code per dimension."""
        wanted = dict(zip(self.dimensions, codes, strict=True))
        return next((cell for cell in self.cells if cell.measure == measure and cell.dims == wanted), None)


@dataclass(frozen=True)
class ChartBlock:
    """A bar chart of one measure of a table in the same report, of one ``column`` where it has several; the table is
    its long description, ``alt`` its short one."""

    table: str
    measure: str
    title: str
    alt: str
    rows: tuple[str, ...]
    column: str = ""

    @property
    def places(self) -> list[tuple[str, ...]]:
        """The codes of every bar's cell in the table."""
        return bar_places(self.rows, self.column)


def bar_places(rows: Sequence[str], column: str = "") -> list[tuple[str, ...]]:
    """The codes of every bar's cell in a table, of one column where it has several."""
    return [(row, column) if column else (row,) for row in rows]


Block = Paragraph | Signpost | Subheading | Items | KeyFigures | Statement | TableBlock | ChartBlock
_TYPES: dict[str, type[Block]] = {
    "paragraph": Paragraph,
    "signpost": Signpost,
    "subheading": Subheading,
    "list": Items,
    "key_figures": KeyFigures,
    "statement": Statement,
    "table": TableBlock,
    "chart": ChartBlock,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Contents:
    """``report``: what the report is about, made from, and by which policy. ``dimensions``: the variables its tables
    use."""

    report: Mapping[str, Any]
    dimensions: Mapping[str, Dimension]
    sections: tuple[Section, ...] = field(default=())

    def tables(self) -> Iterator[TableBlock]:
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, TableBlock))

    def table(self, table_id: str) -> TableBlock:
        return next(table for table in self.tables() if table.id == table_id)

    def at_a_glance(self) -> tuple[str, ...]:
        """The lines of the summary, for whoever reads nothing else."""
        said = (block for section in self.sections if section.id == SUMMARY for block in section.blocks)
        return next((block.items for block in said if isinstance(block, Items)), ())

    def with_report(self, **facts: Any) -> "Contents":
        return replace(self, report={**self.report, **facts})

    def body_digest(self) -> str:
        """SHA-256 of everything a signature covers."""
        said = self.as_json()
        said["report"] = {key: value for key, value in said["report"].items() if key not in _AFTER_SIGNING}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {
            "report": dict(self.report),
            "dimensions": {code: _dimension_json(dimension) for code, dimension in self.dimensions.items()},
            "sections": [
                {"id": s.id, "title": s.title, "blocks": [_block_json(block) for block in s.blocks]}
                for s in self.sections
            ],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        return cls(
            report=said["report"],
            dimensions={code: _dimension(code, part) for code, part in said["dimensions"].items()},
            sections=tuple(
                Section(s["id"], s["title"], tuple(_block(part) for part in s["blocks"])) for s in said["sections"]
            ),
        )


def in_printing_order(dimension: Dimension, codes: Sequence[str]) -> tuple[str, ...]:
    """Each broad group before its own leaves, then what sums them, then non-response, then everybody."""
    silent = dimension.groups.get(NOT_DECLARED, ())
    order: list[str] = []
    for group in dimension.broad:
        order += [group, *(leaf for leaf in dimension.groups[group] if leaf not in dimension.groups)]
    order += [leaf for leaf in dimension.leaves if leaf not in silent]
    order += [code for code in dimension.groups if code.startswith("_") and code not in {*SUMS, ASKED}]
    order += [DECLARED, ASKED]
    order += [*silent, NOT_DECLARED, TOTAL]
    return tuple(code for code in dict.fromkeys(order) if code in codes)


def row_kind(dimension: Dimension, code: str, rows: Sequence[str]) -> str:
    """How a row is set among its table's rows: ``sum``, ``group`` above its leaves, ``leaf`` below it, or ``plain``."""
    if code in {TOTAL, DECLARED}:
        return "sum"
    if code in dimension.broad:
        return "group" if any(leaf in rows and leaf != code for leaf in dimension.groups[code]) else "plain"
    parents = [group for group in dimension.broad if code in dimension.groups[group]]
    return "leaf" if any(group in rows for group in parents) else "plain"


def _dimension_json(dimension: Dimension) -> dict[str, Any]:
    return {
        "label": dimension.label,
        "version": dimension.version,
        "leaves": list(dimension.leaves),
        "groups": {code: list(leaves) for code, leaves in dimension.groups.items()},
        "labels": dict(dimension.labels),
        "short": dict(dimension.short),
    }


def _dimension(code: str, said: Mapping[str, Any]) -> Dimension:
    return Dimension(
        code=code,
        label=said["label"],
        version=said["version"],
        leaves=tuple(said["leaves"]),
        groups={group: tuple(leaves) for group, leaves in said["groups"].items()},
        labels=said["labels"],
        short=said["short"],
    )


def _block_json(block: Block) -> dict[str, Any]:
    said = {"type": _NAMES[type(block)], **vars(block)}
    if isinstance(block, TableBlock):
        said["cells"] = [cell.as_json() for cell in block.cells]
        said["population"] = dict(block.population)
    return json.loads(json.dumps(said))  # tuples become lists, so that what is kept equals what is read back


def _block(said: Mapping[str, Any]) -> Block:
    parts = {name: _frozen(value) for name, value in said.items() if name not in {"type", "cells", "population"}}
    if said["type"] == "table":
        parts["cells"] = tuple(Cell(**cell) for cell in said["cells"])
        parts["population"] = said["population"]
    return _TYPES[said["type"]](**parts)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
