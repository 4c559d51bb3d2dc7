"""NHS Workforce Race Equality Standard, indicators 1 to 9, and the race disparity ratio.

The direction is part of each indicator: 2 and 4 are White over black and minority ethnic (BME), 3 is BME over White.
Same data, different-looking numbers: that is why every ratio here carries its groups and counts. People whose ethnicity
is not known leave the likelihoods. NHS England gives no interval; the limits are this service's (Koopman)."""

from collections.abc import Mapping

from equality.measures.answers import Answer, answer
from equality.measures.arrays import quotient, two_groups
from equality.measures.odds import woolf
from equality.measures.rates import percent_with_interval
from equality.measures.workforce_standards import board_gap, of_counts, survey

EMPTY_LEVEL = "A level has nobody of one of the groups, so a ratio or its limits cannot be calculated."
STEPS = {
    "lower_to_middle": ("lower", "middle"),
    "middle_to_upper": ("middle", "upper"),
    "lower_to_upper": ("lower", "upper"),
}
Levels = Mapping[str, int]


def wres1_percent(*, numerator: int, denominator: int) -> Answer:
    return percent_with_interval(numerator, denominator)


def wres2_appointment(
    *, white_appointed: int, white_shortlisted: int, bme_appointed: int, bme_shortlisted: int
) -> Answer:
    return of_counts(two_groups(white_appointed, white_shortlisted, bme_appointed, bme_shortlisted))


def wres3_disciplinary(*, bme_entering: int, bme_staff: int, white_entering: int, white_staff: int) -> Answer:
    return of_counts(two_groups(bme_entering, bme_staff, white_entering, white_staff))


def wres4_training(*, white_trained: int, white_staff: int, bme_trained: int, bme_staff: int) -> Answer:
    return of_counts(two_groups(white_trained, white_staff, bme_trained, bme_staff))


def wres5_8_survey(*, bme_yes: int, bme_respondents: int, white_yes: int, white_respondents: int) -> Answer:
    return survey(("bme_pct", "white_pct"), bme_yes, bme_respondents, white_yes, white_respondents)


def wres9_board_gap(*, board_bme: int, board_total: int, workforce_bme: int, workforce_total: int) -> Answer:
    return board_gap(board_bme, board_total, workforce_bme, workforce_total)


def race_disparity_ratio(*, bme: Levels, white: Levels) -> Answer:
    """How much likelier White staff are to be found a step up than BME staff: an odds ratio for each step."""
    cells = {name: (white[up], white[down], bme[up], bme[down]) for name, (down, up) in STEPS.items()}
    ratios = {name: quotient(a * d, b * c) for name, (a, b, c, d) in cells.items()}
    limits = {name: woolf(*four)._asdict() for name, four in cells.items()}
    return answer({**ratios, "limits": limits}, EMPTY_LEVEL if 0 in (*bme.values(), *white.values()) else None)
