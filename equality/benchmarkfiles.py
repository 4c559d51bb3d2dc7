"""Reading benchmarks that somebody loads: one CSV, one row for each category of each benchmark.

===============  ====================================================================================================
Column           What stands in it
===============  ====================================================================================================
area_code        Code of the area, ``E12000007`` or the loader's own
area             Its name
variable         A variable of the service: ``ethnicity``
code_system      A code list of that variable: ``ONS_CENSUS2021_19``
code             A code of that list, or a kind of response: ``NO_DECLARATION``
count            People, a whole number; every answer of the list has a row, with 0 where there is nobody
reference_date   The day it holds for: ``2021-03-21``
population       Who is in it: ``People of working age``
source           Where it comes from
verified         ``yes``, or ``no`` where nobody has checked it against its source
basis            May be left out: how the numbers came about
limits           May be left out: what has to be said beside it
===============  ====================================================================================================

Text or bytes come in; every fault is answered at once, each with a code that never changes, and none repeats what a
cell says."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from equality.benchmarks import Benchmark, cautions, counted
from equality.codelists import UnknownCode, UnknownList, code_list, code_lists, find
from equality.responses import NON_RESPONSES, Response

MANDATORY = (
    "area_code", "area", "variable", "code_system", "code", "count", "reference_date", "population", "source",
    "verified",
)  # fmt: skip
OPTIONAL = ("basis", "limits")
MOST_ROWS = 20_000

_KEY = ("area_code", "variable", "code_system", "reference_date")
_SAME_IN_ALL = ("area", "population", "source", "verified", "basis", "limits")
_RAGGED = "BENCHMARK_ROW_RAGGED"
_MOST_DIGITS = 10  # of a number of people

FAULTS = {
    "BENCHMARK_NOT_TEXT": "The file is not UTF-8 text. Save it as CSV (UTF-8).",
    "BENCHMARK_NOT_A_TABLE": "The file cannot be read as CSV. Save it as CSV (UTF-8), separated by commas.",
    "BENCHMARK_EMPTY": "The file has no rows below its headings. Give one row for each category.",
    "BENCHMARK_TOO_LONG": f"The file has more than {MOST_ROWS:,} rows. Load it in parts.",
    "BENCHMARK_COLUMN_MISSING": "This column is missing. Add it: its heading must be written exactly so.",
    "BENCHMARK_COLUMN_UNKNOWN": "This column is not known. Take it out, or correct its heading.",
    "BENCHMARK_COLUMN_TWICE": "This column stands in the file more than once. Keep one of them.",
    "BENCHMARK_ROW_RAGGED": "The row has more or fewer cells than there are headings. Check commas and quotes.",
    "BENCHMARK_CELL_EMPTY": "The cell is empty. Fill it in.",
    "BENCHMARK_VARIABLE_UNKNOWN": "There is no such variable. Use one of those that the code lists name.",
    "BENCHMARK_LIST_UNKNOWN": "The variable has no such code list. Use one of its lists.",
    "BENCHMARK_CODE_UNKNOWN": "The code list has no such code. Use its codes, or a kind of response.",
    "BENCHMARK_CODE_TWICE": "The code has a row already in this benchmark. Keep one of them.",
    "BENCHMARK_CODE_MISSING": "Codes of the list have no row in this benchmark. Add them, with 0 for nobody.",
    "BENCHMARK_COUNT_NOT_WHOLE": "The count is not a whole number of people, 0 or more, written in digits alone.",
    "BENCHMARK_DATE_NOT_UNDERSTOOD": "The date is not a day written like 2021-03-21.",
    "BENCHMARK_VERIFIED_NOT_YES_OR_NO": "Write yes or no.",
    "BENCHMARK_FACTS_DIFFER": "The cell differs from the first row of its benchmark. Write the same in all rows.",
    "BENCHMARK_NOBODY": "All counts of this benchmark are 0. A population without people compares with nothing.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``row`` as a spreadsheet shows it, headings being row 1; None for the file as a whole."""

    code: str
    row: int | None = None
    column: str | None = None
    codes: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What is wrong and what to do, with the codes of the list that it concerns."""
        return FAULTS[self.code] + (f" Missing: {', '.join(self.codes)}." if self.codes else "")


class FaultyBenchmarks(Exception):
    """Nothing was read. Carries every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(dict.fromkeys(fault.code for fault in faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file by column name; columns that the file lacks are not in it."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def benchmark(self) -> tuple[str, ...]:
        return tuple(self.get(column) for column in _KEY)


def read_benchmarks(content: str | bytes) -> tuple[Benchmark, ...]:
    """The benchmarks of a file, in its order. Raises FaultyBenchmarks with everything that is wrong with it."""
    table = _table(_text(content))
    headings = [heading.strip() for heading in table[0]]
    faults = [*_headings_at_fault(headings), *_ragged(table)]
    listed = [
        _Row(number, dict(zip(headings, (cell.strip() for cell in cells), strict=True)))
        for number, cells in enumerate(table[1:], start=2)
        if any(cells) and len(cells) == len(headings)
    ]
    together: dict[tuple[str, ...], list[_Row]] = defaultdict(list)
    for row in listed:
        together[row.benchmark].append(row)
    faults += [fault for row in listed for fault in _cells_at_fault(row)]
    faults += [fault for found in together.values() for fault in _rows_at_odds(found)]
    if not {fault.column for fault in faults} & {*_KEY, "code"} and not any(f.code == _RAGGED for f in faults):
        faults += [fault for found in together.values() for fault in _incomplete(found)]
    if faults:
        raise FaultyBenchmarks(sorted(faults, key=lambda fault: fault.row or 0))
    return tuple(_benchmark(found) for found in together.values())


def _text(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FaultyBenchmarks([Fault("BENCHMARK_NOT_TEXT")]) from None


def _table(text: str) -> list[list[str]]:
    """Every line as cells. Raises FaultyBenchmarks where nothing more can be said of the file."""
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise FaultyBenchmarks([Fault("BENCHMARK_NOT_A_TABLE")]) from None
    if not any(any(cells) for cells in table[1:]):
        raise FaultyBenchmarks([Fault("BENCHMARK_EMPTY")])
    if len(table) > MOST_ROWS + 1:
        raise FaultyBenchmarks([Fault("BENCHMARK_TOO_LONG")])
    return table


def _headings_at_fault(headings: list[str]) -> Iterator[Fault]:
    times = Counter(headings)
    yield from (Fault("BENCHMARK_COLUMN_MISSING", 1, name) for name in MANDATORY if name not in times)
    yield from (Fault("BENCHMARK_COLUMN_TWICE", 1, name) for name, count in times.items() if count > 1)
    yield from (Fault("BENCHMARK_COLUMN_UNKNOWN", 1, name) for name in times if name not in {*MANDATORY, *OPTIONAL})


def _ragged(table: list[list[str]]) -> Iterator[Fault]:
    for number, cells in enumerate(table[1:], start=2):
        if any(cells) and len(cells) != len(table[0]):
            yield Fault(_RAGGED, number)


def _cells_at_fault(row: _Row) -> Iterator[Fault]:
    """What is wrong with single cells. What cannot be judged, because a cell before it is wrong, is left alone."""
    for column in MANDATORY:
        if column in row.cells and not row.get(column):
            yield Fault("BENCHMARK_CELL_EMPTY", row.number, column)
    checks = {
        "count": ("BENCHMARK_COUNT_NOT_WHOLE", _is_count),
        "reference_date": ("BENCHMARK_DATE_NOT_UNDERSTOOD", _is_day),
        "verified": ("BENCHMARK_VERIFIED_NOT_YES_OR_NO", {"yes", "no"}.__contains__),
    }
    for column, (code, is_right) in checks.items():
        if row.get(column) and not is_right(row.get(column)):
            yield Fault(code, row.number, column)
    yield from _code_at_fault(row)


def _code_at_fault(row: _Row) -> Iterator[Fault]:
    variable, system, code = (row.get(column) for column in ("variable", "code_system", "code"))
    if variable and not code_lists(variable):
        yield Fault("BENCHMARK_VARIABLE_UNKNOWN", row.number, "variable")
    elif variable and system:
        try:
            _ = code_list(variable, system) if code in {"", *NON_RESPONSES} else find(variable, system, code)
        except UnknownList:
            yield Fault("BENCHMARK_LIST_UNKNOWN", row.number, "code_system")
        except UnknownCode:
            yield Fault("BENCHMARK_CODE_UNKNOWN", row.number, "code")


def _rows_at_odds(found: list[_Row]) -> Iterator[Fault]:
    """Rows of one benchmark that contradict each other."""
    first, seen = found[0], set[str]()
    for row in found:
        if row.get("code") in seen:
            yield Fault("BENCHMARK_CODE_TWICE", row.number, "code")
        seen.add(row.get("code"))
        for column in _SAME_IN_ALL:
            if row.get(column) != first.get(column):
                yield Fault("BENCHMARK_FACTS_DIFFER", row.number, column)


def _incomplete(found: list[_Row]) -> Iterator[Fault]:
    """What a benchmark lacks; only to be judged where its rows are known to belong together."""
    first, given = found[0], {row.get("code") for row in found}
    missing = tuple(code for code in _answers(first) if code not in given)
    if missing:
        yield Fault("BENCHMARK_CODE_MISSING", first.number, "code", missing)
    if not any(row.get("count").strip("0") for row in found):
        yield Fault("BENCHMARK_NOBODY", first.number, "count")


def _answers(row: _Row) -> Iterable[str]:
    try:
        listed = code_list(row.get("variable"), row.get("code_system")).categories
    except UnknownList:
        return ()
    return (category.code for category in listed if category.response is Response.DECLARED)


def _is_count(text: str) -> bool:
    return len(text) <= _MOST_DIGITS and text.isascii() and text.isdigit()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _benchmark(found: list[_Row]) -> Benchmark:
    first = found[0]
    variable, system = first.get("variable"), first.get("code_system")
    verified = first.get("verified") == "yes"
    counts, silent = counted(variable, system, {row.get("code"): int(row.get("count")) for row in found})
    return Benchmark(
        area_code=first.get("area_code"),
        area=first.get("area"),
        variable=variable,
        system=system,
        counts=counts,
        silent=silent,
        reference_date=date.fromisoformat(first.get("reference_date")),
        population=first.get("population"),
        basis=first.get("basis"),
        source=first.get("source"),
        verified=verified,
        limits=cautions([first.get("limits")], verified=verified),
    )
