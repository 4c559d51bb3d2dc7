"""Whole tables of comparisons at once: groups by strata, areas by questions.

The choice of method is one rule for the service. Difference: Newcombe. Ratio: Koopman. Test: Fisher's mid-p (minlike)
where any expected count is under 5, else chi-square without correction. Many tests: Benjamini and Hochberg, over those
that were made. Where either base is under 10 or both groups have fewer than 5 events together nothing is tested: too
few to say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equality.measures import chi_square, differences, midp, ratios
from equality.measures.arrays import Floats, Interval, TwoGroups, two_groups
from equality.measures.minimums import are_too_few
from equality.measures.several import benjamini_hochberg

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """Arrays of one shape, one place for each comparison; NaN where there is no such number. ``exact``: tested by
    mid-p, not by chi-square. ``p`` and ``p_adjusted`` are NaN where ``too_few``."""

    counts: TwoGroups
    ratio: Floats
    ratio_limits: Interval
    difference: Floats
    difference_limits: Interval
    exact: Mask
    p: Floats
    p_adjusted: Floats
    too_few: Mask


def compare_table(
    events1: ArrayLike, base1: ArrayLike, events2: ArrayLike, base2: ArrayLike, *, hidden: ArrayLike = False
) -> ComparedTable:
    """First groups against second. ``hidden``: comparisons to leave untested, whatever their numbers. Raises
    CannotMeasure for counts that nobody can have counted."""
    counts = two_groups(events1, base1, events2, base2)
    exact = chi_square.expects_too_few(counts)
    few = are_too_few(counts) | np.asarray(hidden, dtype=bool)
    p = np.where(few, np.nan, p_values(counts, exact))
    return ComparedTable(
        counts=counts,
        ratio=ratios.ratio(*counts),
        ratio_limits=ratios.koopman(*counts),
        difference=counts.rate1 - counts.rate2,
        difference_limits=differences.newcombe(*counts),
        exact=exact,
        p=p,
        p_adjusted=benjamini_hochberg(p.ravel()).reshape(p.shape),
        too_few=few,
    )


def p_values(counts: TwoGroups, exact: Mask) -> Floats:
    """Mid-p where ``exact``, chi-square elsewhere."""
    p = np.array(chi_square.p_value(counts))
    p[exact] = midp.minlike(*(part[exact] for part in counts))
    return p
