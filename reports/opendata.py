"""Open data: report.json, and one tidy CSV for every table."""

import csv
import io
import json

from reports.contents import Contents, TableBlock

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(contents: Contents) -> bytes:
    return (json.dumps(contents.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(table: TableBlock, contents: Contents) -> bytes:
    """A row for every cell: codes and labels of its dimensions, measure, value, and the symbol where there is none;
    and the dated policy that says what is hidden."""
    policy = contents.report["policy"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    labelled = [head for name in table.dimensions for head in (name, f"{name}_label")]
    writer.writerow(
        [
            "organisation",
            "period",
            *labelled,
            "measure",
            "value",
            "status",
            "low",
            "high",
            "step",
            "policy",
            "policy_dated",
        ]
    )
    for cell in table.cells:
        named = [
            defused(part)
            for name in table.dimensions
            for part in (cell.dims[name], contents.dimensions[name].labels[cell.dims[name]])
        ]
        numbers = ["" if number is None else number for number in (cell.low, cell.high, cell.step)]
        value = "" if cell.value is None else cell.value
        writer.writerow(
            [
                contents.report["organisation"],
                contents.report["period"],
                *named,
                cell.measure,
                value,
                cell.status or "",
                *numbers,
                policy["code"],
                policy["dated"],
            ]
        )
    return text.getvalue().encode()


def defused(text: str) -> str:
    """Text that a spreadsheet program would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
