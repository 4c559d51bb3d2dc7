"""A release as linear facts: every cell of every table is a sum over the atoms, the finest combinations there are.

The same people may stand in several tables (men; men of all grades): they are one *region*, with one row, however
many tables show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.release import Key, Release, TableSpec, linked, ties
from equality.tables import DECLARED, NOT_DECLARED, Dimension, Table

Vector = NDArray[np.int64]
# Dimension → leaves included; a dimension included in full is left out.
Region = frozenset[tuple[str, frozenset[str]]]


@dataclass(frozen=True)
class Facts:
    """``atoms``: true counts of the finest combinations, all linked
    sets one after the other. ``matrix`` @ atoms: the regions' counts. ``ties`` @ atoms = 0: linked sets agree where
    they overlap. ``floor``: what a reader knows a region to hold at least. ``weight``: how much is lost when a region
    is hidden. ``cells``: (table, key) → region.

    Secret: it holds every true count.
    """

    atoms: Vector
    matrix: sparse.csr_array
    ties: sparse.csr_array
    floor: Vector
    weight: NDArray[np.float64]
    cells: Mapping[tuple[str, Key], int]
    everybody: int
    numbers: Mapping[Region, int]
    living: Mapping[str, Dimension]

    @cached_property
    def empty(self) -> frozenset[int]:
        """Regions that no atom stands in: zero whoever is counted, and known to be."""
        return frozenset(np.flatnonzero(np.diff(self.matrix.indptr) == 0).tolist())

    def find(self, region: Region) -> int | None:
        """The row that counts a region, whichever empty non-responses its name includes."""
        alive = ((name, leaves & set(self.living[name].leaves)) for name, leaves in region if name in self.living)
        reduced = frozenset((name, leaves) for name, leaves in alive if len(leaves) < len(self.living[name].leaves))
        return self.numbers.get(reduced) if {name for name, _ in region} <= self.living.keys() else None

    @cached_property
    def counts(self) -> Vector:
        found: Vector = (self.matrix @ self.atoms).astype(np.int64)
        return found


def state(release: Release) -> Facts:
    """The facts of a release. Raises ValueError where its counts do not agree with one another."""
    sets = linked(release.tables)
    if [table.names for table in release.counted] != sets:
        raise ValueError("counts are needed over exactly the linked sets of the tables")
    dimensions = {name: _living(dimension, release.counted) for name, dimension in release.dimensions.items()}
    counted = [_living_counts(table, dimensions) for table in release.counted]
    layout = _Layout(counted)
    regions: dict[Region, int] = {}
    cells = {}
    everybody = regions.setdefault(frozenset(), 0)
    for table in release.tables:
        for key in table.cells():
            region = region_of(dimensions, table, key)
            cells[table.id, key] = regions.setdefault(region, len(regions))
    facts = Facts(
        atoms=np.concatenate([table.counts.ravel() for table in counted]),
        matrix=sparse.csr_array(sparse.vstack([layout.row(region) for region in regions])),
        ties=layout.agreement(sets),
        floor=np.array([_floor(dimensions, region) for region in regions], dtype=np.int64),
        weight=np.array([_weight(dimensions, region) for region in regions]),
        cells=cells,
        everybody=everybody,
        numbers=regions,
        living=dimensions,
    )
    if (facts.ties @ facts.atoms).any():
        raise ValueError("the linked counts do not agree where they overlap")
    return facts


def _living(dimension: Dimension, counted: Sequence[Table]) -> Dimension:
    """The dimension without kinds of non-response that nobody has. Their zero is always shown, so a reader knows it,
    and no witness may use it; that everybody answered is worth more to readers than a hiding place."""
    table = next(table for table in counted if dimension.code in table.names)
    dead = {
        leaf
        for leaf in dimension.groups[NOT_DECLARED]
        if table.count(**{dimension.code: leaf}) == 0
    }  # fmt: skip
    groups = {code: tuple(leaf for leaf in leaves if leaf not in dead) for code, leaves in dimension.groups.items()}
    return replace(
        dimension,
        leaves=tuple(leaf for leaf in dimension.leaves if leaf not in dead),
        groups=groups | dict.fromkeys(dead, ()),
    )


def _living_counts(table: Table, dimensions: Mapping[str, Dimension]) -> Table:
    kept = [
        [position for position, leaf in enumerate(dimension.leaves) if leaf in dimensions[dimension.code].position]
        for dimension in table.dimensions
    ]
    return Table(tuple(dimensions[name] for name in table.names), np.ascontiguousarray(table.counts[np.ix_(*kept)]))


def region_of(dimensions: Mapping[str, Dimension], table: TableSpec, key: Key) -> Region:
    """The people of one cell."""
    picked = ((dimensions[name], code) for name, code in table.cell(key).items())
    return frozenset(
        (dimension.code, frozenset(dimension.leaves[at] for at in members))
        for dimension, code in picked
        if len(members := dimension.members(code)) < len(dimension.leaves)
    )


def _floor(dimensions: Mapping[str, Dimension], region: Region) -> int:
    """A unit that is listed is known to hold somebody: as many people as occupied leaves."""
    if len(region) != 1:
        return 0
    ((name, leaves),) = region
    return len(leaves & set(dimensions[name].substantive)) if dimensions[name].occupied else 0


def _weight(dimensions: Mapping[str, Dimension], region: Region) -> float:
    """Totals and known/unknown splits carry everything else, so they go last; then groups; then inner cells."""
    weight = 1.0
    for name, dimension in dimensions.items():
        leaves = dict(region).get(name)
        if leaves is None:
            weight *= 100.0
        elif leaves in (set(dimension.groups[DECLARED]), set(dimension.groups[NOT_DECLARED])):
            weight *= 3.0
        elif len(leaves) > 1:
            weight *= 1.5
    return weight


class _Layout:
    """Where the atoms of each linked set stand in the one long vector."""

    def __init__(self, counted: Sequence[Table]) -> None:
        self.counted = counted
        self.starts = np.concatenate([[0], np.cumsum([table.counts.size for table in counted])])

    @property
    def size(self) -> int:
        return int(self.starts[-1])

    def row(self, region: Region) -> sparse.csr_array:
        """1 for every atom in the region, in the smallest linked set that has all its dimensions."""
        picked = {name: self._positions(name, leaves) for name, leaves in region}
        fitting = [i for i, table in enumerate(self.counted) if set(picked) <= set(table.names)]
        chosen = min(fitting, key=lambda i: self.counted[i].counts.size)
        columns = self._columns(chosen, picked)
        return sparse.csr_array((np.ones(columns.size), columns, [0, columns.size]), shape=(1, self.size))

    def agreement(self, sets: list[tuple[str, ...]]) -> sparse.csr_array:
        rows: list[sparse.csr_array] = []
        for i, j, shared in ties(sets):
            dimensions = [dimension for dimension in self.counted[i].dimensions if dimension.code in shared]
            for place in np.ndindex(*(len(dimension.leaves) for dimension in dimensions)):
                picked = {d.code: (at,) for d, at in zip(dimensions, place, strict=True)}
                left, right = self._columns(i, picked), self._columns(j, picked)
                values = np.concatenate([np.ones(left.size), -np.ones(right.size)])
                columns = np.concatenate([left, right])
                rows.append(sparse.csr_array((values, columns, [0, columns.size]), shape=(1, self.size)))
        return sparse.csr_array(sparse.vstack(rows)) if rows else sparse.csr_array((0, self.size))

    def _positions(self, name: str, leaves: frozenset[str]) -> tuple[int, ...]:
        (dimension, *_) = (d for table in self.counted for d in table.dimensions if d.code == name)
        return tuple(sorted(dimension.position[leaf] for leaf in leaves))

    def _columns(self, which: int, picked: Mapping[str, tuple[int, ...]]) -> Vector:
        table = self.counted[which]
        numbers = np.arange(table.counts.size, dtype=np.int64).reshape(table.counts.shape)
        axes = [picked.get(d.code, tuple(range(len(d.leaves)))) for d in table.dimensions]
        places = np.ix_(*(np.array(axis, dtype=np.int64) for axis in axes))
        found: Vector = self.starts[which] + numbers[places].ravel()
        return found


def cost_of_hiding(facts: Facts) -> NDArray[np.float64]:
    """What hiding a region costs: its weight, more for larger counts."""
    scale: NDArray[np.float64] = 1.0 + np.vectorize(log)(1.0 + facts.counts)
    return facts.weight * scale
