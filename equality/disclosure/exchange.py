"""The exchange format, in which protection and attack can be used, compared and checked alone: two JSON documents.

RELEASE.json says what people there are and which tables are wanted of them. PUBLISHED.json ("sdc-audit/1") says what
was printed, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

FORMAT = "sdc-audit/1"
MAIN = "main"

Key = tuple[str, ...]


@dataclass(frozen=True)
class Categories:
    """A dimension: its finest codes, and group codes with the leaves that each sums. Groups overlap freely."""

    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    def within(self, code: str) -> tuple[str, ...]:
        """The leaves of a leaf or group code."""
        return (code,) if code in self.leaves else self.groups[code]


@dataclass(frozen=True)
class Rules:
    """What must hold. Counts 1 to ``k`` - 1 are small; a cell that is not exact must be ``min_width`` wide; ``zero_ok``:
    zeros may be known. ``form`` and ``base``: how the protecting side prints. ``insider``: also against the only
    member of a cell."""

    k: int = 5
    min_width: int = 5
    zero_ok: bool = True
    form: str = "exact"
    base: int = 5
    insider: bool = False


@dataclass(frozen=True)
class Link:
    """Two blocks are the same people at two times: so many joined and left in between, at least and at most, and
    nobody who stayed changed in the dimensions of ``fixed``."""

    start: str
    end: str
    joiners: tuple[int, int]
    leavers: tuple[int, int]
    fixed: tuple[str, ...]


class Kind(StrEnum):
    EXACT = "exact"
    SUPPRESSED = "suppressed"
    RANGE = "range"
    ROUNDED = "rounded"
    PERCENT = "percent"


@dataclass(frozen=True)
class PrintedCell:
    """``low``, ``high``: what the printed form says of the count (``high`` None: no limit). A percentage says instead
    that the count is between ``percent_low`` and ``percent_high`` hundredths of the cell ``of``."""

    key: Key
    kind: Kind
    low: int = 0
    high: int | None = None
    percent_low: float = 0.0
    percent_high: float = 0.0
    of: Key = ()


@dataclass(frozen=True)
class PrintedTable:
    """``dims``: dimension of each place of a key. ``where``: one code of further dimensions that all people share."""

    id: str
    block: str
    dims: tuple[str, ...]
    where: Mapping[str, str]
    cells: Sequence[PrintedCell]


@dataclass(frozen=True)
class Published:
    """What is public."""

    dimensions: Mapping[str, Categories]
    tables: Sequence[PrintedTable]
    links: Sequence[Link] = ()
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class WantedTable:
    """A table that is wanted of ``block``, of every block where that is None. ``margins``: with group codes too."""

    id: str
    dims: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    margins: bool = True
    block: str | None = None


@dataclass(frozen=True)
class Wanted:
    """``records``: for every block, the leaf code of each person in the order of ``dimensions``. ``people``: for every
    block who each record is, where records say so. Secret."""

    dimensions: Mapping[str, Categories]
    records: Mapping[str, Sequence[Key]]
    tables: Sequence[WantedTable]
    people: Mapping[str, Sequence[str]] | None = None
    links: Sequence[Link] = ()
    rules: Rules = field(default_factory=Rules)
    ledger: Published | None = None


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a document. ``code`` never changes; ``where`` is the way to it; nothing of a
    person is in it."""

    code: str
    where: str
    what: str
    expected: str
    next: str


class BadDocument(ValueError):
    """A document that cannot be used: every fault of it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.what}" for fault in faults))
        self.faults = list(faults)
