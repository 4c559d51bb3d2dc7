"""CSV: UTF-8 with or without a mark, or Windows-1252; comma, semicolon or tab."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from monitoring import native_memory
from monitoring.submissions.problems import Unreadable, listed, problem
from monitoring.submissions.sheets import HEADER_SEARCH, Sheet, Source, encoded, find_header

_SEPARATORS = ",;\t"
_LOOK = 2**16
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLOCK = 2**24


def open_text(content: bytes, known: Callable[[str], bool]) -> Source:
    """Find encoding, separator and headings. Raises Unreadable."""
    text = _as_utf8(content)
    start = text[:_LOOK].decode("utf-8", errors="ignore")
    separator = _separator(start)
    rows = _first_rows(start, separator)
    if not rows:
        raise Unreadable(problem("FILE_EMPTY"))
    at = find_header([cells for _, cells in rows], known)
    lines_above = rows[at - 1][0] if at else 0
    text_file = _TextFile(_after_lines(text, lines_above), separator, [cell.strip() for cell in rows[at][1]], at + 1)
    return Source(text_file.headings, at + 1, text_file.read)


def _as_utf8(content: bytes) -> bytes:
    """The same text in UTF-8 without a mark. Raises Unreadable."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(problem("ENCODING_UNKNOWN"))
    if b"\0" in content or any(byte < 32 and byte not in b"\t\r\n\f" for byte in content[:_LOOK]):
        raise Unreadable(problem("FILE_NOT_A_TABLE"))
    if content.isascii() or _decodes(content, "utf-8"):
        return content.removeprefix(codecs.BOM_UTF8)
    if not _decodes(content, "cp1252"):
        raise Unreadable(problem("ENCODING_UNKNOWN"))
    return content.decode("cp1252").encode()


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _separator(start: str) -> str:
    """The separator that the first lines use most, outside quotation marks."""
    lines = [line for line in start.splitlines() if line.strip()][:HEADER_SEARCH]
    unquoted = ["".join(line.split('"')[::2]) for line in lines]
    return max(_SEPARATORS, key=lambda mark: sum(line.count(mark) for line in unquoted))


def _first_rows(start: str, separator: str) -> list[tuple[int, list[str]]]:
    """(lines read so far, cells) of the first rows."""
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    found = []
    try:
        for cells in reader:
            found.append((reader.line_num, cells))
            if len(found) == HEADER_SEARCH:
                break
    except csv.Error:
        pass  # the rest is read again, and answered for, with the headings known
    return found if any(cell.strip() for _, cells in found for cell in cells) else []


def _after_lines(text: bytes, lines: int) -> bytes:
    ends = [match.end() for match in islice(_LINE_END.finditer(text), lines)]
    return text[ends[-1] :] if ends else text


@dataclass(frozen=True)
class _TextFile:
    """``body`` begins with the headings, which stand in row ``header_row`` of the sheet."""

    body: bytes
    separator: str
    headings: list[str]
    header_row: int

    def read(self, wanted: Sequence[int], references: Collection[int]) -> Sheet:
        """A second, slower reading numbers the rows that do not fit, where there are any."""
        ragged: list[int] = []

        def note(row: arrow_csv.InvalidRow) -> str:
            ragged.append(row.number or 0)
            return "skip"

        table = self._parse(wanted, references, note, threads=True)
        if ragged:
            ragged.clear()
            table = self._parse(wanted, references, note, threads=False)
        skipped = np.array(ragged, dtype=np.int64) - 1 + self.header_row
        rows = np.arange(table.num_rows + len(ragged), dtype=np.int64) + self.header_row + 1
        rows = np.setdiff1d(rows, skipped) if ragged else rows
        columns = {at: encoded(table.column(str(at))) for at in wanted}
        return Sheet(self.headings, rows, columns, listed("ROW_RAGGED", skipped.tolist()))

    def _parse(
        self,
        wanted: Sequence[int],
        references: Collection[int],
        note: Callable[[arrow_csv.InvalidRow], str],
        *,
        threads: bool,
    ) -> pa.Table:
        coded = pa.dictionary(pa.int32(), pa.string())
        try:
            table = arrow_csv.read_csv(
                native_memory.reader(self.body),
                read_options=arrow_csv.ReadOptions(
                    use_threads=threads,
                    block_size=_BLOCK,
                    column_names=[str(at) for at in range(len(self.headings))],
                    skip_rows_after_names=1,
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=note,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=[str(at) for at in wanted],
                    column_types={str(at): pa.string() if at in references else coded for at in wanted},
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            # Its words may repeat what a row says, so they go no further.
            raise Unreadable(problem("FILE_UNREADABLE", what="CSV text")) from None
        return table.unify_dictionaries()
