"""Exact counts of people by category, with margins. Exact means secret: only ``equality.disclosure`` turns one into
something that may be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

TOTAL = "_total"
MINORITY = "_minority"
DECLARED = "_declared"
NOT_DECLARED = "_not_declared"
ASKED = "_asked"
SUMS = (DECLARED, NOT_DECLARED, TOTAL)

Counts = NDArray[np.int64]


class UnknownCode(LookupError):
    """A code that is neither a leaf nor a group of the dimension."""


@dataclass(frozen=True)
class Dimension:
    """A variable as one report presents it.

    ``leaves``: the finest codes, in printing order; non-responses are leaves like any other. ``groups``: code to the
    leaves it sums, overlapping freely; always with ``_declared``, ``_not_declared`` and ``_total``. ``labels``: words
    for every code. ``short``: shorter words, for the heads of
    columns. ``version`` names the code list and grouping. ``occupied``: the substantive leaves were taken from
    the data, so that a reader knows each to hold somebody."""

    code: str
    label: str
    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    version: str = ""
    short: Mapping[str, str] = field(default_factory=dict)
    occupied: bool = False

    @cached_property
    def position(self) -> dict[str, int]:
        return {leaf: index for index, leaf in enumerate(self.leaves)}

    def members(self, code: str) -> tuple[int, ...]:
        """Positions of the leaves that a leaf or group code stands for. Raises UnknownCode."""
        if code in self.position:
            return (self.position[code],)
        if code not in self.groups:
            raise UnknownCode(f"{self.code} has no code {code}")
        return tuple(self.position[leaf] for leaf in self.groups[code])

    @property
    def substantive(self) -> tuple[str, ...]:
        """Leaves whose answer is known."""
        return tuple(self.groups[DECLARED])

    @property
    def broad(self) -> tuple[str, ...]:
        """Group codes apart from the totals, in printing order."""
        return tuple(code for code in self.groups if not code.startswith("_"))

    def finer(self, codes: Collection[str]) -> tuple[str, ...]:
        """Leaves among some codes that a broad group among them contains. A group of one leaf may have its code, and is
        no finer than itself. None where nobody could be told apart without them."""
        groups = [code for code in self.broad if code in codes]
        found = tuple(leaf for group in groups for leaf in self.groups[group] if leaf in codes and leaf not in groups)
        left = [code for code in codes if code not in found and not code.startswith("_")]
        return found if len(left) > 1 else ()


@dataclass(frozen=True)
class Table:
    """Counts over the leaves of its dimensions: ``counts.shape`` is the number of leaves of each dimension in
    turn."""

    dimensions: tuple[Dimension, ...]
    counts: Counts

    def __post_init__(self) -> None:
        expected = tuple(len(dimension.leaves) for dimension in self.dimensions)
        if self.counts.shape != expected:
            raise ValueError(f"counts have shape {self.counts.shape}, the dimensions {expected}")
        self.counts.setflags(write=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.code for dimension in self.dimensions)

    def count(self, **codes: str) -> int:
        """People in the given codes; a dimension that is not named counts in full."""
        picked = [dimension.members(codes.get(dimension.code, TOTAL)) for dimension in self.dimensions]
        return int(self.counts[np.ix_(*picked)].sum()) if picked else int(self.counts)

    def margin(self, names: tuple[str, ...]) -> "Table":
        """The table over some of the dimensions, in the order asked for."""
        kept = [self.names.index(name) for name in names]
        dropped = tuple(axis for axis in range(self.counts.ndim) if axis not in kept)
        summed = self.counts.sum(axis=dropped)
        order = np.argsort(np.argsort(kept))
        return Table(tuple(self.dimensions[axis] for axis in kept), np.ascontiguousarray(summed.transpose(order)))
