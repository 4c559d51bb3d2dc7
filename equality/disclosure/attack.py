"""The attacker: somebody who has everything that was printed, and reasons perfectly.

Knows a PUBLISHED document alone, and shares no code with the side that protects. For every count that is not printed
exactly it finds the narrowest interval of whole numbers that all printed facts leave; of people whom no table counts,
whether their number is given away. Linear programmes give the bounds; where an end is reached by no population of
whole people that was seen, an integer programme settles it, within so many nodes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from math import ceil, floor, inf

import numpy as np
from scipy import sparse

from equality.disclosure.apart import Met, meetings
from equality.disclosure.crossroads import Meeting
from equality.disclosure.exchange import ExchangePolicy, Key, People, Published, people_of
from equality.disclosure.populations import Contradictory, LinearProgramme, WholePeople
from equality.disclosure.targets import Knowledge, Target, targets_of, unprinted_of
from equality.disclosure.worlds import Floats, Source, World, world_of

_SLACK = 1e-6
_FIRST_POPULATIONS = 24
_NEAR = 6  # corners to look at near an end that no population of whole people was seen at
_MOST_MARGINS = 20_000
_KEPT = 40  # of the populations met, the last ones


class Rule(StrEnum):
    """Which rule an output breaks. Codes never change."""

    SMALL_PRINTED = "SMALL_PRINTED"
    NARROW = "NARROW"
    ZERO_KNOWN = "ZERO_KNOWN"
    MARGIN = "MARGIN"
    MOVERS = "MOVERS"
    LIMITS_OF_HIDDEN = "LIMITS_OF_HIDDEN"
    NOT_OF_ROUNDED = "NOT_OF_ROUNDED"
    AVERAGE_OF_FEW = "AVERAGE_OF_FEW"
    AVERAGE_TOO_EXACT = "AVERAGE_TOO_EXACT"


@dataclass(frozen=True)
class Interval:
    """What everything printed says of the count of one cell: at least ``low``, at most ``high`` (None: no limit).

    ``codes``: dimension → code, of the cell and of what its table is of. ``table`` is empty for people whom no table
    counts, and ``people`` who they are. ``safe``: no rule is broken; else ``rule`` is. ``proved``: beyond doubt. Where
    only a verdict was asked, that is what is proved, and a safe interval may be wider than this."""

    table: str
    block: str
    key: Key
    low: int
    high: int | None
    safe: bool
    proved: bool
    people: People
    rule: Rule | None = None
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> float:
        return inf if self.high is None else self.high - self.low


@dataclass(frozen=True)
class Broken:
    """A rule that a printed cell breaks, and how. ``table``, ``people`` and ``codes`` as of an Interval."""

    rule: Rule
    table: str
    block: str
    key: Key
    what: str
    people: People
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Solved:
    """The work: unknowns and conditions of the model, linear and integer programmes solved, integer programmes cut
    short, populations of whole people seen."""

    unknowns: int
    conditions: int
    linear: int
    integer: int
    cut_short: int
    populations: int


@dataclass(frozen=True)
class Attacked:
    """``intervals``: of every cell that is not printed exactly, each once however many tables show it.
    ``margins_opened``: of people whom no table counts, those given away. ``margins_tried``: how many were looked at;
    ``margins_all``: that is all there are. ``unsettled``: of how many cells and such people it was not settled in time
    what whole people leave open."""

    intervals: tuple[Interval, ...]
    broken: tuple[Broken, ...]
    margins_opened: tuple[Interval, ...]
    margins_tried: int
    margins_all: bool
    unsettled: int
    solved: Solved

    @property
    def opened(self) -> tuple[Interval, ...]:
        """Counts that are given away."""
        return (*(interval for interval in self.intervals if not interval.safe), *self.margins_opened)


@dataclass(frozen=True)
class Step:
    """A printed cell, and how many times it is added (subtracted, below zero) to bound another."""

    table: str
    block: str
    key: Key
    times: float


@dataclass(frozen=True)
class Because:
    """Printed cells that, added up, show at least ``low`` people in a cell, and those that show at most ``high``. Empty
    where there is no such limit but that nobody is less than nobody."""

    at_least: tuple[Step, ...]
    at_most: tuple[Step, ...]


def attack(published: Published, *, knows: Knowledge = (), exact: bool = True, margins: bool = True) -> Attacked:
    """Everything that a published document gives away.

    ``knows``: what an insider knows besides, as (block, dimension → code, count). ``exact``: the narrowest interval of
    every cell, not only the verdict on it. ``margins``: also people whom no table counts, in up to three dimensions.

    Raises Contradictory where no population agrees with the document, and TooLarge."""
    world = world_of(published, knows)
    if not world.frame.size:
        return Attacked((), (), (), 0, margins_all=True, unsettled=0, solved=Solved(0, 0, 0, 0, 0, 0))
    targets = list(targets_of(published, knows))
    counted = {target.region for target in targets}
    unprinted = unprinted_of(published, world, counted, knows) if margins else iter(())
    others = list(islice(unprinted, _MOST_MARGINS))
    search = _Search(world, [*targets, *others], published.policy)
    intervals = [search.interval(number, exact=exact) for number in range(len(targets))]
    opened = [search.interval(len(targets) + number, exact=False) for number in range(len(others))]
    met = (
        meetings(published, world, search.programme, search.whole, search.kept) if margins else Met((), 0, 0, all=False)
    )
    narrow = (*(interval for interval in opened if not interval.safe), *map(_interval_of, met.narrow))
    return Attacked(
        intervals=tuple(intervals),
        broken=(*_printed_openly(published), *_rules_broken([*intervals, *narrow], published.policy)),
        margins_opened=narrow,
        margins_tried=len(others) + met.tried,
        margins_all=met.all and next(unprinted, None) is None,
        unsettled=sum(not interval.proved for interval in (*intervals, *opened)) + met.unsettled,
        solved=search.solved(),
    )


def because(published: Published, interval: Interval, *, knows: Knowledge = ()) -> Because:
    """Which printed cells, added up how many times, bound the count of an interval. Where whole numbers narrow it
    further than any sum does, the best sums; none for people in groups that no table brings together. Raises as
    ``attack`` does."""
    world = world_of(published, knows)
    region = people_of(published.dimensions, interval.block, interval.codes)
    if not world.frame.counts(frozenset(interval.codes)):
        return Because((), ())
    programme = LinearProgramme(world)
    row = world.sums([region])
    return Because(
        at_least=_steps(world, programme.multipliers(row, least=True)),
        at_most=_steps(world, programme.multipliers(row, least=False)),
    )


def _interval_of(meeting: Meeting) -> Interval:
    return Interval(
        table="",
        block=meeting.block,
        key=tuple(meeting.codes.values()),
        low=meeting.low,
        high=meeting.high,
        safe=False,
        proved=True,
        people=meeting.people,
        rule=Rule.MARGIN,
        codes=meeting.codes,
    )


def _steps(world: World, multipliers: Floats) -> tuple[Step, ...]:
    found: dict[Source, float] = {}
    for source, times in zip(world.sources, multipliers, strict=False):  # rules of the model come after the facts
        if abs(times) > _SLACK:
            found[source] = found.get(source, 0.0) + float(times)
    return tuple(Step(s.table, s.block, s.key, round(times, 9)) for s, times in found.items())


def _printed_openly(published: Published) -> Iterator[Broken]:
    """Counts printed that may not be known at all."""
    policy = published.policy
    for people, (count, table, cell) in published.exactly.items():
        if 0 < count < policy.k:
            rule, what = Rule.SMALL_PRINTED, f"a count from 1 to {policy.k - 1} may not be known."
        elif count == 0 and not published.zero_ok(people):
            rule, what = Rule.ZERO_KNOWN, "it may not be known."
        else:
            continue
        at = table.id, table.block, cell.key
        yield Broken(rule, *at, f"{count} is printed; {what}", people, table.codes(cell.key))


def _rules_broken(intervals: Sequence[Interval], policy: ExchangePolicy) -> Iterator[Broken]:
    for interval in intervals:
        if interval.rule is not None:
            who = f"{_named(interval.codes)}, {interval.block}"
            where = "" if interval.table else f" They are in no table: {who}."
            count = _between(interval.low, interval.high)
            what = f"The count must be {count}; it must stay open by {policy.width} or more.{where}"
            if interval.rule is Rule.ZERO_KNOWN:
                what = "The count must be 0, which may not be known."
            at = interval.table, interval.block, interval.key
            yield Broken(interval.rule, *at, what, interval.people, interval.codes)


def _between(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"between {low} and {high}"


def _named(codes: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {code}" for name, code in codes.items())


class _Search:
    """Intervals of many targets in one world. Populations of whole people that were met on the way are kept as far as
    they say how few and how many each target may have."""

    def __init__(self, world: World, targets: Sequence[Target], policy: ExchangePolicy) -> None:
        self.policy, self.targets = policy, targets
        self.rows = world.sums([target.region for target in targets])
        self.programme = LinearProgramme(world)
        self.whole = WholePeople(world)
        self.least = np.full(len(targets), np.iinfo(np.int64).max)
        self.most = np.full(len(targets), -1)
        self.populations = 0
        self.kept: list[Floats] = []
        self._see_some()
        if not self.populations:
            self._find_one()

    def solved(self) -> Solved:
        rows, columns = self.programme.shape
        whole = self.whole
        return Solved(columns, rows, self.programme.solved, whole.solved, whole.cut_short, self.populations)

    def interval(self, number: int, *, exact: bool) -> Interval:
        target = self.targets[number]
        bounds = _Bounds(self, number)
        if exact:
            bounds.tighten(least=True)
            bounds.tighten(least=False)
        else:
            bounds.decide()
        low, high = bounds.seen if bounds.is_wide and not exact else (bounds.low, bounds.high)
        rule, proved = bounds.rule(), bounds.proved
        if rule is not None:  # how closely it is known matters too
            bounds.tighten(least=True)
            bounds.tighten(least=False)
            low, high = bounds.low, bounds.high
        return Interval(
            table=target.table,
            block=target.block,
            key=target.key,
            low=low,
            high=None if high == inf else int(high),
            safe=rule is None,
            proved=proved,
            people=target.region,
            rule=rule,
            codes=target.codes,
        )

    def see(self, population: Floats | None) -> None:
        """Take note of a population, if it is one of whole people."""
        if population is None or not self.whole.holds(population):
            return
        counts = np.rint(self.rows @ np.rint(population)).astype(np.int64)
        self.least = np.minimum(self.least, counts)
        self.most = np.maximum(self.most, counts)
        self.populations += 1
        self.kept = [*self.kept, population][-_KEPT:]

    def _see_some(self) -> None:
        """Populations at corners in directions drawn at random, always the same ones."""
        rng = np.random.default_rng(0)
        for _ in range(_FIRST_POPULATIONS):
            self.see(self.programme.corner(rng.normal(size=self.programme.shape[1])))

    def _find_one(self) -> None:
        """Any population of whole people. Raises Contradictory where there is none."""
        answer, population = self.whole.any()
        self.see(population)
        if answer is False:
            raise Contradictory(())


class _Bounds:
    """What is known so far of the count of one target: at least ``low``, at most ``high``, and every end of the
    narrowest interval lies between these and the counts in ``seen``."""

    def __init__(self, search: _Search, number: int) -> None:
        self.search, self.number = search, number
        self.target, self.policy = search.targets[number], search.policy
        self.row = sparse.csr_array(search.rows[[number], :])
        self.low: int = self.target.low
        self.high: float = self.target.high
        self.proved = True

    @property
    def seen(self) -> tuple[int, int]:
        """The fewest and the most people that a population of whole people was seen with."""
        return int(self.search.least[self.number]), int(self.search.most[self.number])

    @property
    def is_wide(self) -> bool:
        fewest, most = self.seen
        return most - fewest >= self.target.needed or (self.target.movers and fewest == 0)

    @property
    def is_opened(self) -> bool:
        """Is the target beyond doubt too narrow, neither certainly large nor certainly none?"""
        fewest, most = self.seen
        narrow = self.high - self.low < self.target.needed and fewest < self.policy.k and most > 0
        return narrow and (self.low > 0 or not self.target.movers)

    def is_reached(self, *, least: bool) -> bool:
        """Is the end one that a population has? No limit is an end that need not be reached."""
        fewest, most = self.seen
        return self.low >= fewest if least else self.high <= most

    def tighten(self, *, least: bool) -> None:
        """The narrowest this end can be."""
        self.ask(least=least)
        if self.high < inf or least:
            self.settle(least=least)

    def decide(self) -> None:
        """As little as shows whether the target is safe: wide, large, or known to be none. Cheap questions first."""
        for step in (self.ask, self.look_near, self.settle):
            for least in (True, False):
                if self.is_wide or self.low >= self.policy.k or self.is_opened:
                    return
                if least or step == self.ask or self.high < inf:
                    step(least=least)

    def ask(self, *, least: bool) -> None:
        """One linear programme."""
        if self.is_reached(least=least):
            return
        value, population = self.search.programme.extreme(self.row, least=least)
        self.search.see(population)
        if least:
            self.low = max(self.low, ceil(value - _SLACK))
        elif value < inf:
            self.high = min(self.high, floor(value + _SLACK))

    def look_near(self, *, least: bool) -> None:
        """More corners near the end: one of them may be of whole people."""
        rng = np.random.default_rng(self.number)
        for _ in range(_NEAR):
            if self.is_reached(least=least) or self.is_wide:
                return
            self.search.see(self.search.programme.near(self.row, rng, least=least))

    def settle(self, *, least: bool) -> None:
        """Integer programmes, until the end is one that some population reaches; not ``proved`` if cut short."""
        while not self.is_reached(least=least):
            at = self.low if least else int(self.high)
            answer, population = self.search.whole.with_count(self.row, at, at)
            self.search.see(population)
            if answer is None:
                self.proved = False
                return
            if answer is False and least:
                self.low += 1
            elif answer is False:
                self.high -= 1

    def rule(self) -> Rule | None:
        """The rule that is broken, given what is known."""
        if self.high - self.low >= self.target.needed or self.low >= self.policy.k:
            return None
        if self.target.movers:
            return Rule.MOVERS if self.low > 0 else None
        if (self.low, self.high) == (0, 0):
            return None if self.target.zero_ok else Rule.ZERO_KNOWN
        return Rule.MARGIN if self.target.margin else Rule.NARROW
