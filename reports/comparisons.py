"""Who holds senior grades: groups compared from numbers that are printed in the same report, and from no others.

Every comparison carries its counts, its interval and its sentence; they are tested together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from equality.disclosure.safe import Cell as SafeCell
from equality.disclosure.safe import SafeTable, Status
from equality.measures.answers import Status as Standing
from equality.measures.comparison import Comparison, Group, Outcome, Sense, compare_all
from equality.measures.conclusions import conclude
from equality.measures.shares import rounded
from equality.tables import MINORITY, NOT_DECLARED, TOTAL
from reports.compared import COMPARED
from reports.contents import Block, Cell, Paragraph, Subheading, TableBlock, in_printing_order
from reports.percentages import percentage
from reports.wording import mid_sentence
from reports.workforce import COLLECTION, GRADE

# Groups of grades that count as senior: grades 6 and 7 and above, managers, bands 8a and above.
SENIOR = {
    "G6/G7", "SCS level", "First-line manager", "Senior manager", "Executive", "Bands 8a-8b", "Bands 8c-9 and VSM",
}  # fmt: skip
_OUTCOME = Outcome("be in a senior grade", Sense.FAVOURABLE)


@dataclass(frozen=True)
class _Compared:
    """One characteristic by grade: people whose grade is known and how many of them are senior, by code; None where
    either cannot be said from what is printed, be it of senior grades or of all the others."""

    table: SafeTable
    name: str
    groups: Mapping[str, tuple[int, int] | None]


def by_senior_grades(tables: Mapping[str, SafeTable]) -> dict[str, SafeTable]:
    """Characteristics that are compared and broken down by a grade with senior ones, each with its table."""
    of_grade = {name: tables[f"{name}-by-{GRADE}"] for name in COMPARED if f"{name}-by-{GRADE}" in tables}
    return {name: table for name, table in of_grade.items() if SENIOR.intersection(table.codes[GRADE])}


def senior_blocks(tables: Mapping[str, SafeTable]) -> list[Block]:
    """A sentence and a table for each of them; only the sentence, where a table would be all symbols."""
    found = [_read(table, name) for name, table in by_senior_grades(tables).items()]
    compared = _tested_together(found)
    blocks: list[Block] = []
    for one in found:
        blocks += [Subheading(one.table.dimension(one.name).label), Paragraph(_said(one, compared))]
        blocks += [_block(one, compared)] if any(known for known, _ in filter(None, one.groups.values())) else []
    return blocks


def _said(one: _Compared, compared: Mapping[tuple[str, str], Comparison]) -> str:
    words = COMPARED[one.name]
    comparison = compared.get((one.name, words.watched))
    if comparison is not None:
        return conclude(comparison)
    return (
        f"Whether {words.people} and {words.others} differ in how likely they are to {_OUTCOME.infinitive} cannot be "
        f"said without giving a small number away {Status.CONFIDENTIAL.value}."
    )


def _read(table: SafeTable, name: str) -> _Compared:
    grades = [code for code in table.codes[GRADE] if code not in {NOT_DECLARED, TOTAL}]
    groups: dict[str, tuple[int, int] | None] = {}
    for code in table.codes[name]:
        if code.startswith("_") and code != MINORITY:
            continue
        everybody, unknown = (_value(table, name, code, grade) for grade in (TOTAL, NOT_DECLARED))
        senior = _sum(_value(table, name, code, grade) for grade in grades if grade in SENIOR)
        others = _sum(_value(table, name, code, grade) for grade in grades if grade not in SENIOR)
        if everybody is None or unknown is None or (senior is None and others is None):
            groups[code] = None
        else:
            known = everybody - unknown
            groups[code] = known, known - (others or 0) if senior is None else senior
    return _Compared(table, name, groups)


def _sum(counts: Iterable[int | None]) -> int | None:
    """None where one is hidden."""
    found = list(counts)
    return None if None in found else sum(count or 0 for count in found)


def _value(table: SafeTable, name: str, code: str, grade: str) -> int | None:
    key = tuple({name: code, GRADE: grade}[dimension] for dimension in table.codes)
    return table.cell(*key).value


def _tested_together(found: list[_Compared]) -> dict[tuple[str, str], Comparison]:
    """Every group against its reference, where both can be said."""
    pairs = {}
    for one in found:
        words = COMPARED[one.name]
        labels, base = one.table.dimension(one.name).labels, one.groups.get(words.comparator)
        for code, counts in one.groups.items():
            if code != words.comparator and base is not None and counts is not None:
                name = words.people if code == words.watched else mid_sentence(labels[code])
                first, second = Group(name, counts[1], counts[0]), Group(words.others, base[1], base[0])
                pairs[one.name, code] = (first, second, _OUTCOME)
    return dict(zip(pairs, compare_all(list(pairs.values())), strict=True)) if pairs else {}


def _block(one: _Compared, compared: Mapping[tuple[str, str], Comparison]) -> TableBlock:
    dimension = one.table.dimension(one.name)
    rows = in_printing_order(dimension, tuple(one.groups))
    return TableBlock(
        id=f"senior-by-{one.name}",
        title=f"Senior grades by {mid_sentence(dimension.label)}, compared with {COMPARED[one.name].others}",
        population={"collection": COLLECTION, "where": {}},
        dimensions=(one.name,),
        measures=("in_grade", "senior", "rate", "ratio"),
        rows=rows,
        cells=tuple(cell for code in rows for cell in _cells(one, code, compared.get((one.name, code)))),
        note="Senior: grades 6 and 7 and above, managers of the Probation Service, bands 8a and above.",
    )


def _cells(one: _Compared, code: str, comparison: Comparison | None) -> list[Cell]:
    dims, counts = {one.name: code}, one.groups[code]
    if counts is None:
        hidden = Status.CONFIDENTIAL.value
        return [Cell(dims, measure, None, hidden) for measure in ("in_grade", "senior", "rate", "ratio")]
    known, senior = counts
    return [
        Cell(dims, "in_grade", known),
        Cell(dims, "senior", senior),
        percentage(dims, "rate", SafeCell(senior), SafeCell(known)),
        _ratio(dims, comparison, is_reference=code == COMPARED[one.name].comparator),
    ]


def _ratio(dims: Mapping[str, str], comparison: Comparison | None, *, is_reference: bool) -> Cell:
    if is_reference:
        return Cell(dims, "ratio", None, Status.NOT_APPLICABLE.value)
    if comparison is None:
        return Cell(dims, "ratio", None, Status.CONFIDENTIAL.value)
    if comparison.status != Standing.ESTIMATED or comparison.ratio.value is None:
        few = comparison.status == Standing.TOO_FEW
        return Cell(dims, "ratio", None, (Status.TOO_FEW if few else Status.NOT_APPLICABLE).value)
    value, low, high = (
        None if limit is None else rounded(Fraction(limit), 2)
        for limit in (comparison.ratio.value, comparison.ratio.low, comparison.ratio.high)
    )
    return Cell(dims, "ratio", value, low=low, high=high)
