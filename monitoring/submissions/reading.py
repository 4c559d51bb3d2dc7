"""Opening whatever was sent: by what it is, not by what its name says."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from monitoring.submissions.problems import Unreadable, problem
from monitoring.submissions.sheets import Sheet, Source, encoded
from monitoring.submissions.spreadsheets import looks_like_archive, open_spreadsheet
from monitoring.submissions.textfiles import open_text

_SOMETHING = re.compile(rb"[^\xef\xbb\xbf \t\r\n,;]")
RECORDS = b'{"records":'


def open_file(content: bytes, known: Callable[[str], bool]) -> Source:
    """A source whose headings are read. ``known`` says whether a heading is one that is looked for. Raises
    Unreadable."""
    if _SOMETHING.search(content) is None:
        raise Unreadable(problem("FILE_EMPTY"))
    if content.startswith(RECORDS):
        return _open_records(_records(content))
    return open_spreadsheet(content, known) if looks_like_archive(content) else open_text(content, known)


def from_records(records: Any) -> bytes:
    """Records sent by API, as a file. Raises Unreadable."""
    plain = (str, int, float, bool, type(None))
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(r, dict) and all(isinstance(v, plain) for v in r.values()) for r in records)
    ):
        raise Unreadable(problem("RECORDS_MALFORMED"))
    try:
        return RECORDS + json.dumps(records, ensure_ascii=False).encode() + b"}"
    except UnicodeEncodeError:  # half a character, as \ud800
        raise Unreadable(problem("RECORDS_MALFORMED")) from None


def _records(content: bytes) -> Any:
    """A file may begin like records and be none: what was read is checked again. Raises Unreadable."""
    try:
        records = json.loads(content)["records"]
    except (ValueError, RecursionError):
        raise Unreadable(problem("RECORDS_MALFORMED")) from None
    from_records(records)
    return records


def _open_records(records: list[dict[str, Any]]) -> Source:
    """The first record is row 1."""
    headings = list(dict.fromkeys(key for record in records for key in record))

    def read(wanted: Sequence[int], references: Collection[int]) -> Sheet:  # noqa: ARG001  # all texts are alike here
        texts = {at: [_text(record.get(headings[at])) for record in records] for at in wanted}
        columns = {at: encoded(pa.chunked_array([pa.array(column, pa.string())])) for at, column in texts.items()}
        return Sheet(headings, np.arange(1, len(records) + 1, dtype=np.int64), columns)

    return Source([heading.strip() for heading in headings], 0, read)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
