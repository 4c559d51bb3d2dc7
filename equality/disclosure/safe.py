"""What may be shown. Nothing in here has ever held a number that may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from equality.disclosure.release import MAIN, Key
from equality.tables import Dimension


class Status(StrEnum):
    """Why there is no number, in the symbols of the Government Statistical Service."""

    CONFIDENTIAL = "[c]"
    NOT_AVAILABLE = "[x]"
    NOT_APPLICABLE = "[z]"
    TOO_FEW = "[u]"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Status.CONFIDENTIAL: "hidden so that nobody can work out a small number of people, or what a few people are paid",
    Status.NOT_AVAILABLE: "not collected, or nothing to compare with",
    Status.NOT_APPLICABLE: "the question does not arise",
    Status.TOO_FEW: "too few people, or too few who declared, to say anything",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A count that may be shown, or a range that holds it, or the reason why there is neither. Zero is a count.

    A count that was rounded for printing carries the range that it stands for; an exact one does not."""

    value: int | None
    status: Status | None = None
    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        ranged = self.low is not None and self.high is not None
        if (self.value is not None or ranged) == (self.status is not None):
            raise ValueError("a cell holds either a number or a status")
        if (self.low is None) != (self.high is None):
            raise ValueError("a range has two ends")

    @property
    def limits(self) -> tuple[int, int] | None:
        """At least, at most so many; None where there is a status."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        return None if self.value is None else (self.value, self.value)

    @classmethod
    def between(cls, low: int, high: int) -> "Cell":
        """A range, and nothing more."""
        return cls(low, None) if low == high else cls(None, None, low, high)


@dataclass(frozen=True)
class SafeTable:
    """A table after protection. ``shown`` has the counts that may be printed and no others; cells of the table that
    are missing there are confidential. ``too_few``: codes that are listed without being split."""

    id: str
    dimensions: tuple[Dimension, ...]
    codes: Mapping[str, tuple[str, ...]]
    shown: Mapping[Key, Cell]
    where: Mapping[str, str] = field(default_factory=dict)
    too_few: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    block: str = MAIN

    def cell(self, *key: str) -> Cell:
        """The cell of one code per dimension, in the table's order."""
        if any(code in self.too_few.get(name, ()) for name, code in zip(self.codes, key, strict=True)):
            return Cell(None, Status.TOO_FEW)
        if any(code not in self.codes[name] for name, code in zip(self.codes, key, strict=True)):
            return Cell(None, Status.NOT_AVAILABLE)
        return self.shown.get(key, Cell(None, Status.CONFIDENTIAL))

    def dimension(self, name: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.code == name)

    def listed(self, name: str) -> tuple[str, ...]:
        """Codes to print, in order: those shown and those said to be too few."""
        wanted = {*self.codes[name], *self.too_few.get(name, ())}
        dimension = self.dimension(name)
        order = (*dimension.leaves, *dimension.groups)
        return tuple(code for code in order if code in wanted)

    @property
    def size(self) -> int:
        """How many cells there are."""
        total = 1
        for codes in self.codes.values():
            total *= len(codes)
        return total

    @property
    def hidden(self) -> int:
        """How many cells are confidential."""
        return self.size - len(self.shown)
