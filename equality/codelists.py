"""Code lists: every list the service knows, with its version, dates and source, and the categories in it.

A code has a meaning only inside its system, so a category is looked up by system *and* code, and named
``SYSTEM:CODE`` (``CJS_SDE_16_1:O1``). Not answering is never a category: it has a *response* of its own kind, and no
group."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from equality.characteristics import VARIABLES
from equality.listfiles import rows
from equality.responses import Response, UnknownSilence, may_mean
from equality.sources import Source, named

GROUP = "GROUP"  # the broad groups of lists/groups.csv, as a code system

_SYSTEM_COLUMNS = ("code_system", "band_set", "ladder", "list_name")
_PARENT_COLUMNS = ("group5", "group", "grade_group", "region_code", "probation_region_code")


class UnknownList(LookupError):
    """There is no such code system for this variable."""


class UnknownCode(LookupError):
    """The code system has no such code."""


class Basis(StrEnum):
    """Whose word an answer is. What was observed never mixes with what was declared."""

    DECLARED = "declared"  # the person's own answer
    OBSERVED = "observed"  # an officer's impression
    DERIVED = "derived"  # worked out from other answers
    RECORDED = "recorded"  # a fact of employment, place or inspection


@dataclass(frozen=True, slots=True)
class Category:
    """One answer in one code system.

    ``own``: the code of the variable's own list that it counts as without a guess, or empty. ``group``: the broad
    group, or empty. ``parent``: what the list itself puts it under, or empty. ``listed_under``: the group under which
    its list prints it, where that is another than ``group``. ``verified``: the row was read in its source.
    """

    system: str
    code: str
    label: str
    group: str
    response: Response
    verified: bool
    own: str = ""
    parent: str = ""
    listed_under: str = ""
    notes: str = ""

    @property
    def key(self) -> str:
        """``SYSTEM:CODE``, or the bare response for an answer that was not given."""
        return f"{self.system}:{self.code}" if self.response is Response.DECLARED else self.response.value


@dataclass(frozen=True, slots=True)
class Group:
    """A broad group of a variable, in its printing order. ``short``: for the head of a narrow column."""

    code: str
    label: str
    short: str
    verified: bool


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code system of one variable, in one version.

    ``effective_from``, ``effective_to``: None where it is not known, which is said and never filled in.
    ``superseded_by``: the system that replaces it, or empty. ``several_answers``: one person may give more than one.
    ``verified``: the list was read in its source; single categories may still be unverified.
    """

    variable: str
    system: str
    label: str
    version: str
    effective_from: date | None
    effective_to: date | None
    superseded_by: str
    basis: Basis
    several_answers: bool
    sources: tuple[Source, ...]
    verified: bool
    notes: str
    file: str

    @property
    def name(self) -> str:
        """The list in words, for the reader of a table; lists that nobody has confirmed say so."""
        return self.label if self.verified else f"{self.label} (not yet confirmed)"

    @property
    def accepted(self) -> bool:
        """Whether senders may answer in it."""
        return self.variable in VARIABLES and self.system in VARIABLES[self.variable].systems

    @property
    def period(self) -> str:
        """``from 21 March 2021, end not known``."""
        start, end = (
            f"{word} {day.day} {day:%B %Y}" if day else ""
            for word, day in (("from", self.effective_from), ("to", self.effective_to))
        )
        if not start and not end:
            return "dates not known"
        return f"{start or 'start not known'}, {end or 'end not known'}"

    @property
    def categories(self) -> tuple[Category, ...]:
        """In printing order."""
        return _categories(self.variable, self.system)

    def in_force(self, day: date) -> bool | None:
        """Whether the list was in force on a day; None where the dates do not say."""
        if (self.effective_from and day < self.effective_from) or (self.effective_to and day > self.effective_to):
            return False
        return True if self.effective_from and self.effective_to else None


@cache
def code_lists(variable: str | None = None) -> tuple[CodeList, ...]:
    """Every list, or those of one variable; a variable that nobody knows has none."""
    return tuple(_code_list(row) for row in rows("systems.csv") if variable in {None, row["variable"]})


@cache
def variables() -> tuple[str, ...]:
    """Every variable that has a list, in order."""
    return tuple(dict.fromkeys(one.variable for one in code_lists()))


@cache
def code_list(variable: str, system: str) -> CodeList:
    """One list. Raises UnknownList."""
    for one in code_lists(variable):
        if one.system == system:
            return one
    known = ", ".join(one.system for one in code_lists(variable)) or "none"
    raise UnknownList(f"{variable} has no code list {system}. Its lists: {known}.")


def list_name(variable: str, system: str) -> str:
    """A code list in words, for the reader of a table. Raises UnknownList."""
    return code_list(variable, system).name


def find(variable: str, system: str, code: str) -> Category:
    """The category that a code has in its system. A bare code is never looked for elsewhere. Raises UnknownList,
    UnknownCode."""
    for category in code_list(variable, system).categories:
        if category.code == code:
            return category
    elsewhere = [one.system for one in code_lists(variable) if any(c.code == code for c in one.categories)]
    hint = f" Lists that have it: {', '.join(elsewhere)}." if elsewhere else ""
    raise UnknownCode(f"{system} has no code {code} for {variable}.{hint}")


@cache
def groups(variable: str) -> tuple[Group, ...]:
    """The broad groups of a variable in printing order; empty where the field has none."""
    return tuple(
        Group(row["code"], row["label"], row["short"] or row["label"], row["verified"] == "yes")
        for row in rows("groups.csv")
        if row["variable"] == variable
    )


@cache
def categories(variable: str) -> tuple[Category, ...]:
    """Every category of every system the variable accepts, systems in order of preference, codes in printing order,
    and its broad groups."""
    broad = (GROUP,) if groups(variable) else ()
    return tuple(c for system in (*VARIABLES[variable].systems, *broad) for c in code_list(variable, system).categories)


@cache
def by_key(variable: str) -> dict[str, Category]:
    """Declared categories by ``SYSTEM:CODE``."""
    return {c.key: c for c in categories(variable) if c.response is Response.DECLARED}


def _code_list(row: dict[str, str]) -> CodeList:
    return CodeList(
        variable=row["variable"],
        system=row["code_system"],
        label=row["label"],
        version=row["version"],
        effective_from=_day(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        superseded_by=row["superseded_by"],
        basis=Basis(row["basis"]),
        several_answers=row["answers"] == "several",
        sources=named(row["source"]),
        verified=row["verified"] == "yes",
        notes=row["notes"],
        file=row["file"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _categories(variable: str, system: str) -> tuple[Category, ...]:
    read = _read(variable, system)
    accepted = VARIABLES[variable].systems if variable in VARIABLES else ()
    if not accepted:
        return read
    own = read if system == accepted[0] else _read(variable, accepted[0])
    return tuple(_with_equal(category, own) for category in read)


@cache
def _read(variable: str, system: str) -> tuple[Category, ...]:
    if system == GROUP:
        return tuple(
            Category(GROUP, group.code, group.label, group.code, Response.DECLARED, group.verified)
            for group in groups(variable)
        )
    listed = rows(code_list(variable, system).file)
    return tuple(_category(variable, system, row) for row in listed if _system_of(row) in {None, system})


def _system_of(row: dict[str, str]) -> str | None:
    """None in a file that holds one list alone."""
    return next((row[column] for column in _SYSTEM_COLUMNS if column in row), None)


def _category(variable: str, system: str, row: dict[str, str]) -> Category:
    response = _response(variable, system, row)
    parent = next((row[column] for column in _PARENT_COLUMNS if row.get(column)), "")
    parent = parent if response is Response.DECLARED else ""
    return Category(
        system=system,
        code=row["code"],
        label=row["label"],
        group=parent if groups(variable) else "",
        response=response,
        verified=row["verified"] == "yes",
        own=row["census2021_code"] if row.get("mapping_to_census2021") == "exact" else "",
        parent=parent,
        listed_under=row.get("listed_under", ""),
        notes=row["notes"],
    )


def _response(variable: str, system: str, row: dict[str, str]) -> Response:
    response = may_mean(variable, system, row["code"])[0]
    if response is Response.DECLARED and row.get("response_kind", "substantive") != "substantive":
        raise UnknownSilence(f"{system}:{row['code']} of {variable} is no answer, but of which kind?")
    return response


def _with_equal(category: Category, own: tuple[Category, ...]) -> Category:
    """Fill ``own`` where the own list has the same label, or exactly one category in the same group."""
    if category.own or category.response is not Response.DECLARED:
        return category
    if category in own:
        equal = category.code
    else:
        same_label = [c.code for c in own if c.label.casefold() == category.label.casefold()]
        same_group = [c.code for c in own if category.group and c.group == category.group]
        equal = same_label[0] if same_label else same_group[0] if len(same_group) == 1 else ""
    return replace(category, own=equal)
