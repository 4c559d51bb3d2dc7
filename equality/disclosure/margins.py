"""Counts that no table prints, but that printed ones may give away: every combination of up to three dimensions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import floor

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.goals import Printing, bounds_of
from equality.disclosure.model import Block, Floats, Model, Vector
from equality.disclosure.policy import Policy
from equality.disclosure.pool import PRIMAL, Pool
from equality.disclosure.release import Region, Release
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.witnesses import Proof, Watch, unwatched
from equality.tables import Dimension

DIMENSIONS = 3
_SLACK = 1e-6
_AT_A_TIME = 64  # witnesses that are spelt out together


def given_away(
    release: Release, model: Model, policy: Policy, printing: Printing, proof: Proof, *, watch: Watch = unwatched
) -> list[Region]:
    """People whom no table counts and whose number can be bounded too narrowly by what would be printed: below the
    threshold, not certainly nobody, and closer than the policy's width. Witnesses rule most out; the others are asked
    for their least and greatest count."""
    limits = Extremes(model, printing, proof.hidden)
    narrow = list(_narrow(release, model, policy, proof))
    columns = [model.columns_of(region) for region in narrow]
    seen = _Seen(columns, model.unknowns)
    found = []
    for number, region in enumerate(narrow):
        watch(number, len(narrow))
        if seen.width(number) >= policy.unprinted:
            continue
        most = limits.of(columns[number], least=False)
        seen.add(limits.population)
        top = np.inf if most is None else floor(most + _SLACK)
        if top == 0 or seen.width(number) >= policy.unprinted:
            continue
        least = limits.of(columns[number], least=True)
        seen.add(limits.population)
        bottom = 0 if least is None else -floor(-least + _SLACK)
        if bottom < policy.threshold and top - bottom < policy.unprinted:
            found.append(region)
    return found


class _Seen:
    """The least and greatest sums of some unknowns among the populations that programmes have come to: each answers
    for one sum, and often shows that many others are wide."""

    def __init__(self, columns: Sequence[Vector], unknowns: Vector) -> None:
        ends = np.cumsum([0, *(inside.size for inside in columns)])
        inside = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
        self.rows = sparse.csr_array((np.ones(inside.size), inside, ends), shape=(len(columns), unknowns.size))
        self.least = self.most = self.rows @ unknowns.astype(float)

    def add(self, population: Floats | None) -> None:
        if population is not None:
            sums = self.rows @ population
            self.least, self.most = np.minimum(self.least, sums), np.maximum(self.most, sums)

    def width(self, number: int) -> int:
        """In whole people."""
        return floor(float(self.most[number]) + _SLACK) + floor(-float(self.least[number]) + _SLACK)


class Extremes:
    """The least and greatest sums of unknowns that what would be printed allows: a linear programme of which only the
    objective changes, which the primal simplex method takes up where it stopped. ``rows`` @ unknowns lies between
    ``low`` and ``high``. ``most``: people there can be of one kind. ``population``: what the last answer was found
    with, not in whole people; None where there was none. ``effort``: steps of the simplex method times unknowns and
    conditions, so far."""

    def __init__(
        self, model: Model, printing: Printing, hidden: frozenset[int], *, most: float = highspy.kHighsInf
    ) -> None:
        low, high = bounds_of(model, printing, model.among(hidden))
        said = np.flatnonzero((low > 0) | np.isfinite(high))
        self.rows = sparse.csc_array(sparse.vstack([model.matrix[said], model.rules.rows]))
        self.low = np.concatenate([low[said], model.rules.low])
        self.high = np.concatenate([high[said], model.rules.high])
        self.model = model
        self.population: Floats | None = None
        self.effort = 0
        self.upper = np.where(model.closed, 0.0, most)
        self.pool = Pool(self.rows, model.useful, model.unknowns > 0)
        known = self.pool.known
        self.highs = QuietHighs()
        self.highs.setOptionValue("simplex_strategy", PRIMAL)
        self.highs.setOptionValue("presolve", "off")
        self.highs.passModel(
            linear_programme(
                sparse.csr_array(self.rows[:, known]), np.zeros(known.size), self.upper[known], self.low, self.high
            )
        )

    def of(self, columns: Vector, *, least: bool) -> float | None:
        """The least or greatest sum of some unknowns; None without limit."""
        weights = np.zeros(self.upper.size)
        weights[columns] = 1.0
        return self.weighted(weights, least=least)

    def weighted(self, cost: Floats, *, least: bool) -> float | None:
        """The same, where each unknown counts so much. Raises ArithmeticError where the programme gives no answer,
        which is not the same as having no limit."""
        self.highs.changeObjectiveSense(highspy.ObjSense.kMinimize if least else highspy.ObjSense.kMaximize)
        self._price(cost)
        self.pool.usable = self.model.useful_for(cost)
        self.effort += self.pool.run(self.highs, cost, self.upper) * (self.pool.known.size + self.low.size)
        status, value = self.highs.getModelStatus(), self.highs.getInfo().objective_function_value
        solved = status == highspy.HighsModelStatus.kOptimal
        if not solved and status != highspy.HighsModelStatus.kUnbounded:
            raise ArithmeticError(f"the linear programme over all populations ended as {status.name}")
        self.population = None
        if solved:
            self.population = np.zeros(self.upper.size)
            self.population[self.pool.known] = self.highs.getSolution().col_value
        return float(value) if solved else None

    def _price(self, cost: Floats) -> None:
        """In the order in which unknowns became columns, as all columns are."""
        known = self.pool.known
        self.highs.changeColsCost(known.size, np.arange(known.size, dtype=np.int32), cost[known])


def _narrow(release: Release, model: Model, policy: Policy, proof: Proof) -> Iterator[Region]:
    """Combinations that no witness moves far enough, apart from those that a printed zero empties."""
    parts = parts_of(release, model)
    done: set[tuple[str, frozenset[str]]] = set()
    kept_open = release.kept_open(policy.width)
    for block in model.blocks:
        if block.name not in kept_open:
            continue
        changes = proof.changes[:, block.start : block.stop]
        usable = [dimension for dimension in block.table.dimensions if parts[dimension.code]]
        for size in range(1, DIMENSIONS + 1):
            for picked in combinations(usable, size):
                named = (block.name, frozenset(dimension.code for dimension in picked))
                if named not in done:
                    done.add(named)
                    least, most = _limits(changes, block, picked, parts)
                    for within in _too_close(least, most, picked, parts, policy):
                        region = model.canonical(Region(block.name, within))
                        is_new = len(region.within) == size and model.find(region) is None
                        if is_new and not _is_emptied(model, proof, region):
                            yield region


def parts_of(release: Release, model: Model) -> dict[str, tuple[frozenset[str], ...]]:
    """The leaves of every dimension, those that no table tells apart together, and the groups that tables show. Of
    leaves that nobody tells apart each may hold all or nothing of what they hold together, so to look at them one by
    one would find no more."""
    found = {}
    for name, dimension in release.dimensions.items():
        every = dict.fromkeys((*model.alike.get(name, ()), *model.shown.get(name, ())))
        found[name] = tuple(part for part in every if 0 < len(part) < len(dimension.leaves))
    return found


def _limits(
    changes: sparse.csr_array,
    block: Block,
    picked: tuple[Dimension, ...],
    parts: Mapping[str, tuple[frozenset[str], ...]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The least and greatest count of every combination of parts of the dimensions picked, in the true population and
    every changed one: (*parts)."""
    table = block.table
    truth = _margin(table.counts[None, ...], table.dimensions, picked, parts)[0]
    least = most = truth
    for start in range(0, changes.shape[0], _AT_A_TIME):
        some = changes[start : start + _AT_A_TIME].toarray()
        moved = _margin(some.reshape(len(some), *table.counts.shape), table.dimensions, picked, parts)
        least = np.minimum(least, truth + moved.min(axis=0))
        most = np.maximum(most, truth + moved.max(axis=0))
    return least, most


def _too_close(
    least: NDArray[np.int64],
    most: NDArray[np.int64],
    picked: tuple[Dimension, ...],
    parts: Mapping[str, tuple[frozenset[str], ...]],
    policy: Policy,
) -> Iterator[frozenset[tuple[str, frozenset[str]]]]:
    """The combinations whose counts differ too little between worlds. So many in one world that below the threshold in
    another would be wide are no small number."""
    small = most < policy.threshold + policy.unprinted
    for place in np.argwhere(small & (most - least < policy.unprinted)).tolist():
        yield frozenset(
            (dimension.code, parts[dimension.code][at]) for dimension, at in zip(picked, place, strict=True)
        )


def _margin(
    counts: NDArray[np.int64],
    dimensions: tuple[Dimension, ...],
    picked: tuple[Dimension, ...],
    parts: Mapping[str, tuple[frozenset[str], ...]],
) -> NDArray[np.int64]:
    """Counts of every combination of parts of the dimensions picked, in every world: (worlds, *parts)."""
    dropped = tuple(1 + axis for axis, dimension in enumerate(dimensions) if dimension not in picked)
    summed: NDArray[np.int64] = counts.sum(axis=dropped)
    for axis, dimension in enumerate(picked, start=1):
        members = np.array([[leaf in part for leaf in dimension.leaves] for part in parts[dimension.code]], dtype=int)
        summed = np.moveaxis(np.tensordot(summed, members, axes=([axis], [1])), -1, axis)
    return summed


def _is_emptied(model: Model, proof: Proof, region: Region) -> bool:
    """Does a zero that is printed now, or was told before, contain these people?"""
    for size in range(1, len(region.within)):
        for part in combinations(sorted(region.within, key=str), size):
            number = model.find(Region(region.block, frozenset(part)))
            if number is not None and (model.high[number] == 0 or _is_printed_zero(model, proof, number)):
                return True
    return False


def _is_printed_zero(model: Model, proof: Proof, number: int) -> bool:
    return bool(model.wanted[number] and not model.counts[number] and number not in proof.hidden)
