"""People in two or three groups that no table brings together, for the attacker: how many of them there can be, given
all that is printed of each.

No unknown of a world counts them. But what neighbouring cliques share is known of both, so in one population as many
can be in all the groups as there is room for where their cliques meet, at each place no more than every clique has
there: the least of all sums of prices of room, of which every place asks for one in all. Over all populations that is
the least there is of the greatest such sum, closed in upon with a cut for every population found (J. E. Kelley 1960).
In the same way as many as there is room for can be outside of one group at least, and all others are in every one. What
is bounded so is bounded whoever there is; that it is wide is shown by parts of people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.crossroads import Arm, Crossroads, Meeting, Room, crossroads_of
from equality.disclosure.exchange import Published
from equality.disclosure.one_clique import OtherMembers
from equality.disclosure.populations import LinearProgramme
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.worlds import Floats, Integers, World

_SLACK = 1e-6
_MOST_ASKED = 20_000  # combinations of groups that programmes are solved for
_AROUND = 10  # combinations that are looked at together
_WORTHWHILE = 3  # of all combinations, to be shown wide by one look
_IN_VAIN = 4  # looks in a row, and there are no more
_AT_ONCE = 2_000_000  # numbers


@dataclass(frozen=True)
class Met:
    """``narrow``: those whose number is given away. ``tried``: combinations of groups looked at; ``all``: that is
    all."""

    narrow: tuple[Meeting, ...]
    tried: int
    all: bool


def meetings(published: Published, world: World, programme: LinearProgramme, found: Sequence[Floats]) -> Met:
    """Look at every combination of up to three dimensions that stand in different cliques of a world. ``found``: some
    populations that agree with everything printed."""
    if len(world.frame.cliques) == 1:
        return Met((), 0, all=True)
    known = [*found] or [programme.any()]
    inhabited = inhabited_in(world, programme, known)
    populations = np.stack(known, axis=1)
    others = OtherMembers(world, populations, inhabited, enough=published.policy.unprinted)
    asking = _Asking(published, programme, populations, inhabited, others)
    narrow: list[Meeting] = []
    tried = 0
    for crossroads in crossroads_of(published, world, asking.inhabited):
        if crossroads is None:
            asking.left = 0
            continue
        tried += crossroads.combinations
        if crossroads.places:
            narrow += _Crowd(crossroads, asking).narrow()
    return Met(tuple(narrow), tried, all=asking.left > 0)


@dataclass
class _Asking:
    """What all questions share: the programme over all populations, the last of those met (unknowns, populations), who
    there could be (one of each kind), who else there could be of one clique, and how many questions may still be
    asked."""

    published: Published
    programme: LinearProgramme
    populations: Floats
    inhabited: Floats
    others: OtherMembers
    left: int = _MOST_ASKED


def inhabited_in(world: World, programme: LinearProgramme, populations: Sequence[Floats]) -> Floats:
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


class _Crowd:
    """How many can be in all of several groups. ``least``, ``most``: in the populations met so far (an axis for every
    arm, of its groups). ``could``: of every arm, can there be anybody of a group at a spot?"""

    def __init__(self, crossroads: Crossroads, asking: _Asking) -> None:
        self.crossroads, self.asking = crossroads, asking
        shape = tuple(len(arm.members.groups) for arm in crossroads.arms)
        self.least, self.most = np.full(shape, inf), np.full(shape, -inf)
        inhabited = [(arm.members.within @ asking.inhabited, arm.members.spots) for arm in crossroads.arms]
        self.could = [there.reshape(-1, spots) > 0 for there, spots in inhabited]
        every = _so_many_at_once(np.argwhere(np.ones(shape, dtype=bool)), crossroads.places)
        meet = [self._shared(some, slice(None)).any(axis=1) for some in every]
        self.meet = np.concatenate(meet).reshape(shape)
        self._see(asking.others.population)
        self._bring_together()

    def narrow(self) -> Iterator[Meeting]:
        """Those whose number is given away."""
        policy = self.asking.published.policy
        self._look_around()
        for groups in map(tuple, self._close().tolist()):
            if self.asking.left and self.most[groups] - self.least[groups] < policy.unprinted:
                self.asking.left -= 1
                low, high = self._bounds(groups, policy.unprinted)
                if high > 0 and low < policy.k and high - low < policy.unprinted:
                    yield self.crossroads.meeting(groups, low, int(high))

    def _close(self) -> Integers:
        """Those that no populations met so far show to be wide, or so many that few would be wide: (combinations,
        arms)"""
        return np.argwhere(self.meet & self._are_close(self.most, self.least))

    def _still(self, groups: Integers) -> Integers:
        """Those of some combinations that are."""
        at = tuple(groups.T)
        still: Integers = groups[self._are_close(self.most[at], self.least[at])]
        return still

    def _are_close(self, most: Floats, least: Floats) -> NDArray[np.bool_]:
        policy = self.asking.published.policy
        close: NDArray[np.bool_] = (most < policy.k + policy.unprinted) & (most - least < policy.unprinted)
        return close

    def _look_around(self) -> None:
        """Populations in which many groups share a place at once where they can, as long as they show enough of them to
        be wide."""
        rng, arms = np.random.default_rng(0), self.crossroads.arms
        close, in_vain = self._close(), 0
        while len(close) > _AROUND and in_vain < _IN_VAIN:
            some = rng.choice(close)
            place = rng.choice(np.flatnonzero(self._shared(some[None], slice(None))))
            others = rng.permutation(close[self._shared(close, slice(place, place + 1))[:, 0]])[:_AROUND]
            wanted = np.zeros((1, self.asking.inhabited.size))
            for arm, groups in zip(arms, others.T, strict=True):
                wanted += arm.members.within[groups * arm.members.spots + arm.spot[place]].sum(axis=0)
            _, found = self.asking.programme.extreme(sparse.csr_array(wanted), least=False)
            if found is None:
                return
            self._see_everywhere(found)
            before, close = len(close), self._mix(self._close())
            in_vain = 0 if before - len(close) >= _WORTHWHILE else in_vain + 1

    def _shared(self, groups: Integers, places: slice | Integers) -> NDArray[np.bool_]:
        """Which places there can be anybody of all some groups at: (combinations, places)."""
        arms = zip(self.crossroads.arms, groups.T, self.could, strict=True)
        shared: NDArray[np.bool_] = np.all([can[some[:, None], arm.spot[places]] for arm, some, can in arms], axis=0)
        return shared

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
        cuts = _Cuts(self.crossroads, groups, outside=outside)
        cuts.add(self.asking.populations)
        while (value := cuts.solve()) < enough:
            bound, found = self.asking.programme.extreme(sparse.csr_array(cuts.prices[None, :]), least=False)
            if found is None:
                return inf
            if floor(bound + _SLACK) <= floor(value + _SLACK):
                break
            cuts.add(found[:, None])
            self.asking.populations = np.column_stack([self.asking.populations[:, 1:], found])
            self._see_everywhere(found)
        return value

    def _bring_together(self) -> None:
        """Take note of how many of all the groups can share one place: first where most people are, then at ever more
        places, until those of every group can be many."""
        arms, others = self.crossroads.arms, self.asking.others
        held = np.min([(arm.members.everybody @ others.population)[arm.spot] for arm in arms], axis=0)
        order, close, begun = np.argsort(-held, kind="stable"), self._mix(self._close()), 0
        while len(close) and begun < order.size:
            places = order[begun : 2 * begun + 1]
            begun += places.size
            for some in _so_many_at_once(close, places.size):
                number, place = np.nonzero(self._shared(some, places))
                here = [
                    others.when_changed(arm.members, groups[number], arm.spot[places[place]])
                    for arm, groups in zip(arms, some.T, strict=True)
                ]
                np.maximum.at(self.most, tuple(some[number].T), np.min(here, axis=0))
            close = self._still(close)
        self._mix(close)

    def _mix(self, close: Integers) -> Integers:
        """Take note of how many of all the groups share one place where populations are mixed that have the most of
        each there, every group in the same number. Those that are still close."""
        arms = self.crossroads.arms
        most = [self.asking.others.in_any(arm.members) for arm in arms]
        for some in _so_many_at_once(close, self.crossroads.places):
            there = np.array(
                [one[groups[:, None], arm.spot] for one, arm, groups in zip(most, arms, some.T, strict=True)]
            )
            with np.errstate(divide="ignore"):
                mixed = 1 / (1 / np.maximum(there, 0)).sum(axis=0)
            at = tuple(some.T)
            self.most[at] = np.maximum(self.most[at], mixed.max(axis=1))
        return self._still(close)

    def _see_everywhere(self, population: Floats) -> None:
        """Take note of a population that was not met before, for what is asked later, too."""
        self.asking.others.meet(population)
        self._see(population)

    def _see(self, population: Floats) -> None:
        close = self._close()
        at = tuple(close.T)
        everybody = (self.crossroads.arms[0].members.everybody @ population).sum()
        self.most[at] = np.maximum(self.most[at], self._sharing(close, population))
        outside = self._sharing(close, population, outside=True)
        self.least[at] = np.minimum(self.least[at], everybody - outside)

    def _sharing(self, groups: Integers, population: Floats, *, outside: bool = False) -> Floats:
        """How many of some groups find room in a population, taking place after place: (combinations,)"""
        rooms = self.crossroads.rooms(outside=outside)
        there = [
            ((arm.members.within @ population).reshape(-1, arm.members.spots), arm.members.everybody @ population)
            for arm in self.crossroads.arms
        ]
        found = [np.zeros(0)]
        for some in _so_many_at_once(groups, sum(there[room.arm][1].size for room in rooms)):
            found.append(self._taken(rooms, [room.counts(*there[room.arm], some[:, room.arm]) for room in rooms]))
        return np.concatenate(found)

    def _taken(self, rooms: Sequence[Room], left: Sequence[Floats]) -> Floats:
        """All that is taken, of what is ``left`` at each spot: (combinations, spots) for every room."""
        taken = np.zeros(len(left[0]))
        for kind in range(1 + max(max(room.kinds) for room in rooms)):
            needed = [
                (some, self.crossroads.arms[room.arm].spot)
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


def _so_many_at_once(groups: Integers, each: int) -> Iterator[Integers]:
    """Combinations, as many at a time as can be worked on with so many numbers for each."""
    step = max(1, _AT_ONCE // each)
    return (groups[start : start + step] for start in range(0, len(groups), step))


class _Cuts:
    """The prices of room under which the populations met so far make least of some groups. ``prices``: of being of each
    kind of people."""

    def __init__(self, crossroads: Crossroads, groups: Sequence[int], *, outside: bool) -> None:
        rooms = crossroads.rooms(outside=outside)
        arms = [crossroads.arms[room.arm] for room in rooms]
        rows = [room.rows(arm.members, groups[room.arm]) for room, arm in zip(rooms, arms, strict=True)]
        self.counted = sparse.csr_array(sparse.vstack(rows))
        everybody = crossroads.arms[0].members.everybody.sum(axis=0)
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


def _asked(rooms: Sequence[Room], arms: Sequence[Arm], priced: int) -> sparse.csr_array:
    """The room that is needed: a row for every place and kind, a column for every spot of each room, and a last one."""
    places = np.arange(arms[0].spot.size)
    first, rows, columns = 0, [], []
    for room, arm in zip(rooms, arms, strict=True):
        for kind in room.kinds:
            rows.append(kind * places.size + places)
            columns.append(first + arm.spot)
        first += arm.members.spots
    where = np.concatenate(rows), np.concatenate(columns)
    kinds = 1 + max(max(room.kinds) for room in rooms)
    return sparse.csr_array((np.ones(where[0].size), where), shape=(kinds * places.size, priced + 1))
