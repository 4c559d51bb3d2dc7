"""How many of a group there can be at a spot, for the attacker, when the people of one clique are others and everybody
else is as in a population that is known to agree with everything printed.

Where cliques meet nothing is changed so, and what is changed of two cliques can be changed of both: the most of one
group can be where the most of another is. A few programmes for every group stand for all combinations of groups."""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.crossroads import Members
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.worlds import Floats, Frame, Integers, World


class OtherMembers:
    """``population``: the one that is known. ``inhabited``: one of every kind of people that there can be.
    ``enough``: so many that it does not matter whether there can be more."""

    def __init__(self, world: World, population: Floats, inhabited: Floats, *, enough: float) -> None:
        self.world, self.population, self.inhabited, self.enough = world, population, inhabited, enough
        self.cliques = [_columns(world.frame, clique) for clique in range(len(world.frame.cliques))]
        of = np.zeros((world.open.size, len(self.cliques)))
        for clique, columns in enumerate(self.cliques):
            of[columns, clique] = 1.0
        joint = (abs(world.matrix) @ of > 0).sum(axis=1) > 1
        there = world.matrix @ population
        self.low, self.high = np.where(joint, there, world.low), np.where(joint, there, world.high)
        self.programmes: dict[int, _Clique] = {}
        self.most: dict[Members, tuple[Floats, NDArray[np.bool_]]] = {}

    def at_most(self, members: Members, groups: Integers) -> Floats:
        """At every spot as many of each group as there can be; of others but ``groups``, who is there:
        (groups, spots)."""
        if members not in self.most:
            there = (members.within @ self.population).reshape(len(members.groups), -1)
            self.most[members] = there, np.zeros(len(there), dtype=bool)
        most, known = self.most[members]
        for group in np.unique(groups[~known[groups]]).tolist():
            for spot in np.flatnonzero(most[group] < self.enough).tolist():
                row = members.within[[group * members.spots + spot]]
                most[group, spot] = max(most[group, spot], self._clique(members.clique).most(row))
            known[group] = True
        return most

    def _clique(self, clique: int) -> "_Clique":
        if clique not in self.programmes:
            self.programmes[clique] = _Clique(self, self.cliques[clique])
        return self.programmes[clique]


def _columns(frame: Frame, clique: int) -> Integers:
    """The unknowns of a clique, whoever was there when."""
    size = int(np.prod(frame.shape(clique)))
    starts = [start for (_, of), start in frame.starts.items() if of == clique]
    return np.concatenate([np.arange(start, start + size) for start in starts])


class _Clique:
    """The programme over those unknowns of a clique that somebody can be in."""

    def __init__(self, others: OtherMembers, columns: Integers) -> None:
        world = others.world
        self.columns = columns[others.inhabited[columns] > 0]
        matrix = sparse.csr_array(world.matrix[:, self.columns])
        bound = np.diff(matrix.indptr) > 0
        fixed = (world.matrix @ others.population - matrix @ others.population[self.columns])[bound]
        self.solver = QuietHighs()
        self.solver.setOptionValue("simplex_strategy", 4)  # primal: only the objective changes between questions
        self.solver.passModel(
            linear_programme(
                sparse.csr_array(matrix[bound]),
                np.zeros(self.columns.size),
                np.full(self.columns.size, np.inf),
                others.low[bound] - fixed,
                others.high[bound] - fixed,
            )
        )
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def most(self, row: sparse.csr_array) -> float:
        """The greatest sum of a row, infinity where there is none; below zero where nothing was found."""
        costs = row[:, self.columns].toarray().ravel()
        if not costs.any():
            return 0.0
        self.solver.changeColsCost(costs.size, np.arange(costs.size, dtype=np.int32), costs)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self.solver.getInfo().objective_function_value)
        return np.inf if status == highspy.HighsModelStatus.kUnbounded else -1.0
