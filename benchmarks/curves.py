"""Growth as a picture: small curves side by side, each from nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _GAP = 230, 150, 70
_LEFT, _TOP, _BELOW = 50, 34, 30


@dataclass(frozen=True)
class Curve:
    """``points``: (what it is of, seconds), in order."""

    title: str
    points: Sequence[tuple[str, float]]


def drawn(title: str, curves: Sequence[Curve]) -> str:
    """An SVG with a text alternative. Points stand at equal distances."""
    width = _LEFT + len(curves) * (_WIDTH + _GAP)
    height = _TOP + _HEIGHT + _BELOW
    said = "; ".join(
        f"{curve.title}: " + ", ".join(f"{label} {seconds:.1f} s" for label, seconds in curve.points)
        for curve in curves
    )
    panels = "".join(_panel(curve, _LEFT + at * (_WIDTH + _GAP)) for at, curve in enumerate(curves))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="title said" font-family="sans-serif" font-size="12" fill="#0b0c0c">'
        f'<title id="title">{escape(title)}</title><desc id="said">{escape(said)}</desc>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{panels}</svg>\n'
    )


def _panel(curve: Curve, left: float) -> str:
    bottom = _TOP + _HEIGHT
    top = _round_above(max(seconds for _, seconds in curve.points))
    across = _WIDTH / max(1, len(curve.points) - 1)
    places = [(left + at * across, bottom - _HEIGHT * seconds / top) for at, (_, seconds) in enumerate(curve.points)]
    scale = "".join(
        f'<text x="{left - 8}" y="{bottom - _HEIGHT * part + 4:.0f}" text-anchor="end">{top * part:g} s</text>'
        f'<path d="M{left} {bottom - _HEIGHT * part:.0f}h{_WIDTH}" stroke="#b1b4b6"/>'
        for part in (0, 0.5, 1)
    )
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1d70b8"/>' for x, y in places)
    labels = "".join(
        f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{escape(label)}</text>'
        for (x, _), (label, _) in zip(places, curve.points, strict=True)
    )
    head = f'<text x="{left}" y="18" font-weight="bold">{escape(curve.title)}</text>'
    return f'{head}{scale}<path d="{line}" fill="none" stroke="#1d70b8" stroke-width="2"/>{dots}{labels}'


def _round_above(most: float) -> float:
    """The end of a scale: 1, 2 or 5 with noughts."""
    step = 0.1
    while True:
        for times in (1, 2, 5):
            if step * times >= most:
                return step * times
        step *= 10
