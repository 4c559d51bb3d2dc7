"""Taking in 1,000,000 rows of 30 columns: read, check, seal; beside PostgreSQL's raw COPY of the same clean file."""

import io
from collections.abc import Iterator
from contextlib import closing

import psycopg
from django.db import transaction
from django.utils import timezone

from benchmarks.people import QUARTER, as_csv, layout
from benchmarks.timing import side_by_side
from equality.quarters import Quarter
from monitoring.submissions.checking import check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.mapping import Mapping
from monitoring.vault.datasets import seal
from monitoring.vault.pseudonyms import pseudonyms_of
from tests import machine
from tests.factories import make_organisation

TITLE = "Ingest: 1,000,000 rows x 30 columns"
ROUNDS = 3


def run() -> Iterator[str]:
    clean, wrong = as_csv(), as_csv(wrong=True)
    yield f"  the file: {len(clean) / 2**20:.0f} MB"
    organisation = make_organisation("benchmark")
    with transaction.atomic():
        pseudonyms = pseudonyms_of(organisation)
    context = Context(Quarter.parse(QUARTER), organisation.slug)

    def checked(content: bytes) -> object:
        return check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=pseudonyms)

    def sealed() -> None:
        found = checked(clean)
        assert not found.refused, found.problems
        with transaction.atomic():
            seal(found.table, found.about, at=timezone.now())

    with closing(_Copy(clean)) as copy:
        found = side_by_side(
            ROUNDS,
            {
                "raw COPY into a bare table": copy.run,
                "read, check, seal": sealed,
                "read and check": lambda: checked(clean),
                "read and check, something wrong in every row": lambda: checked(wrong),
            },
        )
    raw = found["raw COPY into a bare table"]
    yield from (timed.line(None if timed is raw else raw) for timed in found.values())


class _Copy:
    """COPY of the whole file into text columns without key or index."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.database = psycopg.connect(machine.POSTGRESQL_URL, autocommit=True)
        names = ", ".join(f'"{column.name}" text' for column in layout())
        self.database.execute("DROP TABLE IF EXISTS benchmark_copy")
        self.database.execute(f"CREATE TABLE benchmark_copy ({names})")

    def run(self) -> None:
        self.database.execute("TRUNCATE benchmark_copy")
        with (
            self.database.cursor() as cursor,
            cursor.copy("COPY benchmark_copy FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            text = io.BytesIO(self.content)
            while block := text.read(2**20):
                copy.write(block)

    def close(self) -> None:
        self.database.execute("DROP TABLE benchmark_copy")
        self.database.close()
