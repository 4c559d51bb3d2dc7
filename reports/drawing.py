"""Every drawing of a report, from one contents object."""

from reports.contents import Contents
from reports.opendata import as_csv, as_json
from reports.page import as_page
from reports.pdf import as_pdf
from reports.spreadsheet import as_ods


def draw_all(contents: Contents) -> dict[str, bytes]:
    """File name to contents: report.pdf, report.html, report.ods, report.json and data/*.csv."""
    files = {
        "report.pdf": as_pdf(contents),
        "report.html": as_page(contents),
        "report.ods": as_ods(contents),
        "report.json": as_json(contents),
    }
    return files | {f"data/{table.id}.csv": as_csv(table, contents) for table in contents.tables()}


MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


def media_type(name: str) -> str:
    """What a drawing's file is, by the end of its name."""
    return MEDIA_TYPES[name.rpartition(".")[2]]
