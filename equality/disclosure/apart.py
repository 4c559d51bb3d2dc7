"""People in two groups that no table brings together, for the attacker: how many of them there can be, given all that
is printed of each.

No unknown of a world counts them. But what two cliques share is known of both, so in one population as many can be in
both groups as what is shared lets through, each place holding no more than it does: the least of all sums of prices, on
being at a place with the one, with the other or at all, of which every place between asks for one. Over all populations
that is the least there is of the greatest such sum, closed in upon with a cut for every population found (J. E. Kelley
1960). What is bounded so is bounded whoever there is; that it is wide is shown by parts of people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import ceil, floor, inf, prod

import highspy
import networkx as nx
import numpy as np
from scipy import sparse

from equality.disclosure.exchange import Key, People, Published
from equality.disclosure.populations import LinearProgramme
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.targets import MARGIN_DIMENSIONS, parts_of
from equality.disclosure.worlds import Floats, Frame, Integers, World, junctions

_SLACK = 1e-6
_MOST_ASKED = 20_000  # pairs of groups that programmes are solved for
_AROUND = 20  # pairs that are looked at together
_WORTHWHILE = 2  # of all pairs, to be shown wide by one look: else no more such looks

Codes = Mapping[str, str]
Within = Mapping[str, frozenset[str]]
# Of every dimension the code, and who is meant by it.
Group = tuple[Codes, Within]


@dataclass(frozen=True)
class Meeting:
    """People in two groups, whose number is at least ``low`` and at most ``high``."""

    block: str
    codes: Codes
    people: People
    low: int
    high: int


@dataclass(frozen=True)
class Met:
    """``narrow``: those whose number is given away. ``tried``: pairs of groups looked at; ``all``: that is all."""

    narrow: tuple[Meeting, ...]
    tried: int
    all: bool


def meetings(published: Published, world: World, programme: LinearProgramme, populations: Sequence[Floats]) -> Met:
    """Look at every combination of up to three dimensions that stand in two cliques of a world, if what is shared
    changes once at most on the way from one to the other. ``populations``: some that agree with everything printed."""
    if len(world.frame.cliques) == 1:
        return Met((), 0, all=True)
    known = [*populations] or [programme.any()]
    asking = _Asking(published, programme, np.stack(known, axis=1), _inhabited(world, programme, known))
    narrow: list[Meeting] = []
    tried = 0
    for between in _betweens(published, world, asking.inhabited):
        pairs = _Pairs(between, asking)
        tried += pairs.most.size
        narrow += pairs.narrow()
    return Met(tuple(narrow), tried, all=asking.left > 0)


@dataclass
class _Asking:
    """What all pairs share: the programme over all populations, the last of those met (unknowns, populations), who
    there could be (one of each kind), and how many pairs may still be asked about."""

    published: Published
    programme: LinearProgramme
    populations: Floats
    inhabited: Floats
    left: int = _MOST_ASKED


def _inhabited(world: World, programme: LinearProgramme, populations: Sequence[Floats]) -> Floats:
    """One of every kind of people that there is in some population: those that none was found with are asked for
    together, until there are none."""
    found = np.zeros(world.open.size, dtype=bool)
    for population in populations:
        found |= population > _SLACK
    while (missing := world.open & ~found).any():
        most, other = programme.extreme(sparse.csr_array(missing[None, :].astype(float)), least=False)
        if other is None:  # any number of some of them
            return world.open.astype(float)
        if most <= _SLACK:
            break
        found |= other > _SLACK
    return found.astype(float)


@dataclass(frozen=True)
class _Between:
    """Groups of one clique and groups of another. ``near``, ``far``: how many of each group are at each place where
    the way begins and where it ends, ``everybody`` who is at its end, and ``held`` by each place between (rows over the
    unknowns: groups x places). ``begins``, ``ends``: of every place between, those that it joins."""

    block: str
    ones: Sequence[Group]
    others: Sequence[Group]
    near: sparse.csr_array
    far: sparse.csr_array
    everybody: sparse.csr_array
    held: sparse.csr_array
    begins: Integers
    ends: Integers


def _betweens(published: Published, world: World, inhabited: Floats) -> Iterator[_Between]:
    frame = world.frame
    ways = sorted(_ways(frame.cliques), key=len)
    for block in dict.fromkeys(chain(published.blocks, sorted(frame.holders))):
        parts = {name: _parts(published, world, block, name, inhabited) for name in frame.classes}
        done: set[frozenset[str]] = set()
        for size, way in product(range(2, MARGIN_DIMENSIONS + 1), ways if block in frame.holders else ()):
            for ones, others in _choices(frame.cliques[way[0]], frame.cliques[way[-1]], size):
                names = frozenset((*ones, *others))
                new = len(names) == size and names not in done and all(parts[name] for name in names)
                if new and not frame.counts(names):
                    done.add(names)
                    yield _between(frame, block, way, _groups(ones, parts), _groups(others, parts))


def _parts(published: Published, world: World, block: str, name: str, inhabited: Floats) -> Within:
    """What a dimension may be split into: of parts with the same people one, none that holds nobody or everybody."""
    classes = world.frame.classes[name] if block in world.frame.holders else ()
    lived_in = [one for one in classes if inhabited[world.frame.columns((block, frozenset({(name, one)})))].any()]
    found: dict[frozenset[frozenset[str]], tuple[str, frozenset[str]]] = {}
    for code, leaves in parts_of(published, world, name).items():
        found.setdefault(frozenset(one for one in lived_in if one <= leaves), (code, leaves))
    return dict(part for people, part in found.items() if 0 < len(people) < len(lived_in))


def _choices(here: Key, there: Key, size: int) -> Iterator[tuple[Key, Key]]:
    for number in range(1, size):
        yield from product(combinations(here, number), combinations(there, size - number))


def _groups(names: Key, parts: Mapping[str, Within]) -> list[Group]:
    chosen = product(*(parts[name].items() for name in names))
    return [
        (
            {name: code for name, (code, _) in zip(names, each, strict=True)},
            {name: leaves for name, (_, leaves) in zip(names, each, strict=True)},
        )
        for each in chosen
    ]


def _ways(cliques: Sequence[Key]) -> Iterator[list[int]]:
    """The cliques on the way from each to each other, if what neighbours share changes once at most."""
    tree = nx.Graph()
    tree.add_nodes_from(range(len(cliques)))
    tree.add_edges_from(junctions(cliques))
    for one, other in combinations(range(len(cliques)), 2):
        path = nx.shortest_path(tree, one, other)
        if len(_turns(cliques, path)) < 2:
            yield path


def _shared(cliques: Sequence[Key], one: int, other: int) -> Key:
    return tuple(name for name in cliques[one] if name in cliques[other])


def _turns(cliques: Sequence[Key], path: Sequence[int]) -> list[int]:
    """The cliques of a way that share something else with the next than with the one before."""
    return [
        here
        for before, here, after in zip(path, path[1:], path[2:], strict=False)
        if _shared(cliques, before, here) != _shared(cliques, here, after)
    ]


def _between(frame: Frame, block: str, way: Sequence[int], ones: list[Group], others: list[Group]) -> _Between:
    middle = next(iter(_turns(frame.cliques, way)), way[0])
    first, last = _shared(frame.cliques, way[0], way[1]), _shared(frame.cliques, way[-2], way[-1])
    names = tuple(name for name in frame.cliques[middle] if name in first or name in last)
    at = _positions(frame, names, names)
    return _Between(
        block=block,
        ones=ones,
        others=others,
        near=_counting(frame, block, way[0], [within for _, within in ones], first),
        far=_counting(frame, block, way[-1], [within for _, within in others], last),
        everybody=_counting(frame, block, way[-1], [{}], last),
        held=_counting(frame, block, middle, [{}], names),
        begins=_positions(frame, names, first)[at],
        ends=_positions(frame, names, last)[at],
    )


def _positions(frame: Frame, names: Key, some: Key) -> Integers:
    """Of every combination of classes of some dimensions, the number of the combination of fewer of them."""
    shape = tuple(len(frame.classes[name]) for name in names)
    size = prod(shape)
    if not some:
        return np.zeros(size, dtype=np.int64)
    every = np.unravel_index(np.arange(size), shape)
    picked = tuple(every[names.index(name)] for name in some)
    found = np.ravel_multi_index(picked, tuple(len(frame.classes[name]) for name in some))
    return np.asarray(found, dtype=np.int64)


def _counting(frame: Frame, block: str, clique: int, groups: Sequence[Within], names: Key) -> sparse.csr_array:
    """How many of every group of a clique are at every combination of some dimensions."""
    at = _positions(frame, frame.cliques[clique], names)
    many = prod(len(frame.classes[name]) for name in names)
    inside = [frame.places(frame.cliques[clique], within) for within in groups]
    rows = np.concatenate([number * many + at[cells] for number, cells in enumerate(inside)])
    cells = np.concatenate(inside)
    starts = [frame.starts[holder, clique] for holder in frame.holders[block]]
    where = np.tile(rows, len(starts)), np.concatenate([start + cells for start in starts])
    return sparse.csr_array(sparse.coo_array((np.ones(where[0].size), where), shape=(len(groups) * many, frame.size)))


class _Pairs:
    """How many can be in both, of every two groups. ``least``, ``most``: in the populations met so far."""

    def __init__(self, between: _Between, asking: _Asking) -> None:
        self.between, self.asking = between, asking
        shape = len(between.ones), len(between.others)
        self.least, self.most = np.full(shape, inf), np.full(shape, -inf)
        for population in asking.populations.T:
            self._see(population)
        self.meet = self._through(*self._counts(asking.inhabited)) > 0

    def narrow(self) -> Iterator[Meeting]:
        """Those whose number is given away."""
        policy = self.asking.published.policy
        self._look_around()
        for one, other in self._close().tolist():
            if self.asking.left and self.most[one, other] - self.least[one, other] < policy.unprinted:
                self.asking.left -= 1
                low, high = self._bounds(one, other, policy.unprinted)
                if high > 0 and low < policy.k and high - low < policy.unprinted:
                    yield self._meeting(one, other, low, int(high))

    def _close(self) -> Integers:
        """Pairs that no populations met so far show to be wide, or so many that few would be wide: (pairs, 2)"""
        policy = self.asking.published.policy
        few = self.most < policy.k + policy.unprinted
        return np.argwhere(self.meet & few & (self.most - self.least < policy.unprinted))

    def _look_around(self) -> None:
        """Populations in which many pairs share places at once, as long as they show enough of them to be wide."""
        rng = np.random.default_rng(0)
        first, last = 1 + int(self.between.begins.max()), 1 + int(self.between.ends.max())
        places = np.flatnonzero(self.between.held @ self.asking.inhabited)
        close = self._close()
        while len(close) > _AROUND:
            some = close[rng.permutation(len(close))[:_AROUND]]
            place = rng.choice(places, len(some))
            near = self.between.near[some[:, 0] * first + self.between.begins[place]]
            far = self.between.far[some[:, 1] * last + self.between.ends[place]]
            wanted = near.sum(axis=0) + far.sum(axis=0)
            _, found = self.asking.programme.extreme(sparse.csr_array(wanted[None, :]), least=False)
            if found is None:
                return
            self._see(found)
            before, close = len(close), self._close()
            if before - len(close) < _WORTHWHILE:
                return

    def _meeting(self, one: int, other: int, low: int, high: int) -> Meeting:
        (codes, here), (more_codes, there) = self.between.ones[one], self.between.others[other]
        people = self.between.block, frozenset((*here.items(), *there.items()))
        return Meeting(self.between.block, {**codes, **more_codes}, people, low, high)

    def _bounds(self, one: int, other: int, needed: float) -> tuple[int, float]:
        """At least and at most how many are in both: as far as shows whether they are wide enough apart."""
        most = self._greatest(one, other, self.least[one, other] + needed)
        high = floor(most + _SLACK) if most < inf else inf
        if high == 0 or self.most[one, other] - self.least[one, other] >= needed:
            return 0, high
        outside = self._greatest(one, other, needed - self.most[one, other], outside=True)
        return (ceil(-outside - _SLACK) if outside < inf else 0), high

    def _greatest(self, one: int, other: int, enough: float, *, outside: bool = False) -> float:
        """How many can be in both at most, or any such number from ``enough`` upwards. ``outside``: in the one but not
        in the other, less all who are in the one. Infinite where a price makes it so."""
        cuts = _Cuts(self.between, one, other, outside=outside)
        cuts.add(self.asking.populations)
        while (value := cuts.solve()) < enough:
            bound, found = self.asking.programme.extreme(sparse.csr_array(cuts.prices[None, :]), least=False)
            if found is None:
                return inf
            if floor(bound + _SLACK) <= floor(value + _SLACK):
                break
            cuts.add(found[:, None])
            self.asking.populations = np.column_stack([self.asking.populations[:, 1:], found])
            self._see(found)
        return value

    def _see(self, population: Floats) -> None:
        near, far, held = self._counts(population)
        rest = (self.between.everybody @ population)[None, :] - far
        self.most = np.maximum(self.most, self._through(near, far, held))
        self.least = np.minimum(self.least, near.sum(axis=1)[:, None] - self._through(near, rest, held))

    def _counts(self, population: Floats) -> tuple[Floats, Floats, Floats]:
        between = self.between
        return (
            (between.near @ population).reshape(len(between.ones), -1),
            (between.far @ population).reshape(len(between.others), -1),
            between.held @ population,
        )

    def _through(self, near: Floats, far: Floats, held: Floats) -> Floats:
        """How many some of each group can share places with each other, taking place after place."""
        near = np.repeat(near[:, None, :], len(far), axis=1)
        far = np.repeat(far[None, :, :], len(near), axis=0)
        together = np.zeros(near.shape[:2])
        for place in np.flatnonzero(held):
            begin, end = self.between.begins[place], self.between.ends[place]
            here = np.minimum(held[place], np.minimum(near[:, :, begin], far[:, :, end]))
            near[:, :, begin] -= here
            far[:, :, end] -= here
            together += here
        return together


class _Cuts:
    """The prices under which the populations met so far make least of two groups. ``prices``: of being of each kind."""

    def __init__(self, between: _Between, one: int, other: int, *, outside: bool) -> None:
        first, last = 1 + int(between.begins.max()), 1 + int(between.ends.max())
        near = between.near[one * first : (one + 1) * first]
        far = between.far[other * last : (other + 1) * last]
        far = between.everybody - far if outside else far
        self.counted = sparse.csr_array(sparse.vstack([near, far, between.held]))
        self.given = near.sum(axis=0) if outside else np.zeros(near.shape[1])
        places = np.arange(between.held.shape[0])
        joined = np.concatenate([between.begins, first + between.ends, first + last + places])
        priced = self.counted.shape[0]
        asked = sparse.csr_array((np.ones(joined.size), (np.tile(places, 3), joined)), shape=(places.size, priced + 1))
        self.highs = QuietHighs()
        programme = linear_programme(
            asked,
            np.append(np.zeros(priced), 1.0),
            np.full(priced + 1, highspy.kHighsInf),
            np.ones(places.size),
            np.full(places.size, highspy.kHighsInf),
        )
        programme.col_lower_ = np.append(np.zeros(priced), -highspy.kHighsInf)
        self.highs.passModel(programme)
        self.prices = np.zeros(near.shape[1])

    def add(self, populations: Floats) -> None:
        """(unknowns, populations)"""
        counts = np.asarray(self.counted @ populations)
        number = counts.shape[1]
        cuts = sparse.csr_array(np.column_stack([-counts.T, np.ones(number)]))
        self.highs.addRows(
            number,
            -(self.given @ populations),
            np.full(number, highspy.kHighsInf),
            cuts.nnz,
            cuts.indptr[:-1].astype(np.int32),
            cuts.indices.astype(np.int32),
            cuts.data,
        )

    def solve(self) -> float:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("the linear programme over prices has no answer")
        prices = np.array(self.highs.getSolution().col_value)[:-1]
        self.prices = self.counted.T @ prices - self.given
        return float(self.highs.getInfo().objective_function_value)
