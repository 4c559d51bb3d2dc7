"""Funnel limits: how far a unit of a given size may lie from the target by chance (Spiegelhalter 2005, Statistics in
Medicine 24:1185). Never a ranking.

Exact binomial limits are interpolated between whole numbers of events, as in that paper. Over-dispersion: arcsine
z-scores, winsorised, their mean square phi, and the additive variance tau squared; FunnelPlotR is the reference."""

from collections.abc import Callable

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import binom

from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import Floats
from equality.measures.normal import quantile

LEVELS = {"l95": 0.025, "u95": 0.975, "l998": 0.001, "u998": 0.999}
NOBODY = "There is nobody in the unit, so there are no limits."
NOTHING_EXPECTED = "Nothing is expected, so there are no limits."
TOO_SMALL = "A unit under 10 has limits at or near 0 and 1: it can hardly be told apart from the target."
ONE_UNIT = "Over-dispersion needs at least two units with people, some with and some without the outcome."


def binomial_limit(n: int, target: float, chance: float) -> float:
    """The share of events below which lies this chance, interpolated; within 0 to 1."""
    if target in (0, 1):
        return float(target)
    r = int(binom.ppf(chance, n, target))
    at, before = binom.cdf(r, n, target), binom.cdf(r - 1, n, target)
    step = at - before
    return float(np.clip((r - ((at - chance) / step if step > 0 else 0)) / n, 0, 1))


def normal_limit(n: int, target: float, chance: float) -> float:
    """Target and so many standard errors; within 0 to 1."""
    z = np.sign(chance - 0.5) * quantile(1 - 2 * min(chance, 1 - chance))
    return float(np.clip(target + z * np.sqrt(target * (1 - target) / n), 0, 1))


def poisson_limit(expected: float, chance: float) -> float:
    """Observed over expected below which lies this chance: exact, from the gamma distribution."""
    events = expected if chance < 0.5 else expected + 1
    return float(gammaincinv(events, chance) / expected)


_LIMITS: dict[str, Callable[[int, float, float], float]] = {"exact": binomial_limit, "normal": normal_limit}


def funnel_limits(*, n: int, target: float, method: str = "exact") -> Answer:
    if not n:
        return undefined(NOBODY, *LEVELS)
    limits = {name: _LIMITS[method](n, target, chance) for name, chance in LEVELS.items()}
    return answer(limits, TOO_SMALL if n < 10 else None)


def funnel_poisson_sr(*, expected: float) -> Answer:
    if not expected:
        return undefined(NOTHING_EXPECTED, *LEVELS)
    return answer({name: poisson_limit(expected, chance) for name, chance in LEVELS.items()})


def funnel_overdispersion(*, numerator: list[int], denominator: list[int], trim: float = 0.1) -> Answer:
    x, n = np.array(numerator, dtype=float), np.array(denominator, dtype=float)
    if n.size < 2 or not n.all() or not 0 < x.sum() < n.sum():
        return undefined(ONE_UNIT, "phi", "tau2", "z")
    z = arcsine_z(x, n)
    phi = float(np.mean(winsorised(z, trim) ** 2))
    return answer({"phi": phi, "tau2": added_variance(phi, n), "z": z})


def arcsine_z(x: Floats, n: Floats) -> Floats:
    """Standard scores of arcsin(sqrt(rate)) about that of all units together, with standard error 1 / (2 sqrt(n))."""
    return np.asarray((np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(x.sum() / n.sum()))) * 2 * np.sqrt(n))


def winsorised(z: Floats, trim: float) -> Floats:
    """Scores drawn in to the quantiles that cut off this share at each end."""
    return np.asarray(np.clip(z, np.quantile(z, trim), np.quantile(z, 1 - trim)))


def added_variance(phi: float, n: Floats) -> float:
    """Tau squared between units, on the arcsine scale: 0 where the scores vary no more than chance."""
    weights = 4 * n
    excess = n.size * phi - (n.size - 1)
    return float(max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum())))
