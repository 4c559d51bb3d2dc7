"""Pay gaps: how much less a group is paid than its comparator, in percent of the comparator's pay.

(comparator - group) / comparator x 100, from the mean and from the median of hourly pay; the median of an even number
is the mean of the middle two (SI 2017/172; GOV.UK, Making your gender pay gap calculations). Positive: the group is
paid less. Everything is exact until it is rounded, once, at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, hypot
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from equality.measures.answers import Answer, answer, by_group, undefined

NO_COMPARATOR = "The comparator is paid nothing, so there is no gap to take a percentage of."
NOBODY = "One of the groups has nobody in it, so there is no gap."

NO_LIMITS = "A group is one person, is paid nothing, or varies beyond all bounds, so that the gap has no limits."
_FAR = 46.0  # exp(46) is beyond any ratio of two means
HIDDEN = "A gap is not shown where the group or its comparator has too few people."


@dataclass(frozen=True, slots=True)
class Pay:
    """Hourly pay of one group: how many people, mean and median in ten-thousandths of a pound, and the standard error
    of the mean; None for one person. ``highest``: the two highest. Secret."""

    people: int
    mean: Fraction
    median: Fraction
    error: float | None = None
    highest: tuple[int, int] = (0, 0)

    def is_dominated(self, percent: int) -> bool:
        """Would the second highest paid know the highest pay to within so many percent of it (the p% rule)?"""
        first, second = self.highest
        return 100 * (self.people * self.mean - first - second) < percent * first


def summarise(hourly: NDArray[np.int64]) -> Pay | None:
    """Exact mean and median of hourly pay given in whole ten-thousandths of a pound; None for nobody."""
    people = int(hourly.size)
    if not people:
        return None
    middle = np.partition(hourly, [(people - 1) // 2, people // 2])
    return Pay(
        people=people,
        mean=Fraction(int(hourly.sum()), people),
        median=Fraction(int(middle[(people - 1) // 2]) + int(middle[people // 2]), 2),
        error=float(hourly.std(ddof=1)) / people**0.5 if people > 1 else None,
        highest=_two_highest(hourly),
    )


def _two_highest(hourly: NDArray[np.int64]) -> tuple[int, int]:
    if hourly.size == 1:
        return int(hourly[0]), 0
    second, first = np.partition(hourly, hourly.size - 2)[-2:]
    return int(first), int(second)


def mean_gap_interval(group: Pay, comparator: Pay, confidence: float = 0.95) -> tuple[float, float] | None:
    """Limits of the mean gap in percent, by the delta method on the logarithm of the ratio of two means of separate
    people, with Welch's degrees of freedom for groups whose errors are not well known. None where a group is one person
    or is paid nothing, or where pay varies beyond all bounds. There is none for the median: it would tell single
    salaries."""
    reach = mean_gap_reach(group, comparator, confidence)
    if reach is None:
        return None
    ratio = float(group.mean / comparator.mean)
    return 100 * (1 - ratio * reach), 100 * (1 - ratio / reach)


def mean_gap_reach(group: Pay, comparator: Pay, confidence: float = 0.95) -> float | None:
    """How many times larger, or smaller, the ratio of the two means could be: what the limits of a mean gap are drawn
    with. It tells how far pay is spread, and nothing of the gap itself."""
    if group.error is None or comparator.error is None or not (group.mean > 0 and comparator.mean > 0):
        return None
    parts = [(pay.error or 0.0) / float(pay.mean) for pay in (group, comparator)]
    spread = hypot(*parts)
    reach = spread * _t(confidence, _degrees(parts, (group.people, comparator.people))) if spread else 0.0
    return None if reach > _FAR else exp(reach)


def _degrees(errors: Sequence[float], people: Sequence[int]) -> float:
    """Degrees of freedom of a sum of two independent errors (Welch 1947, Biometrika 34:28), in parts of the larger
    error so that no square of a small one is lost."""
    largest = max(errors)
    squares = [(error / largest) ** 2 for error in errors]
    return sum(squares) ** 2 / sum(square**2 / (count - 1) for square, count in zip(squares, people, strict=True))


def _t(confidence: float, degrees: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side."""
    return float(stdtrit(degrees, (1 + confidence) / 2))


def mean_pay_gap_ci(
    *,
    group_n: int,
    group_mean: Fraction,
    group_sd: Fraction,
    comparator_n: int,
    comparator_mean: Fraction,
    comparator_sd: Fraction,
) -> Answer:
    """The mean gap with its limits, from numbers, means and standard deviations (of a sample: squares over n - 1)."""
    names = ("gap_pct", "low", "high")
    if not (group_n and comparator_n):
        return undefined(NOBODY, *names)
    if not comparator_mean:
        return undefined(NO_COMPARATOR, *names)
    group = _spread_of(group_n, group_mean, group_sd)
    comparator = _spread_of(comparator_n, comparator_mean, comparator_sd)
    low, high = mean_gap_interval(group, comparator) or (None, None)
    found = {"gap_pct": exact_gap(group_mean, comparator_mean), "low": low, "high": high}
    return answer(found, NO_LIMITS if low is None else None)


def _spread_of(people: int, mean: Fraction, deviation: Fraction) -> Pay:
    return Pay(people, mean, mean, float(deviation) / people**0.5 if people > 1 else None)


def gap(group: Fraction, comparator: Fraction) -> Fraction:
    """The gap in percent of the comparator's pay, unrounded. Raises ValueError where the comparator is paid nothing."""
    found = exact_gap(group, comparator)
    if found is None:
        raise ValueError("a pay gap needs a comparator with pay")
    return found


def exact_gap(group: Fraction, comparator: Fraction) -> Fraction | None:
    """The gap, unrounded; None where the comparator is paid nothing."""
    return (comparator - group) / comparator * 100 if comparator > 0 else None


def mean_of(pay: Sequence[Fraction]) -> Fraction | None:
    """None for nobody."""
    return sum(pay) / Fraction(len(pay)) if pay else None


def median_of(pay: Sequence[Fraction]) -> Fraction | None:
    """The middle, or the mean of the middle two; None for nobody."""
    return Fraction(median(pay)) if pay else None


def gap_of(group: Fraction | None, comparator: Fraction | None) -> Fraction | None:
    """The gap between two averages that may not exist."""
    return None if group is None or comparator is None else exact_gap(group, comparator)


def pay_gap_pct(*, focal: Fraction, ref: Fraction, basis: str = "") -> Answer:  # noqa: ARG001  # for the reader
    """From two averages of one kind: hourly or bonus, mean or median."""
    return answer({"gap_pct": exact_gap(focal, ref)}, None if ref else NO_COMPARATOR)


def gpg_mean_gap(*, men_n: int, men_total: Fraction, women_n: int, women_total: Fraction) -> Answer:
    """From the sum of hourly rates and the number of people of each sex."""
    if not (men_n and women_n):
        return undefined(NOBODY, "gap_pct", "men_mean", "women_mean")
    men, women = men_total / men_n, women_total / women_n
    return answer(
        {"gap_pct": exact_gap(women, men), "men_mean": men, "women_mean": women}, None if men else NO_COMPARATOR
    )


def pence_in_the_pound(*, gap_pct: float) -> Answer:
    """What the group is paid for every pound of the comparator, in pence, unrounded."""
    return answer({"pence": 100 - Fraction(str(gap_pct))})


def pay_gap_multi_group(
    *, groups: Mapping[str, list[Fraction]], comparator: str, min_n: int = 10, average: str = "median"
) -> Answer:
    """Each group's gap against one named comparator; None for a group, or against a comparator, under the minimum."""
    middle = {"median": median_of, "mean": mean_of}[average]
    hidden = {name for name, pay in groups.items() if len(pay) < min_n}
    averages = {name: None if name in hidden else middle(pay) for name, pay in groups.items()}
    base = averages[comparator]
    found = {name: gap_of(averages[name], base) for name in groups if name != comparator}
    return by_group(
        found,
        NO_COMPARATOR if base == 0 else None,
        hidden=[name in hidden or comparator in hidden for name in found],
        why=HIDDEN,
    )
