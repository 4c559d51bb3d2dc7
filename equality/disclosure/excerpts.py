"""One question asked of some of the unknowns only, as a small programme of its own."""

from collections.abc import Callable

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.model import Floats, Mask, Model, Vector
from equality.disclosure.solver import ANSWERED, QuietHighs, linear_programme, steps_of

ATOM_COST = 0.02  # of one person; keeps the corners that the solver stops at whole
WHOLE = 1e-6
_NODES = 500  # a limit that every machine reaches at the same point, unlike limits of time
_SETTLED = 40  # unknowns at most, one by one


class Excerpt:
    """Columns: people added to and taken from each of the unknowns ``columns``, then what is pushed up and down of each
    region of ``movable``, which costs ``cost``. ``low``, ``high``: how far every region may change otherwise.
    ``effort``: what the answers took so far. ``impossible``: the last answer showed that there is none."""

    def __init__(self, model: Model, columns: Vector, movable: Mask, cost: Floats, low: Floats, high: Floats) -> None:
        self.model, self.columns = model, columns
        matrix, rules = model.matrix[:, columns], model.rules
        touched = np.flatnonzero(np.diff(matrix.indptr))
        pushed = np.flatnonzero(movable[touched])
        inside = rules.rows[:, columns]
        ruled = np.flatnonzero(np.diff(inside.indptr))
        truth = (rules.rows @ model.unknowns)[ruled]
        pushing = sparse.csr_array(
            (np.ones(pushed.size), (pushed, np.arange(pushed.size))), shape=(touched.size, pushed.size)
        )
        none = sparse.csr_array((ruled.size, pushed.size))
        self.rows = sparse.csr_array(
            sparse.vstack(
                [
                    sparse.hstack([matrix[touched], -matrix[touched], -pushing, pushing]),
                    sparse.hstack([inside[ruled], -inside[ruled], none, none]),
                ]
            )
        )
        self.people = np.arange(2 * columns.size)
        self.price = cost[touched[pushed]]
        self.upper = np.full(self.rows.shape[1], highspy.kHighsInf)
        self.upper[columns.size : 2 * columns.size] = model.unknowns[columns]
        self.low = np.concatenate([low[touched], rules.low[ruled] - truth])
        self.high = np.concatenate([high[touched], rules.high[ruled] - truth])
        self.effort = 0
        self.impossible = False

    def settled(self) -> Vector | None:
        """A cheap change in whole people, by settling one unknown after the other; None if none is found so."""
        solver = self._solver(whole=False)
        solver.setOptionValue("presolve", "off")
        self._run(solver)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        moved = np.array(solver.getSolution().col_value)[self.people.size :].reshape(2, -1).sum(axis=0)
        if np.count_nonzero(moved > WHOLE) > 1:  # moves fewer regions, as it is cheaper to move those further
            pushing = np.arange(self.people.size, self.upper.size, dtype=np.int32)
            solver.changeColsCost(pushing.size, pushing, np.tile(self.price / (1.0 + moved), 2))
            self._run(solver)
        values, _ = settle(solver, self.people, lambda: self._run(solver))
        return None if values is None else self._change(values)

    def integer(self) -> Vector | None:
        """A cheap change in whole people, by an integer programme; None if none is found soon enough."""
        solver = self._solver(whole=True)
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_rel_gap", 0.1)
        self._run(solver)
        values = np.array(solver.getSolution().col_value)
        if solver.getModelStatus() not in ANSWERED or values.size == 0:
            return None
        return self._change(values)

    def _solver(self, *, whole: bool) -> highspy.Highs:
        cost = np.concatenate([np.full(self.people.size, ATOM_COST), np.tile(self.price, 2)])
        solver = QuietHighs()
        solver.passModel(
            linear_programme(self.rows, cost, self.upper, self.low, self.high, whole=self.people.size if whole else 0)
        )
        return solver

    def _run(self, solver: highspy.Highs) -> None:
        solver.run()
        self.impossible = solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
        self.effort += steps_of(solver) * (self.columns.size + self.low.size)

    def _change(self, values: Floats) -> Vector | None:
        """Of all unknowns; None if it is not in whole people."""
        inner = values[: self.columns.size] - values[self.columns.size : self.people.size]
        if not are_whole(inner):
            return None
        found = np.zeros(self.model.unknowns.size, dtype=np.int64)
        found[self.columns] = np.rint(inner).astype(np.int64)
        return found


def settle(solver: highspy.Highs, people: Vector, run: Callable[[], None]) -> tuple[Floats | None, list[int]]:
    """The last answer with the columns ``people`` whole, by settling one after the other, those with the greatest part
    of a person first, and asking again what the others are then; None if that takes too long. Also the columns that
    were settled, whose limits the caller has to restore."""
    settled: list[int] = []
    for _ in range(_SETTLED):
        values = np.array(solver.getSolution().col_value)
        part = np.where(np.abs(values - np.rint(values)) > WHOLE, values - np.floor(values), 0.0)[people]
        if not part.any():
            return values, settled
        column = int(people[np.argmax(part)])
        settled.append(column)
        up = float(np.ceil(values[column]))
        for whole in (up, up - 1):
            solver.changeColBounds(column, whole, whole)
            run()
            if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                break
        else:
            return None, settled
    return None, settled


def are_whole(values: Floats) -> bool:
    return bool((np.abs(values - np.rint(values)) < WHOLE).all())
