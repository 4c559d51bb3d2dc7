"""Odds ratios of a two-by-two table, rows the two groups, columns with and without the outcome.

An odds ratio is further from 1 than the ratio of rates, and is read wrongly for it: the service reports ratios of
rates, and uses odds where strata are pooled. The conditional estimate is code of our own: scipy's agrees, and takes
minutes for a table of a hundred thousand people."""

import math

import numpy as np

from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import Floats, Interval
from equality.measures.hypergeometric import REACH, log_weights, within_margins
from equality.measures.normal import quantile
from equality.measures.roots import crossing

ZERO_CELL = "A cell of the table is zero, so Woolf's odds ratio and interval do not exist; use or_conditional_ci."
EMPTY_MARGIN = "A row or column of the table is empty, so there is no odds ratio."
NO_LIMIT = "A cell of the table is zero, so the odds ratio has a limit on one side only."
TAIL = 0.025
_FAR = 60.0  # exp(60) is beyond any odds ratio of counts under a billion

Table = list[list[int]]


def woolf(a: int, b: int, c: int, d: int) -> Interval:
    """Limits of ad / bc: exp(log +/- z sqrt(1/a + 1/b + 1/c + 1/d)) (Woolf 1955). NaN with a zero."""
    if not (a and b and c and d):
        return Interval(np.array(np.nan), np.array(np.nan))
    spread = math.exp(quantile(1 - 2 * TAIL) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
    return Interval(np.array(a * d / (b * c) / spread), np.array(a * d / (b * c) * spread))


def conditional(table: Table) -> tuple[Floats, Interval]:
    """The likeliest odds ratio given both margins, and the exact limits at which either tail is 2.5%."""
    (a, _), _ = table
    counts, logs = _around(table)
    found = crossing(lambda t: a - _mean(counts, logs, t), -_FAR, _FAR)
    low = crossing(lambda t: TAIL - _chance(counts >= a, counts, logs, t), -_FAR, _FAR)
    high = crossing(lambda t: _chance(counts <= a, counts, logs, t) - TAIL, -_FAR, _FAR)
    return np.exp(found), Interval(np.exp(low), np.exp(high))


def _around(table: Table) -> tuple[Floats, Floats]:
    """Numbers of events that the first group may have, so far about the one it has that no limit lies beyond them, and
    the logarithms of their chances without any difference."""
    (a, b), (c, d) = table
    spread = 1 / math.sqrt(sum(1 / (cell + 1) for cell in (a, b, c, d)))
    events, base1, base2 = (np.array([size]) for size in (a + c, a + b, c + d))
    reach = np.array([REACH * spread + 2 * REACH])
    first, last = within_margins(np.array([float(a)]), reach, events, base1, base2)
    return np.arange(first[0], last[0] + 1, dtype=float), log_weights(first, last, events, base1, base2)[0]


def _tilted(counts: Floats, logs: Floats, log_odds: Floats) -> Floats:
    """Chances of the counts if the odds ratio were this."""
    tilted = logs + counts * log_odds
    weights = np.exp(tilted - tilted.max())
    return np.asarray(weights / weights.sum())


def _mean(counts: Floats, logs: Floats, log_odds: Floats) -> Floats:
    return np.asarray((counts * _tilted(counts, logs, log_odds)).sum())


def _chance(of: "np.ndarray[tuple[int], np.dtype[np.bool_]]", counts: Floats, logs: Floats, log_odds: Floats) -> Floats:
    return np.asarray(_tilted(counts, logs, log_odds)[of].sum())


def or_woolf_ci(*, table: Table) -> Answer:
    (a, b), (c, d) = table
    if not (a and b and c and d):
        return undefined(ZERO_CELL, "or", "low", "high")
    limits = woolf(a, b, c, d)
    return answer({"or": a * d / (b * c), "low": limits.low, "high": limits.high})


def or_conditional_ci(*, table: Table) -> Answer:
    """None for what a zero cell leaves without end."""
    (a, b), (c, d) = table
    if not (a + b and c + d and a + c and b + d):
        return undefined(EMPTY_MARGIN, "or", "low", "high")
    found, limits = conditional(table)
    nothing, endless = not (a and d), not (b and c)
    outputs = {
        "or": None if endless else 0.0 if nothing else found,
        "low": 0.0 if nothing else limits.low,
        "high": None if endless else limits.high,
    }
    return answer(outputs, NO_LIMIT if nothing or endless else None)
