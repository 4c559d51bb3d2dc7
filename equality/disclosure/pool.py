"""Linear programmes over more unknowns than can be looked at every time: columns join when an answer asks for them.

A programme that knows only some of its columns answers for all of them once the prices of its answer (its duals) show
that no other column would better it or, where there is no answer, that no other column could bring one."""

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.model import Floats, Mask, Vector
from equality.disclosure.solver import QuietHighs, steps_of

_BETTER = 1e-7
_TOGETHER = 200  # columns at most that join at a time
_FEW = 30_000  # unknowns that may as well all be columns from the beginning
PRIMAL = 4  # the library's number of the simplex method that a better column does not throw back

_Status = highspy.HighsModelStatus


class Pool:
    """The unknowns that are columns of a programme, each as one, and those that could be. ``entries``: every unknown
    (columns) in every row of the programme. ``usable``: the unknowns that could be columns. ``place``: the column of
    each unknown, -1 where it is none yet."""

    def __init__(self, entries: sparse.csc_array, usable: Mask, populated: Mask) -> None:
        self.entries, self.usable = entries, usable
        some = usable & populated
        self.known = np.flatnonzero(some if usable.size > _FEW and some.any() else usable)
        self.place = np.full(usable.size, -1)
        self.place[self.known] = np.arange(self.known.size)

    def run(self, highs: QuietHighs, cost: Floats, upper: Floats) -> int:
        """Answer the programme as if all unknowns were columns of it, with these costs and limits. Returns the steps
        that the simplex method took."""
        steps, (_, before) = 0, highs.getOptionValue("simplex_strategy")
        while True:
            highs.run()
            steps += steps_of(highs)
            fresh = self._asked_for(highs, cost, upper)
            if not fresh.size:
                break
            if highs.getModelStatus() == _Status.kOptimal:
                highs.setOptionValue("simplex_strategy", PRIMAL)  # an answer stays one with more columns
            self.join(highs, fresh, cost, upper)
        highs.setOptionValue("simplex_strategy", before)
        return steps

    def join(self, highs: QuietHighs, unknowns: Vector, cost: Floats, upper: Floats) -> None:
        """Make columns of unknowns."""
        first = highs.getNumCol()
        inside = self.entries[:, unknowns]
        highs.addCols(
            unknowns.size,
            cost[unknowns],
            np.zeros(unknowns.size),
            upper[unknowns],
            inside.nnz,
            inside.indptr[:-1].astype(np.int32),
            inside.indices.astype(np.int32),
            inside.data,
        )
        self.place[unknowns] = np.arange(first, first + unknowns.size)
        self.known = np.concatenate([self.known, unknowns])

    def _asked_for(self, highs: QuietHighs, cost: Floats, upper: Floats) -> Vector:
        """Unknowns that would better the answer, the best first; where there is none, that would bring it nearer."""
        waiting = np.flatnonzero(self.usable & (self.place < 0) & (upper > 0))
        if not waiting.size:
            return waiting
        worth = self._worth(highs, cost)[waiting]
        best = np.argsort(-worth, kind="stable")[:_TOGETHER]
        fresh: Vector = waiting[best[worth[best] > _BETTER]]
        return fresh

    def _worth(self, highs: QuietHighs, cost: Floats) -> Floats:
        """How much better the answer becomes with a little of each unknown, or how much nearer."""
        status = highs.getModelStatus()
        if status == _Status.kOptimal:
            sign = 1.0 if highs.getObjectiveSense()[1] == highspy.ObjSense.kMinimize else -1.0
            better: Floats = sign * (self.entries.T @ np.array(highs.getSolution().row_dual) - cost)
            return better
        if status == _Status.kInfeasible:
            ray = highs.ray()
            if ray is not None:
                nearer: Floats = self.entries.T @ ray
                return nearer
        return np.zeros(self.usable.size)
