"""Cases clustered in areas or teams are more alike than cases drawn one by one, and tell less.

The intraclass correlation of yes-or-no outcomes by the analysis-of-variance estimator for clusters of unequal size
(Ridout and others 1999, Biometrics 55:137), and Kish's design effect with the sizes' coefficient of variation. No
library has this estimator."""

import numpy as np

from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import Floats

TOO_FEW_CLUSTERS = "There must be at least two clusters with people, one of them with more than one."
NO_VARIATION = "Everybody had the same outcome, so nothing varies between clusters or within them."
NEGATIVE = "The estimate is below zero, which no correlation within clusters can be; it is reported as 0."


def icc_anova_binary(*, n: list[int], x: list[int]) -> Answer:
    sizes, events = np.array(n, dtype=float), np.array(x, dtype=float)
    sizes, events = sizes[sizes > 0], events[sizes > 0]
    if sizes.size < 2 or sizes.sum() == sizes.size:
        return undefined(TOO_FEW_CLUSTERS, "icc", "estimate")
    between, within, typical = mean_squares(sizes, events)
    whole = between + (typical - 1) * within
    if not 0 < events.sum() < sizes.sum() or whole == 0:
        return undefined(NO_VARIATION, "icc", "estimate")
    found = (between - within) / whole
    return answer({"icc": max(found, 0.0), "estimate": found}, NEGATIVE if found < 0 else None)


def mean_squares(sizes: Floats, events: Floats) -> tuple[float, float, float]:
    """Mean squares between clusters and within them, and the size n0 of a typical cluster."""
    people, clusters = sizes.sum(), sizes.size
    by_cluster = (events**2 / sizes).sum()
    between = (by_cluster - events.sum() ** 2 / people) / (clusters - 1)
    within = (events.sum() - by_cluster) / (people - clusters)
    return float(between), float(within), float((people - (sizes**2).sum() / people) / (clusters - 1))


def design_effect(*, m: float, icc: float, cv: float = 0.0) -> Answer:
    """1 + ((1 + cv^2) m - 1) icc: by how much the variance of a share grows. Never under 1."""
    found = max(1.0, 1 + ((1 + cv**2) * m - 1) * max(icc, 0.0))
    return answer({"deff": found, "interval_widens_by": found**0.5}, NEGATIVE if icc < 0 else None)
