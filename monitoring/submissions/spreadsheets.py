"""XLSX and ODS. What a spreadsheet may cost to open is found out before it is opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.parsers import expat

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from monitoring.submissions.problems import Unreadable, problem
from monitoring.submissions.sheets import HEADER_SEARCH, Sheet, Source, encoded, find_header

MAX_CELLS = 5_000_000
MAX_UNPACKED = 512 * 2**20
MAX_PARTS = 2_000
_CHUNK = 2**20
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"

Value = str | int | float | bool | date | datetime | time | timedelta | None


def looks_like_archive(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def open_spreadsheet(content: bytes, known: Callable[[str], bool]) -> Source:
    """Find the first sheet with anything in it, and its headings. Raises Unreadable."""
    _inspect(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = (workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names)
        cells = next((rows for rows in sheets if any(any(_text(v) for v in row) for row in rows)), None)
    except PasswordError:
        raise Unreadable(problem("FILE_ENCRYPTED")) from None
    except (CalamineError, OSError, ValueError):
        raise Unreadable(problem("FILE_UNREADABLE", what="spreadsheet")) from None
    if cells is None:
        raise Unreadable(problem("FILE_EMPTY"))
    at = find_header([[_text(value) for value in row] for row in cells[:HEADER_SEARCH]], known)
    headings = [_text(value) for value in cells[at]]
    while headings and not headings[-1] and not any(_text(row[len(headings) - 1]) for row in cells[at + 1 :]):
        headings.pop()
    below = cells[at + 1 :]

    def read(wanted: Sequence[int], references: Collection[int]) -> Sheet:  # noqa: ARG001  # all texts are alike here
        rows = np.arange(len(below), dtype=np.int64) + at + 2
        columns = {
            place: encoded(pa.chunked_array([pa.array([_text(row[place]) for row in below], pa.string())]))
            for place in wanted
        }
        return Sheet(headings, rows, columns)

    return Source(headings, at + 1, read)


def _text(value: Value) -> str:
    """What the sheet shows, as a text file would have it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()


def _inspect(content: bytes) -> None:
    """Refuse archives that unpack too large, declare entities, or span too many cells. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(problem("FILE_ENCRYPTED"))
            if len(parts) > MAX_PARTS or len(names) < len(parts):
                raise Unreadable(problem("FILE_UNSAFE", what="more parts than a spreadsheet has"))
            is_ods = "mimetype" in names and archive.read("mimetype").strip() == _ODS
            if not is_ods and "xl/workbook.xml" not in names:
                raise Unreadable(problem("FILE_NOT_A_TABLE"))
            budget = MAX_UNPACKED
            for part in parts:
                with archive.open(part) as file:
                    budget -= _walk(file, _reader(part.filename, is_ods=is_ods), budget)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error):
        raise Unreadable(problem("FILE_UNREADABLE", what="spreadsheet")) from None


def _walk(file: IO[bytes], reader: "_Reader | None", budget: int) -> int:
    """Unpack one part to its end, counting: what an archive says of its own size may be a lie."""
    unpacked = 0
    while chunk := file.read(_CHUNK):
        unpacked += len(chunk)
        if unpacked > budget:
            limit = f"more than {MAX_UNPACKED // 2**20} megabytes unpacked"
            raise Unreadable(problem("FILE_UNSAFE", what=limit))
        if reader is not None:
            reader.feed(chunk)
    return unpacked


def _reader(name: str, *, is_ods: bool) -> "_Reader | None":
    if is_ods and name == "content.xml":
        return _OdsSpan()
    if not is_ods and name.startswith("xl/worksheets/") and name.endswith(".xml"):
        return _XlsxSpan()
    return _Reader() if name.endswith((".xml", ".rels")) else None


class _Reader:
    """Reads XML for its shape alone. A document type declaration, which no spreadsheet needs and every entity bomb
    does, ends the reading."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.rows = self.columns = self.cells = 0

    def feed(self, chunk: bytes) -> None:
        try:
            self.parser.Parse(chunk)
        except expat.ExpatError:
            raise Unreadable(problem("FILE_UNREADABLE", what="spreadsheet")) from None

    def _doctype(self, *_: object) -> None:
        raise Unreadable(problem("FILE_UNSAFE", what="a document type declaration, which can unfold without end"))

    def _reached(self) -> None:
        """The rectangle that filled cells span is what a reader has to hold, however few of them are filled."""
        if max(self.rows * self.columns, self.cells) > MAX_CELLS:
            raise Unreadable(problem("SHEET_TOO_LARGE", limit=f"{MAX_CELLS:,}"))


class _XlsxSpan(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "c":
            return
        self.cells += 1
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match:
            self.columns = max(self.columns, _column_number(match[1]))
            self.rows = max(self.rows, int(match[2]))
        self._reached()


class _OdsSpan(_Reader):
    """Repeated rows and cells count as often as they repeat, once something filled follows or stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.row_repeats = self.blank_rows = self.width = self.blank_cells = 0
        self.filled = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.rows = self.columns = self.blank_rows = 0
        elif name == "table:table-row":
            self.row_repeats = _times(attributes, "table:number-rows-repeated")
            self.width = self.blank_cells = 0
            self.filled = False
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self.blank_cells += _times(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes:
                self._fill()
        elif name == "text:p":
            self._fill()

    def _fill(self) -> None:
        self.width, self.blank_cells, self.filled = self.width + self.blank_cells, 0, True

    def _end(self, name: str) -> None:
        if name != "table:table-row":
            return
        if not self.filled:
            self.blank_rows += self.row_repeats
            return
        self.rows, self.blank_rows = self.rows + self.blank_rows + self.row_repeats, 0
        self.columns = max(self.columns, self.width)
        self._reached()


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 10 else MAX_CELLS + 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
