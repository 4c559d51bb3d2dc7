"""What a reader is told in words, drawn from safe tables alone."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from equality.benchmarks import benchmark
from equality.characteristics import VARIABLES
from equality.disclosure.averages import SafeGap
from equality.disclosure.policy import Policy
from equality.disclosure.release import Within
from equality.disclosure.safe import SafeTable, Status
from equality.measures.comparison import Group
from equality.measures.conclusions import Benchmark, conclude_change, conclude_pay_gap, conclude_share
from equality.measures.shares import percent, rounded
from equality.measures.spoken import opening
from equality.tables import ASKED, DECLARED, NOT_DECLARED, TOTAL
from monitoring.figures.counting import PAID, PAY_QUARTERS
from reports.compared import COMPARED, Compared
from reports.contents import Cell, TableBlock
from reports.percentages import percentage
from reports.wording import INTERVAL, cell_text, decimals, interval_text, listed, mid_sentence, number, people


def declaration(table: SafeTable) -> str:
    """How many declared a characteristic."""
    (name,) = table.codes
    label = mid_sentence(table.dimension(name).label)
    asked, declared = table.cell(ASKED if ASKED in table.codes[name] else TOTAL), table.cell(DECLARED)
    if asked.value is None or declared.value is None:
        return f"How many people declared their {label} cannot be shown without giving a small number away."
    rate = percentage({}, "declaration_rate", declared, asked)
    in_percent = f" ({cell_text(rate)})" if rate.value is not None else ""
    return f"{people(declared.value)} of {asked.value:,}{in_percent} declared their {label}."


def too_few_declared(table: SafeTable, policy: Policy) -> str:
    """Why a characteristic is not split. Of few people it is not said which of the reasons it is."""
    (name,) = table.codes
    label = mid_sentence(table.dimension(name).label)
    asked = table.cell(ASKED if ASKED in table.codes[name] else TOTAL).limits
    if asked is None or asked[0] < policy.asked:
        return f"Too few people were asked about their {label}, or too few declared it, so it is not split further."
    return (
        f"Fewer than {policy.declared}% declared their {label}, so it is not split further: the rest could change the "
        "picture."
    )


def largest_message(table: SafeTable) -> str | None:
    """The share that a reader looks for first: ethnic minorities, women, disabled people."""
    found = _watched_share(table)
    if found is None or found.share.value is None:
        return None
    counts = f"{found.part:,} of {found.whole:,}; {INTERVAL} {interval_text(found.share)}"
    return f"{cell_text(found.share)} of those who declared ({counts}) are {found.words.are}."


def key_figure(table: SafeTable) -> tuple[str, str, str] | None:
    """The same share as a figure to be set large: value, what it is, what it rests on."""
    found = _watched_share(table)
    if found is None or found.share.value is None:
        return None
    counts = f"{found.part:,} of {found.whole:,} who declared"
    return cell_text(found.share), found.words.are, f"{counts}; {INTERVAL} {interval_text(found.share)}"


_ENGLAND_AND_WALES = "K04000001"
_POPULATION = "England and Wales (residents of all ages, Census 2021)"
# Characteristic → code list of the census and the codes that the watched group holds there.
_IN_CENSUS = {
    "ethnicity": ("HIGH_LEVEL_5", ("ASIAN", "BLACK", "MIXED", "OTHER")),
    "sex": ("GSS", ("F",)),
    "disability": ("DERIVED_EA2010", ("DIS_LOT", "DIS_LITTLE")),
}


class _Watched(NamedTuple):
    """How many are in the group that is looked for first, how many declared, as printed, and the share, which may be
    too few to say. ``words``: for the group."""

    part: int
    whole: int
    share: Cell
    words: Compared


def _watched_share(table: SafeTable) -> _Watched | None:
    """Where both numbers may be shown."""
    (name,) = table.codes
    words = COMPARED.get(name)
    if words is None or words.watched not in table.codes[name]:
        return None
    part, whole = table.cell(words.watched), table.cell(DECLARED)
    if part.value is None or not whole.value:
        return None
    return _Watched(part.value, whole.value, percentage({}, "share", part, whole), words)


def against_benchmark(table: SafeTable) -> str | None:
    """The same share beside that of the population of England and Wales. Of rounded numbers nothing is concluded."""
    found = _watched_share(table)
    if found is None or found.share.value is None:
        return None
    (name,) = table.codes
    population = Benchmark(_POPULATION, _percent_of_population(name))
    if found.share.step is None:
        return conclude_share(found.words.people, found.part, found.whole, population)
    return f"{largest_message(table)} In {population.name} they are {population.percent:g}%."


@cache
def _percent_of_population(name: str) -> float:
    system, codes = _IN_CENSUS[name]
    population = benchmark(name, _ENGLAND_AND_WALES, system)
    return rounded(Fraction(100 * sum(population.counts[code] for code in codes), population.known), 1)


def unknown_answers(table: SafeTable) -> str | None:
    """What those who did not declare could change: the share of everybody if none of them, or all, were in the
    group. It follows the sentence that names the group."""
    found = _watched_share(table)
    silent = table.cell(NOT_DECLARED).value
    if found is None or found.share.value is None or not silent:
        return None
    asked, step = found.whole + silent, found.share.step
    least, most = (
        number(percent(min(count, asked), asked, decimals(step)) or 0, "share", step)
        for count in (found.part, found.part + silent)
    )
    return (
        f"If none of the {silent:,} who did not declare were among them, it would be {least} of all {asked:,}; "
        f"if all were, {most}."
    )


def change(table: SafeTable, before: Mapping[Within, int], region: Callable[[str], Within], now: str, then: str) -> (
    str | None
):  # fmt: skip
    """What may be said of the same share in this quarter (``now``) and the one before (``then``)."""
    found = _watched_share(table)
    if found is None:
        return None
    earlier, declared = before.get(region(found.words.watched)), before.get(region(DECLARED))
    if earlier is None or not declared:
        return None
    what, after = f"the share of {found.words.people}", Group(now, found.part, found.whole)
    return conclude_change(what, Group(then, earlier, declared), after)


def pay_gap(table: SafeTable, gaps: Mapping[str, SafeGap]) -> str | None:
    """The gap that a reader looks for first, of how many people it is, and whether the mean gap is more than people of
    one pay scale would differ by chance; without limits no claim is made."""
    (name,) = table.codes
    words = COMPARED[name]
    gap = gaps.get(words.watched)
    count, other = table.cell(words.watched).value, table.cell(words.comparator).value
    if gap is None or gap.mean is None or gap.median is None or count is None or other is None:
        return None
    limits = None if gap.low is None or gap.high is None else (gap.low, gap.high)
    return conclude_pay_gap(
        words.people,
        count,
        words.others,
        other,
        mean_gap=gap.mean,
        median_gap=gap.median,
        limits=limits,
        decimals=decimals(gap.step),
    )


def no_pay_gap(table: SafeTable, gaps: Mapping[str, SafeGap], policy: Policy) -> str | None:
    """Why the gap that a reader looks for first is not given; nothing where the group is nobody."""
    (name,) = table.codes
    words = COMPARED[name]
    compares = f"the pay of {words.people} compares with that of {words.others}"
    status = gaps[words.watched].status if words.watched in gaps else None
    if status is Status.TOO_FEW:
        needed = policy.behind_average(special=VARIABLES[name].special_category)
        return f"There are too few people to say how {compares}: this needs {needed} in each group {status.value}."
    if status is Status.CONFIDENTIAL:
        return (
            f"How {compares} cannot be said without giving away a small number, or what a few people are paid "
            f"{status.value}."
        )
    return None


def pay_quarters(table: SafeTable) -> str | None:
    """Which share of the best and of the worst paid the group is that a reader looks for first, and of all whose pay is
    given; or that this may not be shown."""
    _, name = table.codes
    words = COMPARED[name]
    quarters, hidden = [], []
    best, *_, worst = PAY_QUARTERS
    for quarter, called in ((best, "of the highest paid quarter"), (worst, "of the lowest paid"), (PAID, "of all")):
        part, whole = table.cell(quarter, words.watched), table.cell(quarter, DECLARED)
        share = percentage({}, "share", part, whole)
        if share.status == Status.CONFIDENTIAL.value:
            hidden.append(called)
        elif share.value is None:
            return None
        else:
            counts = f"{part.value:,} of {whole.value:,}; {INTERVAL} {interval_text(share)}"
            quarters.append(f"{cell_text(share)} {called} ({counts})")
    said = [f"Of those who declared and whose pay is given, {words.people} are {listed(quarters)}."] if quarters else []
    if hidden:
        who = "they" if quarters else words.people
        why = f"cannot be said without giving a small number away {Status.CONFIDENTIAL.value}."
        said.append(f"Which share {who} are {listed(hidden)} {why}")
    return " ".join(said)


def watched_people(name: str) -> str:
    """Who a reader looks for first, as a title begins."""
    return opening(COMPARED[name].people)


def chart_alt(table: TableBlock, labels: Mapping[str, str], places: Sequence[tuple[str, ...]]) -> str:
    """A bar chart in one sentence: every bar with its value and interval, or that it is not shown. ``places``: where
    the table has them."""
    said = []
    for code, *column in places:
        cell = table.find("share", code, *column)
        shown = cell is not None and cell.value is not None
        said.append(
            f"{labels[code]} {cell_text(cell)} ({interval_text(cell)})" if shown else f"{labels[code]} not shown"
        )
    return f"Bar chart, with 95% intervals in brackets. {'; '.join(said)}. The figures are in the table."
