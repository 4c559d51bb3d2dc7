"""How many of a group there can be at a place, if nothing but the counts over one linked set is otherwise than it is.

Such changes of different sets go together, because what their sets share stays as it is: the most of one group and the
most of another can be at a place in the same population. So what is found of each group answers for all combinations
that it is in."""

from collections.abc import Mapping
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.crossings import Counted
from equality.disclosure.margins import Extremes
from equality.disclosure.model import Floats, Mask, Vector
from equality.disclosure.pool import PRIMAL
from equality.disclosure.release import Key
from equality.disclosure.solver import QuietHighs, linear_programme


class Reaches:
    """``inhabited``: one of every kind of people that there can be. ``enough``: so many that no more need be looked
    for."""

    def __init__(self, limits: Extremes, inhabited: Floats, *, enough: float) -> None:
        self.limits, self.inhabited, self.enough = limits, inhabited, enough
        self.truth = limits.model.unknowns.astype(float)
        self.found: dict[Counted, tuple[Floats, Mask]] = {}
        self.programmes: dict[Key, _OneSet] = {}

    def of(self, counted: Counted, groups: Vector) -> Floats:
        """At every place of a set, as many of each group as there can be; of others but ``groups``, who is there:
        (groups, places)."""
        if counted not in self.found:
            there = (counted.inside @ self.truth).reshape(len(counted.groups), -1)
            self.found[counted] = there, np.zeros(len(there), dtype=bool)
        most, known = self.found[counted]
        for group in np.unique(groups[~known[groups]]).tolist():
            for place in np.flatnonzero(most[group] < self.enough).tolist():
                row = counted.inside[[group * most.shape[1] + place]]
                most[group, place] = max(most[group, place], self._programme(counted).most(row))
            known[group] = True
        return most

    def _programme(self, counted: Counted) -> "_OneSet":
        names = counted.block.table.names
        if names not in self.programmes:
            columns = self._within[names][self.inhabited[self._within[names]] > 0]
            self.programmes[names] = _OneSet(columns, self.limits, self.truth, self._bounds)
        return self.programmes[names]

    @cached_property
    def _within(self) -> Mapping[Key, Vector]:
        """The unknowns of each linked set, in every block."""
        found: dict[Key, list[Vector]] = {}
        for block in self.limits.model.blocks:
            found.setdefault(block.table.names, []).append(np.arange(block.start, block.stop))
        return {names: np.concatenate(parts) for names, parts in found.items()}

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        """Of every condition. What more than one set has a part in stays as it is."""
        sets = np.zeros((self.truth.size, len(self._within)))
        for number, columns in enumerate(self._within.values()):
            sets[columns, number] = 1.0
        shared = (np.abs(self.limits.rows) @ sets > 0).sum(axis=1) > 1
        values = self.limits.rows @ self.truth
        return np.where(shared, values, self.limits.low), np.where(shared, values, self.limits.high)


class _OneSet:
    """The programme over some ``columns`` alone, all others as they are."""

    def __init__(self, columns: Vector, limits: Extremes, truth: Floats, bounds: tuple[Floats, Floats]) -> None:
        self.columns = columns
        rows = sparse.csr_array(limits.rows[:, columns])
        used = np.diff(rows.indptr) > 0
        others = (limits.rows @ truth - rows @ truth[columns])[used]
        low, high = (bound[used] - others for bound in bounds)
        self.highs = QuietHighs()
        self.highs.setOptionValue("simplex_strategy", PRIMAL)
        self.highs.setOptionValue("presolve", "off")
        self.highs.passModel(
            linear_programme(sparse.csr_array(rows[used]), np.zeros(columns.size), limits.upper[columns], low, high)
        )
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def most(self, row: sparse.csr_array) -> float:
        """The greatest sum of a row; nothing where none was found."""
        cost = row[:, self.columns].toarray().ravel()
        if not cost.any():
            return 0.0
        self.highs.changeColsCost(cost.size, np.arange(cost.size, dtype=np.int32), cost)
        self.highs.run()
        solved = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self.highs.getInfo().objective_function_value) if solved else 0.0
