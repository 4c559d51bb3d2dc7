"""What may be concluded: one sentence for each result, in words that can be read aloud.

A sentence claims a difference only where both intervals and the adjusted test bear it out; it names the direction, and
says whose advantage it is. Where they do not, it says what the numbers leave open, and never that the groups are alike.
Below the minimum numbers it says that there are too few to say, and repeats no count. Names are written as they stand
inside a sentence: ``Black staff``, ``women``."""

from dataclasses import dataclass

from equality.measures.answers import Answer, Status, answer
from equality.measures.comparison import LEVEL, Comparison, Estimate, Group, Outcome, Sense, compare
from equality.measures.minimums import BASE, EVENTS, NEEDED
from equality.measures.proportions import wilson
from equality.measures.shares import percent
from equality.measures.spoken import beside, opening, out_of, signed, span

A_SHARE_NEEDS = f"this needs at least {BASE} people, with {EVENTS} expected in the group and {EVENTS} outside it"
PAY_NEEDS = f"this needs at least {BASE} people in each group"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """``percent`` of a population. ``name``: what and when, such as ``the working-age population, Census 2021``."""

    name: str
    percent: float


def conclude(comparison: Comparison) -> str:
    """What may be said of two groups compared."""
    question = (
        f"{comparison.first.name} and {comparison.second.name} differed in how likely they were "
        f"to {comparison.outcome.infinitive}"
    )
    if comparison.status == Status.UNDEFINED:
        return f"It cannot be said whether {question}: there is nobody in one of the groups."
    if comparison.status == Status.TOO_FEW:
        return f"There are too few to say whether {question}: {NEEDED}."
    return _claim(comparison) if comparison.shows_a_difference else _no_claim(comparison)


def conclude_change(what: str, before: Group, after: Group) -> str:
    """What may be said of a share in two periods. ``what``: such as ``the share of women``; the groups are named for
    their periods. Taken as separate people; those who are in both make the interval wider than it need be, so that a
    claim is safe."""
    compared = compare(after, before, Outcome("", Sense.NEUTRAL))
    if compared.status != Status.ESTIMATED:
        return f"There are too few to say whether {what} changed from {before.name} to {after.name}: {NEEDED}."
    rates = f"{_of(before)} in {before.name} to {_of(after)} in {after.name}"
    points = f"95% interval of the change: {_points(compared.difference)}"
    if compared.shows_a_difference:
        return f"{opening(what)} {'rose' if compared.leads > 0 else 'fell'} from {rates} ({points})."
    return f"{opening(what)} went from {rates}, which may be ordinary variation ({points})."


def conclude_share(name: str, part: int, whole: int, benchmark: Benchmark) -> str:
    """What may be said of a group's share of those who declared, against a population. ``name``: a plural. The test is
    the score test, whose interval is Wilson's."""
    expected = whole * benchmark.percent / 100
    if whole < BASE or min(expected, whole - expected) < EVENTS:
        return f"There are too few to say how the share of {name} compares with {benchmark.name}: {A_SHARE_NEEDS}."
    low, high = (100 * float(limit) for limit in wilson(part, whole))
    return (
        f"{opening(name)} are {percent(part, whole)}% of those who declared "
        f"({part:,} of {whole:,}; 95% interval {span(low, high, benchmark.percent, 1)}%), "
        f"{_against(low, high, benchmark.percent)} the {benchmark.percent:g}% in {benchmark.name}."
    )


def conclude_pay_gap(
    group: str,
    people: int,
    comparator: str,
    comparator_people: int,
    *,
    mean_gap: float,
    median_gap: float,
    limits: tuple[float, float] | None = None,
    decimals: int = 1,
) -> str:
    """What may be said of a pay gap, in percent: what it is, of how many people, and whether the mean gap is more than
    people of one pay scale would differ by chance (``limits`` of the mean gap; without them no claim is made). Without
    ``decimals`` the numbers are near enough only."""
    if min(people, comparator_people) < BASE:
        return f"There are too few to say how the pay of {group} compares with that of {comparator}: {PAY_NEEDS}."
    by_chance = _by_chance(limits, decimals)
    return (
        f"By the mean, {group} are paid {_less_or_more(mean_gap, decimals)} {comparator} for an hour{by_chance}. "
        f"By the median, they are paid {_less_or_more(median_gap, decimals)} {comparator}. "
        f"This compares {people:,} {group} with {comparator_people:,} {comparator}, and does not say why."
    )


def _gaps(low: float, high: float, decimals: int) -> str:
    """``3.8% more to 12.2% less``: words instead of signs, which say nothing about who is paid more."""
    if low < 0 < high:
        return f"{-low:.{decimals}f}% more to {high:.{decimals}f}% less"
    near, far = (f"{size:.{decimals}f}" for size in sorted((abs(low), abs(high))))
    return f"{near}% to {far}% {'less' if high > 0 else 'more'}"


def _by_chance(limits: tuple[float, float] | None, decimals: int) -> str:
    if limits is None:
        return ""
    low, high = limits
    claim = "may be" if low <= 0 <= high else "is more than"
    return f" (95% interval {_gaps(low, high, decimals)}), which {claim} ordinary variation"


def two_group_comparison(
    *, group1: str, events1: int, base1: int, group2: str, events2: int, base2: int, outcome: str, sense: str
) -> Answer:
    """A comparison made on its own, by name, with its sentence."""
    found = compare(Group(group1, events1, base1), Group(group2, events2, base2), Outcome(outcome, Sense(sense)))
    outputs = {
        **_flat("difference", found.difference),
        **_flat("ratio", found.ratio),
        "p": found.test.p,
        "method": found.test.method,
        "shows_a_difference": found.shows_a_difference,
        "sentence": conclude(found),
    }
    plain = answer(outputs).outputs
    return Answer(plain, found.status, found.reason)


def _claim(comparison: Comparison) -> str:
    """More or less likely, to whose advantage, and on what figures."""
    first, second = comparison.first, comparison.second
    side = {1: ", which is to their advantage", -1: ", which is to their disadvantage", 0: ""}[comparison.favours]
    return (
        f"{opening(first.name)} were {'more' if comparison.leads > 0 else 'less'} likely than {second.name} "
        f"to {comparison.outcome.infinitive}{side}: {_of(first)} against {_of(second)}, "
        f"{_size(comparison)}{_together(comparison)}."
    )


def _no_claim(comparison: Comparison) -> str:
    first, second = comparison.first, comparison.second
    return (
        f"The figures do not show a difference between {first.name} and {second.name} in how likely they were "
        f"to {comparison.outcome.infinitive}: {_of(first)} against {_of(second)}, {_why_not(comparison)}; "
        "nor do they show that there is none."
    )


def _why_not(comparison: Comparison) -> str:
    """What keeps a claim back: an interval that holds no difference, other tests made with this one, or both."""
    if not comparison.ratio.excludes(1) and comparison.ratio.low is not None and comparison.ratio.high is not None:
        return f"with which ratios from {_ratios(comparison.ratio)} are compatible"
    if not comparison.difference.excludes(0):
        return f"with which differences of {_points(comparison.difference)} are compatible"
    if comparison.test.p is not None and comparison.test.p < LEVEL:
        return f"{_size(comparison)}, which may be chance after allowing for {comparison.test.together} comparisons"
    return f"{_size(comparison)}, where the interval and the test do not agree"


def _size(comparison: Comparison) -> str:
    """How many times as likely; how many percentage points apart where a group has no events."""
    ratio, difference = comparison.ratio, comparison.difference
    if ratio.value and ratio.high is not None:
        return f"{ratio.value:.2f} times as likely (95% interval {_ratios(ratio)})"
    apart, *ends = (100 * abs(value or 0.0) for value in (difference.value, difference.low, difference.high))
    return f"{beside(apart, 0, 1)} percentage points apart (95% interval {span(min(ends), max(ends), 0, 1)})"


def _together(comparison: Comparison) -> str:
    others = comparison.test.together
    return f", after allowing for the {others} comparisons made together" if others > 1 else ""


def _against(low: float, high: float, benchmark: float) -> str:
    if low > benchmark:
        return "more than"
    return "less than" if high < benchmark else "which cannot be told apart from"


def _ratios(ratio: Estimate) -> str:
    return span(ratio.low or 0.0, ratio.high or 0.0, 1, 2)


def _points(difference: Estimate) -> str:
    """``minus 3.2 to plus 7.0 percentage points``."""
    low, high = 100 * (difference.low or 0.0), 100 * (difference.high or 0.0)
    return f"{signed(low)} to {signed(high)} percentage points"


def _of(group: Group) -> str:
    return out_of(group.events, group.base)


def _less_or_more(gap: float, decimals: int) -> str:
    about = "" if decimals else "about "
    if gap == 0:
        return f"{about}the same as"
    return f"{about}{abs(gap):.{decimals}f}% {'less' if gap > 0 else 'more'} than"


def _flat(name: str, estimate: Estimate) -> dict[str, float | None]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
