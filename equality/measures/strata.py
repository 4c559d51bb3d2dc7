"""One comparison inside several strata, such as grades or areas: pooled, and whether it may be.

Mantel and Haenszel's statistic and limits are by statsmodels. Three of its ways are mended here: a stratum that says
nothing turns its answer into NaN, so it is left out and the answer says so; its p is 1 less a number near 1 and ends
at 0; its continuity correction is taken off even where less than a half is there to take. Breslow and Day's test that
the strata agree is code of our own, because that of statsmodels divides by zero where the pooled odds ratio is 1."""

from collections.abc import Sequence

import numpy as np
from scipy.special import chdtrc
from statsmodels.stats.contingency_tables import StratifiedTable

from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import Floats

Table = list[list[int]]
NOTHING_LEFT = "No stratum has people in both groups, with and without the outcome."
ONE_STRATUM = "Fewer than two strata can be compared, so there is nothing to agree or disagree."
NO_ODDS = "The strata together have no odds ratio above zero and below infinity."


def cmh(*, strata: list[Table], correction: bool = False) -> Answer:
    """Cochran, Mantel and Haenszel's test; the pooled odds ratio with Robins, Breslow and Greenland's limits."""
    kept = informative(strata)
    if not kept:
        return undefined(NOTHING_LEFT, "statistic", "p", "or_mh", "low", "high", "strata_used")
    pooled = StratifiedTable([np.array(table, dtype=float) for table in kept])
    statistic = float(pooled.test_null_odds(correction=False).statistic)
    if correction:
        statistic *= _corrected(kept)
    odds, low, high = _pooled_odds(kept, pooled)
    outputs = {"statistic": statistic, "p": chdtrc(1, statistic), "or_mh": odds, "low": low, "high": high}
    return answer(
        {**outputs, "strata_used": len(kept)}, left_out(len(strata) - len(kept)), NO_ODDS if odds is None else None
    )


def breslow_day(*, strata: list[Table], tarone: bool = True) -> Answer:
    """Breslow and Day's test of homogeneity (1980), by default with Tarone's adjustment (1985)."""
    kept = informative(strata)
    names = ("statistic", "p", "strata_used")
    if len(kept) < 2:
        return undefined(ONE_STRATUM, *names)
    odds = mantel_haenszel(kept)
    if odds is None:
        return undefined(NO_ODDS, *names)
    statistic = disagreement(kept, odds, tarone=tarone)
    outputs = {"statistic": statistic, "p": chdtrc(len(kept) - 1, statistic), "strata_used": len(kept)}
    return answer(outputs, left_out(len(strata) - len(kept)))


def informative(strata: Sequence[Table]) -> list[Table]:
    """Strata with both groups and both outcomes: the others add nothing."""
    return [[[a, b], [c, d]] for (a, b), (c, d) in strata if a + b > 0 and c + d > 0 and a + c > 0 and b + d > 0]


def left_out(strata: int) -> str | None:
    """How many strata say nothing, in words."""
    if not strata:
        return None
    what = "1 stratum was" if strata == 1 else f"{strata:,} strata were"
    return f"{what} left out: nobody in one of the groups, or nobody or everybody with the outcome."


def mantel_haenszel(strata: Sequence[Table]) -> float | None:
    """Pooled odds ratio; None where it would be zero or without end."""
    up = sum(a * d / (a + b + c + d) for (a, b), (c, d) in strata)
    down = sum(b * c / (a + b + c + d) for (a, b), (c, d) in strata)
    return up / down if up and down else None


def disagreement(strata: Sequence[Table], odds: float, *, tarone: bool) -> float:
    """Sum over strata of the squared distance from what one odds ratio expects, over its variance."""
    cells = np.array(strata, dtype=float).reshape(-1, 4)
    observed = cells[:, 0]
    rows, others, events = cells[:, 0] + cells[:, 1], cells[:, 2] + cells[:, 3], cells[:, 0] + cells[:, 2]
    expected = expected_events(odds, rows, others, events)
    parts = (expected, rows - expected, events - expected, others - events + expected)
    precision = np.sum(1 / np.array(parts), axis=0)
    statistic = ((observed - expected) ** 2 * precision).sum()
    if tarone:
        statistic -= (observed - expected).sum() ** 2 / (1 / precision).sum()
    return float(max(statistic, 0.0))


def expected_events(odds: float, rows: Floats, others: Floats, events: Floats) -> Floats:
    """Events of the first group at which a stratum has this odds ratio: the root of a quadratic, in whichever form does
    not cancel."""
    linear = others - events + odds * (rows + events)
    root = np.sqrt(linear**2 + 4 * (1 - odds) * odds * rows * events)
    cancels = linear < 0  # only where the odds ratio is under 1
    stable = 2 * odds * rows * events / np.where(cancels, 1, linear + root)
    return np.asarray(np.where(cancels, (root - linear) / np.where(cancels, 2 * (1 - odds), 1), stable))


def _corrected(strata: Sequence[Table]) -> float:
    """What a continuity correction of a half leaves of the statistic; all of it where less than a half is there."""
    distance = abs(sum(a - (a + b) * (a + c) / (a + b + c + d) for (a, b), (c, d) in strata))
    return ((distance - 0.5) / distance) ** 2 if distance >= 0.5 else 1.0


def _pooled_odds(strata: Sequence[Table], pooled: StratifiedTable) -> tuple[float | None, float | None, float | None]:
    odds = mantel_haenszel(strata)
    if odds is None:
        return None, None, None
    low, high = pooled.oddsratio_pooled_confint()
    return odds, float(low), float(high)
