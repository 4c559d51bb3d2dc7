"""Numbers as a sentence says them, so that what is printed never contradicts what is concluded."""

from fractions import Fraction

from equality.measures.shares import percent, rounded

_MOST_DIGITS = 6


def beside(value: float, landmark: float, digits: int) -> str:
    """A number to so many decimals, or to as many more as keep it on its own side of a landmark: 1.004 is not printed
    as 1.00 where 1 is what it differs from."""
    for more in range(digits, _MOST_DIGITS):
        printed = rounded(Fraction(value), more)
        if printed != landmark or value == landmark:
            return f"{printed:.{more}f}"
    return f"{value:.{_MOST_DIGITS}f}"


def span(low: float, high: float, landmark: float, digits: int) -> str:
    """``0.36 to 1.08``, both ends on their own side of the landmark."""
    return f"{beside(low, landmark, digits)} to {beside(high, landmark, digits)}"


def signed(value: float) -> str:
    """``plus 4.2``, ``minus 0.3`` or ``0.0``, to be read aloud."""
    text = beside(abs(value), 0, 1)
    return text if value == 0 else f"{'plus' if value > 0 else 'minus'} {text}"


def out_of(part: int, whole: int) -> str:
    """``8 of 20 (40.0%)``."""
    return f"{part:,} of {whole:,} ({percent(part, whole)}%)"


def opening(text: str) -> str:
    """Words that may stand at the head of a sentence."""
    return text[:1].upper() + text[1:]
