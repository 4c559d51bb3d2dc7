"""A report as somebody outside reads it: the tables of ``report.json``, for the attacker."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from equality.characteristics import special_categories
from equality.disclosure.exchange import MAIN, Classification, Key
from equality.disclosure.policy import PUBLISHED, Policy
from equality.tables import ASKED, DECLARED, TOTAL
from reports.comparisons import SENIOR
from reports.workforce import GRADE

Document = Mapping[str, Any]

ALL_SENIOR = "senior grades"  # a group of grades under a name of ours, which no code list has
HEADCOUNT, IN_GRADE, SENIOR_COUNT = "headcount", "in_grade", "senior"
SHARE, RATE = "share", "declaration_rate"


class NotAReport(ValueError):
    """The document is not a ``report.json``."""


@dataclass(frozen=True)
class Block:
    """A table of a report, as read."""

    said: Document
    period: str
    dimensions: Mapping[str, Classification]

    @property
    def id(self) -> str:
        return str(self.said["id"])

    @property
    def dims(self) -> Key:
        return tuple(self.said["dimensions"])

    @property
    def where(self) -> dict[str, str]:
        """What all its people share."""
        return dict(self.said["population"].get("where", {}))

    def cells(self, *measures: str) -> Iterator[Document]:
        return (cell for cell in self.said["cells"] if cell["measure"] in measures)

    def key(self, cell: Document) -> Key:
        return tuple(cell["dims"][name] for name in self.dims)

    def part_and_whole(self, cell: Document) -> tuple[Key, Key]:
        """Of which counts a percentage is: a share, of those who declared in the dimension that is split; a declaration
        rate, of those who were asked."""
        split = self.said.get("share_of") or self.dims[0]
        if cell["measure"] == SHARE:
            return self.key(cell), self._with(cell, split, DECLARED)
        asked = ASKED if ASKED in self.dimensions[split].groups else TOTAL
        return self._with(cell, split, DECLARED), self._with(cell, split, asked)

    def _with(self, cell: Document, name: str, code: str) -> Key:
        return tuple(code if dimension == name else cell["dims"][dimension] for dimension in self.dims)

    @cached_property
    def printed(self) -> dict[tuple[str, Key], tuple[int, int]]:
        """Counts that are printed, by measure and key: at least, at most, both the same where nothing was rounded."""
        return {
            (cell["measure"], self.key(cell)): (_end(cell, "low"), _end(cell, "high"))
            for cell in self.cells(HEADCOUNT, IN_GRADE, SENIOR_COUNT)
            if cell["value"] is not None
        }


def _end(cell: Document, end: str) -> int:
    found = cell.get(end)
    return int(cell["value"] if found is None else found)


def policy_of(document: Document) -> Policy:
    """The policy that a report names, as it names it."""
    rules = document.get("report", {}).get("policy")
    if rules is None:
        return PUBLISHED
    return Policy.read(rules["code"], {name: rule for name, rule in rules.items() if name != "code"})


def period_of(document: Document) -> str:
    return str(document["report"]["period"]) if "report" in document else MAIN


def organisation_of(document: Document) -> str:
    """Its short name; nothing where the report does not say."""
    return str(document.get("report", {}).get("organisation", ""))


def name_of(document: Document) -> str:
    """What the organisation of a report is called."""
    return str(document.get("report", {}).get("organisation_name", "") or organisation_of(document))


def blocks_of(document: Document, collection: str) -> list[Block]:
    """The tables about people of one collection."""
    dimensions = dimensions_of(document)
    return [
        Block(said, period_of(document), dimensions)
        for said in _tables(document)
        if said["population"]["collection"] == collection
    ]


def dimensions_of(document: Document) -> dict[str, Classification]:
    """Every dimension as it is printed; grades with the group of all senior ones, which counts are printed of."""
    found = {}
    for name, said in document["dimensions"].items():
        leaves = tuple(said["leaves"])
        groups = {code: tuple(inside) for code, inside in said["groups"].items() if code not in leaves}
        if name == GRADE:
            groups[ALL_SENIOR] = _senior_leaves(document, leaves, groups)
        found[name] = Classification(leaves, groups)
    return found


def special_answers(dimensions: Mapping[str, Classification]) -> dict[str, frozenset[str]]:
    """The answers to questions about special-category data."""
    return {
        name: dimensions[name].members.get(DECLARED, frozenset(dimensions[name].leaves))
        for name in special_categories(dimensions)
    }


def _senior_leaves(document: Document, leaves: Key, groups: Mapping[str, Key]) -> Key:
    """Leaves of the senior grades that some table breaks people down by."""
    codes = {
        cell["dims"][GRADE]
        for block in _tables(document)
        if GRADE in block["dimensions"] and block["id"].endswith(f"-by-{GRADE}")
        for cell in block["cells"]
    }
    senior = {leaf for code in codes & SENIOR for leaf in groups.get(code, (code,))}
    return tuple(leaf for leaf in leaves if leaf in senior)


def _tables(document: Document) -> Iterator[Document]:
    return (block for section in document["sections"] for block in section["blocks"] if block["type"] == "table")
