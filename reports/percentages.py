"""Percentages of numbers as they are printed, with Wilson's limits."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from equality.disclosure.safe import Cell as SafeCell
from equality.disclosure.safe import Status
from equality.measures.proportions import wilson
from equality.measures.shares import percent, rounded
from reports.contents import Cell

LEAST_ROUNDED = 25  # people behind a percentage of rounded numbers: of fewer, rounding decides what it is


def percentage(dims: Mapping[str, str], measure: str, part: SafeCell, whole: SafeCell) -> Cell:
    """Of two numbers as they are printed, with Wilson's limits, which follow from the same two; [c] where either is
    hidden. Of rounded numbers in whole percent, if they are not too few, with limits that hold the rounding."""
    if part.value is None or whole.value is None:
        return Cell(dims, measure, None, Status.CONFIDENTIAL.value)
    if whole.limits == (0, 0):
        return Cell(dims, measure, None, Status.NOT_APPLICABLE.value)
    if part.low is None and whole.low is None:
        low, high = limits_of_share(part.value, whole.value)
        return Cell(dims, measure, percent(part.value, whole.value), low=low, high=high)
    if whole.value < LEAST_ROUNDED:
        return Cell(dims, measure, None, Status.TOO_FEW.value)
    value = percent(min(part.value, whole.value), whole.value, 0)
    return Cell(dims, measure, value, None, *limits_of_rounded(part.limits, whole.limits), step=1.0)


def limits_of_share(part: int, whole: int) -> tuple[float, float]:
    """Wilson's limits in percent, as they are printed."""
    low, high = (rounded(Fraction(100 * float(limit)), 1) for limit in wilson(part, whole))
    return low, high


def limits_of_rounded(part: tuple[int, int], whole: tuple[int, int]) -> tuple[float, float]:
    """Wilson's limits in whole percent, outwards, of the least and of the greatest share that numbers can be which lie
    between these ends."""
    low, _ = wilson(min(part[0], whole[1]), whole[1])
    _, high = wilson(min(part[1], whole[0]), whole[0])
    return float(floor(100 * low)), float(ceil(100 * high))
