"""NHS Workforce Disability Equality Standard, as far as an inspectorate's data go.

Metrics 1 (pay clusters), 2 (appointment), 3 (formal capability), 4 to 9 where they come from a survey, and 10 (board).
Metric 2 is non-disabled over disabled, metric 3 disabled over non-disabled."""

from equality.measures.answers import Answer, answer
from equality.measures.disproportionality import rri_exact_ci
from equality.measures.rates import percent_with_interval
from equality.measures.workforce_standards import board_gap, relative_likelihood, survey


def wdes1_percent(*, numerator: int, denominator: int) -> Answer:
    return percent_with_interval(numerator, denominator)


def wdes2_relative_likelihood(
    *,
    events1: int | None = None,
    base1: int | None = None,
    events2: int | None = None,
    base2: int | None = None,
    rate1: float | None = None,
    rate2: float | None = None,
) -> Answer:
    return relative_likelihood(events1=events1, base1=base1, events2=events2, base2=base2, rate1=rate1, rate2=rate2)


def wdes3_two_year(
    *,
    disabled_entries: list[int],
    disabled_headcount: int,
    nondisabled_entries: list[int],
    nondisabled_headcount: int,
) -> Answer:
    """Entries of both years, averaged, over one headcount. The interval is that of two rates over two staff-years
    each."""
    years = len(disabled_entries)
    found = rri_exact_ci(
        events1=sum(disabled_entries),
        base1=years * disabled_headcount,
        events2=sum(nondisabled_entries),
        base2=years * nondisabled_headcount,
    )
    rates = {
        "rate1": sum(disabled_entries) / years / disabled_headcount if disabled_headcount else None,
        "rate2": sum(nondisabled_entries) / years / nondisabled_headcount if nondisabled_headcount else None,
    }
    return Answer({**found.outputs, **answer(rates).outputs}, found.status, found.reason)


def wdes4_9_survey(
    *, disabled_yes: int, disabled_respondents: int, nondisabled_yes: int, nondisabled_respondents: int
) -> Answer:
    names = ("disabled_pct", "nondisabled_pct")
    return survey(names, disabled_yes, disabled_respondents, nondisabled_yes, nondisabled_respondents)


def wdes10_board_gap(*, board_disabled: int, board_total: int, workforce_disabled: int, workforce_total: int) -> Answer:
    return board_gap(board_disabled, board_total, workforce_disabled, workforce_total)
