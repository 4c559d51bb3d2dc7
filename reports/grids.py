"""A table as a grid of texts: what stands in which row and column, for whoever draws it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from equality.tables import TOTAL, Dimension
from reports.contents import Cell, TableBlock, row_kind
from reports.wording import INTERVAL, MEASURES, cell_text, interval_text, mid_sentence

# Measure of everybody together → the column it stands under.
OF_EVERYBODY = {"declaration_rate": "share"}
# Measures whose limits stand in a column beside them, and what the column says they are limits of where there are
# several. The range of a count is in the data alone.
WITH_INTERVAL = {"share": "share", "change_share": "change", "mean_gap": "gap", "rate": "percentage", "ratio": "ratio"}


@dataclass(frozen=True)
class Limits:
    """The interval of the cell in the column before."""

    of: Cell | None


@dataclass(frozen=True)
class Row:
    """``kind``: sum, group, leaf or plain. ``cells``: one per column after the first; None where nothing applies.
    ``group``: the start of a leaf's label that repeats the label of the group above it."""

    label: str
    kind: str
    cells: tuple[Cell | Limits | None, ...]
    group: str = ""

    @property
    def own(self) -> str:
        """The rest of the label."""
        return self.label.removeprefix(self.group)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(interval_text(cell.of) if isinstance(cell, Limits) else cell_text(cell) for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """``corner``: the head of the column of row labels; ``heads``: those of the others."""

    corner: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]

    def is_interval(self, column: int) -> bool:
        return any(isinstance(row.cells[column], Limits) for row in self.rows)


def grid(table: TableBlock, dimensions: Mapping[str, Dimension]) -> Grid:
    """One dimension: a column for each measure. Two: a column for each code of the second, and more for those that have
    other measures too."""
    if len(table.dimensions) == 1:
        return _one_way(table, dimensions[table.dimensions[0]])
    at = {(cell.measure, *(cell.dims[name] for name in table.dimensions)): cell for cell in table.cells}
    down, across = (dimensions[name] for name in table.dimensions)
    columns = tuple(_two_way_columns(table, across))
    rows = tuple(
        _row(down, row, table, tuple(column.of(at.get((column.measure, row, column.code))) for column in columns))
        for row in table.rows
    )
    return Grid(down.label, tuple(column.head for column in columns), rows)


def _two_way_columns(table: TableBlock, across: Dimension) -> Iterator["_Column"]:
    first, *others = table.measures
    heads = {code: across.short.get(code, across.labels[code]) for code in table.columns}
    for code in table.columns:
        yield _Column(first, heads[code], code=code)
    for measure in others:
        for code in table.columns:
            cells = [c for c in table.cells if c.measure == measure and c.dims[across.code] == code]
            if cells:
                yield _Column(measure, f"{heads[code]}: {mid_sentence(MEASURES[measure])}", code=code)
            if any(cell.low is not None for cell in cells):
                yield _Column(measure, INTERVAL, limits=True, code=code)


def _one_way(table: TableBlock, down: Dimension) -> Grid:
    """A measure of everybody together, such as the declaration rate, is a last row instead of an almost empty
    column."""
    at = {(cell.measure, cell.dims[down.code]): cell for cell in table.cells}
    columns = tuple(_columns(table))
    rows = [_row(down, code, table, tuple(c.of(at.get((c.measure, code))) for c in columns)) for code in table.rows]
    for rate, beside in OF_EVERYBODY.items():
        if rate in table.measures:
            found = at.get((rate, TOTAL))
            cells = tuple(column.of(found if column.measure == beside else None) for column in columns)
            rows.append(Row(MEASURES[rate], "sum", cells))
    return Grid(down.label, tuple(column.head for column in columns), tuple(rows))


@dataclass(frozen=True)
class _Column:
    """One measure, or the ``limits`` of one; in a table of two dimensions, of one ``code`` of the second."""

    measure: str
    head: str
    limits: bool = False
    code: str = ""

    def of(self, cell: Cell | None) -> Cell | Limits | None:
        return Limits(cell) if self.limits else cell


def _columns(table: TableBlock) -> Iterator[_Column]:
    """Limits stand beside their measure. Where two measures have some, the heads say which is whose."""
    found = {cell.measure for cell in table.cells if cell.low is not None} & WITH_INTERVAL.keys()
    for measure in table.measures:
        if measure not in OF_EVERYBODY:
            yield _Column(measure, MEASURES[measure])
        if measure in found:
            own = INTERVAL if len(found) == 1 else f"{INTERVAL} of {WITH_INTERVAL[measure]}"
            yield _Column(measure, own, limits=True)


def _row(down: Dimension, code: str, table: TableBlock, cells: tuple[Cell | Limits | None, ...]) -> Row:
    label, kind = down.labels[code], row_kind(down, code, table.rows)
    starts = [f"{down.labels[group]}: " for group in down.broad if kind == "leaf" and code in down.groups[group]]
    return Row(label, kind, cells, next((start for start in starts if label.startswith(start)), ""))
