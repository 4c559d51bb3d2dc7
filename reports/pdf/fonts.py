"""Source Sans 3, embedded: figures of equal width, and every letter of English and Welsh."""

from functools import cache
from pathlib import Path

from reportlab.graphics import shapes
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "SourceSans", "SourceSans-Bold", "SourceSans-Italic"
_FILES = {
    REGULAR: "SourceSans3_400Regular.ttf",
    BOLD: "SourceSans3_700Bold.ttf",
    ITALIC: "SourceSans3_400Regular_Italic.ttf",
}
_NO_LETTER = "\N{WHITE SQUARE}"


@cache
def register() -> None:
    """Make the fonts known to ReportLab, once."""
    folder = Path(__file__).parent / "fonts"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, folder / file))
    for bold, italic, name in ((0, 0, REGULAR), (1, 0, BOLD), (0, 1, ITALIC), (1, 1, BOLD)):
        addMapping(REGULAR, bold, italic, name)
    shapes.STATE_DEFAULTS["fontName"] = REGULAR  # a drawing starts with it, and the library's own is never embedded


def printable(text: str) -> str:
    """The text with a square for every character that the font does not have, rather than nothing at all."""
    register()
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return "".join(letter if ord(letter) in known or letter == "\n" else _NO_LETTER for letter in text)


def width_of(text: str, font: str, size: float) -> float:
    register()
    return pdfmetrics.stringWidth(text, font, size)
