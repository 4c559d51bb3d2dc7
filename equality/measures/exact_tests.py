"""Exact tests of a two-by-two table, rows the two groups, columns with and without the outcome.

Fisher's test is scipy's, which agrees with R; the mid-p is our own (``equality.measures.midp``)."""

import numpy as np
from scipy.stats import fisher_exact as scipy_fisher_exact

from equality.measures import midp
from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import two_groups
from equality.measures.differences import NO_BASE
from equality.measures.minimums import too_few

Table = list[list[int]]


def fisher_exact(*, table: Table) -> Answer:
    few = too_few(two_groups(*four_counts(table)))
    if not all(map(sum, table)):
        return undefined(NO_BASE, "p")
    return answer({"p": scipy_fisher_exact(np.array(table)).pvalue}, few=few)


def fisher_midp(*, table: Table, definition: str = "minlike") -> Answer:
    counts = two_groups(*four_counts(table))
    if not all(map(sum, table)):
        return undefined(NO_BASE, "p")
    test = {"minlike": midp.minlike, "central": midp.central}[definition]
    return answer({"p": test(*counts)}, few=too_few(counts))


def four_counts(table: Table) -> tuple[int, int, int, int]:
    """Events and base of the first row, then of the second."""
    (a, b), (c, d) = table
    return a, a + b, c, c + d
