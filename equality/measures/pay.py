"""Pay gaps: how much less a group is paid than its comparator, in percent of the comparator's pay.

(comparator - group) / comparator x 100, from the mean and from the median of hourly pay; the median of an even number
is the mean of the middle two (SI 2017/172; GOV.UK, Making your gender pay gap calculations). Positive: the group is
paid less."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from equality.measures.shares import rounded


@dataclass(frozen=True, slots=True)
class Pay:
    """Hourly pay of one group: how many people, mean and median in ten-thousandths of a pound. Secret."""

    people: int
    mean: Fraction
    median: Fraction


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
    )


def gap(group: Fraction, comparator: Fraction, digits: int = 1) -> float:
    """The gap in percent of the comparator's pay. Raises ValueError where the comparator is paid nothing."""
    if comparator <= 0:
        raise ValueError("a pay gap needs a comparator with pay")
    return rounded((comparator - group) / comparator * 100, digits)
