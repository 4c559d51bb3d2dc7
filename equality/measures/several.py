"""Many tests at once: p-values adjusted so that chance alone seldom makes a finding.

Benjamini and Hochberg (1995, JRSS B 57:289) within a section of a report: of the differences claimed, at most one in
twenty is expected to be chance. Holm (1979) for claims in a headline: one chance in twenty of any false one."""

import numpy as np
from numpy.typing import ArrayLike

from equality.measures.answers import Answer, Status, answer
from equality.measures.arrays import Floats

LEVEL = 0.05
NOT_TESTED = "Entries without a p-value were not tested and are left out of the adjustment."
NOTHING_TESTED = "There is no p-value to adjust."


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p-values, in the order given. NaN stays NaN and counts as no test."""
    values, order, tests = _sorted(p)
    scaled = values[order] * tests / np.arange(1, tests + 1)
    values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return values


def holm(p: ArrayLike) -> Floats:
    """Adjusted p-values, in the order given. NaN stays NaN and counts as no test."""
    values, order, tests = _sorted(p)
    scaled = values[order] * np.arange(tests, 0, -1)
    values[order] = np.minimum(np.maximum.accumulate(scaled), 1)
    return values


def _sorted(p: ArrayLike) -> tuple[Floats, "np.ndarray[tuple[int], np.dtype[np.intp]]", int]:
    """A copy of the p-values, the positions of those tested from smallest to largest, and how many they are."""
    values = np.array(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(values))
    return values, tested[np.argsort(values[tested], kind="stable")], tested.size


def p_adjust(*, p: list[float | None], method: str) -> Answer:
    adjust = {"bh": benjamini_hochberg, "holm": holm}[method]
    given = np.array([np.nan if value is None else value for value in p])
    if np.isnan(given).all():
        return Answer({"adjusted": [None] * len(p), "n_reject": None}, Status.UNDEFINED, NOTHING_TESTED)
    adjusted = adjust(given)
    outputs = {"adjusted": adjusted, "n_reject": int((adjusted <= LEVEL).sum())}
    return answer(outputs, NOT_TESTED if np.isnan(given).any() else None)
