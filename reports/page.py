"""The report as a web page: a fragment for the site, and a whole page that stands alone."""

from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reports.charts import chart
from reports.contents import (
    ChartBlock,
    Contents,
    Items,
    KeyFigures,
    Paragraph,
    Section,
    Statement,
    Subheading,
    TableBlock,
)
from reports.grids import grid

_STYLE = Path(__file__).parent / "static" / "reports" / "report.css"
_PARTS = {
    Paragraph: "paragraph",
    Subheading: "subheading",
    Items: "items",
    KeyFigures: "key_figures",
    Statement: "statement",
    TableBlock: "table",
    ChartBlock: "chart",
}


def as_fragment(contents: Contents) -> SafeString:
    """Headings from level 2, for a page that has a level 1 of its own."""
    sections = [{"id": s.id, "title": s.title, "blocks": _blocks(s, contents)} for s in contents.sections]
    return render_to_string("reports/fragment.html", {"report": contents.report, "sections": sections})


def as_page(contents: Contents) -> bytes:
    """One file with everything in it: no script, no font, nothing to fetch."""
    page = render_to_string(
        "reports/page.html",
        {"report": contents.report, "fragment": as_fragment(contents), "style": _style()},
    )
    return page.encode()


@cache
def _style() -> SafeString:
    return mark_safe(_STYLE.read_text(encoding="utf-8"))  # noqa: S308  # our own file


def _blocks(section: Section, contents: Contents) -> list[dict]:
    return [_block(block, contents) for block in section.blocks]


def _block(block: object, contents: Contents) -> dict:
    part = {"kind": _PARTS[type(block)], "block": block}
    if isinstance(block, TableBlock):
        part["grid"] = grid(block, contents.dimensions)
    if isinstance(block, ChartBlock):
        part["drawing"] = _svg(block, contents)
    return part


def _svg(block: ChartBlock, contents: Contents) -> dict:
    """Coordinates in pixels of a drawing 640 wide."""
    drawn = chart(block, contents)
    height, left, wide = 34, 250, 300
    bars = [
        {
            "label": bar.label,
            "text": bar.text,
            "y": number * height + 6,
            "middle": number * height + 22,
            "width": None if bar.length is None else round(max(bar.length * wide, 1), 1),
            "end": left + 8 + (24 if bar.length is None else bar.length * wide),
        }
        for number, bar in enumerate(drawn.bars)
    ]
    bottom = len(drawn.bars) * height + 8
    axis = [{"value": value, "x": round(left + wide * value / drawn.axis[-1], 1)} for value in drawn.axis]
    return {
        "chart": drawn,
        "bars": bars,
        "axis": axis,
        "left": left,
        "bottom": bottom,
        "height": bottom + 24,
        "id": block.table,
    }
