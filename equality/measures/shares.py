"""Shares and rates in percent.

A *share* is a group over those who declared; the *declaration rate* is those who declared over those who were asked.
Prefer not to say and no declaration are in neither group nor share (Cabinet Office, Civil Service Statistics)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def percent(part: int, whole: int, digits: int = 1) -> float | None:
    """``part`` in percent of ``whole``, rounded once; None where there is no whole. Raises ValueError for counts that
    no part and whole can have."""
    if part < 0 or whole < part:
        raise ValueError("a share needs 0 <= part <= whole")
    return rounded(Fraction(100 * part, whole), digits) if whole else None


def rounded(value: Fraction, digits: int) -> float:
    """The nearest number of so many decimals; an exact half goes away from zero."""
    scaled = abs(value) * 10**digits
    whole = Decimal((scaled + Fraction(1, 2)).__floor__())
    size = float((whole / 10**digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
    return -size if value < 0 and size else size
