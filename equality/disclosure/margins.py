"""Counts that no table prints, but that printed ones may give away: every combination of up to three dimensions."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import floor

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.goals import Printing, bounds_of
from equality.disclosure.model import Floats, Model, Vector
from equality.disclosure.policy import Policy
from equality.disclosure.programmes import linear_programme
from equality.disclosure.release import Region, Release
from equality.disclosure.solver import QuietHighs
from equality.disclosure.witnesses import Proof, Watch, unwatched
from equality.tables import Dimension

DIMENSIONS = 3
_SLACK = 1e-6


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
    objective changes, which the primal simplex method takes up where it stopped. ``population``: what the last answer
    was found with, not in whole people; None where there was none."""

    def __init__(self, model: Model, printing: Printing, hidden: frozenset[int]) -> None:
        low, high = bounds_of(model, printing, model.among(hidden))
        said = np.flatnonzero((low > 0) | np.isfinite(high))
        self.population: Floats | None = None
        self.highs = QuietHighs()
        self.highs.setOptionValue("simplex_strategy", 4)
        self.highs.setOptionValue("presolve", "off")
        self.highs.passModel(
            linear_programme(
                sparse.csr_array(sparse.vstack([model.matrix[said], model.rules.rows])),
                np.zeros(model.unknowns.size),
                np.where(model.closed, 0.0, highspy.kHighsInf),
                np.concatenate([low[said], model.rules.low]),
                np.concatenate([high[said], model.rules.high]),
            )
        )

    def of(self, columns: Vector, *, least: bool) -> float | None:
        """The least or greatest sum of some unknowns; None without limit."""
        self.highs.changeObjectiveSense(highspy.ObjSense.kMinimize if least else highspy.ObjSense.kMaximize)
        picked = columns.astype(np.int32)
        self.highs.changeColsCost(picked.size, picked, np.ones(picked.size))
        self.highs.run()
        status, value = self.highs.getModelStatus(), self.highs.getInfo().objective_function_value
        solved = status == highspy.HighsModelStatus.kOptimal
        self.population = np.array(self.highs.getSolution().col_value) if solved else None
        self.highs.changeColsCost(picked.size, picked, np.zeros(picked.size))
        return float(value) if solved else None


def _narrow(release: Release, model: Model, policy: Policy, proof: Proof) -> Iterator[Region]:
    """Combinations that no witness moves far enough, apart from those that a printed zero empties."""
    parts = _parts(release, model)
    worlds = np.vstack([model.unknowns[None, :], model.unknowns + proof.changes.toarray()])
    done: set[tuple[str, frozenset[str]]] = set()
    for block in model.blocks:
        if block.name not in release.counted:
            continue
        counts = worlds[:, block.start : block.stop].reshape(len(worlds), *block.table.counts.shape)
        usable = [dimension for dimension in block.table.dimensions if parts[dimension.code]]
        for size in range(1, DIMENSIONS + 1):
            for picked in combinations(usable, size):
                named = (block.name, frozenset(dimension.code for dimension in picked))
                if named not in done:
                    done.add(named)
                    combined = _margin(counts, block.table.dimensions, picked, parts)
                    for within in _too_close(combined, picked, parts, policy):
                        region = model.canonical(Region(block.name, within))
                        is_new = len(region.within) == size and model.find(region) is None
                        if is_new and not _is_emptied(model, proof, region):
                            yield region


def _parts(release: Release, model: Model) -> dict[str, tuple[frozenset[str], ...]]:
    """The leaves of every dimension, those that no table tells apart together, and the groups that tables show. Of
    leaves that nobody tells apart each may hold all or nothing of what they hold together, so to look at them one by
    one would find no more."""
    shown: dict[str, dict[frozenset[str], None]] = {name: {} for name in release.dimensions}
    for region in model.regions:
        for name, leaves in sorted(region.within):
            shown[name][leaves] = None
    found = {}
    for name, dimension in release.dimensions.items():
        alike: dict[tuple[bool, ...], list[str]] = {}
        for leaf in dimension.leaves:
            alike.setdefault(tuple(leaf in group for group in shown[name]), []).append(leaf)
        every = dict.fromkeys((*map(frozenset, alike.values()), *shown[name]))
        found[name] = tuple(part for part in every if 0 < len(part) < len(dimension.leaves))
    return found


def _too_close(
    counts: NDArray[np.int64],
    picked: tuple[Dimension, ...],
    parts: Mapping[str, tuple[frozenset[str], ...]],
    policy: Policy,
) -> Iterator[frozenset[tuple[str, frozenset[str]]]]:
    """The combinations whose counts could be small and differ too little between worlds."""
    least, most = counts.min(axis=0), counts.max(axis=0)
    for place in np.argwhere((least < policy.threshold) & (most - least < policy.unprinted)).tolist():
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
