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
