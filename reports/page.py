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
    Signpost,
    Statement,
    Subheading,
    TableBlock,
)
from reports.grids import grid

_STYLE = Path(__file__).parent / "static" / "reports" / "report.css"
_PARTS = {
    Paragraph: "paragraph",
    Signpost: "signpost",
    Subheading: "subheading",
    Items: "items",
    KeyFigures: "key_figures",
    Statement: "statement",
    TableBlock: "table",
    ChartBlock: "chart",
}


# Sizes of a section's heading, a subheading and a chart's title.
_OF_A_REPORT, _OF_ONE_SECTION = ("l", "m", "s"), ("m", "s", "s")


def as_fragment(contents: Contents) -> SafeString:
    """Headings from level 2, for a page that has a level 1 of its own. A single section stands among others of that
    page and has smaller ones."""
    several = len(contents.sections) > 1
    sections = [{"id": s.id, "title": s.title, "blocks": _blocks(s, contents)} for s in contents.sections]
    sizes = _OF_A_REPORT if several else _OF_ONE_SECTION
    return render_to_string("reports/fragment.html", {"sections": sections, "sizes": sizes, "several": several})


def as_contents_list(contents: Contents) -> SafeString:
    """Links to the sections of the fragment on the same page."""
    return render_to_string("reports/contents_list.html", {"sections": contents.sections})


def as_page(contents: Contents) -> bytes:
    """One file with everything in it: no script, no font, nothing to fetch."""
    said = {
        "report": contents.report,
        "contents_list": as_contents_list(contents),
        "fragment": as_fragment(contents),
        "style": _style(),
    }
    return render_to_string("reports/page.html", said).encode()


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
    """Down in heights of a letter, across in percent of the width: the words keep their size on every screen."""
    drawn = chart(block, contents)
    step, wide = 3.0, 80.0
    bars = [
        {
            "label": bar.label,
            "text": bar.text,
            "word": _em(number * step + 1.1),
            "top": _em(number * step + 1.5),
            "foot": _em(number * step + 2.4),
            "width": None if bar.length is None else f"{max(bar.length * wide, 0.3):.2f}%",
            "limits": [f"{limit * wide:.2f}%" for limit in bar.limits or ()],
            "middle": _em(number * step + 2.05),
            "cap": [_em(number * step + 1.8), _em(number * step + 2.3)],
            "end": f"{max(bar.end * wide, 0.3):.2f}%",
        }
        for number, bar in enumerate(drawn.bars)
    ]
    bottom = len(drawn.bars) * step
    return {
        "id": block.table,
        "chart": drawn,
        "bars": bars,
        "axis": [{"value": value, "x": f"{wide * value / drawn.axis[-1]:.2f}%"} for value in drawn.axis],
        "bottom": _em(bottom),
        "height": _em(bottom + 1.5),
    }


def _em(heights: float) -> str:
    return f"{heights:.2f}em"
