"""What the NHS workforce standards of race (WRES) and disability (WDES) have in common: relative likelihoods, answers
to the staff survey, and the board against the workforce."""

from equality.measures.answers import Answer, Status, answer, undefined
from equality.measures.arrays import TwoGroups, two_groups
from equality.measures.differences import newcombe
from equality.measures.disproportionality import rri_rates
from equality.measures.ratios import with_score_interval

LEAST_RESPONDENTS = 11
FEW_RESPONDENTS = f"A group with fewer than {LEAST_RESPONDENTS} respondents is not shown, and nothing that tells it."
NO_BOARD = "The board or the workforce has nobody in it, so there is no gap."


def relative_likelihood(
    *,
    indicator: str = "",  # noqa: ARG001  # tells the reader the direction; the ratio is always first over second
    events1: int | None = None,
    base1: int | None = None,
    events2: int | None = None,
    base2: int | None = None,
    rate1: float | None = None,
    rate2: float | None = None,
) -> Answer:
    """From counts, a ratio with its interval; from two published rates, a ratio alone."""
    if events1 is None or base1 is None or events2 is None or base2 is None:
        return _of_rates(rate1 or 0.0, rate2 or 0.0)
    return of_counts(two_groups(events1, base1, events2, base2))


def of_counts(counts: TwoGroups) -> Answer:
    """Ratio with Koopman's limits, and both rates as parts of 1."""
    found = with_score_interval(counts)
    rates = answer({"rate1": counts.rate1, "rate2": counts.rate2})
    return Answer({**found.outputs, **rates.outputs}, found.status, found.reason)


def _of_rates(rate1: float, rate2: float) -> Answer:
    found = rri_rates(rate1=rate1, rate2=rate2)
    outputs = {**found.outputs, "low": None, "high": None, "rate1": rate1, "rate2": rate2}
    return Answer(outputs, found.status, found.reason)


def board_gap(board: int, board_total: int, workforce: int, workforce_total: int) -> Answer:
    """Percentage points by which the board's share exceeds the workforce's."""
    if not (board_total and workforce_total):
        return undefined(NO_BOARD, "gap_pp", "board_pct", "workforce_pct")
    board_pct, workforce_pct = 100 * board / board_total, 100 * workforce / workforce_total
    return answer({"gap_pp": board_pct - workforce_pct, "board_pct": board_pct, "workforce_pct": workforce_pct})


def survey(names: tuple[str, str], yes1: int, asked1: int, yes2: int, asked2: int) -> Answer:
    """Percent of each group that answered so, and the first less the second in percentage points with Newcombe's
    limits. Groups of few respondents are None."""
    counts = two_groups(yes1, asked1, yes2, asked2)
    limits = newcombe(*counts)
    shown = [asked >= LEAST_RESPONDENTS for asked in (asked1, asked2)]
    numbers = {
        "diff_pp": (counts.rate1 - counts.rate2, all(shown)),
        "low": (limits.low, all(shown)),
        "high": (limits.high, all(shown)),
        names[0]: (counts.rate1, shown[0]),
        names[1]: (counts.rate2, shown[1]),
    }
    outputs = {name: 100 * value if visible else None for name, (value, visible) in numbers.items()}
    found = answer(outputs)
    return found if all(shown) else Answer(found.outputs, Status.TOO_FEW, FEW_RESPONDENTS)
