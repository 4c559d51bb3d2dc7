"""Which regions to hide, and a proof that it is enough: the search hides as little as each witness needs, and the
witnesses that it used are the proof."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from equality.disclosure.goals import (
    Goals,
    Printing,
    are_small,
    bounds_of,
    cannot_be_printed,
    goals_of,
    limits_of,
)
from equality.disclosure.model import Floats, Mask, Model, Multipliers, Placed, Vector
from equality.disclosure.policy import Policy
from equality.disclosure.programmes import Programme
from equality.disclosure.witnesses import CannotProtect, Proof, Watch, Witnesses, unwatched

_LAST_TIME = 0.3  # what was hidden last time is missed less
_HIDDEN_ALREADY = 0.5  # what the best answer so far hides may as well stay hidden
_SPARING = 600_000_000  # effort at most to hide less than the first answer: about fifteen seconds
_CLEARLY = 1e-3  # above what a solver's rounding can feign
_ENOUGH = 15_000_000_000  # effort at most before the search gives up and hides everything: about ten minutes


class _NoWitness(RuntimeError):
    """No whole change was found for a region in the effort allowed."""


@dataclass(frozen=True)
class _Attempt:
    """One way to go about it. ``finest_first``: small regions in the order of how much they hold together, else of how
    few people they hold. ``by_count``: how much more a larger count is missed; a little, so that the smaller of two
    counts is hidden where either would do. ``again``: what the best attempt so far
    hides costs less."""

    finest_first: bool
    by_count: float = 0.0
    again: bool = False


_ATTEMPTS = (
    _Attempt(finest_first=False, by_count=0.01),
    _Attempt(finest_first=True, by_count=0.15),
    _Attempt(finest_first=True, again=True),
)


def search(model: Model, policy: Policy, printing: Printing, *, watch: Watch = unwatched) -> Proof:
    """Find what to hide. ``watch`` is told how many regions are looked after, and of how many; it may raise to stop
    the search. Deterministic. Raises CannotProtect."""
    best, effort = None, 0
    for way in _ATTEMPTS:
        if effort > _SPARING / 2:
            break
        cost = _cost_of_hiding(model, way, best)
        attempt = _Search(model, policy, printing, cost, watch, sparing=True)
        secured = attempt.is_secured(finest_first=way.finest_first)
        effort += attempt.programme.effort
        if not secured and attempt.programme.staying.any():  # it was shown for good what others needed hidden
            attempt = _Search(model, policy, printing, cost, watch)
            secured = attempt.is_secured(finest_first=way.finest_first)
            effort += attempt.programme.effort
        if secured and (best is None or attempt.lost < best.lost):
            best = attempt
    if best is None:
        return hide_everything(model, policy, printing, watch=watch)
    best.reroute(_SPARING - effort)
    try:
        best.shield()
    except _NoWitness:
        return hide_everything(model, policy, printing, watch=watch)
    return best.proof()


def reconsider(
    witnesses: Sequence[Placed], model: Model, policy: Policy, printing: Printing, *, watch: Watch = unwatched
) -> Proof:
    """What to hide, from the proof of a release of the same people that shows more: of its witnesses those that are
    still needed. Otherwise as ``search``."""
    attempt = _Search(model, policy, printing, _cost_of_hiding(model, _ATTEMPTS[0], None), watch)
    attempt.recall([model.change(witness) for witness in witnesses])
    try:
        attempt.secure()
        attempt.reroute(_SPARING)
        attempt.shield()
    except _NoWitness:
        return hide_everything(model, policy, printing, watch=watch)
    return attempt.proof()


def hide_everything(model: Model, policy: Policy, printing: Printing, *, watch: Watch = unwatched) -> Proof:
    """The safe answer that is always there: all but the number of people, and what is public already. Raises
    CannotProtect where not even that can be proved."""
    attempt = _Search(model, policy, printing, model.weight, watch)
    attempt.hide(np.flatnonzero(attempt.programme.movable & model.wanted).tolist())
    try:
        attempt.secure()
        attempt.shield()
    except _NoWitness as stuck:
        raise CannotProtect(
            "No proof was found that these tables can be shown, even with all but the totals hidden. "
            "Leave out tables, or use broader groups."
        ) from stuck
    return replace(attempt.proof(), everything=True)


def _cost_of_hiding(model: Model, way: _Attempt, best: "_Search | None") -> Floats:
    """Of every region its weight; little for what was hidden last time."""
    cost = model.weight * np.where(model.among(model.hidden_before), _LAST_TIME, 1.0)
    if way.again and best:
        cost = cost * np.where(best.hidden, _HIDDEN_ALREADY, 1.0)
    found: Floats = cost * (1.0 + model.counts / 5.0) ** way.by_count
    return found


class _Search:
    """One pass. ``left``: of regions that earlier releases bound, how far witnesses can take them at all; ``exposed``:
    those of them that stay too narrow. ``sparing``: what cannot stay open whatever is hidden is shown, unless it is
    small."""

    def __init__(
        self, model: Model, policy: Policy, printing: Printing, cost: Floats, watch: Watch, *, sparing: bool = False
    ) -> None:
        self.sparing = sparing
        self.model, self.policy, self.printing, self.cost, self.watch = model, policy, printing, cost, watch
        self.small = small = are_small(model, policy)
        told = model.among(model.told)
        public = told & (model.low == model.high)
        totals = model.among(model.everybody)
        nobody = (model.counts == 0) & ~model.special & policy.zeros  # from it follow zeros of sensitive answers
        shown = public | nobody | (totals if policy.hides else False)
        fixed = ~model.wanted | (shown & ~small) | (totals & (not policy.hides)) | model.empty
        self.witnesses = Witnesses(model, printing)
        self.proved: dict[int, Multipliers] = {}
        self.exposed = set(np.flatnonzero(public & small).tolist())
        self.left = {region: (int(model.counts[region]),) * 2 for region in sorted(self.exposed)}
        self.members: set[tuple[int, int]] = set()
        self.programme = Programme(model, *limits_of(model, printing), cost, np.flatnonzero(fixed).tolist())
        finer = (printing.low > model.low) | (printing.high < model.high)
        lonely = model.among(model.others) & (printing.high == 0)
        told_less = told & ~public & ~nobody & finer
        asked = model.wanted & ~model.empty
        self.unprintable = asked & cannot_be_printed(model, policy, printing)
        self.kept = self.unprintable | (asked & ((small & policy.hides) | lonely | told_less))
        self.hide(np.flatnonzero(self.kept).tolist())

    def hide(self, regions: Collection[int]) -> None:
        fresh = [region for region in sorted(regions) if not self.hidden[region]]
        if fresh:
            self.programme.hide(fresh)
            self.proved.clear()  # beyond doubt by numbers that are hidden now

    @property
    def hidden(self) -> Mask:
        return self.programme.hidden

    @property
    def lost(self) -> float:
        """How much is hidden, by weight."""
        return float(self.model.weight[self.hidden].sum())

    def is_secured(self, *, finest_first: bool) -> bool:
        """As ``secure``; did it succeed?"""
        try:
            self.secure(finest_first=finest_first)
        except _NoWitness:
            return False
        return True

    def secure(self, *, finest_first: bool = True) -> None:
        """Find witnesses until every region is open enough. Repeats, because what is hidden on the way has to stay
        open too. Small counts before others."""
        counts, unknowns = self.model.counts, np.diff(self.model.matrix.indptr)
        order = np.lexsort((-counts, unknowns) if finest_first else (unknowns, counts))
        while True:
            goals = self.goals()
            missed = order[self.missed(goals)[order]]
            missed = missed[np.argsort(~goals.must[missed], kind="stable")].tolist()
            if not missed:
                return
            for at, region in enumerate(missed):
                self.watch(at, len(missed))
                if goals.must[region]:
                    self._stretch(region, int(goals.low[region]), int(goals.high[region]))
                elif self._is_narrow(region, int(goals.width[region])):
                    self._widen(region, int(goals.width[region]))

    def goals(self) -> Goals:
        return goals_of(self.model, self.policy, self.printing, self.hidden)

    def missed(self, goals: Goals) -> Mask:
        """Regions that no witnesses keep open yet, apart from those about which nothing can be done or need be."""
        found = goals.missed(self.witnesses.least, self.witnesses.most)
        found[list(self.proved)] = False
        for region, limits in self.left.items():
            found[region] = not self.witnesses.are_at(region, limits)
        return found

    def _aim(self, region: int, goals: Goals) -> tuple[int, int]:
        """How far witnesses are to take a region that must not be told, one way and the other."""
        return self.left.get(region, (int(goals.low[region]), int(goals.high[region])))

    def _is_narrow(self, region: int, width: int) -> bool:
        return bool(self.witnesses.most[region] - self.witnesses.least[region] < width)

    def _stretch(self, region: int, low: int, high: int) -> None:
        if self._reach(region, high) and self._reach(region, low):
            return
        self._take_what_is_left(region, low, high)

    def _take_what_is_left(self, region: int, low: int, high: int) -> None:
        """Reach as far as can be between two counts, or as wide, when nothing but what is public already is told of the
        region; and take note that this is all."""
        least = self.programme.extreme(region, least=True, everything=True)
        most = self.programme.extreme(region, least=False, everything=True)
        lowest = low if least is None else max(low, -floor(-least + 1e-6))
        bottom = self._nearest(region, lowest)
        if region in self.model.movers and bottom == 0 and self.model.counts[region]:
            return  # it may be that nobody of them moved
        limit = self.model.counts[region] + self.programme.limits(region)[1]
        wide = int(min(limit, max(high, bottom + self.policy.width)))
        highest = wide if most is None else min(wide, floor(most + 1e-6))
        top = self._nearest(region, highest)
        is_narrow = top - bottom < min(self.policy.width, limit - low)
        if is_narrow and self._may_be_shown(region):
            self._show_for_good(region)
            return
        is_less_than_public = (bottom, top) != (lowest, highest) and self.programme.staying.any()
        if is_less_than_public and (is_narrow or self.small[region]):
            raise _NoWitness
        self.left[region] = bottom, top
        if is_narrow:
            self.exposed.add(region)

    def _may_be_shown(self, region: int) -> bool:
        """Was it hidden for the sake of others only?"""
        return bool(self.sparing and self.hidden[region] and self.model.wanted[region] and not self.kept[region])

    def _show_for_good(self, region: int) -> None:
        """What cannot stay open whatever is hidden must not be hidden: do without the witnesses that move it, and ask
        again for what they have shown."""
        self.programme.stay(region)
        self.witnesses.drop(region)
        self.left = {one: limits for one, limits in self.left.items() if self.witnesses.are_at(one, limits)}
        self.exposed &= self.left.keys()

    def _show_unneeded(self) -> None:
        """What no witness moves may as well be printed."""
        unneeded = np.flatnonzero(self._still & ~self.kept).tolist()
        self.programme.show(unneeded)
        self.exposed -= set(unneeded)
        self.left = {region: limits for region, limits in self.left.items() if region not in set(unneeded)}

    def _show_known(self) -> None:
        """What is hidden because it was hidden before, though anybody could work it out, protects nobody."""
        others = self.model.among(self.model.others)
        candidates = np.flatnonzero(self._still & self.kept & ~self.small & ~others & ~self.unprintable).tolist()
        self.kept[[region for region in candidates if self._is_known(region)]] = False
        self._show_unneeded()

    @property
    def _still(self) -> Mask:
        """Hidden regions that no witness moves beyond what would be printed."""
        found: Mask = self.hidden & (self.witnesses.needing == 0)
        return found

    def _is_known(self, region: int) -> bool:
        """Does the number follow from what would be printed?"""
        limits = [self.programme.extreme(region, least=least) for least in (True, False)]
        return all(limit is not None and abs(limit - self.model.counts[region]) < _CLEARLY for limit in limits)

    def _nearest(self, region: int, count: int) -> int:
        """The count nearest to this, or beyond it, that a witness brings a region to. Raises _NoWitness where a nearer
        one may be there."""
        truth = int(self.model.counts[region])
        while count != truth and not self._reach(region, count, everywhere=True):
            change, impossible = self.programme.at_any_price(region, count - truth)
            if change is not None:
                self._add(change)
                return count
            if not impossible:
                raise _NoWitness
            count += 1 if count < truth else -1
        return count

    def _widen(self, region: int, width: int) -> None:
        """Either beyond doubt at the threshold, or wide enough, whichever way costs less to ask for first."""
        low, high = self.programme.limits(region)
        count = int(self.model.counts[region])
        top, bottom = count + high, count + low
        if count >= self.policy.threshold > bottom and self._is_beyond_doubt(region):
            self.proved[region] = self.programme.multipliers
            return
        up, down = self.witnesses.least[region] + width, self.witnesses.most[region] - width
        if up <= top and self._reach(region, int(up)):
            return
        if down >= bottom and self._reach(region, int(down)):
            return
        for step in range(width, -1, -1):
            if count + step <= top and self._reach(region, count + step):
                if self._reach(region, count + step - width):
                    return
                break
        self._take_what_is_left(region, max(int(bottom), count - width), int(min(top, count + width)))

    def _is_beyond_doubt(self, region: int) -> bool:
        if self.programme.extreme(region, least=True) is None:
            return False
        low, high = bounds_of(self.model, self.printing, self.hidden)
        least = self.model.least(region, self.programme.multipliers, low, high)
        return least > self.policy.threshold - 1 + _CLEARLY

    def _reach(self, region: int, count: int, *, everywhere: bool = False) -> bool:
        """Make sure that some witness brings a region to a count, or beyond it."""
        return self.witnesses.are_at(region, [count]) or self._bring(region, count, everywhere=everywhere)

    def _bring(self, region: int, count: int, *, still: Collection[int] = (), everywhere: bool = False) -> bool:
        """Find a witness that brings a region to a count, and does not move those of ``still``. ``everywhere``: even
        where there is too much to look at everywhere."""
        if self.programme.effort > _ENOUGH:
            raise _NoWitness
        far = count - int(self.model.counts[region])
        change = self.programme.witness(region, far, still=still, everywhere=everywhere)
        if change is not None:
            self._add(change)
        return change is not None

    def recall(self, changes: Sequence[Vector]) -> None:
        """Of witnesses that were found before, take up those that small regions need: whichever hides least more."""
        moves = [self.witnesses.moved(change) for change in changes]
        goals = self.goals()
        for region in np.flatnonzero(goals.must & self.missed(goals)).tolist():
            for count in (int(goals.high[region]), int(goals.low[region])):
                if not self.witnesses.are_at(region, [count]):
                    far = count - int(self.model.counts[region])
                    there = [
                        at for at, moved in enumerate(moves) if 0 < far <= moved[region] or 0 > far >= moved[region]
                    ]
                    if there:
                        self._add(changes[min(there, key=lambda at: self._costs_more(moves[at]))])

    def _costs_more(self, moved: Vector) -> float:
        return float(self.cost[self.witnesses.beyond(moved) & ~self.hidden].sum())

    def _add(self, change: Vector) -> None:
        """Take up a witness, and hide what it moves beyond what would be printed."""
        moved = self.witnesses.add(change)
        self.hide(np.flatnonzero(self.witnesses.beyond(moved)).tolist())

    def shield(self) -> None:
        """Against the only member of a region, who knows to be its only one: of every other small region of the block,
        enough witnesses that no region of one person is moved by all of them."""
        if not self.policy.insider:
            return
        goals = self.goals()
        small = np.flatnonzero(goals.must & ~self.model.among(self.model.movers)).tolist()
        alone = [region for region in small if self.model.counts[region] == 1]
        for at, region in enumerate(small):
            self.watch(at, len(small))
            if region not in self.exposed:
                self._shield(region, alone, *self._aim(region, goals))
        self.secure()

    def _shield(self, region: int, alone: Sequence[int], low: int, high: int) -> None:
        """Members of a part of the region know one of its people already; those of whom it is a part, its limits."""
        regions, named = self.model.regions, self.model.regions[region]
        others = [one for one in alone if one != region and regions[one].block == named.block]
        within = [one for one in others if regions[one].is_within(named)]
        apart = [one for one in others if not (regions[one].is_within(named) or named.is_within(regions[one]))]
        for members, least in ((apart, low), (within, max(low, 1))):
            for count in (high - low + least, least):
                for one in self.witnesses.stuck(region, members, count):
                    if self.witnesses.stuck(region, [one], count) and not self._bring(region, count, still=[one]):
                        self.members.add((one, region))

    def reroute(self, allowed: int) -> None:
        """Show again what witnesses can do without by moving other hidden regions instead, first what fewest of them
        need; with so much effort at most."""
        self._show_unneeded()
        self.programme.freeze(frozen=True)
        limit = self.programme.effort + allowed
        for region in self._spareable():
            if self.programme.effort > limit:
                break
            self.watch(self.programme.effort + allowed - limit, allowed)
            self._show_by_rerouting(region, limit)
        self.programme.freeze(frozen=False)
        self._show_known()

    def _show_by_rerouting(self, region: int, limit: int) -> None:
        changes, moves, proved = list(self.witnesses.changes), list(self.witnesses.moves), dict(self.proved)
        self.witnesses.drop(region)
        self.programme.show([region])
        goals, hidden = self.goals(), self.hidden.copy()
        for other in np.flatnonzero(self.missed(goals)).tolist():
            if self.programme.effort > limit or not self._answered_again(other, goals):
                break
        else:
            if not self.missed(self.goals()).any() and (hidden == self.hidden).all():
                return
        self.proved = proved
        self.witnesses.take(changes, moves)
        self.programme.hide([region])

    def _answered_again(self, region: int, goals: Goals) -> bool:
        if goals.must[region]:
            low, high = self._aim(region, goals)
            return self._reach(region, high) and self._reach(region, low)
        width = int(goals.width[region])
        count = int(self.model.counts[region])
        for target in (int(self.witnesses.least[region]) + width, int(self.witnesses.most[region]) - width):
            if target >= 0 and target != count and self._reach(region, target):
                return True
        return False

    def _spareable(self) -> list[int]:
        needed = self.witnesses.needing
        found = np.flatnonzero(self.hidden & ~self.kept).tolist()
        return sorted(found, key=lambda c: (needed[c], -self.cost[c], c))

    def proof(self) -> Proof:
        self.watch(1, 1)
        return Proof(
            hidden=frozenset(np.flatnonzero(self.hidden).tolist()),
            changes=self.witnesses.as_rows(),
            proved=dict(self.proved),
            exposed={region: self.left[region] for region in sorted(self.exposed)},
            bounded={region: limits for region, limits in self.left.items() if region not in self.exposed},
            members=frozenset(self.members),
            nearby=self.programme.near is not None,
        )
