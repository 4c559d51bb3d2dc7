"""Fisher's exact test and its mid-p, for whole arrays of two-by-two tables.

Two definitions of a two-sided mid-p are in use and differ. ``minlike``, the one this service reports: the chance of
all tables no more probable than the observed one, less half the chance of the observed one. ``central``: twice the
smaller one-sided mid-p. Neither scipy nor statsmodels has them."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from equality.measures.arrays import Floats, TwoGroups, two_groups
from equality.measures.hypergeometric import Ints, chances, log_weights, support

_TIE = 1 + 1e-7  # tables as probable as the observed one are; the last digits of a double decide nothing (R does so)
_CELLS = 200_000  # of one block of tables: what stays in a processor's cache

Finish = Callable[[Floats, Ints], Floats]


def fisher(events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike) -> Floats:
    """Two-sided p: the chance of all tables with these margins that are no more probable than the observed one."""
    return _over_tables(two_groups(events1, base1, events2, base2), _no_more_probable)


def minlike(events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike) -> Floats:
    """Fisher's p less half the chance of the observed table."""
    return _over_tables(
        two_groups(events1, base1, events2, base2),
        lambda found, observed: _no_more_probable(found, observed) - _at(found, observed) / 2,
    )


def central(events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike) -> Floats:
    """Twice the smaller of both tails, each with half the chance of the observed table; at most 1."""
    return _over_tables(two_groups(events1, base1, events2, base2), _twice_the_smaller_tail)


def _no_more_probable(likely: Floats, observed: Ints) -> Floats:
    limit = _at(likely, observed)[:, None] * _TIE
    return np.asarray(np.minimum(np.sum(likely, axis=1, where=likely <= limit), 1))


def _twice_the_smaller_tail(likely: Floats, observed: Ints) -> Floats:
    columns = np.arange(likely.shape[1])
    here = _at(likely, observed)
    below = np.sum(likely, axis=1, where=columns < observed[:, None]) + here / 2
    above = np.sum(likely, axis=1, where=columns > observed[:, None]) + here / 2
    return np.asarray(np.minimum(2 * np.minimum(below, above), 1))


def _at(likely: Floats, observed: Ints) -> Floats:
    """The chance of the observed table; 0 where it is so far out that no double holds it."""
    inside = (observed >= 0) & (observed < likely.shape[1])
    picked = np.take_along_axis(likely, np.where(inside, observed, 0)[:, None], axis=1)[:, 0]
    return np.where(inside, picked, 0.0)


def _over_tables(counts: TwoGroups, finish: Finish) -> Floats:
    """``finish`` over all tables, in blocks of similar width."""
    shape = counts.base1.shape
    flat = [np.ravel(part).astype(np.int64) for part in counts]
    first, last = support(*flat)
    found = np.empty(flat[0].shape)
    for rows in _blocks(last - first + 1):
        events1, base1, events2, base2 = (part[rows] for part in flat)
        logs = log_weights(first[rows], last[rows], events1 + events2, base1, base2)
        found[rows] = finish(chances(logs), events1 - first[rows])
    return found.reshape(shape)


def _blocks(widths: Ints) -> Iterator[Ints]:
    """Positions of the tables, narrow ones together, each block bounded in cells."""
    order = np.argsort(widths, kind="stable")
    start = 0
    while start < order.size:
        stop = start + 1
        while stop < order.size and (stop + 1 - start) * widths[order[stop]] <= _CELLS:
            stop += 1
        yield order[start:stop]
        start = stop
