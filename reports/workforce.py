"""The tables of a quarterly report about people: which are wanted, and how they are laid out once they are safe."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from equality.characteristics import VARIABLES
from equality.disclosure.averages import SafeGap, ToldPay, safe_gaps
from equality.disclosure.policy import Policy
from equality.disclosure.release import TableSpec, Within, region_of
from equality.disclosure.safe import SafeTable, Status
from equality.grouping import at_broad_level
from equality.measures.differences import newcombe
from equality.measures.shares import percent, rounded
from equality.tables import ASKED, DECLARED, MINORITY, NOT_DECLARED, SUMS, TOTAL, Dimension
from monitoring.figures.counting import PAID, PAY, PAY_QUARTERS, People
from monitoring.figures.ledger import written
from reports.compared import BY_PAY, COMPARED
from reports.contents import Cell, Contents, TableBlock, in_printing_order
from reports.percentages import percentage
from reports.wording import in_words, mid_sentence

COLLECTION = "workforce"


GRADE = "grade"
DETAIL_FROM = 1_000  # people; below, broad groups say more than rows of hidden numbers


def characteristics_of(people: People) -> list[str]:
    """Variables that a report splits people by, in order."""
    return [name for name in people.variables if VARIABLES[name].characteristic]


def breakdown_of(people: People) -> str | None:
    """What every characteristic is broken down by: grade where there is one, else the department."""
    return next((name for name in (GRADE, "organisation_unit") if name in people.variables), None)


def plan(people: People, policy: Policy, period: str) -> list[TableSpec]:
    """Every table of the report about a quarter, to be protected together."""
    split = {name: _is_declared_enough(people, name, policy) for name in characteristics_of(people)}
    tables = [_one_way(people, name, split[name]) for name in split]
    by = breakdown_of(people)
    if by:
        tables += [_two_way(people, name, by) for name in split if split[name]]
    if split.get("ethnicity") and split.get("sex"):
        tables.append(_two_way(people, "ethnicity", "sex"))
    if people.has_pay:
        compared = [name for name in BY_PAY if split.get(name)]
        tables += [_paid(people, name) for name in compared]
        tables += [_pay_quarters(people, name) for name in compared if people.size >= people_for_quarters(name, policy)]
    return [replace(table, block=period) for table in tables]


def compared_with(people: People, policy: Policy, period: str) -> list[TableSpec]:
    """The tables of an earlier quarter that a report's changes tell of."""
    one_way = [_one_way(people, name, _is_declared_enough(people, name, policy)) for name in characteristics_of(people)]
    return [replace(table, id=f"{table.id} {period}", block=period) for table in one_way]


def _is_declared_enough(people: People, name: str, policy: Policy) -> bool:
    table = people.table((name,))
    asked = ASKED if ASKED in people.dimensions[name].groups else TOTAL
    return policy.splits(table.count(**{name: DECLARED}), table.count(**{name: asked}))


def _one_way(people: People, name: str, split: bool) -> TableSpec:  # noqa: FBT001
    dimension = people.dimensions[name]
    detailed = people.size >= DETAIL_FROM or not dimension.broad
    answers = (*dimension.broad, *(dimension.substantive if detailed else ()))
    answers += (MINORITY,) if MINORITY in dimension.groups else ()
    asked = (ASKED,) if ASKED in dimension.groups else ()
    silent = dimension.groups[NOT_DECLARED]
    shown = (*(answers if split else ()), *silent, *asked, *SUMS)
    return TableSpec(
        id=name,
        codes={name: in_printing_order(dimension, shown)},
        too_few={} if split else {name: in_printing_order(dimension, answers)},
    )


def _two_way(people: People, name: str, by: str) -> TableSpec:
    """The longer dimension makes the rows. By grade, all ethnic minorities together are a row too, because they are
    compared; elsewhere one more row would only hide more of the others."""
    codes = {one: _coarse(people.dimensions[one], together=by == GRADE) for one in (name, by)}
    order = (by, name) if len(codes[by]) > 8 else (name, by)
    return TableSpec(id=f"{name}-by-{by}", codes={one: codes[one] for one in order})


def _coarse(dimension: Dimension, *, together: bool) -> tuple[str, ...]:
    groups = _compared_groups(dimension) if together else at_broad_level(dimension)
    sums = SUMS if dimension.code in VARIABLES and VARIABLES[dimension.code].characteristic else (NOT_DECLARED, TOTAL)
    return in_printing_order(dimension, (*groups, *sums))


def _compared_groups(dimension: Dimension) -> tuple[str, ...]:
    return (*at_broad_level(dimension), *((MINORITY,) if MINORITY in dimension.groups else ()))


def _paid(people: People, name: str) -> TableSpec:
    """Numbers of people with pay, which the gaps rest on."""
    dimension = people.dimensions[name]
    codes = {name: in_printing_order(dimension, _compared_groups(dimension))}
    return TableSpec(id=f"pay-by-{name}", codes=codes, where={PAY: PAID})


def people_for_quarters(name: str, policy: Policy) -> int:
    """How many people an organisation needs for its quarters of pay to be split by a characteristic: in each as many
    as an average needs. Everybody counts, whether or not their pay is given, because that number is public."""
    return len(PAY_QUARTERS) * policy.behind_average(special=VARIABLES[name].special_category)


def _pay_quarters(people: People, name: str) -> TableSpec:
    """Who is in each quarter of pay, and in all: the two groups that are compared, all who declared, and everybody."""
    dimension, compared = people.dimensions[name], COMPARED[name]
    codes = {
        PAY: (PAID, *PAY_QUARTERS),
        name: in_printing_order(dimension, (compared.watched, compared.comparator, DECLARED, TOTAL)),
    }
    return TableSpec(id=f"pay-quarters-by-{name}", codes=codes)


def title_of(table: SafeTable) -> str:
    """What a table is called where it is spoken of."""
    names = [table.dimension(name).label for name in table.codes]
    return " by ".join([names[0], *(mid_sentence(name) for name in names[1:])]) + (
        " (people with pay)" if table.where else ""
    )


def one_way_block(
    table: SafeTable, before: Mapping[Within, int] | None, hidden_before: Collection[Within] = ()
) -> TableBlock:
    """Headcount, share of declared, declaration rate, and change where there is something to compare with. ``before``
    and ``hidden_before``: people whose number of the quarter before is shown, and is hidden."""
    (name,) = table.codes
    dimension = table.dimension(name)
    listed = in_printing_order(dimension, table.listed(name))
    measures = ["headcount", "share", "declaration_rate"] + (["change", "change_share"] if before is not None else [])
    cells = [_headcount(table, (code,)) for code in listed]
    cells += [
        _share(table, (code,), name) for code in listed if code not in (*dimension.groups[NOT_DECLARED], *SUMS, ASKED)
    ]
    cells.append(_declaration_rate(table, name))
    if before is not None:
        cells += _changes(table, name, listed, _Before(before, hidden_before))
    return TableBlock(
        id=table.id,
        title=f"{dimension.label}: people, and share of those who declared",
        population={"collection": COLLECTION, "where": dict(table.where)},
        dimensions=(name,),
        measures=tuple(measures),
        rows=listed,
        cells=tuple(cells),
        share_of=name,
        note=categories_of(table),
    )


def categories_of(table: SafeTable) -> str:
    """By which list people answered, and whether a table of one characteristic shows its groups only: a list of 19
    above five rows would look like a fault."""
    (name,) = table.codes
    dimension, listed = table.dimension(name), table.listed(name)
    groups = [code for code in dimension.broad if code in listed]
    if not groups or dimension.finer(listed):
        return f"Categories: {dimension.version}."
    return f"Shown in {in_words(len(groups))} groups; answered in {dimension.version}."


def two_way_block(table: SafeTable) -> TableBlock:
    """Headcount of every combination."""
    rows, columns = table.codes
    left, right = table.dimension(rows), table.dimension(columns)
    listed = {one.code: in_printing_order(one, table.listed(one.code)) for one in (left, right)}
    return TableBlock(
        id=table.id,
        title=f"{left.label} by {mid_sentence(right.label)}: people",
        population={"collection": COLLECTION, "where": dict(table.where)},
        dimensions=(rows, columns),
        measures=("headcount",),
        rows=listed[rows],
        columns=listed[columns],
        cells=tuple(_headcount(table, (row, column)) for row in listed[rows] for column in listed[columns]),
    )


def pay_block(table: SafeTable, gaps: Mapping[str, SafeGap]) -> TableBlock:
    """Mean and median gap of every group against its comparator, with the numbers of people they rest on."""
    (name,) = table.codes
    dimension = table.dimension(name)
    listed = in_printing_order(dimension, table.listed(name))
    cells = [_headcount(table, (code,)) for code in listed]
    for code in listed:
        gap = gaps[code]
        status = gap.status.value if gap.status else None
        cells.append(Cell({name: code}, "mean_gap", gap.mean, status, gap.low, gap.high, gap.step))
        cells.append(Cell({name: code}, "median_gap", gap.median, status, step=gap.step))
    return TableBlock(
        id=table.id,
        title=f"Hourly pay gap by {mid_sentence(dimension.label)}, compared with {COMPARED[name].others}",
        population={"collection": COLLECTION, "where": dict(table.where)},
        dimensions=(name,),
        measures=("headcount", "mean_gap", "median_gap"),
        rows=listed,
        cells=tuple(cells),
        note="A gap above zero means that the group is paid less than the comparator.",
    )


def quarters_block(table: SafeTable) -> TableBlock:
    """Headcount of every group in every quarter of pay, and the share of the one that is watched."""
    _, name = table.codes
    counts, watched = two_way_block(table), COMPARED[name].watched
    return replace(
        counts,
        title=f"Quarters of hourly pay by {mid_sentence(table.dimension(name).label)}: people, and share of those who "
        "declared",
        measures=(*counts.measures, "share"),
        cells=(*counts.cells, *(_share(table, (quarter, watched), name) for quarter in counts.rows)),
        share_of=name,
        note="Each quarter holds a fourth of all whose pay is given, ranked by hourly pay.",
    )


def gaps_of(people: People, table: SafeTable, policy: Policy, versions: Sequence[Contents] = ()) -> dict[str, SafeGap]:
    """Gaps that may be shown, against men or White people. ``versions``: what was published of them before."""
    (name,) = table.codes
    comparator, codes = COMPARED[name].comparator, table.codes[name]
    return safe_gaps(
        people.pay(name, codes),
        comparator,
        policy,
        special=VARIABLES[name].special_category,
        people={code: limits for code in codes if (limits := table.cell(code).limits)},
        whole=MINORITY if MINORITY in codes else None,
        told=[told for version in versions if (told := _told_of_pay(version, table.id))],
    )


def _told_of_pay(version: Contents, table_id: str) -> ToldPay | None:
    """What one version tells by a table of pay gaps; None where it has no such table."""
    table = next((table for table in version.tables() if table.id == table_id), None)
    if table is None:
        return None
    (name,) = table.dimensions
    shown = [cell for cell in table.cells if cell.value is not None]
    return ToldPay(
        people={cell.dims[name]: _ends(cell) for cell in shown if cell.measure == "headcount"},
        averages=frozenset(cell.dims[name] for cell in shown if cell.measure == "mean_gap"),
    )


def _ends(cell: Cell) -> tuple[int, int]:
    """At least, at most so many people, by a number that is shown."""
    number = cell.value or 0
    return int(number if cell.low is None else cell.low), int(number if cell.high is None else cell.high)


def told_again(tables: Sequence[SafeTable], before: Mapping[Within, int], period: str) -> list[dict[str, Any]]:
    """What the changes in a report tell of the quarter before, which was told before."""
    shown = {
        written(within): before[within]
        for table in tables
        if len(table.codes) == 1 and not table.where
        for (code,) in table.shown
        if (within := people_in(table, code)) in before
    }
    return [{"period": period, "shown": shown, "hidden": []}] if shown else []


def _headcount(table: SafeTable, key: tuple[str, ...]) -> Cell:
    cell = table.cell(*key)
    dims = dict(zip(table.codes, key, strict=True))
    return Cell(dims, "headcount", cell.value, cell.status.value if cell.status else None, cell.low, cell.high)


def _share(table: SafeTable, key: tuple[str, ...], name: str) -> Cell:
    """Of those who declared what ``name`` splits. A share is shown where both its counts are: then it tells nothing
    that they do not."""
    dims = dict(zip(table.codes, key, strict=True))
    part, whole = table.cell(*key), table.cell(*(dims | {name: DECLARED}).values())
    if part.status is not None:
        return Cell(dims, "share", None, part.status.value)
    return percentage(dims, "share", part, whole)


def _declaration_rate(table: SafeTable, name: str) -> Cell:
    asked = ASKED if ASKED in table.codes[name] else TOTAL
    return percentage({name: TOTAL}, "declaration_rate", table.cell(DECLARED), table.cell(asked))


@dataclass(frozen=True)
class _Before:
    """What is public of the quarter before: numbers, and people whose number is hidden."""

    counts: Mapping[Within, int]
    hidden: Collection[Within]

    def why_none(self, *whom: Within) -> str:
        """The symbol of what would be compared with numbers that are not all there. That one is hidden was said where
        it was hidden, so that saying it again tells nothing."""
        is_hidden = any(within in self.hidden and within not in self.counts for within in whom)
        return (Status.CONFIDENTIAL if is_hidden else Status.NOT_AVAILABLE).value


def _changes(table: SafeTable, name: str, listed: Sequence[str], before: _Before) -> list[Cell]:
    """Differences of two numbers that are both shown; [c] where either is hidden, [x] where the quarter before has no
    such number."""
    cells = []
    for code in listed:
        now, whom = table.cell(code), people_in(table, code)
        then = before.counts.get(whom)
        if now.value is not None and then is not None:
            cells.append(Cell({name: code}, "change", now.value - then))
        else:
            status = now.status.value if now.status else before.why_none(whom)
            cells.append(Cell({name: code}, "change", None, status))
        if code in _splits(table.dimension(name)):
            cells.append(_change_of_share(table, name, code, before))
    return cells


def _change_of_share(table: SafeTable, name: str, code: str, before: _Before) -> Cell:
    """In percentage points, from the two shares as they are printed; its limits as of separate people, which are
    wider than they need be."""
    now = _share(table, (code,), name)
    whom, whole = people_in(table, code), people_in(table, DECLARED)
    then, declared = before.counts.get(whom), before.counts.get(whole)
    earlier = percent(then, declared) if then is not None and declared else None
    if now.value is None or earlier is None or then is None or not declared:
        return Cell(now.dims, "change_share", None, now.status or before.why_none(whom, whole))
    limits = newcombe(table.cell(code).value or 0, table.cell(DECLARED).value or 0, then, declared)
    low, high = (rounded(Fraction(100 * float(limit)), 1) for limit in limits)
    return Cell(now.dims, "change_share", round(now.value - earlier, 1), low=low, high=high)


def _splits(dimension: Dimension) -> set[str]:
    """Codes that have a share."""
    return {*dimension.broad, *dimension.substantive, *({MINORITY} & set(dimension.groups))}


def people_in(table: SafeTable, code: str) -> Within:
    """The people of one code of a table of one characteristic, of whichever quarter."""
    (name,) = table.codes
    spec = TableSpec(table.id, dict(table.codes))
    return region_of({name: table.dimension(name)}, spec, (code,)).within
