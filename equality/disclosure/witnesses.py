"""Which regions to hide, and a proof that it is enough.

A *witness* is a change of the true population, in whole people, that leaves every published number as it is: a reader
cannot tell the changed population from the true one. A small count is safe when one witness empties it and another
brings it to the threshold. The search hides as little as each witness needs, inner cells first; the witnesses it used
are the proof."""

from collections.abc import Collection
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.facts import Facts, Vector, cost_of_hiding
from equality.disclosure.policy import Policy
from equality.disclosure.solver import QuietHighs

_HIDDEN_COST = 1e-4
_ATOM_COST = 0.02  # keeps the corners that the solver stops at whole
_WHOLE = 1e-6
_NODES = 500  # a limit that every machine reaches at the same point, unlike one of time


_ANSWERED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)


class CannotProtect(RuntimeError):
    """What is already public opens a small count, and no further hiding can close it."""


@dataclass(frozen=True)
class Proof:
    """``hidden``: regions that must not be shown. ``changes``: witnesses, one row each, over the atoms. ``proved``:
    hidden regions that nobody can place below the threshold at all. ``everything``: the search gave up and hid all it
    could.

    Secret: a witness with the published numbers tells the truth.
    """

    hidden: frozenset[int]
    changes: NDArray[np.int64]
    proved: frozenset[int] = frozenset()
    everything: bool = False


def search(facts: Facts, policy: Policy, shown: Collection[int] = (), kept: Collection[int] = ()) -> Proof:
    """Find what to hide. ``shown``: regions already public, which cannot be hidden. ``kept``: regions to hide in any
    case.

    Deterministic. Raises CannotProtect where ``shown`` gives a small count away.
    """
    attempt = _Search(facts, policy, frozenset(shown), frozenset(kept))
    try:
        attempt.secure_small()
        attempt.secure_others()
    except _NoWitness:
        return _hide_everything(facts, policy, frozenset(shown))
    return attempt.pruned()


def small(facts: Facts, policy: Policy) -> frozenset[int]:
    """Regions that hold 1 to k-1 people."""
    return frozenset(np.flatnonzero((facts.counts > 0) & (facts.counts < policy.threshold)).tolist())


class _NoWitness(RuntimeError):
    """No whole change was found for a region in the time allowed."""


def _hide_everything(facts: Facts, policy: Policy, shown: frozenset[int]) -> Proof:
    """The safe answer that is always there: all but the number of people, and what is public already."""
    everybody = {facts.everybody} - small(facts, policy)
    attempt = _Search(facts, policy, shown | everybody, frozenset(range(len(facts.counts))) - shown - everybody)
    try:
        attempt.secure_small()
        attempt.secure_others()
    except _NoWitness as stuck:
        raise CannotProtect("Figures already published open a small number in this release.") from stuck
    return Proof(attempt.hidden_now(), np.array(attempt.changes), frozenset(attempt.proved), everything=True)


class _Search:
    def __init__(self, facts: Facts, policy: Policy, shown: frozenset[int], kept: frozenset[int]) -> None:
        self.facts, self.policy, self.shown = facts, policy, shown
        self.kept = kept - shown - facts.empty
        self.small = small(facts, policy)
        if self.small & shown:
            raise CannotProtect("A small number has been published before.")
        self.hidden = np.zeros(len(facts.counts), dtype=bool)
        self.changes: list[Vector] = []
        self.moves: list[Vector] = []
        self.proved: set[int] = set()
        self.low, self.high = facts.counts.copy(), facts.counts.copy()
        cost = cost_of_hiding(facts)
        self.solver = _Solver(facts, cost / cost.min(), shown | ({facts.everybody} - self.small))
        self._hide(self.small | self.kept)

    def hidden_now(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self.hidden).tolist())

    def secure_small(self) -> None:
        inner_first = sorted(self.small, key=lambda c: (self.facts.weight[c], -self.facts.counts[c], c))
        for region in inner_first:
            self._reach(region, self._roof(region))
            self._reach(region, int(self.facts.floor[region]))

    def secure_others(self) -> None:
        """Hidden regions that are not small: wide, or beyond doubt at the threshold or above. Repeats until nothing
        more had to be hidden, because each hiding can undo an earlier proof."""
        before = -1
        while before != self.hidden.sum():
            before = self.hidden.sum()
            self.proved.clear()
            for region in sorted(self.hidden_now() - self.small):
                self._widen(region)

    def _roof(self, region: int) -> int:
        return max(self.policy.threshold, int(self.facts.floor[region]) + self.policy.width)

    def _widen(self, region: int) -> None:
        count = int(self.facts.counts[region])
        if count == 0:
            self._reach(region, self._roof(region))
        elif self.high[region] - self.low[region] < self.policy.width:
            if self.solver.least(region, self.hidden) >= self.policy.threshold:
                self.proved.add(region)
            else:
                self._reach(region, count + self.policy.width, count - self.policy.width)

    def _reach(self, region: int, *counts: int) -> None:
        """Make sure that some witness brings a region to one of these counts, the first to be had, or beyond it."""
        true = int(self.facts.counts[region])
        for count in counts:
            if (count >= true and self.high[region] >= count) or (count < true and self.low[region] <= count):
                return
        for count in counts:
            change = self.solver.witness(region, count - true)
            if change is not None:
                self._note(change)
                return
        raise _NoWitness

    def _note(self, change: Vector) -> None:
        """Hide what the witness moves, and remember how far it moves it."""
        moved: Vector = np.rint(self.facts.matrix @ change).astype(np.int64)
        self._hide(set(np.flatnonzero(moved).tolist()))
        self.changes.append(change)
        self.moves.append(moved)
        self.low = np.minimum(self.low, self.facts.counts + moved)
        self.high = np.maximum(self.high, self.facts.counts + moved)

    def _hide(self, regions: Collection[int]) -> None:
        fresh = [region for region in sorted(regions) if not self.hidden[region]]
        self.hidden[fresh] = True
        self.solver.make_cheap(fresh)

    def pruned(self) -> Proof:
        """Show again, dearest first, what no witness that is still needed moves."""
        changes, moves = np.array(self.changes), np.array(self.moves)
        if not self.changes:
            return Proof(
                self.hidden_now(),
                np.zeros((0, self.facts.atoms.size), dtype=np.int64),
                frozenset(self.proved),
            )
        kept = np.ones(len(changes), dtype=bool)
        for region in sorted(self.hidden_now() - self.small - self.kept, key=lambda c: (-self.facts.weight[c], c)):
            without = kept & (moves[:, region] == 0)
            self.hidden[region] = False
            if self._enough(moves[without]):
                kept = without
            else:
                self.hidden[region] = True
        return Proof(self.hidden_now(), changes[kept], frozenset(self.proved & self.hidden_now()))

    def _enough(self, moves: NDArray[np.int64]) -> bool:
        worlds = np.vstack([np.zeros_like(self.facts.counts)[None, :], moves]) + self.facts.counts
        return not unproved(self.facts, self.policy, self.hidden_now(), worlds, self.proved)


def unproved(
    facts: Facts, policy: Policy, hidden: Collection[int], worlds: NDArray[np.int64], proved: Collection[int]
) -> list[int]:
    """Hidden regions that these possible counts (one row a world, the truth among them) do not show to be safe."""
    low, high = worlds.min(axis=0), worlds.max(axis=0)
    open_still = []
    for region in sorted(hidden):
        floor = int(facts.floor[region])
        if facts.counts[region] < policy.threshold:
            safe = low[region] <= floor and high[region] >= max(policy.threshold, floor + policy.width)
        else:
            safe = region in proved or high[region] - low[region] >= policy.width
        if not safe:
            open_still.append(region)
    return open_still


class _Solver:
    """One persistent linear programme: people added to and taken from atoms, and what that does to every region.

    Columns: added, taken (one per atom), up, down (one per region). Only bounds and costs change between questions.
    """

    def __init__(self, facts: Facts, cost: NDArray[np.float64], fixed: Collection[int]) -> None:
        self.facts = facts
        self.atoms, self.regions = facts.atoms.size, len(facts.counts)
        self.up, self.down = 2 * self.atoms, 2 * self.atoms + self.regions
        self.upper = np.concatenate(
            [
                np.full(self.atoms, highspy.kHighsInf),
                facts.atoms,
                np.full(self.regions, highspy.kHighsInf),
                facts.counts - facts.floor,
            ]
        ).astype(float)
        for region in fixed:
            self.upper[[self.up + region, self.down + region]] = 0.0
        self.cost = np.concatenate([np.full(2 * self.atoms, _ATOM_COST), cost, cost])
        self.highs = self._model()

    def make_cheap(self, regions: Collection[int]) -> None:
        for region in regions:
            for column in (self.up + region, self.down + region):
                self.cost[column] = _HIDDEN_COST
                self.highs.changeColCost(column, _HIDDEN_COST)

    def witness(self, region: int, change: int) -> Vector | None:
        """The cheapest whole change of the atoms that moves a region by so many, or None."""
        up, down = self.up + region, self.down + region
        if self.upper[up if change > 0 else down] < abs(change):
            return None
        self._bound(up, max(change, 0), max(change, 0))
        self._bound(down, max(-change, 0), max(-change, 0))
        try:
            found = self._solve()
            if found is not None and not _is_whole(found):
                found = self._solve_whole()
            return None if found is None else np.rint(found).astype(np.int64)
        finally:
            self._bound(up, 0, self.upper[up])
            self._bound(down, 0, self.upper[down])

    def least(self, region: int, hidden: NDArray[np.bool_]) -> int:
        """The least count of a region that the published numbers allow (a bound that no whole population
        undercuts)."""
        columns = np.arange(self.up, self.down + self.regions, dtype=np.int32)
        free = np.concatenate([hidden, hidden])
        self.highs.changeColsBounds(
            columns.size, columns, np.zeros(columns.size), np.where(free, self.upper[columns], 0.0)
        )
        everything = np.arange(self.cost.size, dtype=np.int32)
        wanted = np.zeros(self.cost.size)
        wanted[self.up + region], wanted[self.down + region] = 1.0, -1.0
        self.highs.changeColsCost(everything.size, everything, wanted)
        # Both ways at once would make the region's change unbounded.
        self._bound(self.up + region, 0, self.facts.counts[self.facts.everybody])
        self.highs.run()
        solved = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        change = self.highs.getInfo().objective_function_value if solved else -float(self.facts.counts[region])
        self.highs.changeColsCost(everything.size, everything, self.cost)
        self.highs.changeColsBounds(columns.size, columns, np.zeros(columns.size), self.upper[columns])
        return int(np.ceil(self.facts.counts[region] + change - _WHOLE))

    def _bound(self, column: int, low: float, high: float) -> None:
        self.highs.changeColBounds(column, float(low), float(high))

    def _solve(self) -> NDArray[np.float64] | None:
        self.highs.run()
        values = np.array(self.highs.getSolution().col_value)
        if self.highs.getModelStatus() not in _ANSWERED or values.size == 0:
            return None
        change: NDArray[np.float64] = values[: self.atoms] - values[self.atoms : 2 * self.atoms]
        return change if self._fits(change) else None

    def _fits(self, change: NDArray[np.float64]) -> bool:
        """A search that was cut short can leave half an answer."""
        ties = self.facts.ties @ change
        return bool((self.facts.atoms + change > -_WHOLE).all() and (np.abs(ties) < _WHOLE).all())

    def _solve_whole(self) -> NDArray[np.float64] | None:
        """The same in whole people; any good answer will do, it need not be the cheapest."""
        people = np.arange(2 * self.atoms, dtype=np.int32)
        self.highs.changeColsIntegrality(people.size, people, np.full(people.size, highspy.HighsVarType.kInteger))
        try:
            found = self._solve()
        finally:
            self.highs.changeColsIntegrality(
                people.size, people, np.full(people.size, highspy.HighsVarType.kContinuous)
            )
        return found if found is not None and _is_whole(found) else None

    def _model(self) -> highspy.Highs:
        facts, identity = self.facts, sparse.eye_array(self.regions, format="csr")
        none = sparse.csr_array((facts.ties.shape[0], self.regions))
        rows = sparse.csr_array(
            sparse.vstack(
                [
                    sparse.hstack([facts.matrix, -facts.matrix, -identity, identity]),
                    sparse.hstack([facts.ties, -facts.ties, none, none]),
                ]
            )
        )
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = rows.shape
        model.col_cost_, model.col_lower_, model.col_upper_ = self.cost, np.zeros(self.cost.size), self.upper
        model.row_lower_ = model.row_upper_ = np.zeros(rows.shape[0])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            rows.indptr,
            rows.indices,
            rows.data,
        )
        highs = QuietHighs()
        highs.setOptionValue("mip_max_nodes", _NODES)
        highs.setOptionValue("mip_rel_gap", 0.3)
        highs.passModel(model)
        return highs


def _is_whole(values: NDArray[np.float64]) -> bool:
    return bool((np.abs(values - np.rint(values)) < _WHOLE).all())
