"""People in two or three groups that no table brings together, for the attacker: how many of them there can be, given
all that is printed of each.

No unknown of a world counts them. But what neighbouring cliques share is known of both, so in one population as many
can be in all the groups as there is room for where their cliques meet, at each place no more than every clique has
there: the least of all sums of prices of room, of which every place asks for one in all. Over all populations that is
the least there is of the greatest such sum, closed in upon with a cut for every population found (J. E. Kelley 1960).
In the same way as many as there is room for can be outside of one group at least, and all others are in every one. What
is bounded so is bounded whoever there is; that it is wide is shown by parts of people."""

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
_MOST_ASKED = 20_000  # combinations of groups that programmes are solved for
_MOST_PLACES = 6_000  # where groups may meet
_AROUND = 20  # combinations that are looked at together
_WORTHWHILE = 2  # of all combinations, to be shown wide by one look: else no more such looks
_AT_ONCE = 2_000_000  # numbers

Codes = Mapping[str, str]
Within = Mapping[str, frozenset[str]]
# Of every dimension the code, and who is meant by it.
Group = tuple[Codes, Within]


@dataclass(frozen=True)
class Meeting:
    """People in several groups, whose number is at least ``low`` and at most ``high``."""

    block: str
    codes: Codes
    people: People
    low: int
    high: int


@dataclass(frozen=True)
class Met:
    """``narrow``: those whose number is given away. ``tried``: combinations of groups looked at; ``all``: that is
    all."""

    narrow: tuple[Meeting, ...]
    tried: int
    all: bool


def meetings(published: Published, world: World, programme: LinearProgramme, populations: Sequence[Floats]) -> Met:
    """Look at every combination of up to three dimensions that stand in different cliques of a world.
    ``populations``: some that agree with everything printed."""
    if len(world.frame.cliques) == 1:
        return Met((), 0, all=True)
    known = [*populations] or [programme.any()]
    asking = _Asking(published, programme, np.stack(known, axis=1), _inhabited(world, programme, known))
    narrow: list[Meeting] = []
    tried = 0
    for junction in _junctions(published, world, asking):
        crowd = _Crowd(junction, asking)
        tried += crowd.most.size
        narrow += crowd.narrow()
    return Met(tuple(narrow), tried, all=asking.left > 0)


@dataclass
class _Asking:
    """What all questions share: the programme over all populations, the last of those met (unknowns, populations), who
    there could be (one of each kind), and how many questions may still be asked."""

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
class _Arm:
    """A clique on the way between groups, and the ``groups`` of it, if any. ``within``: how many of each group are at
    each of its spots, ``everybody`` who is there (rows over the unknowns: groups x spots, spots). ``spot``: the one
    that each place is at."""

    groups: Sequence[Group]
    within: sparse.csr_array
    everybody: sparse.csr_array
    spot: Integers


@dataclass(frozen=True)
class _Room:
    """That there is no more of something at a spot of an arm than there is: of its group (``inside``), of everybody but
    its group (not), or of everybody (None). ``kinds``: which of those that share places need that room."""

    arm: int
    inside: bool | None
    kinds: tuple[int, ...] = (0,)

    def rows(self, arm: _Arm, group: int) -> sparse.csr_array:
        """(spots, unknowns)"""
        if self.inside is None:
            return arm.everybody
        spots = arm.everybody.shape[0]
        some = arm.within[group * spots : (group + 1) * spots]
        return some if self.inside else sparse.csr_array(arm.everybody - some)

    def counts(self, within: Floats, everybody: Floats, groups: Integers) -> Floats:
        """Of some groups, from what there is of each: (groups, spots)."""
        if self.inside is None:
            return np.tile(everybody, (groups.size, 1))
        return within[groups] if self.inside else everybody - within[groups]


@dataclass(frozen=True)
class _Junction:
    """Cliques whose groups may meet at so many ``places``: first the ``ends`` that the groups are of."""

    block: str
    arms: Sequence[_Arm]
    ends: int
    places: int

    def rooms(self, *, outside: bool) -> list[_Room]:
        """What those in all the groups need; or those who are outside of one at least, apart for each."""
        if not outside:
            return [_Room(arm, True if arm < self.ends else None) for arm in range(len(self.arms))]
        every = tuple(range(self.ends))
        return [_Room(kind, inside=False, kinds=(kind,)) for kind in every] + [
            _Room(arm, None, every) for arm in range(len(self.arms))
        ]

    def group_of(self, room: _Room, groups: Sequence[int]) -> int:
        return groups[room.arm] if room.arm < self.ends else 0

    def meeting(self, groups: Sequence[int], low: int, high: int) -> Meeting:
        chosen = [arm.groups[group] for arm, group in zip(self.arms, groups, strict=False)]
        codes = {name: code for some, _ in chosen for name, code in some.items()}
        people = frozenset(chain.from_iterable(within.items() for _, within in chosen))
        return Meeting(self.block, codes, (self.block, people), low, high)


def _junctions(published: Published, world: World, asking: _Asking) -> Iterator[_Junction]:
    frame = world.frame
    ways = list(_ways(frame.cliques))
    for block in dict.fromkeys(chain(published.blocks, sorted(frame.holders))):
        parts = {name: _parts(published, world, block, name, asking.inhabited) for name in frame.classes}
        done: set[frozenset[str]] = set()
        for size, (ends, shared) in product(range(2, MARGIN_DIMENSIONS + 1), ways if block in frame.holders else ()):
            for chosen in _choices([frame.cliques[end] for end in ends], size):
                names = frozenset(chain.from_iterable(chosen))
                new = len(names) == size and names not in done and all(parts[name] for name in names)
                if new and not frame.counts(names):
                    done.add(names)
                    if _places(frame, shared) > _MOST_PLACES:
                        asking.left = 0
                    else:
                        yield _junction(frame, block, shared, [_groups(some, parts) for some in chosen])


def _parts(published: Published, world: World, block: str, name: str, inhabited: Floats) -> Within:
    """What a dimension may be split into: of parts with the same people one, none that holds nobody or everybody."""
    classes = world.frame.classes[name] if block in world.frame.holders else ()
    lived_in = [one for one in classes if inhabited[world.frame.columns((block, frozenset({(name, one)})))].any()]
    found: dict[frozenset[frozenset[str]], tuple[str, frozenset[str]]] = {}
    for code, leaves in parts_of(published, world, name).items():
        found.setdefault(frozenset(one for one in lived_in if one <= leaves), (code, leaves))
    return dict(part for people, part in found.items() if 0 < len(people) < len(lived_in))


def _choices(cliques: Sequence[Key], size: int) -> Iterator[list[Key]]:
    """At least one dimension of each clique, so many in all."""
    if len(cliques) == 1:
        yield from ([names] for names in combinations(cliques[0], size))
        return
    for number in range(1, size):
        for names, others in product(combinations(cliques[0], number), _choices(cliques[1:], size - number)):
            yield [names, *others]


def _groups(names: Key, parts: Mapping[str, Within]) -> list[Group]:
    chosen = product(*(parts[name].items() for name in names))
    return [
        (
            {name: code for name, (code, _) in zip(names, each, strict=True)},
            {name: leaves for name, (_, leaves) in zip(names, each, strict=True)},
        )
        for each in chosen
    ]


def _ways(cliques: Sequence[Key]) -> Iterator[tuple[tuple[int, ...], dict[int, Key]]]:
    """Some cliques, and the dimensions that they and each clique between them share with neighbours there; the fewest
    cliques first. A clique between others that shares no more than one neighbour does says nothing new."""
    tree = nx.Graph()
    tree.add_nodes_from(range(len(cliques)))
    tree.add_edges_from(junctions(cliques))
    for number in range(2, MARGIN_DIMENSIONS + 1):
        found = [(ends, _between(tree, ends)) for ends in combinations(range(len(cliques)), number)]
        for ends, kept in sorted(found, key=lambda way: len(way[1])):
            shared = {}
            for at in (*ends, *(node for node in kept if node not in ends)):
                around = [frozenset(cliques[at]).intersection(cliques[to]) for to in kept[at]]
                every = frozenset[str]().union(*around)
                if at in ends or every not in around:
                    shared[at] = tuple(name for name in cliques[at] if name in every)
            yield ends, shared


def _between(tree: nx.Graph, ends: Sequence[int]) -> nx.Graph:
    """What is left of a tree when everything is cut off that leads nowhere."""
    kept = tree.copy()
    while away := [node for node, ways in kept.degree if ways < 2 and node not in ends]:
        kept.remove_nodes_from(away)
    return kept


def _places(frame: Frame, shared: Mapping[int, Key]) -> int:
    return prod(len(frame.classes[name]) for name in {*chain.from_iterable(shared.values())})


def _junction(frame: Frame, block: str, shared: Mapping[int, Key], ends: Sequence[list[Group]]) -> _Junction:
    """``shared``: of the cliques that the groups of ``ends`` are of first."""
    met = tuple(sorted({*chain.from_iterable(shared.values())}))
    arms = []
    for number, (clique, names) in enumerate(shared.items()):
        groups = ends[number] if number < len(ends) else []
        arms.append(
            _Arm(
                groups=groups,
                within=_counting(frame, block, clique, [within for _, within in groups], names),
                everybody=_counting(frame, block, clique, [{}], names),
                spot=_positions(frame, met, names),
            )
        )
    return _Junction(block, arms, len(ends), _places(frame, shared))


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
    none = np.zeros(0, dtype=np.int64)
    rows = np.concatenate([none, *(number * many + at[cells] for number, cells in enumerate(inside))])
    cells = np.concatenate([none, *inside])
    starts = [frame.starts[holder, clique] for holder in frame.holders[block]]
    where = np.tile(rows, len(starts)), np.concatenate([start + cells for start in starts])
    return sparse.csr_array(sparse.coo_array((np.ones(where[0].size), where), shape=(len(groups) * many, frame.size)))


class _Crowd:
    """How many can be in all of several groups. ``least``, ``most``: in the populations met so far (an axis for every
    end, of its groups)."""

    def __init__(self, junction: _Junction, asking: _Asking) -> None:
        self.junction, self.asking = junction, asking
        shape = tuple(len(arm.groups) for arm in junction.arms[: junction.ends])
        self.least, self.most = np.full(shape, inf), np.full(shape, -inf)
        self.meet = np.ones(shape, dtype=bool)
        every = self._close()
        self.meet = self._sharing(every, asking.inhabited).reshape(shape) > 0
        for population in asking.populations.T:
            self._see(population)

    def narrow(self) -> Iterator[Meeting]:
        """Those whose number is given away."""
        policy = self.asking.published.policy
        self._look_around()
        for groups in map(tuple, self._close().tolist()):
            if self.asking.left and self.most[groups] - self.least[groups] < policy.unprinted:
                self.asking.left -= 1
                low, high = self._bounds(groups, policy.unprinted)
                if high > 0 and low < policy.k and high - low < policy.unprinted:
                    yield self.junction.meeting(groups, low, int(high))

    def _close(self) -> Integers:
        """Those that no populations met so far show to be wide, or so many that few would be wide: (combinations,
        ends)"""
        policy = self.asking.published.policy
        few = self.most < policy.k + policy.unprinted
        return np.argwhere(self.meet & few & (self.most - self.least < policy.unprinted))

    def _look_around(self) -> None:
        """Populations in which many groups share places at once, as long as they show enough of them to be wide."""
        rng, arms = np.random.default_rng(0), self.junction.arms
        held = [(arm.everybody @ self.asking.inhabited)[arm.spot] for arm in arms]
        places = np.flatnonzero(np.min(held, axis=0))
        close = self._close()
        while len(close) > _AROUND:
            some = close[rng.permutation(len(close))[:_AROUND]]
            place = rng.choice(places, len(some))
            wanted = np.zeros((1, self.asking.inhabited.size))
            for arm, groups in zip(arms, some.T, strict=False):
                wanted += arm.within[groups * arm.everybody.shape[0] + arm.spot[place]].sum(axis=0)
            _, found = self.asking.programme.extreme(sparse.csr_array(wanted), least=False)
            if found is None:
                return
            self._see(found)
            before, close = len(close), self._close()
            if before - len(close) < _WORTHWHILE:
                return

    def _bounds(self, groups: Sequence[int], needed: float) -> tuple[int, float]:
        """At least and at most how many are in all the groups: as far as shows whether they are wide enough apart."""
        at = tuple(groups)
        most = self._greatest(groups, self.least[at] + needed)
        high = floor(most + _SLACK) if most < inf else inf
        if high == 0 or max(high, self.most[at]) - self.least[at] >= needed:
            return 0, high
        outside = self._greatest(groups, needed - self.most[at], outside=True)
        return (ceil(-outside - _SLACK) if outside < inf else 0), high

    def _greatest(self, groups: Sequence[int], enough: float, *, outside: bool = False) -> float:
        """How many can be in all the groups at most, or any such number from ``enough`` upwards. ``outside``: outside
        of one of them at least, less everybody. Infinite where a price makes it so."""
        cuts = _Cuts(self.junction, groups, outside=outside)
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
        close = self._close()
        at = tuple(close.T)
        everybody = (self.junction.arms[0].everybody @ population).sum()
        self.most[at] = np.maximum(self.most[at], self._sharing(close, population))
        outside = self._sharing(close, population, outside=True)
        self.least[at] = np.minimum(self.least[at], everybody - outside)

    def _sharing(self, groups: Integers, population: Floats, *, outside: bool = False) -> Floats:
        """How many of some groups find room in a population, taking place after place: (combinations,)"""
        rooms = self.junction.rooms(outside=outside)
        there = [
            ((arm.within @ population).reshape(-1, arm.everybody.shape[0]), arm.everybody @ population)
            for arm in self.junction.arms
        ]
        at_once = max(1, _AT_ONCE // sum(there[room.arm][1].size for room in rooms))
        found = [np.zeros(0)]
        for start in range(0, len(groups), at_once):
            some = groups[start : start + at_once]
            picked = [some[:, min(room.arm, self.junction.ends - 1)] for room in rooms]
            left = [room.counts(*there[room.arm], at) for room, at in zip(rooms, picked, strict=True)]
            found.append(self._taken(rooms, left))
        return np.concatenate(found)

    def _taken(self, rooms: Sequence[_Room], left: Sequence[Floats]) -> Floats:
        """All that is taken, of what is ``left`` at each spot: (combinations, spots) for every room."""
        taken = np.zeros(len(left[0]))
        for kind in range(1 + max(max(room.kinds) for room in rooms)):
            needed = [
                (some, self.junction.arms[room.arm].spot)
                for room, some in zip(rooms, left, strict=True)
                if kind in room.kinds
            ]
            free = np.min([some.max(axis=0)[spot] for some, spot in needed], axis=0)
            for place in np.flatnonzero(free):
                here = np.min([some[:, spot[place]] for some, spot in needed], axis=0)
                for some, spot in needed:
                    some[:, spot[place]] -= here
                taken += here
        return taken


class _Cuts:
    """The prices of room under which the populations met so far make least of some groups. ``prices``: of being of each
    kind of people."""

    def __init__(self, junction: _Junction, groups: Sequence[int], *, outside: bool) -> None:
        rooms = junction.rooms(outside=outside)
        arms = [junction.arms[room.arm] for room in rooms]
        rows = [room.rows(arm, junction.group_of(room, groups)) for room, arm in zip(rooms, arms, strict=True)]
        self.counted = sparse.csr_array(sparse.vstack(rows))
        everybody = junction.arms[0].everybody.sum(axis=0)
        self.given = everybody if outside else np.zeros(everybody.size)
        asked = _asked(rooms, arms, self.counted.shape[0])
        priced = self.counted.shape[0]
        self.highs = QuietHighs()
        programme = linear_programme(
            asked,
            np.append(np.zeros(priced), 1.0),
            np.full(priced + 1, highspy.kHighsInf),
            np.ones(asked.shape[0]),
            np.full(asked.shape[0], highspy.kHighsInf),
        )
        programme.col_lower_ = np.append(np.zeros(priced), -highspy.kHighsInf)
        self.highs.passModel(programme)
        self.prices = np.zeros(everybody.size)

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


def _asked(rooms: Sequence[_Room], arms: Sequence[_Arm], priced: int) -> sparse.csr_array:
    """The room that is needed: a row for every place and kind, a column for every spot of each room, and a last one."""
    places = np.arange(arms[0].spot.size)
    first, rows, columns = 0, [], []
    for room, arm in zip(rooms, arms, strict=True):
        for kind in room.kinds:
            rows.append(kind * places.size + places)
            columns.append(first + arm.spot)
        first += arm.everybody.shape[0]
    where = np.concatenate(rows), np.concatenate(columns)
    kinds = 1 + max(max(room.kinds) for room in rooms)
    return sparse.csr_array((np.ones(where[0].size), where), shape=(kinds * places.size, priced + 1))
