"""People of two or three groups that no table brings together. No unknown of a model counts those who are in all of
them, but what is told of each group bounds how many there can be.

Counts over linked sets that agree where they overlap can be put together person by person in every way that keeps
what the sets share (Vorob'ev 1962). So in one population as many can be in all the groups as find room at the places
where their sets meet, in every one of these sets no more than it has there; at fewest, those of one group who do not
find room among people who are not in the others. Over all populations that is a linear programme, decided by mixing
populations: the prices of the best mixture of those found so far say which other would better it (G. B. Dantzig and
P. Wolfe 1960)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import floor
from typing import Any

import numpy as np
from scipy import sparse

from equality.disclosure.crossings import Crossing, Limits, Whom, crossings_of
from equality.disclosure.goals import Printing, bounds_of
from equality.disclosure.margins import Extremes
from equality.disclosure.mixtures import Mixture
from equality.disclosure.model import Floats, Mask, Model, Vector
from equality.disclosure.one_set import Around, Reaches
from equality.disclosure.policy import Policy
from equality.disclosure.release import Region, Release
from equality.disclosure.witnesses import Proof, Watch, unwatched

_SLACK = 1e-6
_NUMBERS = 4_000_000  # that are worked on together
_MANY_TIMES = 10  # as many people as there are: a limit, so that every programme has an answer
_KEPT = 40  # populations that a mixture may begin with
_TOGETHER = 4  # combinations of a group with others that are worth a look at them together
_IN_VAIN = 2  # such looks, and there are no more for this group
_RATHER = 10.0  # how much more one of the group counts in them than anybody else
_ENOUGH = 45_000_000_000  # effort at most: about half an hour


def narrow_overlaps(
    release: Release, model: Model, policy: Policy, printing: Printing, proof: Proof, *, watch: Watch = unwatched
) -> list[Region]:
    """People in groups of up to three dimensions that no linked set has all of, whose number can be bounded too
    narrowly by what would be printed: below the threshold, not certainly nobody, and closer than the policy's width.
    Not looked at: sets that meet at more than 100,000 places. Raises TooManyGroups."""
    crossings = list(crossings_of(release, model))
    if not crossings:
        return []
    many = _MANY_TIMES * float(model.unknowns.sum() + policy.width)
    asked = _Asked(model, printing, policy, proof, Extremes(model, printing, proof.hidden, most=many))
    found = []
    for number, one in enumerate(crossings):
        asked.watch = partial(watch, number, len(crossings))
        asked.watch()
        crossing = one.where_somebody_is(asked.inhabited)
        if crossing.places:
            found += [model.canonical(region) for region in _Overlaps(crossing, asked).narrow()]
    return [region for region in dict.fromkeys(found) if model.find(region) is None]


class TooManyGroups(RuntimeError):
    """There are too many to look at all of them in bounded time."""


class _Asked:
    """What is known of all populations: the true one, and the last ones that programmes came to. ``inhabited``: one of
    every kind of people that there is in some population. ``watch``: is told before every programme; it may raise."""

    def __init__(self, model: Model, printing: Printing, policy: Policy, proof: Proof, limits: Extremes) -> None:
        self.policy, self.limits = policy, limits
        self.watch: Callable[[], None] = partial(unwatched, 0, 1)
        self.truth = model.unknowns.astype(float)
        self.last = np.zeros((self.truth.size, 0))
        self.inhabited = self._inhabited(model, printing, proof)
        self.reaches = Reaches(limits, proof.changes, self.inhabited, enough=policy.unprinted)

    def _inhabited(self, model: Model, printing: Printing, proof: Proof) -> Floats:
        """Those that no population met so far has are asked for together, until there are none."""
        _, high = bounds_of(model, printing, model.among(proof.hidden))
        could = ~(model.closed | (model.matrix.T @ (model.is_sum & (high == 0)) > 0))
        found = (self.truth > 0) | (abs(proof.changes).sum(axis=0) > 0)
        while (missing := could & ~found).any():
            worth, population = self.worth_most(missing.astype(float))
            if worth <= _SLACK:
                break
            found |= population > _SLACK
        inhabited: Floats = (could & found).astype(float)
        return inhabited

    def worth_most(self, prices: Floats) -> tuple[float, Floats]:
        """How much the population is worth that is worth most, and what it is."""
        self.watch()
        if self.limits.effort > _ENOUGH:
            raise TooManyGroups
        worth, population = self.limits.weighted(prices, least=False), self.limits.population
        if worth is None or population is None:
            raise ArithmeticError("what is known sets no limit to the people of some place")
        return worth, population

    def to_begin_with(self) -> Floats:
        """(unknowns, populations)"""
        return np.column_stack([self.truth, self.last])

    def add(self, population: Floats) -> None:
        self.last = np.column_stack([self.last, population])[:, -_KEPT:]


class _Overlaps:
    """How many can be in all of several groups. ``least``, ``most``: in the populations met so far, for every
    combination of groups (one axis for each side). ``can_meet``: is there a place that could hold somebody of them?
    ``inhabited``: of every side, could somebody of a group be at a place?"""

    def __init__(self, crossing: Crossing, asked: _Asked) -> None:
        self.crossing, self.asked, self.policy = crossing, asked, asked.policy
        shape = tuple(len(side.counted.groups) for side in crossing.sides)
        self.least, self.most = np.full(shape, np.inf), np.full(shape, -np.inf)
        self.inhabited = [
            (side.counted.inside @ asked.inhabited > 0).reshape(each, -1)
            for side, each in zip(crossing.sides, shape, strict=True)
        ]
        every, places = np.argwhere(np.full(shape, fill_value=True)), np.arange(crossing.places)
        could = [self._could(some, places).any(axis=1) for some in _in_parts(every, places.size)]
        self.can_meet = np.concatenate(could).reshape(shape)
        self._see(asked.truth)
        self._bring_together()

    def narrow(self) -> Iterator[Region]:
        """Those whose number is too closely bounded."""
        self._look_at_groups()
        for groups in map(tuple, self._close().tolist()):
            if self._are_close(groups) and self._is_narrow(groups):
                yield self.crossing.region(groups)

    def _is_narrow(self, groups: tuple[int, ...]) -> bool:
        wide = self.policy.unprinted
        top = floor(self._extreme(groups, enough=self.least[groups] + wide) + _SLACK)
        if top == 0 or top - self.least[groups] >= wide or not self._are_close(groups):
            return False
        without = self._extreme(groups, enough=wide - self.most[groups], without=True)
        bottom = -floor(without + _SLACK)
        return bottom < self.policy.threshold and top - bottom < wide

    def _are_close(self, at: Any = ...) -> Mask:
        """Between no populations met so far is there the width that must stay open, nor would there be between the
        one with the most and one below the threshold. ``at``: which combinations; all, where it is not said."""
        wide, least, most = self.policy.unprinted, self.least[at], self.most[at]
        found: Mask = (most - least < wide - _SLACK) & (most < self.policy.threshold + wide)
        return found

    def _close(self) -> Vector:
        """Those that are, where some place could hold somebody of them: (combinations, sides)"""
        return np.argwhere(self._are_close() & self.can_meet)

    def _still_close(self, groups: Vector) -> Vector:
        """Those of some combinations that are close."""
        return groups[self._are_close(tuple(groups.T))]

    def _look_at_groups(self) -> None:
        """Meet populations that have many of a group at a place, and see how many of those whom it is combined with
        could be there in them: first where most combinations could be."""
        shapes = [(each, self.crossing.places) for each in self.least.shape]
        looked, in_vain = [np.zeros(shape, dtype=bool) for shape in shapes], [np.zeros(each) for each, _ in shapes]
        close = self._close()
        while len(close) >= _TOGETHER:
            worth = self._together(close)
            for each, seen, vain in zip(worth, looked, in_vain, strict=True):
                each[seen | (vain >= _IN_VAIN)[:, None]] = 0
            side = int(np.argmax([each.max() for each in worth]))
            group, place = np.unravel_index(worth[side].argmax(), worth[side].shape)
            if worth[side][group, place] < _TOGETHER:
                return
            looked[side][group, place] = True
            around = self._with_many(side, int(group), int(place))
            self._met(int(place), around, close[close[:, side] == group])
            before, close = len(close), self._still_close(close)
            in_vain[side][group] += len(close) == before

    def _together(self, close: Vector) -> list[Floats]:
        """In how many of some combinations a group could be at a place: for every side (groups, places)."""
        places = np.arange(self.crossing.places)
        found = [np.zeros((each, places.size)) for each in self.least.shape]
        for some in _in_parts(close, places.size):
            could = self._could(some, places).astype(float)
            for side, groups in enumerate(some.T):
                of = (np.ones(groups.size), (groups, np.arange(groups.size)))
                found[side] += sparse.csr_array(of, shape=(self.least.shape[side], groups.size)) @ could
        return found

    def _with_many(self, side: int, group: int, place: int) -> Around:
        """A population with many people at a place, and as many of a group of one side as can be there."""
        wanted = sum(side.counted.everybody[[side.at[place]]].toarray().ravel() for side in self.crossing.sides)
        counted, at = self.crossing.sides[side].counted, self.crossing.sides[side].at[place]
        wanted += _RATHER * counted.rows(Whom.INSIDE, group)[[at]].toarray().ravel()
        return self.asked.reaches.around(self._ask_for(wanted)[1])

    def _could(self, groups: Vector, places: Vector) -> Mask:
        """Where anybody of all the groups could be: (combinations, places)."""
        found: Mask = np.logical_and.reduce(
            [
                inside[np.ix_(some, side.at[places])]
                for inside, side, some in zip(self.inhabited, self.crossing.sides, groups.T, strict=True)
            ]
        )
        return found

    def _ask_for(self, prices: Floats) -> tuple[float, Floats]:
        """The population that is worth most, and what it is."""
        worth, population = self.asked.worth_most(prices)
        self.asked.reaches.see(population)
        self._see(population)
        return worth, population

    def _bring_together(self) -> None:
        """Take note of how many of all the groups can be at one place, those first where most people are, as long as
        some groups are close."""
        sides, truth = self.crossing.sides, self.asked.reaches.around_truth
        there = np.minimum.reduce([(side.counted.everybody @ self.asked.truth)[side.at] for side in sides])
        close = self._mixed(self._close())
        for place in np.argsort(-there, kind="stable").tolist():
            if not close.size:
                return
            close = self._met(place, truth, close)
        self._mixed(close)

    def _met(self, place: int, around: Around, close: Vector) -> Vector:
        """Take note of how many of all of some groups can be at a place around a population: those that are still
        close."""
        there = close[self._could(close, np.array([place]))[:, 0]]
        if there.size:
            rooms = []
            for side, some in zip(self.crossing.sides, there.T, strict=True):
                groups, of = np.unique(some, return_inverse=True)
                rooms.append(self.asked.reaches.at(int(side.at[place]), around, side.counted, groups)[of])
            at = tuple(there.T)
            self.most[at] = np.maximum(self.most[at], np.minimum.reduce(rooms))
        return self._still_close(close)

    def _mixed(self, close: Vector) -> Vector:
        """Take note of how many of all the groups are at one place in a mixture of populations, one with many of each:
        those that are still close."""
        sides = self.crossing.sides
        ever = [self.asked.reaches.ever(side.counted) for side in sides]
        for some in _in_parts(close, self.crossing.places):
            parts = np.zeros((len(some), self.crossing.places))
            with np.errstate(divide="ignore"):
                for side, reach, groups in zip(sides, ever, some.T, strict=True):
                    parts += 1 / np.maximum(0, reach[np.ix_(groups, side.at)])
            at = tuple(some.T)
            self.most[at] = np.maximum(self.most[at], (1 / parts).max(axis=1))
        return self._still_close(close)

    def _see(self, population: Floats) -> None:
        """Take note of a population."""
        groups = self._close()
        at = tuple(groups.T)
        first = self.crossing.sides[0].counted.counts(Whom.INSIDE, groups[:, 0], population).sum(axis=1)
        self.most[at] = np.maximum(self.most[at], self._led(groups, population, self.crossing.together))
        without = self._led(groups, population, self.crossing.without)
        self.least[at] = np.minimum(self.least[at], first - without)

    def _led(self, groups: Vector, population: Floats, limits: Limits) -> Floats:
        """How many find room, place after place: the most, where no place of a side is met twice. (combinations, sides)
        to (combinations,)."""
        each = sum(limits.sides[limit.side].counted.everybody.shape[0] for limit in limits.every)
        parts = [self._fitted(limits.counts(part, population), limits) for part in _in_parts(groups, each)]
        return np.concatenate([np.zeros(0), *parts])

    def _fitted(self, rooms: Sequence[Floats], limits: Limits) -> Floats:
        found = np.zeros(len(rooms[0]))
        for number in sorted({number for limit in limits.every for number in limit.apart}):
            binding = [
                (room, limits.sides[limit.side].at)
                for room, limit in zip(rooms, limits.every, strict=True)
                if number in limit.apart
            ]
            for place in np.flatnonzero(np.min([room.max(axis=0)[at] for room, at in binding], axis=0)):
                fitted = np.minimum.reduce([room[:, at[place]] for room, at in binding])
                for room, at in binding:
                    room[:, at[place]] -= fitted
                found += fitted
        return found

    def _extreme(self, groups: tuple[int, ...], *, enough: float, without: bool = False) -> float:
        """How many can be in all the groups at most, or anything from ``enough`` upwards. ``without``: in the first and
        not in all others, less all in the first. Without limit, infinity."""
        mixture = Mixture(self.crossing, groups, without=without)
        mixture.add(self.asked.to_begin_with())
        while True:
            value = mixture.solve()
            if value >= enough:
                return value
            bound, population = self._ask_for(mixture.prices)
            if floor(bound + _SLACK) <= floor(value + _SLACK):
                return value
            mixture.add(population[:, None])
            self.asked.add(population)


def _in_parts(groups: Vector, each: int) -> Iterator[Vector]:
    """So many combinations at a time that, with so many numbers for each, they fit into memory."""
    at_once = max(1, _NUMBERS // each)
    for start in range(0, len(groups), at_once):
        yield groups[start : start + at_once]
