"""Bar charts as vector drawings."""

from reportlab.graphics.shapes import Drawing, Line, Rect, String

from reports.charts import Bar, Chart
from reports.pdf.fonts import BOLD, REGULAR, printable, width_of
from reports.pdf.style import BLUE, INK, QUIET, RULE, WHITE, WIDTH

_BAR, _STEP, _SIZE = 13.0, 20.0, 9.0
_MOST_LABEL, _VALUE = 190.0, 42.0


def bar_chart(chart: Chart) -> Drawing:
    """Bars from the top down; what may not be shown is a hatched stub."""
    left = min(_MOST_LABEL, max(width_of(bar.label, REGULAR, _SIZE) for bar in chart.bars) + 10)
    height, wide = len(chart.bars) * _STEP + 20, WIDTH - left - _VALUE
    drawing = Drawing(WIDTH, height)
    for value in chart.axis:
        x = left + wide * value / chart.axis[-1]
        drawing.add(Line(x, 16, x, height, strokeColor=RULE, strokeWidth=0.4))
        drawing.add(_text(x, 5, f"{value}%", "middle", QUIET))
    for number, bar in enumerate(chart.bars):
        y = height - (number + 1) * _STEP + 4
        drawing.add(_text(left - 8, y + 3.5, _short(bar.label), "end", INK))
        if bar.length is None:
            _hatch(drawing, left, y)
            end = left + 18.0
        else:
            length = max(bar.length * wide, 0.6)
            drawing.add(Rect(left, y, length, _BAR, fillColor=BLUE, strokeColor=None))
            _limits(drawing, bar, left, y + _BAR / 2, wide)
            end = left + max(length, bar.end * wide)
        behind = Rect(end + 3, y + 1, width_of(bar.text, BOLD, _SIZE) + 4, _BAR - 2, fillColor=WHITE, strokeColor=None)
        drawing.add(behind)  # a line of the grid would strike the number through
        drawing.add(_text(end + 5, y + 3.5, bar.text, "start", INK, BOLD))
    return drawing


def _limits(drawing: Drawing, bar: Bar, left: float, y: float, wide: float) -> None:
    """The interval as a thin line with ends, on white so that it is seen over the bar."""
    if bar.limits is None:
        return
    low, high = (left + limit * wide for limit in bar.limits)
    for colour, thick in ((WHITE, 2.6), (INK, 0.9)):
        for x1, y1, x2, y2 in ((low, y, high, y), (low, y - 3, low, y + 3), (high, y - 3, high, y + 3)):
            drawing.add(Line(x1, y1, x2, y2, strokeColor=colour, strokeWidth=thick))


def _text(x: float, y: float, text: str, anchor: str, colour: object, font: str = REGULAR) -> String:
    return String(x, y, printable(text), fontName=font, fontSize=_SIZE, textAnchor=anchor, fillColor=colour)


def _short(label: str) -> str:
    while width_of(label, REGULAR, _SIZE) > _MOST_LABEL - 10:
        label = label.rstrip("…")[:-1] + "…"
    return label


def _hatch(drawing: Drawing, x: float, y: float) -> None:
    drawing.add(Rect(x, y, 16, _BAR, fillColor=WHITE, strokeColor=QUIET, strokeWidth=0.6))
    for offset in (3, 7, 11):
        drawing.add(Line(x + offset, y, x + offset + 4, y + _BAR, strokeColor=QUIET, strokeWidth=0.6))
