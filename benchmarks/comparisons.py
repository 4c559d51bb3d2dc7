"""10,000 comparisons of two groups (ratio, Koopman interval, mid-p, Benjamini and Hochberg) as one table; beside
statsmodels and scipy, which take them one by one."""

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact, hypergeom
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from equality.measures import midp, ratios, several
from equality.measures.arrays import two_groups
from equality.measures.normal import quantile

TITLE = "Comparing: 10,000 comparisons of two groups of up to 500"
COMPARISONS = 10_000
ROUNDS = 3
_NAMES = ("ratio", "lower limit", "upper limit", "mid-p", "adjusted p")
_ENDS = {"lower limit": 1, "upper limit": -1}
_SOLVED = 1e-8

Floats = NDArray[np.float64]
Counts = tuple[NDArray[np.int64], ...]


def run() -> Iterator[str]:
    """Lines to print."""
    counts = comparisons()
    whole_table()(*(part[:10] for part in counts))
    one_by_one()(*(part[:10] for part in counts))
    libraries, theirs = _timed(one_by_one(), counts, rounds=1)
    ours_seconds, ours = _timed(whole_table(), counts, rounds=ROUNDS)
    yield f"  {'statsmodels and scipy, one by one':40} {libraries:8.3f} s"
    faster = f"{libraries / ours_seconds:.1f} times as fast"
    yield f"  {f'one table (fastest of {ROUNDS})':40} {ours_seconds:8.3f} s   {faster}"
    inner = without_zero_cells(*counts)
    yield f"  largest difference over {inner.sum():,} tables without a zero cell, relative where the value is above 1:"
    for name, mine, other in zip(_NAMES, ours, theirs, strict=True):
        right = inner & solves(counts, other, name)
        wrong = (inner & ~right).sum()
        said = f", leaving out {wrong} where the library's limit is not where the score is z" if wrong else ""
        yield f"    {name:12} {_largest_difference(mine[right], other[right]):.1e}{said}"


def solves(counts: Counts, limits: Floats, name: str) -> NDArray[np.bool_]:
    """Whether a limit is where it should be: where the score is z, or minus z. True of what is no limit."""
    if name not in _ENDS:
        return np.ones(limits.shape, dtype=bool)
    score = ratios.score(two_groups(*counts), np.nan_to_num(limits, posinf=1e9))
    return np.asarray(np.abs(score - _ENDS[name] * quantile(0.95)) < _SOLVED)


def comparisons() -> Counts:
    """Two groups of up to 500 people with rates not far apart: events and base of each, by a fixed seed."""
    chosen = np.random.default_rng(20260930)
    base1, base2 = chosen.integers(10, 500, (2, COMPARISONS))
    rate = chosen.random(COMPARISONS)
    other = np.clip(rate + chosen.normal(0, 0.1, COMPARISONS), 0, 1)
    return chosen.binomial(base1, rate), base1, chosen.binomial(base2, other), base2


def whole_table() -> Callable[..., tuple[Floats, ...]]:
    def measured(*counts: NDArray[np.int64]) -> tuple[Floats, ...]:
        p = midp.minlike(*counts)
        return ratios.ratio(*counts), *ratios.koopman(*counts), p, several.benjamini_hochberg(p)

    return measured


def one_by_one() -> Callable[..., tuple[Floats, ...]]:
    def measured(*counts: NDArray[np.int64]) -> tuple[Floats, ...]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the libraries warn of the tables that they cannot do
            rows = [_one(*map(int, four)) for four in zip(*counts, strict=True)]
        found = np.array(rows, dtype=float)
        return *found.T, multipletests(found[:, 3], method="fdr_bh")[1]

    return measured


def without_zero_cells(
    events1: NDArray[np.int64], base1: NDArray[np.int64], events2: NDArray[np.int64], base2: NDArray[np.int64]
) -> NDArray[np.bool_]:
    return (events1 > 0) & (events1 < base1) & (events2 > 0) & (events2 < base2)


def _one(events1: int, base1: int, events2: int, base2: int) -> tuple[Any, ...]:
    """One comparison by the libraries; NaN where they fail."""
    try:
        low, high = confint_proportions_2indep(
            events1, base1, events2, base2, compare="ratio", method="score", correction=False
        )
    except (ValueError, ZeroDivisionError):
        low = high = np.nan
    ratio = events1 / base1 / (events2 / base2) if events2 else np.nan
    p = fisher_exact([[events1, base1 - events1], [events2, base2 - events2]]).pvalue
    own = hypergeom.pmf(events1, base1 + base2, events1 + events2, base1)
    return ratio, np.real(low), np.real(high), p - own / 2


def _timed(
    measured: Callable[..., tuple[Floats, ...]], counts: Counts, *, rounds: int
) -> tuple[float, tuple[Floats, ...]]:
    """Fastest seconds, and what was found."""
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        found = measured(*counts)
        seconds.append(time.perf_counter() - started)
    return min(seconds), found


def _largest_difference(mine: Floats, other: Floats) -> float:
    return float(np.max(np.abs(mine - other) / np.maximum(np.abs(other), 1)))
