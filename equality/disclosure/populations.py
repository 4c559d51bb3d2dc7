"""The populations that agree with everything printed, for the attacker: corners of all that a linear programme allows,
and populations of whole people, or that there is none."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.exchange import Published
from equality.disclosure.sharing import Sharing
from equality.disclosure.solver import QuietHighs
from equality.disclosure.worlds import Floats, Source, World, facts_of

_SLACK = 1e-6
_NODES = 2_000  # of one integer programme
_SECONDS = 20.0  # of one integer programme: a backstop, which only ever leaves something unproved
_MOST_SECONDS = 240.0  # of all integer programmes of a document together, as a backstop too
_STEEP = 1_000.0  # how much more the count itself weighs there than the direction


class Contradictory(ValueError):
    """No population agrees with all printed facts. ``cells``: some that cannot all be true."""

    def __init__(self, cells: Sequence[Source]) -> None:
        super().__init__("The published numbers contradict each other: no population agrees with all of them.")
        self.cells = tuple(cells)


def near(published: Published, world: World, population: Floats) -> World:
    """Of these populations those that have as many people as one of them has wherever something is said of a part of
    them. Then it is said in whole people, and corners are of whole people more often. Good for finding populations, not
    for bounds."""
    said = [fact for fact in facts_of(published) if len(fact.terms) > 1]
    if not said:
        return world
    each, less = (np.array([fact.terms[term][0] for fact in said]) for term in (0, 1))
    parts, wholes = (world.sums([fact.terms[term][1] for fact in said]) for term in (0, 1))
    there = np.rint(wholes @ population)
    low, high = (np.array(ends) - less * there for ends in ([f.low for f in said], [f.high for f in said]))
    return replace(
        world,
        matrix=sparse.csr_array(sparse.vstack([world.matrix, wholes, parts])),
        low=np.concatenate([world.low, there, np.ceil(low / each - _SLACK)]),
        high=np.concatenate([world.high, there, np.floor(high / each + _SLACK)]),
    )


def are_whole(people: Floats) -> bool:
    """No parts of people?"""
    return bool(np.abs(people - np.rint(people)).max(initial=0) <= _SLACK)


class LinearProgramme:
    """One linear programme over the open unknowns of a world, of which only the objective changes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.columns = np.flatnonzero(world.open)
        matrix = sparse.csr_array(world.matrix[:, self.columns])
        self.shape: tuple[int, int] = (matrix.shape[0], matrix.shape[1])
        self.solver = QuietHighs()
        self.solver.setOptionValue("simplex_strategy", 4)  # primal: only the objective changes between questions
        self.solver.passModel(_model(matrix, world.low, world.high))
        self.costed = np.zeros(0, dtype=np.int64)
        self.solved = 0
        if self._run() != highspy.HighsModelStatus.kOptimal:
            raise Contradictory(_disputed(world))

    def extreme(self, row: sparse.csr_array, *, least: bool) -> tuple[float, Floats | None]:
        """The least or greatest sum of a row, and a corner where it is reached; infinity and no corner where there is
        no limit."""
        status = self._solve(row, least=least)
        if status == highspy.HighsModelStatus.kOptimal:
            return float(self.solver.getInfo().objective_function_value), self._population()
        if status in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return inf, None
        raise ArithmeticError(f"the linear programme ended as {self.solver.modelStatusToString(status)}")

    def any(self) -> Floats:
        """A population, perhaps not of whole people."""
        self._objective(np.zeros(0, dtype=np.int64), np.zeros(0))
        self._run()
        return self._population()

    def corner(self, costs: Floats) -> Floats | None:
        """The population that costs least, at so much for everybody of a kind; none where there is no least."""
        self._objective(np.arange(self.columns.size), costs)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMinimize)
        return self._population() if self._run() == highspy.HighsModelStatus.kOptimal else None

    def near(self, row: sparse.csr_array, rng: np.random.Generator, *, least: bool) -> Floats | None:
        """A corner near the least or greatest sum of a row, in a direction drawn at random."""
        costs = rng.random(self.columns.size)
        costs += _STEEP * (1 if least else -1) * row[:, self.columns].toarray().ravel()
        return self.corner(costs)

    def multipliers(self, row: sparse.csr_array, *, least: bool) -> Floats:
        """For every condition, how many times it counts towards a bound; nothing where there is no limit."""
        if self._solve(row, least=least) != highspy.HighsModelStatus.kOptimal:
            return np.zeros(self.shape[0])
        return np.array(self.solver.getSolution().row_dual)

    def _solve(self, row: sparse.csr_array, *, least: bool) -> highspy.HighsModelStatus:
        reduced = sparse.csr_array(row[:, self.columns])
        self.solver.changeObjectiveSense(highspy.ObjSense.kMinimize if least else highspy.ObjSense.kMaximize)
        self._objective(reduced.indices, reduced.data)
        return self._run()

    def _objective(self, columns: NDArray[np.integer], costs: Floats) -> None:
        none = np.zeros(self.costed.size)
        self.solver.changeColsCost(self.costed.size, self.costed.astype(np.int32), none)
        self.solver.changeColsCost(columns.size, columns.astype(np.int32), costs.astype(float))
        self.costed = columns.astype(np.int64)

    def _run(self) -> highspy.HighsModelStatus:
        self.solver.run()
        self.solved += 1
        return self.solver.getModelStatus()

    def _population(self) -> Floats:
        found = np.zeros(self.world.open.size)
        found[self.columns] = self.solver.getSolution().col_value
        return found


class WholePeople:
    """Populations of whole people: whether there is one with so many in some place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.columns = np.flatnonzero(world.open)
        self.matrix = sparse.csr_array(world.matrix[:, self.columns])
        self.solved = self.cut_short = 0
        self.left = _MOST_SECONDS

    def holds(self, population: Floats) -> bool:
        """Are these whole people, and does all that was printed hold of them?"""
        people = np.rint(population)
        if not are_whole(population) or people.min(initial=0) < 0:
            return False
        sums = self.world.matrix @ people
        return bool(np.all(sums >= self.world.low - _SLACK) and np.all(sums <= self.world.high + _SLACK))

    def any(self) -> tuple[bool | None, Floats | None]:
        """Is there any? With one of them; None where the search was cut short."""
        return self._find(self.matrix, self.world.low, self.world.high)

    def with_count(self, row: sparse.csr_array, least: int, most: int) -> tuple[bool | None, Floats | None]:
        """Is there one with so many people in a row's places? With it; None where the search was cut short."""
        matrix = sparse.csr_array(sparse.vstack([self.matrix, row[:, self.columns]]))
        return self._find(matrix, np.append(self.world.low, least), np.append(self.world.high, most))

    def sharing(self, sharing: Sharing, least: int) -> tuple[bool | None, Floats | None]:
        """Is there one in which so many people or more share places? With it; None where the search was cut short."""
        free, given = sharing.taken.shape[0], sparse.csr_array(-sharing.given[None, self.columns])
        matrix = sparse.block_array(
            [
                [self.matrix, None],
                [-sharing.room[:, self.columns], sharing.taken],
                [given, np.ones((1, sharing.taken.shape[1]))],
            ],
            format="csr",
        )
        low = np.concatenate([self.world.low, np.full(free, -inf), [least]])
        high = np.concatenate([self.world.high, np.zeros(free), [inf]])
        return self._find(sparse.csr_array(matrix), low, high)

    def _find(self, matrix: sparse.csr_array, low: Floats, high: Floats) -> tuple[bool | None, Floats | None]:
        if self.left <= 0:
            self.cut_short += 1
            return None, None
        solver = QuietHighs()
        for option, value in (
            ("mip_max_nodes", _NODES),
            ("mip_max_improving_sols", 1),
            ("time_limit", min(_SECONDS, self.left)),
        ):
            solver.setOptionValue(option, value)
        model = _model(matrix, low, high)
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
        solver.passModel(model)
        solver.run()
        self.left -= solver.getRunTime()
        self.solved += 1
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return False, None
        found = np.zeros(self.world.open.size)
        people = solver.getSolution().col_value or np.full(self.columns.size, 0.5)
        found[self.columns] = np.array(people)[: self.columns.size]
        if self.holds(found):
            return True, found
        self.cut_short += 1
        return None, None


def _model(matrix: sparse.csr_array, low: Floats, high: Floats) -> highspy.HighsLp:
    """Conditions on unknowns that are not negative; every population costs nothing."""
    rows, columns = matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_, model.col_lower_ = np.zeros(columns), np.zeros(columns)
    model.col_upper_ = np.full(columns, highspy.kHighsInf)
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )
    return model


def _disputed(world: World) -> list[Source]:
    """Printed cells that cannot all be true: those whose multipliers show how far facts must be bent for any population
    to agree with them."""
    facts = len(world.sources)
    rows, size = world.matrix.shape
    bent = sparse.csr_array(sparse.eye_array(rows, facts))
    matrix = sparse.csr_array(sparse.hstack([world.matrix, bent, -bent]))
    model = _model(matrix, world.low, world.high)
    model.col_cost_ = np.concatenate([np.zeros(size), np.ones(2 * facts)])
    solver = QuietHighs()
    solver.passModel(model)
    solver.run()
    multipliers = np.array(solver.getSolution().row_dual)[:facts]
    return list(dict.fromkeys(world.sources[at] for at in np.flatnonzero(np.abs(multipliers) > _SLACK)))
