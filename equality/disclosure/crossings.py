"""Where groups that no table brings together may meet: at the places where their linked sets hang together, and
what each of the sets has there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache, cached_property, partial
from itertools import chain, combinations, product
from math import prod

import networkx as nx
import numpy as np
from scipy import sparse

from equality.disclosure.margins import DIMENSIONS, parts_of
from equality.disclosure.model import Block, Floats, Model, Vector
from equality.disclosure.release import Key, Region, Release, ties

_MOST_PLACES = 100_000  # where sets may meet

Parts = Mapping[str, Sequence[frozenset[str]]]
Group = frozenset[tuple[str, frozenset[str]]]


class Whom(Enum):
    """Whom of a linked set: its group, all but its group, or everybody."""

    INSIDE = auto()
    OUTSIDE = auto()
    EVERYBODY = auto()


@dataclass(frozen=True, eq=False)
class Counted:
    """Groups of a linked set (everybody, where it only leads from one set to another), and the places where it meets
    others. ``inside``: how many of each group are at each of its places, ``everybody`` who is there (rows over the
    unknowns: groups x places, places)."""

    block: Block
    groups: Sequence[Group]
    inside: sparse.csr_array
    everybody: sparse.csr_array

    def rows(self, whom: Whom, group: int) -> sparse.csr_array:
        """How many are at each place: (places, unknowns)."""
        if whom is Whom.EVERYBODY:
            return self.everybody
        many = self.everybody.shape[0]
        inside = self.inside[group * many : (group + 1) * many]
        return inside if whom is Whom.INSIDE else sparse.csr_array(self.everybody - inside)

    def counts(self, whom: Whom, groups: Vector, population: Floats) -> Floats:
        """The same of several groups in one population: (groups, places)."""
        everybody = self.everybody @ population
        if whom is Whom.EVERYBODY:
            return np.repeat(everybody[None], groups.size, axis=0)
        inside: Floats = (self.inside @ population).reshape(len(self.groups), -1)[groups]
        return inside if whom is Whom.INSIDE else everybody - inside


@dataclass(frozen=True)
class Side:
    """A linked set of a crossing. ``at``: of every place of the crossing, its own."""

    counted: Counted
    at: Vector


@dataclass(frozen=True)
class _Way:
    """Two or three linked sets of a block, ``ends``, and those that lead from one to another. ``shared``: what each of
    these has in common with its neighbours on the way; without sets that say no more than one neighbour does."""

    ends: tuple[int, ...]
    shared: Mapping[int, frozenset[str]]
    length: int


@dataclass(frozen=True)
class _Limit:
    """Whom of a side there can be no more of at a place than it has. ``apart``: which of those that are led apart from
    each other."""

    side: int
    whom: Whom
    apart: tuple[int, ...]


@dataclass(frozen=True)
class Limits:
    """All limits of some people, in the ``sides`` of a crossing."""

    sides: Sequence[Side]
    every: Sequence[_Limit]

    def rows(self, groups: Sequence[int]) -> list[sparse.csr_array]:
        """How much room each leaves, of one group of every side: (places, unknowns) each."""
        return [self.sides[limit.side].counted.rows(limit.whom, groups[limit.side]) for limit in self.every]

    def counts(self, groups: Vector, population: Floats) -> list[Floats]:
        """The same of several combinations of groups (combinations, sides) in one population: (combinations, places)
        each."""
        return [
            self.sides[limit.side].counted.counts(limit.whom, groups[:, limit.side], population) for limit in self.every
        ]

    @cached_property
    def taken(self) -> sparse.csr_array:
        """Who takes room of which limit: a row for each of its places, and a last one of nothing. A column for every
        place of the crossing, and as many again for those who are led apart."""
        many = 1 + max(number for limit in self.every for number in limit.apart)
        blocks = []
        for limit in self.every:
            at = self.sides[limit.side].at
            size = self.sides[limit.side].counted.everybody.shape[0], at.size
            row = sparse.csr_array((np.ones(at.size), (at, np.arange(at.size))), shape=size)
            nothing = sparse.csr_array(row.shape)
            blocks.append(sparse.hstack([row if number in limit.apart else nothing for number in range(many)]))
        return sparse.csr_array(sparse.vstack([*blocks, sparse.csr_array((1, blocks[0].shape[1]))]))


@dataclass(frozen=True)
class Crossing:
    """Groups of two or three linked sets, the first ``many`` of its sides, the sets that lead from one to another, and
    the places where they meet."""

    block: str
    sides: Sequence[Side]
    many: int

    @cached_property
    def together(self) -> Limits:
        """What those in all the groups find room in."""
        return Limits(self.sides, [_Limit(side, Whom.INSIDE, (0,)) for side in range(len(self.sides))])

    @cached_property
    def without(self) -> Limits:
        """What those of the first group find room in who are not in the second, and apart from them those who are not
        in the third."""
        apart = tuple(range(self.many - 1))
        out = [_Limit(1 + number, Whom.OUTSIDE, (number,)) for number in apart]
        everybody = range(1 if len(apart) > 1 else self.many, len(self.sides))
        others = [_Limit(side, Whom.EVERYBODY, apart) for side in everybody]
        return Limits(self.sides, [_Limit(0, Whom.INSIDE, apart), *out, *others])

    @property
    def places(self) -> int:
        """How many there are."""
        return self.sides[0].at.size

    def where_somebody_is(self, inhabited: Floats) -> "Crossing":
        """The same without places that nobody can be at. ``inhabited``: one of every kind of people that there can
        be."""
        there = np.min([(side.counted.everybody @ inhabited)[side.at] for side in self.sides], axis=0) > 0
        return replace(self, sides=[replace(side, at=side.at[there]) for side in self.sides])

    def region(self, groups: Sequence[int]) -> Region:
        """Those who are in all of some groups, one of every side."""
        chosen = (side.counted.groups[group] for side, group in zip(self.sides, groups, strict=True))
        return Region(self.block, frozenset().union(*chosen))


def crossings_of(release: Release, model: Model) -> Iterator[Crossing]:
    """Every combination of two or three dimensions once, of as few linked sets as have them. What is asked of
    people elsewhere is asked within linked sets."""
    parts = parts_of(release, model)
    for name in [block for block in release.counted if block not in release.elsewhere]:
        blocks = [block for block in model.blocks if block.name == name]
        ways = sorted(_ways(blocks), key=lambda way: (len(way.ends), way.length))
        counted = cache(partial(_counted, blocks, parts, model.unknowns.size))
        done: set[frozenset[str]] = set()
        for size, way in product(range(2, DIMENSIONS + 1), ways):
            for chosen in _choices([blocks[end].table.names for end in way.ends], size):
                names = frozenset(chain.from_iterable(chosen))
                apart = len(names) == size and not any(names <= set(block.table.names) for block in blocks)
                if apart and names not in done and all(parts[name] for name in names):
                    done.add(names)
                    yield from _crossing(blocks, way, chosen, counted)


def _ways(blocks: Sequence[Block]) -> Iterator[_Way]:
    tree = nx.Graph()
    tree.add_nodes_from(range(len(blocks)))
    for one, other, names in ties([block.table.names for block in blocks]):
        tree.add_edge(one, other, shared=frozenset(names))
    paths = dict(nx.all_pairs_shortest_path(tree))
    for many in range(2, DIMENSIONS + 1):
        for ends in combinations(range(len(blocks)), many):
            joined = dict.fromkeys(chain.from_iterable(paths[ends[0]][end] for end in ends))
            around = {one: [tree.edges[one, to]["shared"] for to in tree[one] if to in joined] for one in joined}
            every = {one: frozenset[str]().union(*shared) for one, shared in around.items()}
            told = {one: names for one, names in every.items() if one in ends or names not in around[one]}
            yield _Way(ends, told, len(joined))


def _choices(tables: Sequence[Key], size: int) -> Iterator[tuple[Key, ...]]:
    """So many dimensions, at least one of each table."""
    for numbers in product(range(1, size + 1), repeat=len(tables)):
        if sum(numbers) == size:
            yield from product(*(combinations(names, number) for names, number in zip(tables, numbers, strict=True)))


def _crossing(
    blocks: Sequence[Block], way: _Way, chosen: Sequence[Key], counted: Callable[[int, Key, Key], Counted]
) -> Iterator[Crossing]:
    """One; none where there are too many places."""
    met = frozenset[str]().union(*way.shared.values())
    lengths = {d.code: len(d.leaves) for one in way.shared for d in blocks[one].table.dimensions if d.code in met}
    places = prod(lengths.values())
    if places > _MOST_PLACES:
        return
    at = dict(zip(lengths, np.indices((*lengths.values(),)).reshape(len(lengths), places), strict=True))
    picked = dict(zip(way.ends, chosen, strict=True))
    sides = []
    for one in (*way.ends, *(one for one in way.shared if one not in way.ends)):
        names = tuple(name for name in blocks[one].table.names if name in way.shared[one])
        sides.append(Side(counted(one, picked.get(one, ()), names), _places(at, names, places)))
    yield Crossing(blocks[0].name, sides, len(chosen))


def _counted(blocks: Sequence[Block], parts: Parts, size: int, one: int, chosen: Key, names: Key) -> Counted:
    """``chosen``: the dimensions of a set that groups are of; ``names``: those that it shares."""
    return Counted(
        block=blocks[one],
        groups=_groups(chosen, parts),
        inside=_counting(blocks[one], {name: parts[name] for name in chosen}, names, size),
        everybody=_counting(blocks[one], {}, names, size),
    )


def _groups(names: Sequence[str], parts: Parts) -> list[Group]:
    return [frozenset(zip(names, chosen, strict=True)) for chosen in product(*(parts[name] for name in names))]


def _places(at: Mapping[str, Vector], names: Sequence[str], size: int) -> Vector:
    """Of every place of a crossing, the number of the place that it is among these dimensions."""
    found = np.zeros(size, dtype=np.int64)
    for name in names:
        found = found * (1 + int(at[name].max())) + at[name]
    return found


def _counting(block: Block, groups: Parts, places: Sequence[str], size: int) -> sparse.csr_array:
    """How many people of every group are at every place: (groups x places, unknowns)."""
    rows, shape = sparse.csr_array([[1.0]]), []
    for dimension in block.table.dimensions:
        leaves = dimension.leaves
        inside = np.array([[leaf in part for leaf in leaves] for part in groups.get(dimension.code, (leaves,))])
        at = np.eye(len(leaves)) if dimension.code in places else np.ones((1, len(leaves)))
        shape += [len(inside), len(at)]
        rows = sparse.kron(rows, (inside[:, None, :] * at[None, :, :]).reshape(-1, len(leaves)), format="csr")
    axes = [*range(0, len(shape), 2), *range(1, len(shape), 2)]
    rows = sparse.csr_array(rows)[np.arange(rows.shape[0]).reshape(shape).transpose(axes).ravel()]
    return sparse.csr_array((rows.data, rows.indices + block.start, rows.indptr), shape=(rows.shape[0], size))
