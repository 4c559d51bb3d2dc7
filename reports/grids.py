"""A table as a grid of texts: what stands in which row and column, for whoever draws it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from equality.disclosure.safe import Status
from equality.tables import TOTAL, Dimension
from reports.contents import Cell, TableBlock, row_kind
from reports.wording import MEASURES, cell_text

# Measure of everybody together → the column it stands under.
OF_EVERYBODY = {"declaration_rate": "share"}
# Measures whose limits stand in a column beside them. Limits of others are in the data.
WITH_INTERVAL = {"share", "mean_gap", "rate", "ratio"}


@dataclass(frozen=True)
class Row:
    """``kind``: sum, group, leaf or plain. ``cells``: one per column after the first; None where nothing applies.
    ``group``: the start of a leaf's label that repeats the label of the group above it."""

    label: str
    kind: str
    cells: tuple[Cell | None, ...]
    group: str = ""

    @property
    def own(self) -> str:
        """The rest of the label."""
        return self.label.removeprefix(self.group)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell_text(cell) for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """``corner``: the head of the column of row labels; ``heads``: those of the others."""

    corner: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def grid(table: TableBlock, dimensions: Mapping[str, Dimension]) -> Grid:
    """One dimension: a column for each measure. Two: a column for each code of the second."""
    if len(table.dimensions) == 1:
        return _one_way(table, dimensions[table.dimensions[0]])
    at = {(cell.measure, *(cell.dims[name] for name in table.dimensions)): cell for cell in table.cells}
    down, across = (dimensions[name] for name in table.dimensions)
    (measure, *_) = table.measures
    rows = tuple(
        _row(down, code, table, tuple(at.get((measure, code, column)) for column in table.columns))
        for code in table.rows
    )
    return Grid(down.label, tuple(across.short.get(code, across.labels[code]) for code in table.columns), rows)


def _one_way(table: TableBlock, down: Dimension) -> Grid:
    """A measure of everybody together, such as the declaration rate, is a last row instead of an almost empty
    column."""
    at = {(cell.measure, cell.dims[down.code]): cell for cell in table.cells}
    limited = {cell.measure for cell in table.cells if cell.low is not None} & WITH_INTERVAL
    columns = [
        column
        for measure in table.measures
        if measure not in OF_EVERYBODY
        for column in ((measure, "interval") if measure in limited else (measure,))
    ]
    at |= {("interval", cell.dims[down.code], cell.measure): _interval(cell) for cell in table.cells}
    rows = [_row(down, code, table, tuple(_cells_of(at, columns, code))) for code in table.rows]
    for measure in table.measures:
        if measure in OF_EVERYBODY:
            under = tuple(at.get((measure, TOTAL)) if column == OF_EVERYBODY[measure] else None for column in columns)
            rows.append(Row(MEASURES[measure], "sum", under))
    return Grid(down.label, tuple(MEASURES[measure] for measure in columns), tuple(rows))


def _cells_of(at: Mapping[tuple[str, ...], Cell], columns: Sequence[str], code: str) -> Iterator[Cell | None]:
    """An interval belongs to the column before it."""
    before = ""
    for column in columns:
        yield at.get(("interval", code, before)) if column == "interval" else at.get((column, code))
        before = column


def _interval(cell: Cell) -> Cell:
    status = cell.status or (Status.NOT_APPLICABLE.value if cell.low is None else None)
    return Cell(cell.dims, "interval", None, status, cell.low, cell.high)


def _row(down: Dimension, code: str, table: TableBlock, cells: tuple[Cell | None, ...]) -> Row:
    label, kind = down.labels[code], row_kind(down, code, table.rows)
    starts = [f"{down.labels[group]}: " for group in down.broad if kind == "leaf" and code in down.groups[group]]
    return Row(label, kind, cells, next((start for start in starts if label.startswith(start)), ""))
