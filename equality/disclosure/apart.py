"""People in two or three groups that no table brings together, for the attacker: how many of them there can be, given
all that is printed of each.

No unknown of a world counts them. But what neighbouring cliques share is known of both, so in one population as many
can be in all the groups as there is room for where their cliques meet, at each place no more than every clique has
there: the least of all sums of prices of room, of which every place asks for one in all. Over all populations that is
the least there is of the greatest such sum, closed in upon with a cut for every population found (J. E. Kelley 1960).
In the same way as many as there is room for can be outside of one group at least, and all others are in every one. What
is bounded so is bounded whoever there is; that it is wide is shown by whole people, whom an integer programme finds
where no population met so far shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.crossroads import Crossroads, Meeting, Room, crossroads_of
from equality.disclosure.exchange import Published
from equality.disclosure.one_clique import OtherMembers
from equality.disclosure.populations import LinearProgramme, WholePeople, near
from equality.disclosure.sharing import Cuts, Sharing
from equality.disclosure.worlds import Floats, Integers, World

_SLACK = 1e-6
_MOST_ASKED = 20_000  # combinations of groups that programmes are solved for
_LOOKS = 2  # for a combination, before whole people are asked for
_IN_VAIN = 100  # looks in a row, and there are no more
_AT_ONCE = 2_000_000  # numbers
_KEPT = 40  # of the populations met, the last ones


@dataclass(frozen=True)
class Met:
    """``narrow``: those whose number is given away. ``tried``: combinations of groups looked at; ``all``: that is
    all. ``unsettled``: of how many of them it was not settled in time what whole people leave open."""

    narrow: tuple[Meeting, ...]
    tried: int
    unsettled: int
    all: bool


def meetings(
    published: Published, world: World, programme: LinearProgramme, whole: WholePeople, found: Sequence[Floats]
) -> Met:
    """Look at every combination of up to three dimensions that stand in different cliques of a world. ``found``: some
    populations of whole people that agree with everything printed."""
    if len(world.frame.cliques) == 1:
        return Met((), 0, 0, all=True)
    known = [*found] or [programme.any()]
    inhabited = inhabited_in(world, programme, known)
    populations = np.stack(known, axis=1)
    around = near(published, world, found[0]) if found else world
    others = OtherMembers(around, found[0], inhabited, enough=published.policy.unprinted) if found else None
    met = [np.rint(population) for population in found]
    asking = _Asking(published, programme, LinearProgramme(around), whole, populations, met, inhabited, others)
    narrow: list[Meeting] = []
    tried = 0
    for crossroads in crossroads_of(published, world, asking.inhabited):
        if crossroads is None:
            asking.left = 0
            continue
        tried += crossroads.combinations
        if crossroads.places:
            narrow += _Crowd(crossroads, asking).narrow()
    return Met(tuple(narrow), tried, asking.unsettled, all=asking.left > 0)


@dataclass
class _Asking:
    """What all questions share: the programmes over all populations (``near``: over some that are more often of whole
    people), the last populations that bounds were found with (unknowns, populations), the last of whole people that
    were ``met``, who there could be (one of each kind), who else there could be of one clique (None: no population of
    whole people is known), how many questions may still be asked, and how many were not settled."""

    published: Published
    programme: LinearProgramme
    near: LinearProgramme
    whole: WholePeople
    populations: Floats
    met: list[Floats]
    inhabited: Floats
    others: OtherMembers | None
    left: int = _MOST_ASKED
    unsettled: int = 0


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
    """How many can be in all of several groups. ``least``, ``most``: in the populations of whole people met so far (an
    axis for every arm, of its groups). ``could``: of every arm, can there be anybody of a group at a spot?"""

    def __init__(self, crossroads: Crossroads, asking: _Asking) -> None:
        self.crossroads, self.asking = crossroads, asking
        shape = tuple(len(arm.members.groups) for arm in crossroads.arms)
        self.least, self.most = np.full(shape, inf), np.full(shape, -inf)
        inhabited = [(arm.members.within @ asking.inhabited, arm.members.spots) for arm in crossroads.arms]
        self.could = [there.reshape(-1, spots) > 0 for there, spots in inhabited]
        every = _so_many_at_once(np.argwhere(np.ones(shape, dtype=bool)), crossroads.places)
        meet = [self._shared(some, slice(None)).any(axis=1) for some in every]
        self.meet = np.concatenate(meet).reshape(shape)
        for population in asking.met:
            self._take_note_of(population)
        if asking.others is not None:
            self._bring_together(asking.others)

    def narrow(self) -> Iterator[Meeting]:
        """Those whose number is given away."""
        policy = self.asking.published.policy
        self._look_around()
        for groups in map(tuple, self._close().tolist()):
            if self.asking.left and self.most[groups] - self.least[groups] < policy.unprinted:
                self.asking.left -= 1
                low, high = self._bounds(groups, policy.unprinted)
                if high == 0 or low >= policy.k:
                    continue
                if high - low < policy.unprinted:
                    yield self.crossroads.meeting(groups, low, int(high))
                elif self.most[groups] - self.least[groups] < policy.unprinted:
                    self.asking.unsettled += 1

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
        """Populations in which many of some groups share a place: of one combination after the other that was not seen
        to be wide, as long as that shows any to be."""
        rng, arms = np.random.default_rng(0), self.crossroads.arms
        close, in_vain = self._close(), 0
        for groups in rng.permutation(np.repeat(close, _LOOKS, axis=0)):
            if in_vain == _IN_VAIN:
                return
            if not self._still(groups[None]).size:
                continue
            place = rng.choice(np.flatnonzero(self._shared(groups[None], slice(None))))
            many = [
                arm.members.within[[group * arm.members.spots + arm.spot[place]]]
                for arm, group in zip(arms, groups, strict=True)
            ]
            _, found = self.asking.near.extreme(sparse.csr_array(sparse.vstack(many).sum(axis=0)[None]), least=False)
            if found is not None:
                self._see(found)
            before, close = len(close), self._still(close)
            in_vain = 0 if len(close) < before else in_vain + 1

    def _shared(self, groups: Integers, places: slice | Integers) -> NDArray[np.bool_]:
        """Which places there can be anybody of all some groups at: (combinations, places)."""
        arms = zip(self.crossroads.arms, groups.T, self.could, strict=True)
        shared: NDArray[np.bool_] = np.all([can[some[:, None], arm.spot[places]] for arm, some, can in arms], axis=0)
        return shared

    def _bounds(self, groups: tuple[int, ...], needed: int) -> tuple[int, float]:
        """At least and at most how many whole people are in all the groups: the narrowest bounds, where they are not
        wide apart and not beyond doubt."""
        most = self._greatest(groups, self.least[groups] + needed)
        high = floor(most + _SLACK) if most < inf else inf
        outside = self._greatest(groups, needed - self.most[groups], outside=True) if high > 0 else 0
        low = ceil(-outside - _SLACK) if outside < inf else 0
        if high > 0 and low < self.asking.published.policy.k:
            high = self._settled(groups, min(high, self.least[groups] + needed))
            low = -int(self._settled(groups, min(-low, needed - self.most[groups]), outside=True))
        return int(min(low, self.least[groups])), max(high, self.most[groups])

    def _settled(self, groups: tuple[int, ...], limit: float, *, outside: bool = False) -> float:
        """The most that some population of whole people has, as of ``_greatest``, up to a limit (not asked where it is
        infinite); or how far it was brought down, where that took too long."""
        sharing = Sharing.of(self.crossroads, groups, outside=outside)
        while inf > limit > (-self.least[groups] if outside else self.most[groups]):
            there_is, found = self.asking.whole.sharing(sharing, int(limit))
            if there_is is None:
                break
            if found is None:
                limit -= 1
                continue
            self._see(found)
            if outside:
                self.least[groups] = min(self.least[groups], -limit)
            else:
                self.most[groups] = max(self.most[groups], limit)
        return limit

    def _greatest(self, groups: Sequence[int], enough: float, *, outside: bool = False) -> float:
        """How many can be in all the groups at most, or any such number from ``enough`` upwards. ``outside``: outside
        of one of them at least, less everybody. Infinite where a price makes it so."""
        cuts = Cuts(Sharing.of(self.crossroads, groups, outside=outside))
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

    def _bring_together(self, others: OtherMembers) -> None:
        """Take note of how many of all the groups can share one place: first where most people are, then at ever more
        places, until those of every group can be many."""
        arms = self.crossroads.arms
        held = np.min([(arm.members.everybody @ others.population)[arm.spot] for arm in arms], axis=0)
        order, close, begun = np.argsort(-held, kind="stable"), self._close(), 0
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

    def _see(self, population: Floats) -> None:
        """Take note of a population, if it is one of whole people, for what is asked later, too."""
        if self.asking.whole.holds(population):
            population = np.rint(population)
            self.asking.met = [*self.asking.met, population][-_KEPT:]
            self._take_note_of(population)

    def _take_note_of(self, population: Floats) -> None:
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
