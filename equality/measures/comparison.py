"""Two groups compared: counts, both names, difference, ratio, intervals, test and status, never one without the others.

A ratio alone misleads: which group is over which, whether the outcome is good or bad to have, and how many people it
rests on are half of its meaning. So they travel together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from equality.measures.answers import Status
from equality.measures.arrays import Floats, Interval
from equality.measures.minimums import RULE
from equality.measures.ratios import NO_BASE, NO_EVENTS
from equality.measures.whole_tables import ComparedTable, compare_table

NEWCOMBE = "Newcombe hybrid score interval, 95%"
KOOPMAN = "Koopman score interval, 95%"
MID_P = "Fisher exact test, mid-p (minlike)"
CHI_SQUARE = "Chi-square test without continuity correction"
LEVEL = 0.05


class Sense(StrEnum):
    """Whether the outcome is good to have."""

    FAVOURABLE = "favourable"
    ADVERSE = "adverse"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to people. ``infinitive``: in words that follow *likely to*, such as ``be appointed``."""

    infinitive: str
    sense: Sense


@dataclass(frozen=True, slots=True)
class Group:
    """``name``: a plural, such as ``Black staff``. ``events`` of its ``base`` people had the outcome."""

    name: str
    events: int
    base: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its limits; None where it does not exist."""

    value: float | None
    low: float | None
    high: float | None
    method: str

    def excludes(self, nothing: float) -> bool:
        """Whether the interval lies wholly on one side of ``nothing``; a missing upper limit is unbounded."""
        if self.low is None:
            return False
        return self.low > nothing or (self.high is not None and self.high < nothing)


@dataclass(frozen=True, slots=True)
class Significance:
    """``p`` of one comparison; ``p_adjusted`` for the ``together`` comparisons tested with it (Benjamini and Hochberg).
    None where nothing was tested."""

    p: float | None
    p_adjusted: float | None
    together: int
    method: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``difference`` is first less second, ``ratio`` first over second."""

    first: Group
    second: Group
    outcome: Outcome
    difference: Estimate
    ratio: Estimate
    test: Significance
    status: Status
    reason: str | None

    @property
    def shows_a_difference(self) -> bool:
        """Estimated, and neither interval holds the value of no difference, and the adjusted test agrees. The band from
        0.8 to 1.25 has no part in it."""
        return (
            self.status == Status.ESTIMATED
            and self.intervals_exclude_none
            and self.test.p_adjusted is not None
            and self.test.p_adjusted < LEVEL
        )

    @property
    def intervals_exclude_none(self) -> bool:
        return self.difference.excludes(0) and self.ratio.excludes(1)

    @property
    def leads(self) -> int:
        """1 where the first group's rate is the higher, -1 where the second's, else 0."""
        ahead = self.first.events * self.second.base - self.second.events * self.first.base
        return (ahead > 0) - (ahead < 0)

    @property
    def favours(self) -> int:
        """1 where the rates favour the first group, -1 the second, 0 where neither or the outcome is neither good nor
        bad."""
        return {Sense.FAVOURABLE: self.leads, Sense.ADVERSE: -self.leads, Sense.NEUTRAL: 0}[self.outcome.sense]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(first: Group, second: Group, outcome: Outcome) -> Comparison:
    """One comparison, made on its own. Raises CannotMeasure for counts that nobody can have counted."""
    return compare_all([(first, second, outcome)])[0]


def compare_with(reference: Group, groups: Sequence[Group], outcome: Outcome) -> tuple[Comparison, ...]:
    """Each group against one reference, tested together."""
    return compare_all([(group, reference, outcome) for group in groups])


def compare_all(pairs: Sequence[tuple[Group, Group, Outcome]]) -> tuple[Comparison, ...]:
    """Comparisons tested together: a section of a report."""
    counts = np.array([(a.events, a.base, b.events, b.base) for a, b, _ in pairs], dtype=float).reshape(-1, 4)
    table = compare_table(*counts.T)
    return tuple(_comparison(table, place, *pair) for place, pair in enumerate(pairs))


def _comparison(table: ComparedTable, place: int, first: Group, second: Group, outcome: Outcome) -> Comparison:
    status, reason = _standing(table, place)
    return Comparison(
        first=first,
        second=second,
        outcome=outcome,
        difference=_estimate(table.difference, table.difference_limits, place, NEWCOMBE),
        ratio=_estimate(table.ratio, table.ratio_limits, place, KOOPMAN),
        test=Significance(
            p=_number(table.p, place),
            p_adjusted=_number(table.p_adjusted, place),
            together=int((~np.isnan(table.p)).sum()),
            method=MID_P if table.exact[place] else CHI_SQUARE,
        ),
        status=status,
        reason=reason,
    )


def _standing(table: ComparedTable, place: int) -> tuple[Status, str | None]:
    if np.isnan(table.difference[place]):
        return Status.UNDEFINED, NO_BASE
    if table.too_few[place]:
        return Status.TOO_FEW, RULE
    return Status.ESTIMATED, NO_EVENTS if np.isnan(table.ratio[place]) else None


def _estimate(values: Floats, limits: Interval, place: int, method: str) -> Estimate:
    return Estimate(_number(values, place), _number(limits.low, place), _number(limits.high, place), method)


def _number(values: Floats, place: int) -> float | None:
    return None if np.isnan(values[place]) else float(values[place])
