"""People of two or three groups that no table brings together. No unknown of a model counts those who are in all of
them, but what is told of each group bounds how many there can be.

Counts over linked sets that agree where they overlap can be put together person by person in every way that keeps
what the sets share (Vorob'ev 1962). So in one population as many can be in all the groups as find room at the places
where their sets meet, in every one of these sets no more than it has there; at fewest, those of one group who do not
find room among people who are not in the others. Over all populations that is a linear programme, decided by mixing
populations: the prices of the best mixture of those found so far say which other would better it (G. B. Dantzig and
P. Wolfe 1960)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import chain, combinations, product
from math import floor, prod

import highspy
import networkx as nx
import numpy as np
from scipy import sparse

from equality.disclosure.goals import Printing, bounds_of
from equality.disclosure.margins import DIMENSIONS, Extremes, parts_of
from equality.disclosure.model import Block, Floats, Mask, Model, Vector
from equality.disclosure.policy import Policy
from equality.disclosure.release import Key, Region, Release, ties
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.witnesses import Proof, Watch, unwatched

_SLACK = 1e-6
_AT_A_TIME = 64  # witnesses that are spelt out together
_NUMBERS = 4_000_000  # that are worked on together
_MANY_TIMES = 10  # as many people as there are: a limit, so that every programme has an answer
_KEPT = 40  # populations that a mixture may begin with
_AROUND = 20  # combinations of groups that are looked at together
_WORTHWHILE = 2  # of all combinations, to be shown wide by one such look: else no more of them
_MOST_PLACES = 6_000  # where sets may meet

Parts = Mapping[str, Sequence[frozenset[str]]]
Group = frozenset[tuple[str, frozenset[str]]]


def narrow_overlaps(
    release: Release, model: Model, policy: Policy, printing: Printing, proof: Proof, *, watch: Watch = unwatched
) -> list[Region]:
    """People in groups of up to three dimensions that no linked set has all of, whose number can be bounded too
    narrowly by what would be printed: below the threshold, not certainly nobody, and closer than the policy's width.
    Not looked at: sets that meet at more than 6,000 places, and blocks of which nothing is printed now: they were
    looked at when something was."""
    crossings = list(_crossings(release, model))
    if not crossings:
        return []
    many = _MANY_TIMES * float(model.unknowns.sum() + policy.width)
    limits = Extremes(model, printing, proof.hidden, most=many)
    populations = _Populations(model, printing, proof)
    found = []
    for number, crossing in enumerate(crossings):
        watch(number, len(crossings))
        found += [model.canonical(region) for region in _Overlaps(crossing, populations, limits, policy).narrow()]
    return [region for region in dict.fromkeys(found) if model.find(region) is None]


class _Populations:
    """The true population, those of the witnesses, and the last ones that programmes came to. ``possible``: one of
    every kind of people that is not known to hold nobody."""

    def __init__(self, model: Model, printing: Printing, proof: Proof) -> None:
        _, high = bounds_of(model, printing, model.among(proof.hidden))
        self.possible = np.where(model.closed | (model.matrix.T @ (high == 0) > 0), 0.0, 1.0)
        self.truth = model.unknowns.astype(float)
        self.changes = proof.changes
        self.last = np.zeros((self.truth.size, 0))

    def in_batches(self) -> Iterator[Floats]:
        """Some at a time, the true one first: (unknowns, populations)."""
        yield self.truth[:, None]
        for start in range(0, self.changes.shape[0], _AT_A_TIME):
            yield self.truth[:, None] + self.changes[start : start + _AT_A_TIME].toarray().T
        if self.last.size:
            yield self.last

    def to_begin_with(self) -> Floats:
        """(unknowns, populations)"""
        return np.column_stack([self.truth, self.last])

    def add(self, population: Floats) -> None:
        self.last = np.column_stack([self.last, population])[:, -_KEPT:]


class _Whom(Enum):
    """Whom of a linked set: its group, all but its group, or everybody."""

    INSIDE = auto()
    OUTSIDE = auto()
    EVERYBODY = auto()


@dataclass(frozen=True)
class _Side:
    """A linked set of a crossing: one that groups are of, or one without, that leads from one to another. ``inside``:
    how many of each group are at each of its places, ``everybody`` who is there (rows over the unknowns: groups x
    places, places). ``at``: of every place of the crossing, its own."""

    groups: Sequence[Group]
    inside: sparse.csr_array
    everybody: sparse.csr_array
    at: Vector

    def rows(self, whom: _Whom, group: int) -> sparse.csr_array:
        """How many are at each place: (places, unknowns)."""
        if whom is _Whom.EVERYBODY:
            return self.everybody
        many = self.everybody.shape[0]
        inside = self.inside[group * many : (group + 1) * many]
        return inside if whom is _Whom.INSIDE else sparse.csr_array(self.everybody - inside)

    def counts(self, whom: _Whom, groups: Vector, some: Floats) -> Floats:
        """The same of several groups in some populations: (groups, places, populations)."""
        everybody = self.everybody @ some
        if whom is _Whom.EVERYBODY:
            return np.repeat(everybody[None], groups.size, axis=0)
        inside: Floats = (self.inside @ some).reshape(len(self.groups), *everybody.shape)[groups]
        return inside if whom is _Whom.INSIDE else everybody - inside


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
    whom: _Whom
    apart: tuple[int, ...]


@dataclass(frozen=True)
class _Limits:
    """All limits of some people, in the ``sides`` of a crossing."""

    sides: Sequence[_Side]
    every: Sequence[_Limit]

    def rows(self, groups: Sequence[int]) -> list[sparse.csr_array]:
        """How much room each leaves, of one group for each of the first sides: (places, unknowns) each."""
        of = (*groups, *[0] * len(self.sides))
        return [self.sides[limit.side].rows(limit.whom, of[limit.side]) for limit in self.every]

    def counts(self, groups: Vector, some: Floats) -> list[Floats]:
        """The same of several combinations of groups (combinations, sides) in some populations: (combinations, places,
        populations) each."""
        of = np.column_stack([groups, np.zeros((len(groups), len(self.sides)), dtype=np.int64)])
        return [self.sides[limit.side].counts(limit.whom, of[:, limit.side], some) for limit in self.every]

    @cached_property
    def taken(self) -> sparse.csr_array:
        """Who takes room of which limit: a row for each of its places, and a last one of nothing. A column for every
        place of the crossing, and as many again for those who are led apart."""
        many = 1 + max(number for limit in self.every for number in limit.apart)
        blocks = []
        for limit in self.every:
            at = self.sides[limit.side].at
            row = sparse.csr_array((np.ones(at.size), (at, np.arange(at.size))))
            nothing = sparse.csr_array(row.shape)
            blocks.append(sparse.hstack([row if number in limit.apart else nothing for number in range(many)]))
        return sparse.csr_array(sparse.vstack([*blocks, sparse.csr_array((1, blocks[0].shape[1]))]))


@dataclass(frozen=True)
class _Crossing:
    """Groups of two or three linked sets, the first ``many`` of its sides, and the places where they meet."""

    block: str
    sides: Sequence[_Side]
    many: int

    @cached_property
    def together(self) -> "_Limits":
        """What those in all the groups find room in."""
        groups = [_Limit(side, _Whom.INSIDE, (0,)) for side in range(self.many)]
        others = [_Limit(side, _Whom.EVERYBODY, (0,)) for side in range(self.many, len(self.sides))]
        return _Limits(self.sides, [*groups, *others])

    @cached_property
    def without(self) -> "_Limits":
        """What those of the first group find room in who are not in the second, and apart from them those who are not
        in the third."""
        apart = tuple(range(self.many - 1))
        out = [_Limit(1 + number, _Whom.OUTSIDE, (number,)) for number in apart]
        everybody = range(1 if len(apart) > 1 else self.many, len(self.sides))
        others = [_Limit(side, _Whom.EVERYBODY, apart) for side in everybody]
        return _Limits(self.sides, [_Limit(0, _Whom.INSIDE, apart), *out, *others])

    def region(self, groups: Sequence[int]) -> Region:
        """Those who are in all of some groups, one of each of the first sides."""
        chosen = (side.groups[group] for side, group in zip(self.sides, groups, strict=False))
        return Region(self.block, frozenset().union(*chosen))


def _crossings(release: Release, model: Model) -> Iterator[_Crossing]:
    """Every combination of two or three dimensions once, of as few linked sets as have them."""
    parts = parts_of(release, model)
    for name in dict.fromkeys(table.block for table in release.tables):
        blocks = [block for block in model.blocks if block.name == name]
        ways = sorted(_ways(blocks), key=lambda way: (len(way.ends), way.length))
        done: set[frozenset[str]] = set()
        for size, way in product(range(2, DIMENSIONS + 1), ways):
            for chosen in _choices([blocks[end].table.names for end in way.ends], size):
                names = frozenset(chain.from_iterable(chosen))
                apart = len(names) == size and not any(names <= set(block.table.names) for block in blocks)
                if apart and names not in done and all(parts[name] for name in names):
                    done.add(names)
                    yield from _crossing(blocks, way, chosen, parts, model.unknowns.size)


def _ways(blocks: Sequence[Block]) -> Iterator[_Way]:
    tree = nx.Graph()
    tree.add_nodes_from(range(len(blocks)))
    for one, other, names in ties([block.table.names for block in blocks]):
        tree.add_edge(one, other, shared=frozenset(names))
    paths = dict(nx.all_pairs_shortest_path(tree))
    for many in range(2, DIMENSIONS + 1):
        for ends in combinations(range(len(blocks)), many):
            joined = dict.fromkeys(chain.from_iterable(paths[ends[0]][end] for end in ends))
            around = {
                one: [tree.edges[one, next_]["shared"] for next_ in tree[one] if next_ in joined] for one in joined
            }
            every = {one: frozenset[str]().union(*shared) for one, shared in around.items()}
            told = {one: names for one, names in every.items() if one in ends or names not in around[one]}
            yield _Way(ends, told, len(joined))


def _choices(tables: Sequence[Key], size: int) -> Iterator[tuple[Key, ...]]:
    """So many dimensions, at least one of each table."""
    for numbers in product(range(1, size + 1), repeat=len(tables)):
        if sum(numbers) == size:
            yield from product(*(combinations(names, number) for names, number in zip(tables, numbers, strict=True)))


def _crossing(
    blocks: Sequence[Block], way: _Way, chosen: Sequence[Key], parts: Parts, size: int
) -> Iterator[_Crossing]:
    """One; none where there are too many places."""
    met = frozenset[str]().union(*way.shared.values())
    lengths = {d.code: len(d.leaves) for one in way.shared for d in blocks[one].table.dimensions if d.code in met}
    places = prod(lengths.values())
    if places > _MOST_PLACES:
        return
    at = dict(zip(lengths, np.indices((*lengths.values(),)).reshape(len(lengths), places), strict=True))
    picked = dict(zip(way.ends, chosen, strict=True))
    sides = [
        _side(blocks[one], picked.get(one), way.shared[one], parts, at, places, size)
        for one in (*way.ends, *(one for one in way.shared if one not in way.ends))
    ]
    yield _Crossing(blocks[0].name, sides, len(chosen))


def _side(
    block: Block,
    chosen: Key | None,
    shared: frozenset[str],
    parts: Parts,
    at: Mapping[str, Vector],
    places: int,
    size: int,
) -> _Side:
    names = tuple(name for name in block.table.names if name in shared)
    return _Side(
        groups=[] if chosen is None else _groups(chosen, parts),
        inside=_counting(block, {name: parts[name] for name in chosen or ()}, names, size),
        everybody=_counting(block, {}, names, size),
        at=_places(at, names, places),
    )


def _groups(names: Sequence[str], parts: Parts) -> list[Group]:
    return [frozenset(zip(names, chosen, strict=True)) for chosen in product(*(parts[name] for name in names))]


def _places(at: Mapping[str, Vector], names: Sequence[str], size: int) -> Vector:
    """Of every place of the middle, the number of the place that it is among these dimensions."""
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


class _Overlaps:
    """How many can be in all of several groups. ``least``, ``most``: in the populations met so far, for every
    combination of groups (one axis for each side that has some). ``can_meet``: is there a place that could hold
    somebody of them?"""

    def __init__(self, crossing: _Crossing, populations: _Populations, limits: Extremes, policy: Policy) -> None:
        self.crossing, self.populations, self.limits, self.policy = crossing, populations, limits, policy
        shape = tuple(len(side.groups) for side in crossing.sides[: crossing.many])
        self.least, self.most = np.full(shape, np.inf), np.full(shape, -np.inf)
        for some in populations.in_batches():
            self._see(some)
        every = np.argwhere(np.full(shape, fill_value=True))
        self.can_meet = self._led(every, populations.possible[:, None], crossing.together).reshape(shape) > 0

    def narrow(self) -> Iterator[Region]:
        """Those whose number is too closely bounded."""
        self._look_around()
        for groups in map(tuple, self._close().tolist()):
            if self._are_close()[groups] and self._is_narrow(groups):
                yield self.crossing.region(groups)

    def _is_narrow(self, groups: tuple[int, ...]) -> bool:
        wide = self.policy.unprinted
        top = floor(self._extreme(groups, enough=self.least[groups] + wide) + _SLACK)
        if top == 0 or top - self.least[groups] >= wide or not self._are_close()[groups]:
            return False
        without = self._extreme(groups, enough=wide - self.most[groups], without=True)
        bottom = -floor(without + _SLACK)
        return bottom < self.policy.threshold and top - bottom < wide

    def _are_close(self) -> Mask:
        """Between no populations met so far is there the width that must stay open, nor would there be between the
        one with the most and one below the threshold."""
        wide = self.policy.unprinted
        found: Mask = (self.most - self.least < wide - _SLACK) & (self.most < self.policy.threshold + wide)
        return found

    def _close(self) -> Vector:
        """Those that are, where some place could hold somebody of them: (combinations, sides)"""
        return np.argwhere(self._are_close() & self.can_meet)

    def _look_around(self) -> None:
        """Meet populations that have many of some groups in one place each, as long as enough turn out to be wide."""
        rng, sides = np.random.default_rng(0), self.crossing.sides
        could = [(side.everybody @ self.populations.possible)[side.at] for side in sides]
        places = np.flatnonzero(np.min(could, axis=0))
        close = self._close()
        while len(close) > _AROUND:
            chosen = rng.permutation(close)[:_AROUND]
            place = rng.choice(places, _AROUND)
            wanted = np.zeros(self.populations.truth.size)
            for side, groups in zip(sides, chosen.T, strict=False):
                wanted += side.inside[groups * side.everybody.shape[0] + side.at[place]].sum(axis=0)
            self._ask_for(wanted)
            before, close = len(close), self._close()
            if before - len(close) < _WORTHWHILE:
                break

    def _ask_for(self, prices: Floats) -> tuple[float, Floats]:
        """The population that is worth most, and what it is."""
        worth, population = self.limits.weighted(prices, least=False), self.limits.population
        if worth is None or population is None:
            raise ArithmeticError("the linear programme over all populations has no answer")
        self._see(population[:, None])
        return worth, population

    def _see(self, some: Floats) -> None:
        """Take note of populations: (unknowns, populations)."""
        groups = np.argwhere(self._are_close())
        first = self.crossing.sides[0].counts(_Whom.INSIDE, groups[:, 0], some).sum(axis=1)
        most = self._led(groups, some, self.crossing.together)
        least = first - self._led(groups, some, self.crossing.without)
        at = tuple(groups.T)
        self.most[at] = np.maximum(self.most[at], most.max(axis=1))
        self.least[at] = np.minimum(self.least[at], least.min(axis=1))

    def _led(self, groups: Vector, some: Floats, limits: _Limits) -> Floats:
        """How many find room, place after place: the most, where no place of a side is met twice. (combinations, sides)
        and (unknowns, populations) to (combinations, populations)."""
        each = some.shape[1] * sum(self.crossing.sides[limit.side].everybody.shape[0] for limit in limits.every)
        at_once = max(1, _NUMBERS // each)
        parts = [groups[start : start + at_once] for start in range(0, len(groups), at_once)]
        return np.concatenate([np.zeros((0, some.shape[1])), *(self._fitted(part, some, limits) for part in parts)])

    def _fitted(self, groups: Vector, some: Floats, limits: _Limits) -> Floats:
        rooms = limits.counts(groups, some)
        found = np.zeros((len(groups), some.shape[1]))
        for number in sorted({number for limit in limits.every for number in limit.apart}):
            binding = [
                (room, limits.sides[limit.side].at)
                for room, limit in zip(rooms, limits.every, strict=True)
                if number in limit.apart
            ]
            for place in np.flatnonzero(np.min([room.max(axis=(0, 2))[at] for room, at in binding], axis=0)):
                fitted = np.minimum.reduce([room[:, at[place]] for room, at in binding])
                for room, at in binding:
                    room[:, at[place]] -= fitted
                found += fitted
        return found

    def _extreme(self, groups: tuple[int, ...], *, enough: float, without: bool = False) -> float:
        """How many can be in all the groups at most, or anything from ``enough`` upwards. ``without``: in the first and
        not in all others, less all in the first. Without limit, infinity."""
        mixture = _Mixture(self.crossing, groups, without=without)
        mixture.add(self.populations.to_begin_with())
        while True:
            value = mixture.solve()
            if value >= enough:
                return value
            bound, population = self._ask_for(mixture.prices)
            if floor(bound + _SLACK) <= floor(value + _SLACK):
                return value
            mixture.add(population[:, None])
            self.populations.add(population)


class _Mixture:
    """The most that find room in mixtures of some populations. ``prices``: what a person of each kind would be worth in
    another population, if one were added to those it was solved with."""

    def __init__(self, crossing: _Crossing, groups: Sequence[int], *, without: bool) -> None:
        limits = crossing.without if without else crossing.together
        rows = limits.rows(groups)
        self.rows = sparse.csr_array(sparse.vstack(rows))
        size = self.rows.shape[1]
        self.given = rows[0].sum(axis=0) if without else np.zeros(size)
        many, columns = limits.taken.shape
        self.highs = QuietHighs()
        self.highs.passModel(
            linear_programme(
                limits.taken,
                -np.ones(columns),
                np.full(columns, np.inf),
                np.append(np.full(many - 1, -np.inf), 1.0),
                np.append(np.zeros(many - 1), 1.0),
            )
        )
        self.prices = np.zeros(size)

    def add(self, populations: Floats) -> None:
        """(unknowns, populations)"""
        counts = self.rows @ populations
        shares = sparse.csc_array(np.vstack([-counts, np.ones(counts.shape[1])]))
        number = counts.shape[1]
        self.highs.addCols(
            number,
            self.given @ populations,
            np.zeros(number),
            np.full(number, np.inf),
            shares.nnz,
            shares.indptr[:-1].astype(np.int32),
            shares.indices.astype(np.int32),
            shares.data,
        )

    def solve(self) -> float:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("the linear programme over mixtures of populations has no answer")
        self.prices = self.rows.T @ -np.array(self.highs.getSolution().row_dual)[:-1] - self.given
        return -float(self.highs.getInfo().objective_function_value)
