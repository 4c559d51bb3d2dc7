"""The hypergeometric distribution of the first cell of two-by-two tables, the margins being what they are: one table a
row. Built up from the ratios of neighbours, so that it stays exact in large tables."""

import numpy as np
from numpy.typing import NDArray

from equality.measures.arrays import Floats

REACH = 40  # standard deviations, beyond which no double holds a probability

Ints = NDArray[np.int64]


def support(events1: Ints, base1: Ints, events2: Ints, base2: Ints) -> tuple[Ints, Ints]:
    """Smallest and largest number of events that the first group may have with a chance that does not vanish."""
    events, total = events1 + events2, base1 + base2
    share = base1 / np.maximum(total, 1)
    mean = events * share
    spread = np.sqrt(mean * (1 - share) * (total - events) / np.maximum(total - 1, 1))
    return within_margins(mean, REACH * spread + 2 * REACH, events, base1, base2)


def within_margins(centre: Floats, reach: Floats, events: Ints, base1: Ints, base2: Ints) -> tuple[Ints, Ints]:
    """First and last number of events so far about a centre that the margins allow."""
    first = np.maximum(np.maximum(events - base2, 0), np.floor(centre - reach))
    last = np.minimum(np.minimum(events, base1), np.ceil(centre + reach))
    return first.astype(np.int64), last.astype(np.int64)


def log_weights(first: Ints, last: Ints, events: Ints, base1: Ints, base2: Ints) -> Floats:
    """Logarithms of the chances of ``first`` to ``last`` events up to a constant of each row; minus infinity after
    ``last``."""
    k = (first[:, None] + np.arange((last - first).max(initial=0))).astype(float)
    up = (events[:, None] - k) * (base1[:, None] - k)
    down = (k + 1) * (base2[:, None] - events[:, None] + k + 1)
    inside = k < last[:, None]
    steps = np.log(np.divide(up, down, out=np.ones_like(k), where=inside), where=inside, out=np.full_like(k, -np.inf))
    return np.concatenate([np.zeros((first.size, 1)), np.cumsum(steps, axis=1)], axis=1)


def chances(logs: Floats) -> Floats:
    """Each row's chances, adding to 1."""
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
