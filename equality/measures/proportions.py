"""Intervals for one proportion.

Wilson (1927) is the default: it stays inside 0 to 1 and holds its level in small groups (Newcombe 1998, Statistics in
Medicine 17:857). Clopper and Pearson's is exact and wide; mid-p lies between the two."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, betaincinv

from equality.measures.answers import Answer, answer
from equality.measures.arrays import Floats, Interval, counted, quotient
from equality.measures.normal import quantile
from equality.measures.roots import crossing

NOBODY = "There is nobody in the group, so there is no proportion."


def wilson(events: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Interval:
    """Score interval, solved from (p - P)^2 = z^2 P(1 - P)/n. NaN where the base is 0."""
    x, n = counted(events, base)
    z = quantile(confidence)
    p = quotient(x, n)
    scale = quotient(1, 1 + z**2 * quotient(1, n))
    centre = (p + z**2 / 2 * quotient(1, n)) * scale
    reach = z * np.sqrt(quotient(p * (1 - p), n) + z**2 / 4 * quotient(1, n) ** 2) * scale
    return _ends(Interval(centre - reach, centre + reach), x, n)


def clopper_pearson(events: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact interval: each tail of the binomial holds at most half of what is left. NaN where the base is 0."""
    x, n = counted(events, base)
    tail = (1 - confidence) / 2
    low = betaincinv(np.maximum(x, 1), n - x + 1, tail)
    high = betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail)
    return _ends(Interval(low, high), x, n)


def mid_p(events: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Interval:
    """Clopper and Pearson's with only half of the observed outcome's chance in its own tail. NaN where the base is
    0."""
    x, n = counted(events, base)
    tail = (1 - confidence) / 2
    high = crossing(lambda p: _below(x, n, p) - tail, np.zeros_like(x), np.ones_like(x))
    low = crossing(lambda p: _below(x, n, p) - (1 - tail), np.zeros_like(x), np.ones_like(x))
    return _ends(Interval(low, high), x, n)


def _below(x: Floats, n: Floats, p: Floats) -> Floats:
    """Chance of fewer than x, and half the chance of x; falls as p rises."""
    up_to = bdtr(x, n.astype(int), p)
    before = np.where(x > 0, bdtr(np.maximum(x - 1, 0), n.astype(int), p), 0)
    return np.asarray((up_to + before) / 2)


def _ends(limits: Interval, x: Floats, n: Floats) -> Interval:
    """Nobody is exactly 0 at the lower end, everybody exactly 1 at the upper."""
    low = np.where(x == 0, 0.0, limits.low)
    high = np.where(x == n, 1.0, limits.high)
    return Interval(np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan))


def wilson_ci(*, x: int, n: int) -> Answer:
    return _answer(x, n, wilson(x, n))


def clopper_pearson_ci(*, x: int, n: int) -> Answer:
    return _answer(x, n, clopper_pearson(x, n))


def midp_proportion_ci(*, x: int, n: int) -> Answer:
    return _answer(x, n, mid_p(x, n))


def _answer(x: int, n: int, limits: Interval) -> Answer:
    outputs = {"proportion": quotient(x, n), "low": limits.low, "high": limits.high}
    return answer(outputs, None if n else NOBODY)
