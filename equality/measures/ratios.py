"""The ratio of two proportions, first group over second.

Koopman's score interval (1984, Biometrics 40:513) is the default: it exists with zero cells and holds its level in
small groups. Miettinen and Nurminen's differs from it by the variance factor N/(N - 1). Both are code of our own:
statsmodels 0.15 agrees where no cell is zero, and returns complex numbers or nothing where one is. Katz's log interval
is for large counts; it does not exist with a zero cell."""

import numpy as np
from numpy.typing import ArrayLike

from equality.measures.answers import Answer, answer
from equality.measures.arrays import Floats, Interval, TwoGroups, quotient, two_groups
from equality.measures.minimums import too_few
from equality.measures.normal import quantile
from equality.measures.roots import crossing

NO_BASE = "One of the groups has nobody in it, so there is no ratio."
NO_EVENTS = "Nobody in the second group had the outcome, so the ratio cannot be calculated."
NO_UPPER_LIMIT = "There is no upper limit: nobody in the second group had the outcome."
NO_KATZ = "Katz's interval does not exist where nobody in a group had the outcome; use koopman_rr_ci."
_FAR = 46.0  # exp(46) is beyond any ratio of two counts under a billion


def ratio(events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike) -> Floats:
    """First rate over second. Zero where nobody of the first had the outcome; NaN where nobody of the second had it,
    or a base is 0."""
    counts = two_groups(events1, base1, events2, base2)
    return quotient(counts.rate1, counts.rate2)


def koopman(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, confidence: float = 0.95
) -> Interval:
    """All ratios that the score test does not reject. No events in the first group: lower limit 0; none in the
    second: no upper limit, NaN. Both NaN where a base is 0."""
    return _score_limits(two_groups(events1, base1, events2, base2), confidence, correction=False)


def miettinen_nurminen(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Koopman's with the variance times N/(N - 1): very slightly wider."""
    return _score_limits(two_groups(events1, base1, events2, base2), confidence, correction=True)


def katz(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, confidence: float = 0.95
) -> Interval:
    """exp(log ratio +/- z sqrt(1/x1 - 1/n1 + 1/x2 - 1/n2)) (Katz and others 1978, Biometrics 34:469). NaN where
    nobody of a group had the outcome."""
    counts = two_groups(events1, base1, events2, base2)
    inverses = [quotient(1, part) for part in counts]
    spread = quantile(confidence) * np.sqrt(np.maximum(inverses[0] - inverses[1] + inverses[2] - inverses[3], 0))
    found = quotient(counts.rate1, counts.rate2)
    return Interval(found * np.exp(-spread), found * np.exp(spread))


def score(counts: TwoGroups, supposed: Floats, *, correction: bool = False) -> Floats:
    """Standard errors by which the rates depart from a supposed ratio. Falls as that rises; zero where the ratio is
    the observed one. ``correction``: Miettinen and Nurminen's."""
    departure = counts.rate1 - supposed * counts.rate2
    p2 = _supposed_rate(counts, supposed)
    p1 = np.clip(supposed * p2, 0, 1)
    variance = quotient(p1 * (1 - p1), counts.base1) + supposed**2 * quotient(p2 * (1 - p2), counts.base2)
    if correction:
        variance = variance * quotient(counts.base1 + counts.base2, counts.base1 + counts.base2 - 1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.divide(departure, np.sqrt(variance), out=np.zeros_like(departure), where=departure != 0))


def _supposed_rate(counts: TwoGroups, supposed: Floats) -> Floats:
    """The second group's likeliest rate if the ratio were this: the smaller root of a quadratic, in the form that does
    not cancel."""
    x1, n1, x2, n2 = counts
    a = (n1 + n2) * supposed
    b = n1 * supposed + x1 + n2 + x2 * supposed
    c = x1 + x2
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0))
    return np.minimum(quotient(2 * c, b + root), 1)


def _score_limits(counts: TwoGroups, confidence: float, *, correction: bool) -> Interval:
    z = quantile(confidence)
    known = (counts.base1 > 0) & (counts.base2 > 0)
    any1, any2 = counts.events1 > 0, counts.events2 > 0
    observed = np.log(quotient(counts.rate1, counts.rate2), out=np.zeros(known.shape), where=known & any1 & any2)
    low = crossing(lambda t: score(counts, np.exp(t), correction=correction) - z, -_FAR, np.where(any2, observed, _FAR))
    high = crossing(
        lambda t: score(counts, np.exp(t), correction=correction) + z, np.where(any1, observed, -_FAR), _FAR
    )
    return Interval(
        np.where(known, np.where(any1, np.exp(low), 0.0), np.nan), np.where(known & any2, np.exp(high), np.nan)
    )


def why_missing(counts: TwoGroups) -> str | None:
    """Why one comparison has no ratio; None where it has one."""
    if not (counts.base1 > 0 and counts.base2 > 0):
        return NO_BASE
    return None if counts.events2 > 0 else NO_EVENTS


def why_unbounded(counts: TwoGroups) -> str | None:
    """Why one comparison that has both bases has no upper limit."""
    return NO_UPPER_LIMIT if counts.base1 > 0 and counts.base2 > 0 and counts.events2 == 0 else None


def with_score_interval(counts: TwoGroups, name: str = "ratio") -> Answer:
    """One ratio with Koopman's limits, under the name that its measure gives it."""
    limits = koopman(*counts)
    outputs = {name: ratio(*counts), "low": limits.low, "high": limits.high}
    return answer(outputs, why_missing(counts), why_unbounded(counts), few=too_few(counts))


def koopman_rr_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    return with_score_interval(two_groups(events1, base1, events2, base2))


def mn_rr_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    counts = two_groups(events1, base1, events2, base2)
    limits = miettinen_nurminen(*counts)
    outputs = {"ratio": ratio(*counts), "low": limits.low, "high": limits.high}
    return answer(outputs, why_missing(counts), why_unbounded(counts), few=too_few(counts))


def katz_rr_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    counts = two_groups(events1, base1, events2, base2)
    limits = katz(*counts)
    no_limits = NO_KATZ if np.isnan(limits.low) and why_missing(counts) != NO_BASE else None
    outputs = {"ratio": ratio(*counts), "low": limits.low, "high": limits.high}
    return answer(outputs, why_missing(counts), no_limits, few=too_few(counts))
