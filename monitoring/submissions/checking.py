"""Checking a file: every problem at once, and, where there is none, the dataset that would be frozen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from equality.listfiles import rows as list_rows
from monitoring.submissions.cleaning import Cleaned, Context, clean
from monitoring.submissions.layout import GROUPED_AGES, LAYOUT_VERSION, Column, Reads
from monitoring.submissions.mapping import Mapping
from monitoring.submissions.placing import place_headings, recogniser
from monitoring.submissions.problems import LISTED, Problem, Unreadable, is_refused, listed, more_of, problem
from monitoring.submissions.reading import open_file
from monitoring.submissions.sheets import Sheet, without_blank_rows

Progress = Callable[[int, int, str], None]
Pseudonyms = Callable[[list[str]], list[bytes]]
STEPS = 4
_NAMED = 5  # rows of one person that are named in a sentence
_AGE_SYSTEM = "CIVIL_SERVICE_STATS"


@dataclass(frozen=True)
class Checked:
    """``rows`` that were read, ``kept`` of them that would be frozen, ``table`` and ``about`` of the dataset, or
    None."""

    rows: int
    kept: int
    problems: tuple[Problem, ...]
    table: pa.Table | None = None
    about: dict[str, Any] | None = None

    @property
    def refused(self) -> bool:
        return is_refused(self.problems)


def check(
    content: bytes,
    *,
    collection: str,
    mapping: Mapping,
    context: Context,
    pseudonyms: Pseudonyms,
    progress: Progress = lambda *_: None,
) -> Checked:
    """Check one file from envelope to rows to the whole. Never raises for what was sent: it answers."""
    try:
        return _check(content, collection, mapping, context, pseudonyms, progress)
    except Unreadable as unreadable:
        return Checked(0, 0, unreadable.problems)


def _check(
    content: bytes, collection: str, mapping: Mapping, context: Context, pseudonyms: Pseudonyms, progress: Progress
) -> Checked:
    progress(1, STEPS, "Reading the file")
    source = open_file(content, recogniser(collection, mapping))
    placed, guessed, problems = place_headings(source.headings, collection, mapping)
    if source.header_row > 1:
        problems.append(problem("TITLE_ROWS", row=source.header_row))
    wanted = [at for at, heading in enumerate(source.headings) if at in placed or heading not in mapping.ignored]
    references = {at for at, column in placed.items() if column.reads is Reads.REFERENCE}
    sheet = source.read(wanted, references)
    sheet, blank = without_blank_rows(sheet)
    if not sheet.rows.size:
        raise Unreadable(*problems, *sheet.problems, problem("HEADER_ONLY"))
    problems = [_with_count(found, sheet) for found in problems] + sheet.problems + _nameless_with_values(sheet)
    problems += [problem("ROWS_BLANK", count=blank)] if blank else []
    progress(2, STEPS, "Checking the values")
    cleaned, in_columns = _clean_columns(sheet, placed, guessed, context)
    progress(3, STEPS, "Checking the whole")
    counted, in_rows = _judge_rows(cleaned, sheet.rows, context)
    seen_as = {column.name: sheet.headings[at] for at, column in {**placed, **guessed}.items()}
    problems += [
        replace(found, column=seen_as.get(found.column or "", found.column)) for found in [*in_columns, *in_rows]
    ]
    if is_refused(problems):
        return Checked(int(sheet.rows.size), 0, tuple(problems))
    problems += [
        problem("AGE_GROUPED" if column.name in GROUPED_AGES else "COLUMN_NOT_KEPT", column=sheet.headings[at])
        for at, column in placed.items()
        if not column.kept
    ]
    problems += [
        _numbers_read(cleaned[column.name], sheet.headings[at])
        for at, column in placed.items()
        if column.kept and column.reads is Reads.NUMBER
    ]
    table, about = _dataset(cleaned, placed, counted, context, pseudonyms)
    return Checked(int(sheet.rows.size), table.num_rows, tuple(problems), table, about)


def _with_count(found: Problem, sheet: Sheet) -> Problem:
    """A heading that was not placed, with the number of rows that have a value under it."""
    if found.code != "HEADING_NOT_PLACED" or found.column not in sheet.headings:
        return found
    column = sheet.columns[sheet.headings.index(found.column)]
    return replace(found, count=int(column.index.size - column.counts()[column.distinct.index("")]))


def _nameless_with_values(sheet: Sheet) -> list[Problem]:
    return [
        problem("HEADING_MISSING", column=None, position=at + 1)
        for at, heading in enumerate(sheet.headings)
        if not heading and at in sheet.columns and any(sheet.columns[at].distinct)
    ]


def _clean_columns(
    sheet: Sheet, placed: dict[int, Column], guessed: dict[int, Column], context: Context
) -> tuple[dict[str, Cleaned], list[Problem]]:
    cleaned, problems = {}, []
    for at, column in placed.items():
        cleaned[column.name], found = clean(column, sheet.columns[at], sheet.rows, context)
        problems += found
        if column.reads is Reads.UNIT:
            problems += _too_many_units(cleaned[column.name], column)
    for at, column in guessed.items():
        _, found = clean(column, sheet.columns[at], sheet.rows, context)
        problems += found
    return cleaned, problems


def _too_many_units(units: Cleaned, column: Column) -> list[Problem]:
    distinct = sum(value is not None for value in units.values)
    too_many = distinct > 50 and distinct > units.index.size / 3
    return [problem("UNITS_LIKE_PEOPLE", column=column.name, count=distinct)] if too_many else []


def _numbers_read(numbers: Cleaned, heading: str) -> Problem:
    """That a column was read as numbers, and of how many rows. Never the least or the greatest: that is one person's
    pay."""
    missing = np.array([value is None for value in numbers.values])[numbers.index]
    empty = int(missing.sum())
    return problem("NUMBERS_READ", column=heading, read=f"{missing.size - empty:,}", empty=f"{empty:,}")


def _judge_rows(
    cleaned: dict[str, Cleaned], rows: NDArray[np.int64], context: Context
) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Which rows count, and what is wrong between columns."""
    problems = [
        *_other_organisation(cleaned, rows, context),
        *_other_date(cleaned, rows, context),
        *_dates_out_of_order(cleaned, rows),
        *_hours(cleaned, rows),
        *_impossible_age(cleaned, rows, context),
    ]
    counted = _in_headcount(cleaned, rows.size)
    left_out = int((~counted).sum())
    problems += [problem("NOT_IN_HEADCOUNT", count=left_out)] if left_out else []
    found, once = _each_person_once(cleaned, rows, counted)
    return counted & once, problems + found


def _other_organisation(cleaned: dict[str, Cleaned], rows: NDArray, context: Context) -> list[Problem]:
    if "organisation_code" not in cleaned:
        return []
    names = cleaned["organisation_code"]
    other = [value is not None and str(value).lower() != context.organisation for value in names.values]
    return listed("ORGANISATION_OTHER", rows[np.array(other)[names.index]].tolist(), column="organisation_code")


def _other_date(cleaned: dict[str, Cleaned], rows: NDArray, context: Context) -> list[Problem]:
    if "reference_date" not in cleaned:
        return []
    dates, quarter = cleaned["reference_date"], context.quarter
    other = [isinstance(day, date) and not quarter.first_day <= day <= quarter.last_day for day in dates.values]
    return listed("REFERENCE_DATE_OTHER", rows[np.array(other)[dates.index]].tolist(), column="reference_date")


def _dates_out_of_order(cleaned: dict[str, Cleaned], rows: NDArray) -> list[Problem]:
    if not {"civil_service_start_date", "organisation_start_date"} <= cleaned.keys():
        return []
    service, here = (_days(cleaned[f"{which}_start_date"]) for which in ("civil_service", "organisation"))
    wrong = (service > 0) & (here > 0) & (here < service)
    return listed("DATES_OUT_OF_ORDER", rows[wrong].tolist(), column="organisation_start_date")


def _days(dates: Cleaned) -> NDArray[np.int64]:
    ordinals = [value.toordinal() if isinstance(value, date) else 0 for value in dates.values]
    return np.array(ordinals, dtype=np.int64)[dates.index]


def _hours(cleaned: dict[str, Cleaned], rows: NDArray) -> list[Problem]:
    if not {"contracted_hours", "full_time_hours", "fte"} <= cleaned.keys():
        return []
    contracted, full = (cleaned[name].per_row(-1, np.int64) for name in ("contracted_hours", "full_time_hours"))
    fte = cleaned["fte"].per_row(-1, np.int64)
    given = (contracted >= 0) & (full > 0) & (fte >= 0)
    wrong = given & (np.abs(contracted / np.where(full > 0, full, 1) - fte / 10**5) > 0.01)
    return listed("FTE_DISAGREES", rows[wrong].tolist(), column="fte")


def _impossible_age(cleaned: dict[str, Cleaned], rows: NDArray, context: Context) -> list[Problem]:
    if "date_of_birth" not in cleaned:
        return []
    births = cleaned["date_of_birth"]
    ages = [_age_on(context.quarter.last_day, day) if isinstance(day, date) else None for day in births.values]
    wrong = [age is not None and not 16 <= age <= 100 for age in ages]
    faulty = rows[np.array(wrong)[births.index]].tolist()
    return listed("NUMBER_OUT_OF_RANGE", faulty, column="date_of_birth", low="16", high="100 years of age")


def _in_headcount(cleaned: dict[str, Cleaned], size: int) -> NDArray[np.bool_]:
    """Headcount: in post, on the payroll and being paid (Civil Service Statistics). What is not said counts as
    usual."""
    counted = np.ones(size, dtype=bool)
    outside: dict[str, Callable[[object], bool]] = {
        "paid_on_reference_date": lambda paid: paid is False,
        "payroll_worker": lambda payroll: payroll is False,
        "employment_status": lambda key: isinstance(key, str) and key.endswith((":LEAVER_CS", ":LEAVER_DEPT")),
        "contract_type": lambda key: key == "contract_type:AGENCY",
    }
    for name, is_outside in outside.items():
        if name in cleaned:
            counted &= ~np.array([is_outside(value) for value in cleaned[name].values])[cleaned[name].index]
    return counted


def _each_person_once(
    cleaned: dict[str, Cleaned], rows: NDArray, counted: NDArray[np.bool_]
) -> tuple[list[Problem], NDArray[np.bool_]]:
    """With contract_ref a person may stand in several rows and is counted in the first; without it that is a
    mistake."""
    everybody = np.ones(rows.size, dtype=bool)
    if "person_ref" not in cleaned:
        return [], everybody
    people = cleaned["person_ref"]
    nobody = np.array([value is None for value in people.values])[people.index]
    problems = listed("PERSON_REF_EMPTY", rows[nobody].tolist(), column="person_ref")
    positions = np.flatnonzero(counted & ~nobody)
    first = np.zeros(rows.size, dtype=bool)
    first[positions[np.unique(people.index[positions], return_index=True)[1]]] = True
    again = counted & ~nobody & ~first
    if not again.any():
        return problems, everybody
    if "contract_ref" in cleaned:
        return [*problems, problem("SEVERAL_CONTRACTS", count=int(again.sum()))], first
    return problems + _twice(people, rows, positions, again), first


def _twice(people: Cleaned, rows: NDArray, positions: NDArray[np.int64], again: NDArray[np.bool_]) -> list[Problem]:
    """Every row of whoever stands in several, the rows of one person together: the sender chooses between them."""
    several = positions[np.isin(people.index[positions], people.index[again])]
    earliest = np.full(len(people.values), rows.size)
    np.minimum.at(earliest, people.index[several], several)
    ordered = several[np.argsort(earliest[people.index[several]], kind="stable")]
    told, whose = rows[ordered].tolist(), people.index[ordered]
    found = []
    for at in range(min(len(told), LISTED)):
        own = rows[several[people.index[several] == whose[at]]].tolist()
        found.append(problem("PERSON_TWICE", row=told[at], column="person_ref", rows=_in_words(own)))
    return found + more_of("PERSON_TWICE", told, column="person_ref")


def _in_words(rows: list[int]) -> str:
    """``3 and 14``; of many only the first."""
    if len(rows) > _NAMED:
        return f"{', '.join(map(str, rows[:_NAMED]))} and {len(rows) - _NAMED} more"
    return f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"


def _dataset(
    cleaned: dict[str, Cleaned],
    placed: dict[int, Column],
    counted: NDArray[np.bool_],
    context: Context,
    pseudonyms: Pseudonyms,
) -> tuple[pa.Table, dict[str, Any]]:
    """What is kept, as small integers, and the keys they stand for."""
    arrays: dict[str, pa.Array] = {}
    codes: dict[str, list[str]] = {}
    for column in placed.values():
        values = cleaned[column.name]
        if column.name in GROUPED_AGES:
            arrays["age_band"], codes["age_band"] = _coded(_age_bands(values, context), counted)
        elif column.kept and column.reads in {Reads.ANSWER, Reads.UNIT}:
            arrays[column.name], codes[column.name] = _coded(values, counted)
        elif column.kept and column.reads is Reads.NUMBER:
            arrays[column.name] = _numbers(values, counted)
        elif column.kept and column.reads is Reads.REFERENCE:
            arrays["person"] = _persons(values, counted, pseudonyms)
    about = {"layout": LAYOUT_VERSION, "reference_date": context.quarter.last_day.isoformat(), "codes": codes}
    return pa.table(arrays), about


def _coded(values: Cleaned, counted: NDArray[np.bool_]) -> tuple[pa.Array, list[str]]:
    keys = list(dict.fromkeys(value or "NO_DECLARATION" for value in values.values))
    number = {key: at for at, key in enumerate(keys)}
    small = np.uint8 if len(keys) <= 256 else np.uint16 if len(keys) <= 65_536 else np.uint32
    renumber = np.array([number[value or "NO_DECLARATION"] for value in values.values], dtype=small)
    return pa.array(renumber[values.index][counted]), [str(key) for key in keys]


def _numbers(values: Cleaned, counted: NDArray[np.bool_]) -> pa.Array:
    missing = np.array([value is None for value in values.values])[values.index][counted]
    return pa.array(values.per_row(0, np.int64)[counted], mask=missing)


def _persons(values: Cleaned, counted: NDArray[np.bool_], pseudonyms: Pseudonyms) -> pa.Array:
    made = pa.array(pseudonyms([str(value or "") for value in values.values]), pa.binary(16))
    return made.take(pa.array(values.index[counted]))


def _age_bands(ages: Cleaned, context: Context) -> Cleaned:
    day = context.quarter.last_day
    years = [_age_on(day, value) if isinstance(value, date) else value for value in ages.values]
    return Cleaned([None if age is None else _band(int(age)) for age in years], ages.index)  # type: ignore[arg-type]


def _age_on(day: date, born: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _band(age: int) -> str:
    for row in list_rows("age_bands.csv"):
        if row["band_set"] == _AGE_SYSTEM and int(row["min_age"]) <= age <= int(row["max_age"] or 200):
            return f"{_AGE_SYSTEM}:{row['code']}"
    raise LookupError("no age band holds this age")
