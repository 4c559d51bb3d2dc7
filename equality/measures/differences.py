"""The difference of two proportions, first group less second.

Newcombe's hybrid score interval is the default (1998, Statistics in Medicine 17:873, method 10). Miettinen and
Nurminen's (1985, Statistics in Medicine 4:213) is here because regulators ask for it, and in code of our own: that of
statsmodels 0.15 raises or is wrong by up to 0.07."""

import numpy as np
from numpy.typing import ArrayLike

from equality.measures.answers import Answer, answer
from equality.measures.arrays import Floats, Interval, TwoGroups, quotient, two_groups
from equality.measures.minimums import too_few
from equality.measures.normal import quantile
from equality.measures.proportions import wilson
from equality.measures.roots import crossing

NO_BASE = "One of the groups has nobody in it, so there is nothing to compare."


def newcombe(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Wilson's limits of both groups, combined. NaN where a base is 0."""
    counts = two_groups(events1, base1, events2, base2)
    first, second = wilson(counts.events1, counts.base1, confidence), wilson(counts.events2, counts.base2, confidence)
    p1, p2 = counts.rate1, counts.rate2
    return Interval(
        p1 - p2 - np.hypot(p1 - first.low, second.high - p2),
        p1 - p2 + np.hypot(first.high - p1, p2 - second.low),
    )


def miettinen_nurminen(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, confidence: float = 0.95
) -> Interval:
    """All differences that the score test, with its variance times N/(N - 1), does not reject. NaN where a base is
    0."""
    counts = two_groups(events1, base1, events2, base2)
    z, observed = quantile(confidence), counts.rate1 - counts.rate2
    ends = np.ones_like(observed)
    low = crossing(lambda d: score(counts, d) - z, -ends, observed)
    high = crossing(lambda d: score(counts, d) + z, observed, ends)
    known = ~np.isnan(observed)
    return Interval(np.where(known, low, np.nan), np.where(known, high, np.nan))


def score(counts: TwoGroups, difference: Floats) -> Floats:
    """Standard errors by which the observed difference exceeds a supposed one. Falls as that rises; zero where
    the two are equal."""
    excess = counts.rate1 - counts.rate2 - difference
    p1 = likeliest_rate(counts, difference)
    p2 = np.clip(p1 - difference, 0, 1)
    total = counts.base1 + counts.base2
    variance = (quotient(p1 * (1 - p1), counts.base1) + quotient(p2 * (1 - p2), counts.base2)) * quotient(
        total, total - 1
    )
    with np.errstate(divide="ignore"):
        return np.asarray(np.divide(excess, np.sqrt(variance), out=np.zeros_like(excess), where=excess != 0))


def likeliest_rate(counts: TwoGroups, difference: Floats) -> Floats:
    """The first group's likeliest rate if the difference were this: the middle root of a cubic (Farrington and Manning
    1990, Statistics in Medicine 9:1447). Good to ten digits, and to six where one base is 100,000 times the other."""
    d, p1, p2 = difference, counts.rate1, counts.rate2
    weight = quotient(counts.base2, counts.base1)
    a = 1 + weight
    b = -(1 + weight + p1 + weight * p2 + d * (weight + 2))
    c = d**2 + d * (2 * p1 + weight + 1) + p1 + weight * p2
    e = -p1 * d * (1 + d)
    shift = b / (3 * a)
    v = shift**3 - b * c / (6 * a**2) + e / (2 * a)
    u = np.where(v < 0, -1, 1) * np.sqrt(np.maximum(shift**2 - c / (3 * a), 0))
    turn = np.clip(np.divide(v, u**3, out=np.zeros_like(v), where=u != 0), -1, 1)
    root = 2 * u * np.cos((np.pi + np.arccos(turn)) / 3) - shift
    return np.asarray(np.clip(root, np.maximum(d, 0), np.minimum(1, 1 + d)))


def newcombe_diff_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    counts = two_groups(events1, base1, events2, base2)
    return _answer(counts, newcombe(*counts))


def mn_diff_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    counts = two_groups(events1, base1, events2, base2)
    return _answer(counts, miettinen_nurminen(*counts))


def _answer(counts: TwoGroups, limits: Interval) -> Answer:
    difference = counts.rate1 - counts.rate2
    missing = NO_BASE if np.isnan(difference) else None
    return answer({"diff": difference, "low": limits.low, "high": limits.high}, missing, few=too_few(counts))
