"""People of two groups that no table brings together. No unknown of a model counts those who are in both, but what is
told of each group bounds how many there can be.

Counts over linked sets that agree where they overlap can be put together person by person in every way that keeps
what the sets share (Vorob'ev 1962). So in one population as many can be in both groups as can be led from one to the
other through what is shared, each place taking no more than it holds: a greatest flow. At fewest, those of one are in
both who do not fit into the rest. Over all populations that is a linear programme, decided by mixing populations: the
prices of the best mixture of those found so far say which other would better it (G. B. Dantzig and P. Wolfe 1960)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, product
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
_MANY_TIMES = 10  # as many people as there are: a limit, so that every programme has an answer
_KEPT = 40  # populations that a mixture may begin with
_AROUND = 20  # pairs that are looked at together
_WORTHWHILE = 2  # of all pairs, to be shown wide by one such look: else no more of them

Parts = Mapping[str, Sequence[frozenset[str]]]
Group = frozenset[tuple[str, frozenset[str]]]


def narrow_overlaps(
    release: Release, model: Model, policy: Policy, printing: Printing, proof: Proof, *, watch: Watch = unwatched
) -> list[Region]:
    """People in two groups, of up to three dimensions that no linked set has all of, whose number can be bounded too
    narrowly by what would be printed: below the threshold, not certainly nobody, and closer than the policy's width.
    Not looked at: groups of three linked sets, groups of sets between which what is shared changes more than once, and
    blocks of which nothing is printed now: they were looked at when something was."""
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


@dataclass(frozen=True)
class _Way:
    """How two linked sets of a block hang together: people of the first agree in ``enter``, and people of the last in
    ``leave``, with people of the middle. ``steps``: from set to set."""

    first: Block
    middle: Block
    last: Block
    enter: Key
    leave: Key
    steps: int


@dataclass(frozen=True)
class _Crossing:
    """Groups of the first set of a way and of the last. ``here``: how many of each of the first are at each place
    where the middle is entered; ``there``: how many of each of the last where it is left, and ``everybody`` there;
    ``held``: how many each place of the middle holds (rows over the unknowns: groups x places). ``entered``, ``left``:
    of every place of the middle, where it is entered and left."""

    block: str
    firsts: Sequence[Group]
    lasts: Sequence[Group]
    here: sparse.csr_array
    there: sparse.csr_array
    everybody: sparse.csr_array
    held: sparse.csr_array
    entered: Vector
    left: Vector

    @property
    def enters(self) -> int:
        """Places where the middle is entered."""
        return int(self.entered.max()) + 1

    @property
    def leaves(self) -> int:
        """Places where it is left."""
        return int(self.left.max()) + 1

    @cached_property
    def flow(self) -> sparse.csr_array:
        """Which places of the middle lead on from each place where it is entered, to each where it is left, and each
        of itself; and a last row of nothing."""
        places = np.arange(self.entered.size)
        ones, nothing = np.ones(places.size), sparse.csr_array((1, places.size))
        ends = [sparse.csr_array((ones, (at, places))) for at in (self.entered, self.left, places)]
        return sparse.csr_array(sparse.vstack([*ends, nothing]))


def _crossings(release: Release, model: Model) -> Iterator[_Crossing]:
    """Every combination of two or three dimensions once, by the shortest way between two sets that have them."""
    parts = parts_of(release, model)
    for name in dict.fromkeys(table.block for table in release.tables):
        blocks = [block for block in model.blocks if block.name == name]
        done: set[frozenset[str]] = set()
        for size, way in product(range(2, DIMENSIONS + 1), sorted(_ways(blocks), key=lambda way: way.steps)):
            for of_first in range(1, size):
                for first in combinations(way.first.table.names, of_first):
                    for last in combinations(way.last.table.names, size - of_first):
                        names = frozenset((*first, *last))
                        apart = len(names) == size and not any(names <= set(block.table.names) for block in blocks)
                        if apart and names not in done and all(parts[name] for name in names):
                            done.add(names)
                            yield _crossing(way, first, last, parts, model.unknowns.size)


def _ways(blocks: Sequence[Block]) -> Iterator[_Way]:
    tree = nx.Graph()
    tree.add_nodes_from(range(len(blocks)))
    for one, other, names in ties([block.table.names for block in blocks]):
        tree.add_edge(one, other, shared=names)
    for one, other in combinations(range(len(blocks)), 2):
        path = nx.shortest_path(tree, one, other)
        shared: list[Key] = [tree.edges[edge]["shared"] for edge in pairwise(path)]
        changes = [at for at in range(1, len(shared)) if shared[at] != shared[at - 1]]
        if len(changes) < 2:
            middle = path[changes[0]] if changes else one
            yield _Way(blocks[one], blocks[middle], blocks[other], shared[0], shared[-1], len(shared))


def _crossing(way: _Way, first: Sequence[str], last: Sequence[str], parts: Parts, size: int) -> _Crossing:
    between = [dimension for dimension in way.middle.table.dimensions if dimension.code in {*way.enter, *way.leave}]
    shape = tuple(len(dimension.leaves) for dimension in between)
    at = dict(zip((d.code for d in between), np.indices(shape).reshape(len(shape), prod(shape)), strict=True))
    return _Crossing(
        block=way.first.name,
        firsts=_groups(first, parts),
        lasts=_groups(last, parts),
        here=_counting(way.first, {name: parts[name] for name in first}, way.enter, size),
        there=_counting(way.last, {name: parts[name] for name in last}, way.leave, size),
        everybody=_counting(way.last, {}, way.leave, size),
        held=_counting(way.middle, {}, tuple(at), size),
        entered=_places(at, way.enter, prod(shape)),
        left=_places(at, way.leave, prod(shape)),
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
    """How many can be in both of every two groups. ``least``, ``most``: in the populations met so far (firsts x
    lasts). ``can_meet``: is there a place that could hold somebody of both?"""

    def __init__(self, crossing: _Crossing, populations: _Populations, limits: Extremes, policy: Policy) -> None:
        self.crossing, self.populations, self.limits, self.policy = crossing, populations, limits, policy
        shape = len(crossing.firsts), len(crossing.lasts)
        self.least, self.most = np.full(shape, np.inf), np.full(shape, -np.inf)
        for some in populations.in_batches():
            self._see(some)
        first, last = (axis.ravel() for axis in np.indices(shape))
        self.can_meet = self._led(first, last, populations.possible[:, None])[0].reshape(shape) > 0

    def narrow(self) -> Iterator[Region]:
        """Those whose number is too closely bounded."""
        self._look_around()
        for first, last in self._close():
            if self._are_close()[first, last] and self._is_narrow(first, last):
                yield Region(self.crossing.block, self.crossing.firsts[first] | self.crossing.lasts[last])

    def _is_narrow(self, first: int, last: int) -> bool:
        wide = self.policy.unprinted
        top = floor(self._extreme(first, last, enough=self.least[first, last] + wide) + _SLACK)
        if top == 0 or not self._are_close()[first, last]:
            return False
        outside = self._extreme(first, last, enough=wide - self.most[first, last], rest=True)
        bottom = -floor(outside + _SLACK)
        return bottom < self.policy.threshold and top - bottom < wide

    def _are_close(self) -> Mask:
        """Between no populations met so far is there the width that must stay open, nor would there be between the
        one with the most and one below the threshold."""
        wide = self.policy.unprinted
        found: Mask = (self.most - self.least < wide - _SLACK) & (self.most < self.policy.threshold + wide)
        return found

    def _close(self) -> Vector:
        """Those that are, where some place could hold somebody of both: (pairs, 2)"""
        return np.argwhere(self._are_close() & self.can_meet)

    def _look_around(self) -> None:
        """Meet populations that have many of some pairs in one place each, as long as enough turn out to be wide."""
        crossing, rng = self.crossing, np.random.default_rng(0)
        places = np.flatnonzero(crossing.held @ self.populations.possible)
        close = self._close()
        while len(close) > _AROUND:
            first, last = rng.permutation(close)[:_AROUND].T
            at = rng.choice(places, _AROUND)
            here = crossing.here[first * crossing.enters + crossing.entered[at]]
            there = crossing.there[last * crossing.leaves + crossing.left[at]]
            self._ask_for(here.sum(axis=0) + there.sum(axis=0))
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
        first, last = np.nonzero(self._are_close())
        most, least = self._led(first, last, some)
        self.most[first, last] = np.maximum(self.most[first, last], most.max(axis=1))
        self.least[first, last] = np.minimum(self.least[first, last], least.min(axis=1))

    def _led(self, first: Vector, last: Vector, some: Floats) -> tuple[Floats, Floats]:
        """How many can be in both of every two groups, at most and at least: (pairs, populations) each."""
        crossing = self.crossing
        here = (crossing.here @ some).reshape(len(crossing.firsts), -1, some.shape[1])[first]
        there = (crossing.there @ some).reshape(len(crossing.lasts), -1, some.shape[1])[last]
        held, rest = crossing.held @ some, crossing.everybody @ some - there
        return self._led_through(here, there, held), here.sum(axis=1) - self._led_through(here, rest, held)

    def _led_through(self, here: Floats, there: Floats, held: Floats) -> Floats:
        """How many can be led from groups to groups, place after place: the most, where no place is entered or left
        twice. (pairs, places, populations) twice and (places, populations) to (pairs, populations)."""
        here, there = here.copy(), there.copy()
        led = np.zeros((here.shape[0], here.shape[2]))
        for place in np.flatnonzero(held.max(axis=1)):
            entered, left = self.crossing.entered[place], self.crossing.left[place]
            through = np.minimum(np.minimum(here[:, entered], there[:, left]), held[place])
            here[:, entered] -= through
            there[:, left] -= through
            led += through
        return led

    def _extreme(self, first: int, last: int, *, enough: float, rest: bool = False) -> float:
        """How many can be in both groups at most, or anything from ``enough`` upwards. ``rest``: in the first and not
        in the last, less all in the first. Without limit, infinity."""
        mixture = _Mixture(self.crossing, first, last, rest=rest)
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
    """The most that can be led from one group to another in mixtures of some populations. ``prices``: what a person
    of each kind would be worth in another population, if one were added to those it was solved with."""

    def __init__(self, crossing: _Crossing, first: int, last: int, *, rest: bool) -> None:
        here = crossing.here[first * crossing.enters : (first + 1) * crossing.enters]
        there = crossing.there[last * crossing.leaves : (last + 1) * crossing.leaves]
        there = crossing.everybody - there if rest else there
        self.rows = sparse.csr_array(sparse.vstack([here, there, crossing.held]))
        self.unled = here.sum(axis=0) if rest else np.zeros(here.shape[1])
        limits, places = crossing.flow.shape
        self.highs = QuietHighs()
        self.highs.passModel(
            linear_programme(
                crossing.flow,
                -np.ones(places),
                np.full(places, np.inf),
                np.append(np.full(limits - 1, -np.inf), 1.0),
                np.append(np.zeros(limits - 1), 1.0),
            )
        )
        self.prices = np.zeros(here.shape[1])

    def add(self, populations: Floats) -> None:
        """(unknowns, populations)"""
        counts = self.rows @ populations
        shares = sparse.csc_array(np.vstack([-counts, np.ones(counts.shape[1])]))
        number = counts.shape[1]
        self.highs.addCols(
            number,
            self.unled @ populations,
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
        self.prices = self.rows.T @ -np.array(self.highs.getSolution().row_dual)[:-1] - self.unled
        return -float(self.highs.getInfo().objective_function_value)
