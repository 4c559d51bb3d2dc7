"""A release as linear facts: every cell of every table is a sum over the finest combinations of categories there are.

The same people may stand in several tables (men; men of all grades): they are one *region*, with one row, however
many tables show them. What was told before, and what is known of those who joined and left, are rows as well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.release import Key, Region
from equality.tables import Table

Vector = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
# Of every region and of every rule.
Multipliers = tuple[Floats, Floats]
Cell = tuple[str, Key]  # table, key
# A witness as a certificate writes it: (set of counts, position of each leaf, change).
Placed = Sequence[tuple[int, tuple[int, ...], int]]


_NOTHING = 1e-9  # what a solver leaves of a factor that is zero


@dataclass(frozen=True)
class Block:
    """One set of counts within the vector of unknowns: of a population, or of those who joined it or left it."""

    name: str
    table: Table
    start: int

    @property
    def stop(self) -> int:
        return self.start + self.table.counts.size

    def columns(self, within: Mapping[str, Sequence[int]]) -> Vector:
        """Where the unknowns stand whose leaves are among those given (positions, per dimension)."""
        numbers = np.arange(self.start, self.stop, dtype=np.int64).reshape(self.table.counts.shape)
        axes = [np.array(within.get(d.code, range(len(d.leaves))), dtype=np.int64) for d in self.table.dimensions]
        found: Vector = numbers[np.ix_(*axes)].ravel()
        return found


@dataclass(frozen=True)
class Rules:
    """What holds whoever is counted: ``low`` <= ``rows`` @ unknowns <= ``high``."""

    rows: sparse.csr_array
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """``unknowns``: true counts. ``closed``: unknowns that everybody knows to be zero. ``matrix`` @ unknowns: counts
    of the regions. ``low``, ``high``: what a reader knows of a region before this release. ``wanted``: regions that
    this release would print. ``told``: regions that earlier releases print or hide. ``others``: regions that must
    seem able to hold somebody (group disclosure). ``movers``: regions of people who joined or left. ``weight``: how
    much is lost when a region is hidden.

    Secret: it holds every true count.
    """

    unknowns: Vector
    closed: Mask
    blocks: Sequence[Block]
    matrix: sparse.csr_array
    rules: Rules
    regions: Sequence[Region]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    wanted: Mask
    told: frozenset[int]
    others: frozenset[int]
    movers: frozenset[int]
    special: Mask
    weight: NDArray[np.float64]
    everybody: frozenset[int]
    hidden_before: frozenset[int]
    cells: Mapping[Cell, int]
    living: Mapping[str, Mapping[str, frozenset[str]]]

    @cached_property
    def counts(self) -> Vector:
        found: Vector = (self.matrix @ self.unknowns).astype(np.int64)
        return found

    @cached_property
    def empty(self) -> Mask:
        """Regions in which nobody can stand: zero whoever is counted, and known to be."""
        found: Mask = self.open_unknowns == 0
        return found

    @cached_property
    def open_unknowns(self) -> Vector:
        """How many unknowns of every region somebody could be in."""
        found: Vector = (abs(self.matrix) @ (~self.closed).astype(np.int64)).astype(np.int64)
        return found

    @cached_property
    def is_sum(self) -> Mask:
        """Regions from which nobody is taken away: if such a region is zero, so are its unknowns."""
        found: Mask = np.asarray(self.matrix.min(axis=1).todense()).ravel() >= 0
        return found

    @cached_property
    def kind(self) -> Vector:
        """Of every unknown a number that those have in common which count in the same rows."""
        rows = sparse.csc_array(sparse.vstack([self.matrix, self.rules.rows]))
        mixed = np.random.default_rng(0).random(rows.shape[0]) @ rows  # differs where the rows do
        found: Vector = np.unique(mixed, return_inverse=True)[1]
        return found

    @cached_property
    def useful(self) -> Mask:
        """The unknowns that somebody could be in, without those that count in the same rows as another: of these, one
        that holds nobody is enough."""
        first = np.zeros(self.unknowns.size, dtype=bool)
        open_ = np.flatnonzero(~self.closed)
        first[open_[np.unique(self.kind[open_], return_index=True)[1]]] = True
        found: Mask = ~self.closed & (first | (self.unknowns > 0))
        return found

    def useful_for(self, weights: Floats) -> Mask:
        """The same, where unknowns that count in the same rows are told apart if they weigh differently."""
        many = int(self.kind.max(initial=0)) + 1
        lightest, heaviest = np.full(many, np.inf), np.full(many, -np.inf)
        np.minimum.at(lightest, self.kind, weights)
        np.maximum.at(heaviest, self.kind, weights)
        found: Mask = self.useful | ((lightest < heaviest)[self.kind] & ~self.closed)
        return found

    @cached_property
    def shown(self) -> Mapping[str, Sequence[frozenset[str]]]:
        """Of every dimension the groups of leaves that regions are of."""
        found: dict[str, dict[frozenset[str], None]] = {}
        populations = self.living.keys() & {block.name for block in self.blocks}
        for region in self.regions:
            for name, leaves in sorted(region.within) if region.block in populations else ():
                found.setdefault(name, {})[leaves] = None
        return {name: tuple(groups) for name, groups in found.items()}

    @cached_property
    def alike(self) -> Mapping[str, Sequence[frozenset[str]]]:
        """The leaves of every dimension, those that no region tells apart together."""
        found: dict[str, Sequence[frozenset[str]]] = {}
        for dimension in {d.code: d for block in self.blocks for d in block.table.dimensions}.values():
            together: dict[tuple[bool, ...], list[str]] = {}
            for leaf in dimension.leaves:
                together.setdefault(tuple(leaf in g for g in self.shown.get(dimension.code, ())), []).append(leaf)
            found[dimension.code] = tuple(map(frozenset, together.values()))
        return found

    @cached_property
    def number(self) -> Mapping[Region, int]:
        return {region: number for number, region in enumerate(self.regions)}

    def least(self, region: int, multipliers: Multipliers, low: Floats, high: Floats) -> float:
        """What a region holds at least, by arithmetic: every region (between ``low`` and ``high``) and every rule,
        added up with these factors, is a sum that the region's unknowns are never below."""
        of_regions, of_rules = (np.where(np.abs(part) < _NOTHING, 0.0, part) for part in multipliers)
        row = self.matrix[[region], :].toarray().ravel()
        excess = (self.matrix.T @ of_regions + self.rules.rows.T @ of_rules - row)[~self.closed]
        # What rounding leaves above the region's own unknowns counts against it, for everybody there can be.
        lost = max(0.0, float(excess.max(initial=0.0))) * float(self.unknowns.sum())
        return _added_up(of_regions, low, high) + _added_up(of_rules, self.rules.low, self.rules.high) - lost

    def among(self, regions: Collection[int]) -> Mask:
        """These regions among all."""
        found = np.zeros(len(self.regions), dtype=bool)
        found[list(regions)] = True
        return found

    def find(self, region: Region) -> int | None:
        """The row that counts a region, whichever empty non-responses its name includes; None where none does."""
        is_counted = region.block in self.living and all(
            leaves <= self._leaves.get(name, frozenset()) for name, leaves in region.within
        )
        return self.number.get(self.canonical(region)) if is_counted else None

    @cached_property
    def _leaves(self) -> Mapping[str, frozenset[str]]:
        """Of every dimension, all leaves; the same in every population."""
        return {d.code: frozenset(d.leaves) for block in self.blocks for d in block.table.dimensions}

    def canonical(self, region: Region) -> Region:
        """One name for the same people: without leaves that nobody has, without dimensions included in full."""
        return canonical(region, self.living)

    def placed(self, columns: Vector, changes: Vector) -> Placed:
        """A change of some unknowns, by the set of counts and the leaves that each stands for."""
        starts = np.array([block.start for block in self.blocks])
        found = []
        for column, change in zip(columns.tolist(), changes.tolist(), strict=True):
            at = int(np.searchsorted(starts, column, side="right")) - 1
            block = self.blocks[at]
            place = np.unravel_index(column - block.start, block.table.counts.shape)
            found.append((at, tuple(int(position) for position in place), int(change)))
        return found

    def change(self, placed: Placed) -> Vector:
        """The change of all unknowns that was placed so."""
        found = np.zeros(self.unknowns.size, dtype=np.int64)
        for at, place, change in placed:
            block = self.blocks[at]
            found[block.start + int(np.ravel_multi_index(place, block.table.counts.shape))] = change
        return found

    def columns_of(self, region: Region) -> Vector:
        """The unknowns in a region, in the smallest set of counts that has all its dimensions."""
        names = {name for name, _ in region.within}
        fitting = [b for b in self.blocks if b.name == region.block and names <= set(b.table.names)]
        if not fitting:
            raise ValueError("a region's dimensions must be looked at together")
        smallest = min(fitting, key=lambda block: block.table.counts.size)
        position = {dimension.code: dimension.position for dimension in smallest.table.dimensions}
        return smallest.columns(
            {name: sorted(position[name][leaf] for leaf in leaves) for name, leaves in region.within}
        )


def _added_up(factors: Floats, low: Floats, high: Floats) -> float:
    used = factors != 0
    limits = np.where(factors > 0, low, high)[used]
    return float((factors[used] * limits).sum())


def canonical(region: Region, living: Mapping[str, Mapping[str, frozenset[str]]]) -> Region:
    """One name for the same people, given the leaves of every block that somebody may have: without other leaves,
    without dimensions included in full."""
    if region.block not in living:  # of those who joined or left
        return region
    alive = living[region.block]
    kept = ((name, leaves & alive[name]) for name, leaves in region.within)
    return Region(region.block, frozenset((name, leaves) for name, leaves in kept if leaves != alive[name]))
