"""Rates in percent and per 100 staff, unrounded, with their intervals."""

from fractions import Fraction

from scipy.special import gammaincinv

from equality.measures.answers import Answer, answer
from equality.measures.proportions import wilson

NO_BASE = "There is nobody to take a percentage of."
NO_STAFF = "There are no staff, so there is no rate."
TAIL = 0.025


def percent_with_interval(part: int, whole: int, *, name: str = "percent") -> Answer:
    """Part in percent of whole with Wilson's limits, under the name that its measure gives it."""
    limits = wilson(part, whole)
    outputs = {
        name: Fraction(100 * part, whole) if whole else None,
        "low": 100 * limits.low,
        "high": 100 * limits.high,
    }
    return answer(outputs, None if whole else NO_BASE)


def rate_percent(*, numerator: int, denominator: int) -> Answer:
    return percent_with_interval(numerator, denominator)


def rate_per_100_staff(*, events: int, staff: int) -> Answer:
    """Events, of which one person may have several, for every hundred staff, with exact Poisson limits (Garwood
    1936)."""
    low = gammaincinv(events, TAIL) if events else 0.0
    high = gammaincinv(events + 1, 1 - TAIL)
    scale = 100 / staff if staff else None
    outputs = {"rate": events, "low": low, "high": high}
    return answer(
        {name: scale * value if scale else None for name, value in outputs.items()}, None if staff else NO_STAFF
    )
