"""Counts and limits as arrays: what every vectorised measure takes and gives.

A measure of one comparison and of a table of ten thousand is the same function. NaN marks what does not exist; it
never leaves ``equality.measures``, whose answers say None and why."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equality.measures.faults import CannotMeasure, Fault

Floats = NDArray[np.float64]
LARGEST = 10**9  # a billion people: whole-number products of two counts stay exact in 64 bits


class Interval(NamedTuple):
    """Lower and upper limit. NaN: there is no such limit."""

    low: Floats
    high: Floats


class TwoGroups(NamedTuple):
    """Events out of a base in two groups, as arrays of one shape."""

    events1: Floats
    base1: Floats
    events2: Floats
    base2: Floats

    @property
    def rate1(self) -> Floats:
        return quotient(self.events1, self.base1)

    @property
    def rate2(self) -> Floats:
        return quotient(self.events2, self.base2)


def counted(events: ArrayLike, base: ArrayLike) -> tuple[Floats, Floats]:
    """Events out of a base, in one shape. Raises CannotMeasure for counts that nobody can have counted."""
    shaped = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(base, dtype=float))
    faults = [_fault(name, values) for name, values in zip(("events", "base"), shaped, strict=True)]
    if not any(faults) and np.any(shaped[0] > shaped[1]):
        faults.append(Fault("PART_OVER_WHOLE", "events", "may not be more than base"))
    if any(faults):
        raise CannotMeasure(*(fault for fault in faults if fault))
    return shaped[0], shaped[1]


def two_groups(events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike) -> TwoGroups:
    """Two groups' counts, checked and in one shape. Raises CannotMeasure."""
    first, second = counted(events1, base1), counted(events2, base2)
    shaped = np.broadcast_arrays(*first, *second)
    return TwoGroups(shaped[0], shaped[1], shaped[2], shaped[3])


def quotient(part: ArrayLike, whole: ArrayLike) -> Floats:
    """``part / whole``, NaN where there is no whole."""
    top, bottom = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0))


def _fault(name: str, values: Floats) -> Fault | None:
    if np.all((values >= 0) & (values <= LARGEST) & (values == np.floor(values))):
        return None
    return Fault("NOT_A_COUNT", name, "must be whole numbers from 0 to a billion")
