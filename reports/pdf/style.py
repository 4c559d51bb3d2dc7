"""Sizes, colours and paragraph styles of the PDF."""

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from reports.pdf.fonts import BOLD, REGULAR

PAGE = A4
MARGIN = 20 * mm
TOP, BOTTOM = 26 * mm, 22 * mm
WIDTH, HEIGHT = PAGE[0] - 2 * MARGIN, PAGE[1] - TOP - BOTTOM

INK, QUIET, RULE, BLUE, PALE, WHITE = (
    HexColor("#0b0c0c"), HexColor("#505a5f"), HexColor("#b1b4b6"), HexColor("#12436d"), HexColor("#eef3f8"), white,
)  # fmt: skip
LINK = "#1d5a92"


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    # The library's own bullet font is never embedded.
    settings = {
        "fontName": REGULAR,
        "bulletFontName": REGULAR,
        "fontSize": size,
        "leading": size * 1.35,
        "textColor": INK,
        "alignment": TA_LEFT,
    }
    return ParagraphStyle(name, **settings | more)


BODY = _style("body", 10.5, spaceAfter=7)
ITEM = _style("item", 10.5, spaceAfter=4, leftIndent=12, bulletIndent=2)
SECTION = _style("section", 20, fontName=BOLD, textColor=BLUE, leading=24, spaceAfter=10)
SUBHEADING = _style("subheading", 13.5, fontName=BOLD, leading=17, spaceBefore=12, spaceAfter=5)
CAPTION = _style("caption", 10, fontName=BOLD, leading=13, spaceBefore=6, spaceAfter=3)
NOTE = _style("note", 9, textColor=QUIET, leading=11.5, spaceAfter=5)
STATEMENT = _style("statement", 11.5, leading=15.5, spaceBefore=8, spaceAfter=3)
FACT = _style("fact", 9.5, leading=12.5, textColor=QUIET, spaceAfter=1)
FIGURE_VALUE = _style("figure-value", 24, fontName=BOLD, textColor=BLUE, leading=28)
FIGURE_WHAT = _style("figure-what", 10.5, leading=13, spaceAfter=2)
FIGURE_NOTE = _style("figure-note", 8.5, leading=11, textColor=QUIET)
CONTENTS_HEAD = _style("contents-head", 20, fontName=BOLD, textColor=BLUE, leading=24, spaceAfter=12)
CONTENTS_LINE = _style("contents-line", 11.5, leading=19, fontName=BOLD)
CONTENTS_SUB = _style("contents-sub", 10, leading=14, leftIndent=14, textColor=QUIET)
COVER_TITLE = _style("cover-title", 30, fontName=BOLD, leading=36, textColor=WHITE)
COVER_LINE = _style("cover-line", 15, leading=21, textColor=WHITE)
COVER_NOTE = _style("cover-note", 11, leading=15, textColor=INK)

TABLE_SIZE = 9
