"""Pearson's chi-square of a two-by-two table, without continuity correction, and the pooled z that is its root."""

import numpy as np
from numpy.typing import NDArray

from equality.measures.arrays import Floats, TwoGroups, quotient
from equality.measures.normal import two_sided

LEAST_EXPECTED = 5  # below it the normal approximation is not trusted (Cochran 1954)


def pooled_z(counts: TwoGroups) -> Floats:
    """(p1 - p2) / sqrt(p(1 - p)(1/n1 + 1/n2)), p pooled. NaN where a base is 0, or nobody or everybody had the
    outcome."""
    pooled = quotient(counts.events1 + counts.events2, counts.base1 + counts.base2)
    variance = pooled * (1 - pooled) * (quotient(1, counts.base1) + quotient(1, counts.base2))
    return quotient(counts.rate1 - counts.rate2, np.sqrt(variance))


def p_value(counts: TwoGroups) -> Floats:
    """Two-sided. NaN where ``pooled_z`` is."""
    return two_sided(pooled_z(counts))


def smallest_expected(counts: TwoGroups) -> Floats:
    """The smallest of the four counts expected if both groups had the same rate. NaN where both bases are 0."""
    events = counts.events1 + counts.events2
    total = counts.base1 + counts.base2
    rarer, smaller = np.minimum(events, total - events), np.minimum(counts.base1, counts.base2)
    return quotient(rarer * smaller, total)


def expects_too_few(counts: TwoGroups) -> NDArray[np.bool_]:
    """Where an exact test is needed."""
    return np.asarray(smallest_expected(counts) < LEAST_EXPECTED, dtype=bool)
