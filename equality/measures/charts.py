"""Control charts: a share or a number quarter by quarter, with the limits of ordinary variation.

Limits and flags are those of NHS England's *Making Data Count*; the R package NHSRplotthedots is the reference. A
point may be flagged by several rules; it carries the first of: outside a limit; part of seven rising or falling; part
of two in three near a limit; part of seven on one side. Equal neighbours break a run up or down."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from equality.measures.answers import Answer, answer, undefined

TRIAL = 12
WIDTH = Fraction("2.66")  # of the mean moving range: 3 / 1.128
SCREEN = Fraction("3.267")  # moving ranges so many times their mean are set aside where that is asked for
RUN = 7
COMMON = "common_cause"
OUTSIDE = "outside"
TREND = "trend7"
TWO_OF_THREE = "two_of_three"
SHIFT = "shift7"
FEW_POINTS = f"These are trial limits: under {TRIAL} points."
ONE_POINT = "Limits need at least two points."
NOBODY = "A period without people has no share; there are no limits for it."


def p_chart(*, x: list[int], n: list[int]) -> Answer:
    """Centre, and centre +/- 3 sqrt(p(1 - p)/n) within 0 to 1; one limit where all periods are of a size. ``outside``
    counts periods from 1."""
    sizes, events = np.array(n, dtype=float), np.array(x, dtype=float)
    if not n or not sizes.all():
        return undefined(NOBODY, "centre", "lcl", "ucl", "outside")
    centre = events.sum() / sizes.sum()
    reach = 3 * np.sqrt(centre * (1 - centre) / sizes)
    lower, upper = np.maximum(centre - reach, 0), np.minimum(centre + reach, 1)
    outside = np.flatnonzero((events / sizes < lower) | (events / sizes > upper)) + 1
    one = len(set(n)) == 1
    outputs = {
        "centre": centre,
        "lcl": lower[0] if one else lower,
        "ucl": upper[0] if one else upper,
        "outside": outside,
    }
    return answer(outputs, FEW_POINTS if len(n) < TRIAL else None)


def xmr_limits(*, y: list[Fraction], screen_outliers: bool = False) -> Answer:
    if len(y) < 2:
        return undefined(ONE_POINT, "mean", "lpl", "upl")
    mean, reach = centre_and_reach(y, screen_outliers=screen_outliers)
    return answer({"mean": mean, "lpl": mean - reach, "upl": mean + reach}, FEW_POINTS if len(y) < TRIAL else None)


def centre_and_reach(y: Sequence[Fraction], *, screen_outliers: bool) -> tuple[Fraction, Fraction]:
    """The mean, and 2.66 times the mean moving range: exact, so that a point on a limit is not outside it.

    ``screen_outliers`` leaves out moving ranges of 3.267 times their mean and more, as the R package does; the NHS
    spreadsheet keeps them, and so do we unless asked."""
    moves = [abs(after - before) for before, after in pairwise(y)]
    if screen_outliers and any(moves):
        moves = [move for move in moves if move < SCREEN * sum(moves) / len(moves)]
    return sum(y) / Fraction(len(y)), WIDTH * sum(moves) / len(moves)


def spc_flags(*, y: list[Fraction], screen_outliers: bool = False) -> Answer:
    if len(y) < 2:
        return undefined(ONE_POINT, "flags")
    mean, reach = centre_and_reach(y, screen_outliers=screen_outliers)
    return answer({"flags": flags(y, mean, reach)}, FEW_POINTS if len(y) < TRIAL else None)


def flags(y: Sequence[Fraction], mean: Fraction, reach: Fraction) -> list[str]:
    """Each point's rule, or ``common_cause``."""
    sides = [_sign(value - mean) for value in y]
    outside = [abs(value - mean) > reach for value in y]
    near = [not out and abs(value - mean) > reach * 2 / 3 for value, out in zip(y, outside, strict=True)]
    rules = (
        (OUTSIDE, outside),
        (TREND, _in_windows(len(y), RUN, lambda window: _runs(y, window) != 0)),
        (TWO_OF_THREE, _near_a_limit(near, sides)),
        (SHIFT, _in_windows(len(y), RUN, lambda window: _same_side(sides, window))),
    )
    return [next((name for name, marks in rules if marks[point]), COMMON) for point in range(len(y))]


def spc_seven_point_trend(*, y: list[Fraction]) -> Answer:
    """Points, counted from 1, at which seven in a row have risen or fallen."""
    windows = ((end, range(end - RUN, end)) for end in range(RUN, len(y) + 1))
    ends = [end for end, window in windows if _runs(y, window)]
    return answer({"end_points": ends}, f"A run needs at least {RUN} points." if len(y) < RUN else None)


def _in_windows(points: int, width: int, holds: Callable[[range], bool]) -> list[bool]:
    """Which points lie in a window of this width for which something holds."""
    marks = [False] * points
    for start in range(points - width + 1):
        window = range(start, start + width)
        if holds(window):
            marks[start : start + width] = [True] * width
    return marks


def _near_a_limit(near: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """Points beyond two thirds of a limit, with another such among three on the same side."""
    windows = _in_windows(len(near), 3, lambda window: sum(near[i] for i in window) >= 2 and _same_side(sides, window))
    return [mark and close for mark, close in zip(windows, near, strict=True)]


def _same_side(sides: Sequence[int], window: range) -> bool:
    return abs(sum(sides[i] for i in window)) == len(window)


def _runs(y: Sequence[Fraction], window: range) -> int:
    """1 where every point of the window is above the one before, -1 where below, else 0."""
    steps = {_sign(after - before) for before, after in pairwise(y[i] for i in window)}
    return steps.pop() if len(steps) == 1 else 0


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
