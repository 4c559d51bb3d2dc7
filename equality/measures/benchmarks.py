"""A workforce against the population that it might be drawn from. The benchmark is named and dated where it is shown:
the Civil Service compares ethnicity with the working-age population, disability with the economically active."""

from fractions import Fraction

from scipy.stats import binomtest

from equality.measures.answers import Answer, answer, undefined
from equality.measures.proportions import wilson

NOTHING = "The benchmark is zero, so there is no index."
NOBODY = "There is nobody in the workforce, so there is nothing to test."


def representation_vs_benchmark(*, workforce_pct: float, benchmark_pct: float) -> Answer:
    """Percentage points above or below, and the share as a multiple of the benchmark."""
    workforce, benchmark = Fraction(str(workforce_pct)), Fraction(str(benchmark_pct))
    index = workforce / benchmark if benchmark else None
    return answer({"gap_pp": workforce - benchmark, "index": index}, None if benchmark else NOTHING)


def binomial_vs_benchmark(*, x: int, n: int, benchmark: float) -> Answer:
    """Exact two-sided binomial test, by scipy: the chance of all counts no more probable than this one."""
    if not n:
        return undefined(NOBODY, "p", "low", "high")
    limits = wilson(x, n)
    return answer({"p": binomtest(x, n, benchmark).pvalue, "low": limits.low, "high": limits.high})
