"""A million synthetic staff in 30 columns, as one CSV file in memory. The same every time."""

import io
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from equality.codelists import by_key
from monitoring.submissions.layout import Column, Reads, columns

ROWS = 1_000_000
QUARTER = "2026-Q3"
_LEFT_OUT = {  # those that would take people out of the headcount, or say the same twice
    "organisation_code", "contract_ref", "employment_status", "contract_type", "paid_on_reference_date",
    "payroll_worker", "age", "age_band", "substantive_grade", "responsibility_level", "fte", "welsh_language",
    "board_voting", "temporary_promotion", "civil_service_start_date",
}  # fmt: skip


def layout() -> list[Column]:
    """Thirty columns of the workforce layout, in its order."""
    return [column for column in columns("workforce").values() if column.name not in _LEFT_OUT][:30]


@cache
def as_csv(rows: int = ROWS, wrong: bool = False) -> bytes:  # noqa: FBT001, FBT002
    """``wrong``: something is wrong in every row."""
    rng = np.random.default_rng(7)
    filled = {column.name: _values(column, rows, rng) for column in layout()}
    if wrong:
        filled["hourly_pay"] = pa.array(["unknown"] * rows)
        filled["contracted_hours"] = pa.array(["999"] * rows)
    text = io.BytesIO()
    arrow_csv.write_csv(pa.table(filled), text)
    return text.getvalue()


def _values(column: Column, rows: int, rng: np.random.Generator) -> pa.Array:
    match column.reads:
        case Reads.REFERENCE:
            return pa.array([f"P{number:07d}" for number in range(rows)])
        case Reads.ANSWER:
            own = column.question.systems[0]
            choices = [c.code for c in by_key(column.variable).values() if c.system == own]
            choices += ["UNKNOWN", "PNTS"]
        case Reads.UNIT:
            choices = [f"Delivery unit {number:02d}" for number in range(25)]
        case Reads.NUMBER:
            low, high = max(column.low, 1.0), min(column.high, 40.0)
            choices = [f"{value:.2f}" for value in np.linspace(low, high, 2_000)]
        case Reads.DATE:
            years = range(1960, 2005) if column.name == "date_of_birth" else range(2006, 2026)
            choices = (
                ["2026-09-30"]
                if column.name == "reference_date"
                else [f"{y}-{m:02d}-14" for y in years for m in range(1, 13)]
            )
        case Reads.YES_NO:
            choices = ["yes", "no"]
        case _:
            choices = [f"{column.label} {number:03d}" for number in range(300)]
    return pa.array(choices).take(pa.array(rng.integers(0, len(choices), rows)))
