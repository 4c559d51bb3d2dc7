"""Bar charts as geometry, for page and PDF to draw. A bar that may not be shown is a gap with a pattern, never a
zero, and no axis, order or length follows from it."""

from dataclasses import dataclass
from math import ceil

from reports.contents import Cell, ChartBlock, Contents
from reports.wording import cell_text


@dataclass(frozen=True)
class Bar:
    """``length``: 0 to 1 of the axis, None where the value is not shown. ``limits``: the ends of its interval on the
    same axis, None where there is none."""

    label: str
    text: str
    length: float | None
    limits: tuple[float, float] | None = None

    @property
    def end(self) -> float:
        """Where nothing more is drawn of a bar that is shown."""
        return max(self.length or 0.0, *(self.limits or (0.0, 0.0)))


@dataclass(frozen=True)
class Chart:
    title: str
    alt: str
    bars: tuple[Bar, ...]
    axis: tuple[int, ...]


def chart(block: ChartBlock, contents: Contents) -> Chart:
    """Bars of one measure, axis from 0 to the next multiple of 20 above the greatest value or limit that is shown."""
    table = contents.table(block.table)
    dimension = contents.dimensions[table.dimensions[0]]
    cells = [(codes[0], table.find(block.measure, *codes)) for codes in block.places]
    ends = [end for _, cell in cells if cell and cell.value is not None for end in (cell.value, cell.high) if end]
    top = max(20, 20 * ceil(max(ends, default=0) / 20))
    bars = tuple(_bar(dimension.short.get(code, dimension.labels[code]), cell, top) for code, cell in cells)
    return Chart(block.title, block.alt, bars, tuple(range(0, top + 1, 20)))


def _bar(label: str, cell: Cell | None, top: int) -> Bar:
    if cell is None or cell.value is None:
        return Bar(label, cell_text(cell), None)
    limits = (cell.low / top, cell.high / top) if cell.low is not None and cell.high is not None else None
    return Bar(label, cell_text(cell), cell.value / top, limits)
