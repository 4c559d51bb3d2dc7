"""How many of a group there can be at a place.

Where nothing but the counts over one linked set is otherwise than in some population, changes of different sets go
together, because what their sets share stays as it is: the most of one group and the most of another can be at a place
in the same population. So what is found of each group answers for all combinations that it is in. What is found of a
group in any other population answers, too, because populations can be mixed in parts."""

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
    """The most that were found of every group at every place. ``changes``: what makes other populations of the true
    one, a row each. ``inhabited``: one of every kind of people that there can be. ``enough``: so many that no more need
    be looked for."""

    def __init__(self, limits: Extremes, changes: sparse.csr_array, inhabited: Floats, *, enough: float) -> None:
        self.limits, self.changes, self.inhabited, self.enough = limits, changes, inhabited, enough
        self.truth = limits.model.unknowns.astype(float)
        self.found: dict[Counted, Floats] = {}
        self.around_truth = self.around(self.truth)

    def ever(self, counted: Counted) -> Floats:
        """In any population: (groups, places)."""
        if counted not in self.found:
            there = counted.inside @ self.truth
            moved = sparse.csr_array(counted.inside @ self.changes.T)
            more = moved.max(axis=1).toarray().ravel() if moved.shape[1] else np.zeros(there.size)
            self.found[counted] = (there + np.maximum(0, more)).reshape(len(counted.groups), -1)
        return self.found[counted]

    def see(self, population: Floats) -> None:
        """Take note of a population."""
        for counted, ever in self.found.items():
            np.maximum(ever, (counted.inside @ population).reshape(ever.shape), out=ever)

    def at(self, place: int, around: "Around", counted: Counted, groups: Vector) -> Floats:
        """In populations around another: as many of each of these groups as there can be at a place, or enough."""
        found, ever = around.most_of_each(counted, groups, place, enough=self.enough), self.ever(counted)
        ever[groups, place] = np.maximum(ever[groups, place], found)
        return found

    def around(self, population: Floats) -> "Around":
        """What can be otherwise in one set at a time than it is in a population."""
        values = self.limits.rows @ population
        bounds = np.where(self._shared, values, self.limits.low), np.where(self._shared, values, self.limits.high)
        return Around(self.limits, self._columns, population, bounds)

    @cached_property
    def _within(self) -> Mapping[Key, Vector]:
        """The unknowns of each linked set, in every block."""
        found: dict[Key, list[Vector]] = {}
        for block in self.limits.model.blocks:
            found.setdefault(block.table.names, []).append(np.arange(block.start, block.stop))
        return {names: np.concatenate(parts) for names, parts in found.items()}

    @cached_property
    def _columns(self) -> Mapping[Key, Vector]:
        """Those of them that anybody can be in."""
        return {names: within[self.inhabited[within] > 0] for names, within in self._within.items()}

    @cached_property
    def _shared(self) -> Mask:
        """Conditions that more than one set has a part in."""
        sets = np.zeros((self.truth.size, len(self._within)))
        for number, columns in enumerate(self._within.values()):
            sets[columns, number] = 1.0
        found: Mask = (np.abs(self.limits.rows) @ sets > 0).sum(axis=1) > 1
        return found


class Around:
    """One set at a time, all others as they are in a population. ``columns``: the unknowns of every set; ``bounds``: of
    every condition, with what sets share as it is."""

    def __init__(
        self, limits: Extremes, columns: Mapping[Key, Vector], population: Floats, bounds: tuple[Floats, Floats]
    ) -> None:
        self.limits, self.columns, self.population, self.bounds = limits, columns, population, bounds
        self.programmes: dict[Key, _OneSet] = {}
        self.known: dict[tuple[Counted, int], Floats] = {}

    def most_of_each(self, counted: Counted, groups: Vector, place: int, *, enough: float) -> Floats:
        """As many of each of these groups as there can be at a place, or enough."""
        known = self.known.setdefault((counted, place), np.full(len(counted.groups), np.nan))
        new = groups[np.isnan(known[groups])]
        if new.size:
            known[new] = self._found(counted, new, place, enough)
        found: Floats = known[groups]
        return found

    def _found(self, counted: Counted, groups: Vector, place: int, enough: float) -> Floats:
        """All that are not enough at a time, until they become no fewer; then one by one."""
        rows = counted.inside[groups * counted.everybody.shape[0] + place]
        most: Floats = rows @ self.population
        few = np.flatnonzero(most < enough)
        while few.size > 1:
            most = np.maximum(most, rows @ self._programme(counted).best(rows[few].sum(axis=0)))
            before, few = few.size, np.flatnonzero(most < enough)
            if few.size == before:
                break
        for group in few:
            most = np.maximum(most, rows @ self._programme(counted).best(rows[[group]].toarray().ravel()))
        return most

    def _programme(self, counted: Counted) -> "_OneSet":
        names = counted.block.table.names
        if names not in self.programmes:
            self.programmes[names] = _OneSet(self.columns[names], self.limits, self.population, self.bounds)
        return self.programmes[names]


class _OneSet:
    """The programme over some ``columns`` alone, all others as they are in a population."""

    def __init__(self, columns: Vector, limits: Extremes, population: Floats, bounds: tuple[Floats, Floats]) -> None:
        self.columns, self.population = columns, population
        rows = sparse.csr_array(limits.rows[:, columns])
        used = np.diff(rows.indptr) > 0
        others = (limits.rows @ population - rows @ population[columns])[used]
        low, high = (bound[used] - others for bound in bounds)
        self.highs = QuietHighs()
        self.highs.setOptionValue("simplex_strategy", PRIMAL)
        self.highs.setOptionValue("presolve", "off")
        self.highs.passModel(
            linear_programme(sparse.csr_array(rows[used]), np.zeros(columns.size), limits.upper[columns], low, high)
        )
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def best(self, prices: Floats) -> Floats:
        """The population that is worth most; the one that it was made around where no better was found."""
        cost = prices[self.columns]
        if not cost.any():
            return self.population
        self.highs.changeColsCost(cost.size, np.arange(cost.size, dtype=np.int32), cost)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return self.population
        found = self.population.copy()
        found[self.columns] = self.highs.getSolution().col_value
        return found
