"""How the problems of a submission are told on its page: one kind at a time, errors first, each place once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitoring.submissions.problems import KINDS, Kind, Problem, Severity

SHOWN = 50  # places of one kind, and rows of one place; the JSON answer has them all
_MORE = "MORE_OF_THE_SAME"
_WORDS = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}


@dataclass
class Place:
    """A column, with the rows it concerns or the wording that was not placed; or rows alone. ``unlisted``: how many
    rows more the check has counted and not named."""

    column: str
    value: str | None = None
    nearest: tuple[str, ...] = ()
    rows: list[int] = field(default_factory=list)
    count: int = 0
    unlisted: int = 0

    @property
    def first_rows(self) -> list[int]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.first_rows) + self.unlisted


@dataclass
class Group:
    """All problems of one kind that are told in the same words."""

    code: str
    message: str
    advice: str
    places: list[Place] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def severity(self) -> str:
        return _WORDS[self.kind.severity]

    @property
    def count(self) -> int:
        """How many there are of what the title names: headings, wordings, columns or rows."""
        if any(place.value or place.nearest for place in self.places):
            return len(self.places)
        return sum(len(place.rows) + place.unlisted or place.count for place in self.places)

    @property
    def first_places(self) -> list[Place]:
        return self.places[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.places) - len(self.first_places)

    @property
    def placed(self) -> bool:
        return any(place.column or place.rows for place in self.places)

    @property
    def wordings(self) -> bool:
        """Whether it is about wordings, which have a number of times, and not about headings or rows."""
        return any(place.value for place in self.places)

    @property
    def proposals(self) -> bool:
        return any(place.nearest for place in self.places)


def grouped(problems: Sequence[Problem]) -> list[Group]:
    """Problems of one kind together, errors first."""
    groups: dict[tuple[str, str], Group] = {}
    last: Place | None = None
    for found in problems:
        if found.code == _MORE and last is not None:
            last.unlisted += found.count
            continue
        known = groups.setdefault((found.code, found.message), Group(found.code, found.message, found.advice))
        last = _place(known, found)
        last.count += found.count
        last.rows += [found.row] if found.row is not None else []
    order = list(Severity)
    return sorted(groups.values(), key=lambda group: order.index(group.kind.severity))


def _place(group: Group, found: Problem) -> Place:
    """The place of the group that the problem belongs to: rows of one column stand together, wordings apart."""
    if group.places and not found.value and not found.nearest:
        for place in group.places:
            if place.column == (found.column or "") and not place.value and not place.nearest:
                return place
    group.places.append(Place(found.column or "", found.value, found.nearest))
    return group.places[-1]
