"""Bar charts as geometry, for page and PDF to draw. A bar that may not be shown is a gap with a pattern, never a
zero, and no axis, order or length follows from it."""

from dataclasses import dataclass
from math import ceil

from reports.contents import ChartBlock, Contents
from reports.wording import cell_text


@dataclass(frozen=True)
class Bar:
    """``length``: 0 to 1 of the axis, None where the value is not shown."""

    label: str
    text: str
    length: float | None


@dataclass(frozen=True)
class Chart:
    title: str
    alt: str
    bars: tuple[Bar, ...]
    axis: tuple[int, ...]


def chart(block: ChartBlock, contents: Contents) -> Chart:
    """Bars of one measure, axis from 0 to the next multiple of 20 above the greatest value that is shown."""
    table = contents.table(block.table)
    dimension = contents.dimensions[table.dimensions[0]]
    cells = [(code, table.find(block.measure, code)) for code in block.rows]
    values = [cell.value for _, cell in cells if cell is not None and cell.value is not None]
    top = max(20, 20 * ceil(max(values, default=0) / 20))
    bars = tuple(
        Bar(
            dimension.short.get(code, dimension.labels[code]),
            cell_text(cell),
            cell.value / top if cell is not None and cell.value is not None else None,
        )
        for code, cell in cells
    )
    return Chart(block.title, block.alt, bars, tuple(range(0, top + 1, 20)))
