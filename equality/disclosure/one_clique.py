"""How many of a group there can be at a spot, for the attacker, when the people of one clique are others and everybody
else is as in a population that agrees with everything printed.

Where cliques meet nothing is changed so, and what is changed of two cliques can be changed of both: the most of one
group can be where the most of another is. A few programmes for every group stand for all combinations of groups."""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.crossroads import Members
from equality.disclosure.populations import are_whole
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.worlds import Floats, Frame, Integers, World


class OtherMembers:
    """``population``: the one that is changed, of whole people. ``inhabited``: one of every kind of people that there
    can be. ``enough``: so many that it does not matter whether there can be more."""

    def __init__(self, world: World, population: Floats, inhabited: Floats, *, enough: float) -> None:
        self.world, self.inhabited, self.enough = world, inhabited, enough
        self.population = population
        self.cliques = [_columns(world.frame, clique) for clique in range(len(world.frame.cliques))]
        of = np.zeros((world.open.size, len(self.cliques)))
        for clique, columns in enumerate(self.cliques):
            of[columns, clique] = 1.0
        joint = (abs(world.matrix) @ of > 0).sum(axis=1) > 1
        there = world.matrix @ self.population
        self.low, self.high = np.where(joint, there, world.low), np.where(joint, there, world.high)
        self.programmes: dict[int, _Clique] = {}
        self.changed: dict[Members, tuple[Floats, NDArray[np.bool_]]] = {}

    def when_changed(self, members: Members, groups: Integers, spots: Integers) -> Floats:
        """As many of each of some groups as there can be at its spot, with nothing but their clique changed: as far as
        populations of whole people were found."""
        if members not in self.changed:
            there = (members.within @ self.population).reshape(-1, members.spots)
            self.changed[members] = there, there >= self.enough
        most, settled = self.changed[members]
        for place in np.unique((groups * members.spots + spots)[~settled[groups, spots]]).tolist():
            found = self._clique(members.clique).most(members.within[[place]])
            most.ravel()[place] = max(most.ravel()[place], found)
            settled.ravel()[place] = True
        return most[groups, spots]

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
        """The greatest sum of a row, infinity where there is none; below zero where no population of whole people was
        found."""
        costs = row[:, self.columns].toarray().ravel()
        if not costs.any():
            return 0.0
        self.solver.changeColsCost(costs.size, np.arange(costs.size, dtype=np.int32), costs)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnbounded:
            return np.inf
        found = np.array(self.solver.getSolution().col_value)
        whole = status == highspy.HighsModelStatus.kOptimal and are_whole(found)
        return float(costs @ np.rint(found)) if whole else -1.0
