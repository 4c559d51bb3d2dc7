"""From the text of a column to its values. Works on the distinct texts, so a million rows cost as much as their
variety.

Every cleaner gives one value per distinct text, and says of each text that it cannot read why not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import numpy as np
from numpy.typing import NDArray

from equality.grouping import UNIT
from equality.quarters import Quarter
from equality.recoding import place
from monitoring.submissions.layout import Column, Reads
from monitoring.submissions.problems import Problem, listed, problem
from monitoring.submissions.sheets import Column as Texts
from monitoring.submissions.suggesting import answers

MAX_LENGTH = 200
MAX_WORDINGS = (
    200  # unplaced wordings in one column; beyond, it is no list of answers and its values are nobody's business
)
_EARLIEST = date(1900, 1, 1)
_FORMULA = ("=", "+", "-", "@")
_UK_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# A comma may part thousands only; "9,75" and "0,125" are decimals of somebody whose sheet writes a comma.
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_DIGITS = re.compile(r"\d{5,}|\S+@\S+")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}

Value = str | int | bool | date | None


@dataclass(frozen=True)
class Context:
    """What a value is judged by."""

    quarter: Quarter
    organisation: str
    mapped: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cleaned:
    """``values``: one per distinct text; ``index``: which of them each row has."""

    values: list[Value]
    index: NDArray[np.int32]

    def per_row(self, missing: object, kind: type | str = object) -> NDArray:
        """The values of all rows as an array, with a stand-in where there is none."""
        return np.array([missing if value is None else value for value in self.values], dtype=kind)[self.index]


def clean(column: Column, texts: Texts, rows: NDArray[np.int64], context: Context) -> tuple[Cleaned, list[Problem]]:
    """Values of a column and every problem in it, each with the row the sender sees."""
    too_long = [len(text) > MAX_LENGTH for text in texts.distinct]
    if column.reads is Reads.ANSWER:
        return _answers(column, texts, rows, context, too_long)
    if column.reads in {Reads.REFERENCE, Reads.TEXT}:
        return _plain_texts(column, texts, rows, too_long)
    read = _READERS[column.reads]
    values: list[Value] = []
    faults: dict[tuple[str, tuple[tuple[str, object], ...]], list[int]] = {}
    for at, text in enumerate(texts.distinct):
        try:
            if too_long[at]:
                raise _Unclean("CELL_TOO_LONG", limit=MAX_LENGTH)
            values.append(read(text, column, context) if text else None)
        except _Unclean as unclean:
            values.append(None)
            faults.setdefault((unclean.code, tuple(unclean.named.items())), []).append(at)
    problems = [
        found
        for (code, named), ats in faults.items()
        for found in listed(code, rows[np.isin(texts.index, ats)].tolist(), column=column.name, **dict(named))
    ]
    return Cleaned(values, texts.index), problems


def _plain_texts(
    column: Column, texts: Texts, rows: NDArray[np.int64], too_long: list[bool]
) -> tuple[Cleaned, list[Problem]]:
    """As ``clean``, for columns in which nearly every text may differ."""
    formula = [text.startswith(_FORMULA) for text in texts.distinct]
    long_rows, formula_rows = (rows[np.array(wrong)[texts.index]].tolist() for wrong in (too_long, formula))
    problems = listed("CELL_TOO_LONG", long_rows, column=column.name, limit=MAX_LENGTH)
    problems += listed("CELL_FORMULA", formula_rows, column=column.name)
    return Cleaned([text or None for text in texts.distinct], texts.index), problems


class _Unclean(Exception):
    def __init__(self, code: str, **named: object) -> None:
        super().__init__(code)
        self.code, self.named = code, named


def _answers(
    column: Column, texts: Texts, rows: NDArray[np.int64], context: Context, too_long: list[bool]
) -> tuple[Cleaned, list[Problem]]:
    """Each wording that is no known answer once, with its count, its first row and the nearest answers."""
    mapped = context.mapped.get(column.name, {})
    values: list[Value] = [
        mapped.get(text) or place(column.variable, text) if not long else None
        for text, long in zip(texts.distinct, too_long, strict=True)
    ]
    counts, first = texts.counts(), texts.first_rows()
    unplaced = [at for at, value in enumerate(values) if value is None and counts[at]]
    if len(unplaced) > MAX_WORDINGS:
        row = int(rows[min(first[at] for at in unplaced)])
        total = int(counts[unplaced].sum())
        wrong = problem("VALUES_NOT_A_LIST", row=row, column=column.name, count=total, distinct=len(unplaced))
        return Cleaned(values, texts.index), [wrong]
    problems = [
        problem("CELL_TOO_LONG", row=int(rows[first[at]]), column=column.name, count=int(counts[at]), limit=MAX_LENGTH)
        if too_long[at]
        else problem(
            "VALUE_NOT_PLACED",
            row=int(rows[first[at]]),
            column=column.name,
            count=int(counts[at]),
            value=_shown(texts.distinct[at]),
            target=column.name,
            nearest=answers(column.variable, texts.distinct[at]),
        )
        for at in sorted(unplaced, key=lambda at: -counts[at])
    ]
    return Cleaned(values, texts.index), problems


def _shown(wording: str) -> str:
    """A wording for the answer: short, and without what looks like somebody's number or address."""
    return _DIGITS.sub("…", wording)[:80]


def _decimal(text: str) -> Decimal:
    """The number that a text is, whatever its size: pounds and commas between thousands may stand in it."""
    written = text.replace("£", "").strip()
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise _Unclean("CELL_FORMULA" if text.startswith(("=", "@")) else "NUMBER_NOT_UNDERSTOOD") from None
    if not value.is_finite() or "_" in written:  # Python reads 1_0 as 10; nobody's sheet does
        raise _Unclean("NUMBER_NOT_UNDERSTOOD")
    return value


def _number(text: str, column: Column, _: Context) -> int:
    """In units of the last decimal kept."""
    value = _decimal(text)
    if not Decimal(str(column.low)) <= value <= Decimal(str(column.high)):
        raise _Unclean("NUMBER_OUT_OF_RANGE", low=column.low, high=column.high)
    return int(value.scaleb(column.decimals).to_integral_value())


def _age(text: str, column: Column, context: Context) -> int:
    years = _number(text, column, context)
    if _decimal(text) != years:
        raise _Unclean("NUMBER_NOT_UNDERSTOOD")
    return years


def _date(text: str, _: Column, context: Context) -> date:
    uk = _UK_DATE.fullmatch(text)
    try:
        day = date(int(uk[3]), int(uk[2]), int(uk[1])) if uk else datetime.fromisoformat(text).date()
    except ValueError:
        raise _Unclean("CELL_FORMULA" if text.startswith(_FORMULA) else "DATE_NOT_UNDERSTOOD") from None
    if not _EARLIEST <= day <= context.quarter.last_day:
        raise _Unclean("DATE_OUT_OF_RANGE")
    return day


def _yes_no(text: str, _: Column, __: Context) -> bool:
    if text.lower() not in _YES | _NO:
        raise _Unclean("CELL_FORMULA" if text.startswith(_FORMULA) else "ANSWER_NOT_YES_OR_NO")
    return text.lower() in _YES


def _unit(text: str, _: Column, __: Context) -> str:
    if text.startswith(_FORMULA):
        raise _Unclean("CELL_FORMULA")
    return f"{UNIT}:{text}"


_READERS: dict[Reads, Callable[[str, Column, Context], Value]] = {
    Reads.UNIT: _unit,
    Reads.NUMBER: _number,
    Reads.DATE: _date,
    Reads.YES_NO: _yes_no,
    Reads.AGE: _age,
}
