"""Tables: strings with styles by column, wrapped by measuring, split over pages with their heads repeated."""

from collections.abc import Sequence

from reportlab.lib.utils import simpleSplit
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table, TableStyle

from reports.contents import Contents, TableBlock
from reports.grids import Grid, Row, grid
from reports.pdf.fonts import BOLD, REGULAR, printable, width_of
from reports.pdf.style import CAPTION, HEIGHT, INK, NOTE, PALE, RULE, TABLE_SIZE, WIDTH

_GAP = 8.0
_INDENT = 10.0
_LEAST_LABEL = 95.0
_STEP = 3.0
# The most of a page that is left empty so that a table, or a list, need not be split. With more room than that it
# begins where it is and is split, its head repeated: half-empty pages are harder to read than a table over two.
MOST_EMPTY = HEIGHT * 0.25
_LAST_ROWS = 4  # are not parted: a sum or a rate alone on a page says nothing


def table_flowables(block: TableBlock, contents: Contents) -> list[Flowable]:
    """Caption, note, table. A table begins on a new page where that keeps it whole and leaves little empty."""
    table = _table(grid(block, contents.dimensions))
    words = [Paragraph(printable(block.title), CAPTION)]
    words += [Paragraph(printable(block.note), NOTE)] if block.note else []
    drawn: list[Flowable] = [*words, table]
    return [CondPageBreak(min(height_of(drawn), MOST_EMPTY)), *drawn, Spacer(1, 12)]


def height_of(drawn: Sequence[Flowable]) -> float:
    """Of things one below another."""
    return float(sum(one.wrap(WIDTH, HEIGHT)[1] + one.getSpaceBefore() + one.getSpaceAfter() for one in drawn))


def _table(laid_out: Grid) -> Table:
    label, numbers = _widths(laid_out)
    heads = [_wrapped(laid_out.corner, BOLD, label)]
    heads += [_wrapped(head, BOLD, width) for head, width in zip(laid_out.heads, numbers, strict=True)]
    rows = [heads]
    for row in laid_out.rows:
        rows.append([_label(row, label), *(printable(text) for text in row.texts)])
    table = Table(rows, colWidths=[label, *numbers], repeatRows=1, hAlign="LEFT")
    table.setStyle(TableStyle(_styling(laid_out)))
    return table


def _styling(laid_out: Grid) -> list[tuple]:
    last = len(laid_out.rows)
    style: list[tuple] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, TABLE_SIZE, TABLE_SIZE + 2.5),
        ("FONT", (0, 0), (-1, 0), BOLD, TABLE_SIZE, TABLE_SIZE + 2.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, INK),
        ("LINEBELOW", (0, 1), (-1, last), 0.4, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    style.append(("NOSPLIT", (0, max(1, last - _LAST_ROWS + 1)), (-1, last)))
    for number, row in enumerate(laid_out.rows, start=1):
        if row.kind in {"sum", "group"}:
            style.append(("FONTNAME", (0, number), (-1, number), BOLD))
        if row.kind == "leaf":
            style.append(("LEFTPADDING", (0, number), (0, number), 3 + _INDENT))
    return style


def _widths(laid_out: Grid) -> tuple[float, list[float]]:
    """Numbers get what they need; the labels get the rest."""
    needed = []
    for column, head in enumerate(laid_out.heads):
        longest = max((width_of(row.texts[column], BOLD, TABLE_SIZE) for row in laid_out.rows), default=0)
        word = max(width_of(part, BOLD, TABLE_SIZE) for part in head.replace("/", "/ ").split())
        needed.append(max(longest, word) + _GAP)
    room = WIDTH - _LEAST_LABEL
    if sum(needed) > room:
        needed = [width * room / sum(needed) for width in needed]
    widest = max(width_of(row.label, BOLD, TABLE_SIZE) for row in laid_out.rows) + _INDENT + _GAP
    label = _narrowed(laid_out, min(WIDTH - sum(needed), max(widest, _LEAST_LABEL)))
    spare = (WIDTH - label - sum(needed)) / max(len(needed), 1)
    return label, [width + min(spare, 45) for width in needed]


def _narrowed(laid_out: Grid, label: float) -> float:
    """Labels that are broken anyway leave room to the heads: the least width that breaks them into no more lines."""
    lines = _label_lines(laid_out, label)
    while label - _STEP >= _LEAST_LABEL and _label_lines(laid_out, label - _STEP) == lines:
        label -= _STEP
    return label


def _label_lines(laid_out: Grid, label: float) -> int:
    return sum(_label(row, label).count("\n") for row in laid_out.rows)


def _label(row: Row, width: float) -> str:
    return _wrapped(row.label, _font(row), width - (_INDENT if row.kind == "leaf" else 0))


def _font(row: Row) -> str:
    return BOLD if row.kind in {"sum", "group"} else REGULAR


def _wrapped(text: str, font: str, width: float) -> str:
    return "\n".join(simpleSplit(printable(text), font, TABLE_SIZE, width - 6.5)) or " "
