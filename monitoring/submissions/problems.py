"""What can be wrong with a submission: a code that never changes, what happened, what was expected, what to do next.

A problem never repeats what a sheet says of a person. The one exception is a wording for a category that could not be
placed (``value``): it is what the sender has to map, it is listed once with its count, and it is kept sealed."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

LISTED = 100  # problems of one kind in one column that are named row by row


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. ``message`` and ``advice`` may name columns and limits, never values."""

    severity: Severity
    title: str
    message: str
    advice: str


def _read_kinds() -> dict[str, Kind]:
    said = tomllib.loads(Path(__file__).with_name("problems.toml").read_text(encoding="utf-8"))
    return {code: Kind(**parts | {"severity": Severity(parts["severity"])}) for code, parts in said.items()}


KINDS = _read_kinds()


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in one place. ``row`` as the spreadsheet shows it. ``count``: how many cells or rows it
    concerns."""

    code: str
    severity: Severity
    message: str
    advice: str
    row: int | None = None
    column: str | None = None
    count: int = 1
    value: str | None = None
    nearest: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the optional parts only where there are any."""
        said = asdict(self) | {"nearest": list(self.nearest)}
        return {key: said[key] for key in said if key not in {"value", "nearest"} or said[key]}


def problem(
    code: str,
    *,
    row: int | None = None,
    column: str | None = None,
    count: int = 1,
    value: str | None = None,
    nearest: Iterable[str] = (),
    **named: object,
) -> Problem:
    """A problem of a known kind; ``named`` fills limits and positions into its words."""
    kind = KINDS[code]
    said = {"row": row, **named}
    return Problem(
        code=code,
        severity=kind.severity,
        message=kind.message.format(**said),
        advice=kind.advice.format(**said),
        row=row,
        column=column,
        count=count,
        value=value,
        nearest=tuple(nearest),
    )


def listed(code: str, rows: Sequence[int], *, column: str | None = None, **named: object) -> list[Problem]:
    """One problem a row for the first hundred, and one that counts the others."""
    found = [problem(code, row=row, column=column, **named) for row in rows[:LISTED]]
    return found + more_of(code, rows, column=column)


def more_of(code: str, rows: Sequence[int], *, column: str | None = None) -> list[Problem]:
    """What counts the rows after the first hundred, where there are more."""
    if len(rows) <= LISTED:
        return []
    rest = problem("MORE_OF_THE_SAME", row=rows[LISTED], column=column, count=len(rows) - LISTED)
    return [replace(rest, severity=KINDS[code].severity)]


class Unreadable(Exception):
    """Reading or checking cannot go on. Carries every problem known so far."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def is_refused(problems: Iterable[Problem]) -> bool:
    return any(found.severity is Severity.ERROR for found in problems)
