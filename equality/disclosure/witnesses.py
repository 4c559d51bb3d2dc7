"""Witnesses, and what they prove.

A *witness* is a change of the true population, in whole people, that leaves every printed number as it is: a reader
cannot tell the changed population from the true one. A small count is safe when one witness empties it and another
brings it to the threshold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equality.disclosure.goals import Printing
from equality.disclosure.model import Mask, Model, Multipliers, Vector

Watch = Callable[[int, int], None]


def unwatched(done: int, of: int) -> None:
    """Nobody wants to know how far the search is."""


class CannotProtect(RuntimeError):
    """No safe answer was found, not even by hiding everything that is not public already."""


@dataclass(frozen=True)
class Proof:
    """``hidden``: regions that must not be shown. ``changes``: witnesses, one row each, over the unknowns. ``proved``:
    regions that nobody can place below the threshold at all, with what shows it. ``exposed``: regions that earlier
    releases give away, with the narrowest interval that they leave open. ``bounded``: the same for regions that they
    bound, but leave wide enough. ``members``: (region of one person, region)
    where that person alone can bound the other more closely than the policy allows. ``nearby``: there was
    too much to look everywhere for what hides least. ``everything``: the search gave up and hid all it could.

    Secret: a witness with the published numbers tells the truth.
    """

    hidden: frozenset[int]
    changes: sparse.csr_array
    proved: Mapping[int, Multipliers] = field(default_factory=dict)
    exposed: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    bounded: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    members: frozenset[tuple[int, int]] = frozenset()
    nearby: bool = False
    everything: bool = False


class Witnesses:
    """The witnesses that a search has taken up. ``moves``: how far each moves every region. ``least``, ``most``: how
    far they take every region, one way and the other."""

    def __init__(self, model: Model, printing: Printing) -> None:
        self.model, self.printing = model, printing
        self.take([], [])

    def take(self, changes: Sequence[sparse.csr_array], moves: Sequence[Vector]) -> None:
        """These and no others."""
        self.changes, self.moves = list(changes), list(moves)
        after = self.model.counts + np.array(self.moves) if self.moves else self.model.counts[None, :]
        self.least = np.minimum(after.min(axis=0), self.model.counts)
        self.most = np.maximum(after.max(axis=0), self.model.counts)

    def add(self, change: Vector) -> Vector:
        """Take up one more. How far it moves every region."""
        moved = self.moved(change)
        after = self.model.counts + moved
        self.changes.append(sparse.csr_array(change[None, :]))
        self.moves.append(moved)
        self.least, self.most = np.minimum(self.least, after), np.maximum(self.most, after)
        return moved

    def drop(self, region: int) -> None:
        """Do without those that a region would betray if it were printed."""
        kept = [at for at, moved in enumerate(self.moves) if not self._betrays(moved, region)]
        self.take([self.changes[at] for at in kept], [self.moves[at] for at in kept])

    def moved(self, change: Vector) -> Vector:
        """How far a change moves every region."""
        moved: Vector = np.rint(self.model.matrix @ change).astype(np.int64)
        return moved

    def beyond(self, moved: Vector) -> Mask:
        """What would not be printed as it is, were everything moved so far."""
        after = self.model.counts + moved
        found: Mask = self.model.wanted & ((after < self.printing.low) | (after > self.printing.high))
        return found

    @property
    def needing(self) -> Vector:
        """How many of them every region would betray."""
        found = np.zeros(len(self.model.regions), dtype=np.int64)
        for moved in self.moves:
            found += self.beyond(moved)
        return found

    def stuck(self, region: int, members: Sequence[int], count: int) -> list[int]:
        """Those regions that every witness moves that brings another to a count, or beyond it."""
        truth = int(self.model.counts[region])
        if count == truth or not members:
            return []
        far = count - truth
        there = [moved for moved in self.moves if (moved[region] >= far if far > 0 else moved[region] <= far)]
        moving = np.array([moved[list(members)] for moved in there]).reshape(len(there), len(members)) != 0
        return [one for one, always in zip(members, moving.all(axis=0), strict=True) if always]

    def are_at(self, region: int, counts: Collection[int]) -> bool:
        """Do some of them bring a region to each of these counts, or beyond it?"""
        return all(bool(self.least[region] <= count <= self.most[region]) for count in counts)

    def as_rows(self) -> sparse.csr_array:
        """(witnesses, unknowns)"""
        none = sparse.csr_array((0, self.model.unknowns.size), dtype=np.int64)
        return sparse.csr_array(sparse.vstack([none, *self.changes]))

    def _betrays(self, moved: Vector, region: int) -> bool:
        after = self.model.counts[region] + moved[region]
        return bool(after < self.printing.low[region] or after > self.printing.high[region])
