"""A sheet as it was sent: headings, columns of text, and the row number that the sender sees."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring.submissions.problems import Problem

HEADER_SEARCH = 20  # rows in which the headings are looked for


@dataclass(frozen=True)
class Column:
    """Text of one column: the distinct texts, and for every row which of them it has."""

    distinct: list[str]
    index: NDArray[np.int32]

    def counts(self) -> NDArray[np.int64]:
        """How many rows have each distinct text."""
        return np.bincount(self.index, minlength=len(self.distinct))

    def first_rows(self) -> NDArray[np.int64]:
        """For each distinct text the first position that has it."""
        first = np.full(len(self.distinct), -1, dtype=np.int64)
        first[self.index[::-1]] = np.arange(self.index.size)[::-1]
        return first


@dataclass(frozen=True)
class Sheet:
    """``rows``: for every data row its number in the sheet. ``columns`` by position; columns that were not wanted are
    missing."""

    headings: list[str]
    rows: NDArray[np.int64]
    columns: dict[int, Column]
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A file whose headings are known. ``read(wanted, references)`` reads columns by position; ``references`` are
    those in which nearly every text differs."""

    headings: list[str]
    header_row: int
    read: Callable[[Sequence[int], Collection[int]], Sheet]
    problems: list[Problem] = field(default_factory=list)


def encoded(texts: pa.ChunkedArray) -> Column:
    """A column from an arrow array of text or of coded text, trimmed. Missing is empty; the empty text is always
    among the distinct ones."""
    whole = texts.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # an empty column has no chunk to combine
        whole = pa.array([], type=pa.string())
    if pa.types.is_dictionary(whole.type):
        trimmed = pc.dictionary_encode(pc.utf8_trim_whitespace(whole.dictionary.fill_null("")))
        renumber, given = _numbers(trimmed.indices), _numbers(whole.indices)
        already = (renumber == np.arange(renumber.size)).all()
        index = given if already else renumber[given]
    else:
        trimmed = pc.dictionary_encode(pc.utf8_trim_whitespace(whole.fill_null("")))
        index = _numbers(trimmed.indices)
    distinct = trimmed.dictionary.to_pylist()
    return Column(distinct if "" in distinct else [*distinct, ""], index)


def _numbers(indices: pa.Array) -> NDArray[np.int32]:
    numbers: NDArray[np.int32] = indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return numbers


def find_header(first_rows: Sequence[Sequence[str]], known: Callable[[str], bool]) -> int:
    """Which of the first rows holds the headings: the one with most known headings, else the first with two cells or
    more."""
    scores = [sum(known(cell.strip()) for cell in row if cell.strip()) for row in first_rows]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    filled = [sum(bool(cell.strip()) for cell in row) for row in first_rows]
    return next(
        (at for at, cells in enumerate(filled) if cells >= 2), next((at for at, c in enumerate(filled) if c), 0)
    )


def without_blank_rows(sheet: Sheet) -> tuple[Sheet, int]:
    """Leave out rows that have nothing in any column read; says how many."""
    if not sheet.columns or not sheet.rows.size:
        return sheet, 0
    filled = np.zeros(sheet.rows.size, dtype=bool)
    for column in sheet.columns.values():
        empty = column.distinct.index("") if "" in column.distinct else -1
        filled |= column.index != empty
    blank = int((~filled).sum())
    if not blank:
        return sheet, 0
    kept = {at: Column(column.distinct, column.index[filled]) for at, column in sheet.columns.items()}
    return Sheet(sheet.headings, sheet.rows[filled], kept, sheet.problems), blank
