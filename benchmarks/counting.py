"""Forty cross-tabulations over 1,000,000 rows, opened from the vault; beside DuckDB on columns already in memory."""

from collections.abc import Iterator
from itertools import combinations

import duckdb
import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from benchmarks.people import QUARTER, as_csv
from benchmarks.timing import side_by_side
from equality.quarters import Quarter
from monitoring.figures.counting import People
from monitoring.submissions.checking import check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.mapping import Mapping
from monitoring.vault.datasets import open_columns, seal

TITLE = "Counting: 40 cross-tabulations over 1,000,000 rows"
ROUNDS = 5
_VARIABLES = ("ethnicity", "sex", "disability", "grade", "organisation_unit", "age_band", "religion_or_belief")


def tabulations() -> list[tuple[str, ...]]:
    """Seven one-way, twenty-one two-way and twelve three-way tables."""
    return [
        *((name,) for name in _VARIABLES),
        *combinations(_VARIABLES, 2),
        *list(combinations(_VARIABLES[:5], 3))[:12],
        *[("age_band", "sex", "grade"), ("religion_or_belief", "sex", "disability")],
    ]


def run() -> Iterator[str]:
    names = tabulations()
    assert len(names) == 40
    context = Context(Quarter.parse(QUARTER), "benchmark")
    checked = check(
        as_csv(), collection="workforce", mapping=Mapping(), context=context,
        pseudonyms=lambda references: [b"0" * 16] * len(references),
    )  # fmt: skip
    with transaction.atomic():
        dataset = seal(checked.table, checked.about, at=timezone.now())

    def from_the_vault() -> int:
        people = People(open_columns(dataset, list(_VARIABLES)), {})
        return sum(people.table(one).counts.size for one in names)

    database = _in_memory(open_columns(dataset, list(_VARIABLES)).columns)
    found = side_by_side(
        ROUNDS,
        {
            "DuckDB, columns in memory": lambda: [database.execute(_query(one)).fetchall() for one in names],
            "opened from the vault and counted": from_the_vault,
        },
    )
    yield f"  cells counted: {from_the_vault():,}"
    duck = found["DuckDB, columns in memory"]
    yield from (timed.line(None if timed is duck else duck) for timed in found.values())


def _in_memory(columns: pa.Table) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.register("given", columns)
    database.execute("CREATE TABLE people AS SELECT * FROM given")
    return database


def _query(names: tuple[str, ...]) -> str:
    listed = ", ".join(names)
    return f"SELECT {listed}, count(*) FROM people GROUP BY {listed}"
