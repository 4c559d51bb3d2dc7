"""Every drawing of a report, from one contents object."""

from collections.abc import Callable

from reports.contents import Contents
from reports.opendata import as_csv, as_json
from reports.page import as_page
from reports.pdf import as_pdf
from reports.spreadsheet import as_ods

# Drawings of the report as a whole. Its tables are files of their own.
WHOLE: dict[str, Callable[[Contents], bytes]] = {
    "report.pdf": as_pdf,
    "report.html": as_page,
    "report.ods": as_ods,
    "report.json": as_json,
}
# Ending of a file's name → what it is called over HTTP.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


def draw(contents: Contents, name: str) -> bytes:
    """One drawing of the whole report, by its file name. Raises KeyError for a name that is none of them."""
    return WHOLE[name](contents)


def draw_all(contents: Contents) -> dict[str, bytes]:
    """File name to contents: report.pdf, report.html, report.ods, report.json and data/*.csv."""
    files = {name: draw(contents, name) for name in WHOLE}
    return files | {f"data/{table.id}.csv": as_csv(table, contents) for table in contents.tables()}


def media_type(name: str) -> str:
    return MEDIA_TYPES[name.rpartition(".")[2]]
