"""The relative rate index: how often something happens to a minority group, over how often to White people.

The base is the decision stage before, so that what was already unequal there is not counted again (OJJDP, *DMC
Technical Assistance Manual*). The Ministry of Justice and HMPPS publish it in the same direction, minority over White.
An index above 1 is to the minority's disadvantage where the outcome is adverse, to its advantage where favourable."""

import numpy as np

from equality.measures import chi_square
from equality.measures.answers import Answer, answer, undefined
from equality.measures.arrays import two_groups
from equality.measures.minimums import too_few
from equality.measures.proportions import clopper_pearson
from equality.measures.ratios import NO_BASE, NO_EVENTS, NO_UPPER_LIMIT, katz_rr_ci, with_score_interval

NO_RATE = "The second rate is zero, so the ratio cannot be calculated."
NO_SHARES = "A share of 0% or 100% leaves one of the two groups with no base, or the reference group with no outcome."
NO_COUNTS = "Rates or shares without their counts have no interval, and nothing can be concluded from them."
NO_POPULATION = "There is no population to take one per cent of."
ONE_PER_CENT = 100  # a group under a hundredth of the population is not reported
LEVEL = 0.05


def rri_counts(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    """From counts, with Koopman's limits: the bases are people at the stage before."""
    return with_score_interval(two_groups(events1, base1, events2, base2))


def rri_rates(*, rate1: float, rate2: float) -> Answer:
    """From two published rates in one unit."""
    return answer({"ratio": rate1 / rate2 if rate2 else None}, None if rate2 else NO_RATE, NO_COUNTS)


def rri_from_shares(*, focal_share_of_outcome_pct: float, focal_share_of_base_pct: float) -> Answer:
    """From a group's share of those with the outcome and of those at the stage before, the rest being the reference:
    [s / b] / [(100 - s) / (100 - b)]."""
    s, b = focal_share_of_outcome_pct, focal_share_of_base_pct
    if not 0 < b < 100 or s == 100:
        return undefined(NO_SHARES, "rri")
    return answer({"rri": (s / b) / ((100 - s) / (100 - b))}, NO_COUNTS)


def rri_log_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    """With Katz's log limits, as published where counts are large."""
    return katz_rr_ci(events1=events1, base1=base1, events2=events2, base2=base2)


def rri_exact_ci(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    """With exact conditional limits, for rates of a population or of time: given all events together, the first
    group's are binomial. Its Clopper-Pearson limits p become p / (1 - p) x base2 / base1."""
    counts = two_groups(events1, base1, events2, base2)
    if not (base1 and base2):
        return undefined(NO_BASE, "ratio", "low", "high")
    share = clopper_pearson(events1, events1 + events2)
    scale = base2 / base1
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (scale * limit / (1 - limit) for limit in share)
    outputs = {
        "ratio": counts.rate1 / counts.rate2 if events2 else None,
        "low": low if events1 + events2 else 0.0,
        "high": high if events2 else None,
    }
    return answer(outputs, *((NO_EVENTS, NO_UPPER_LIMIT) if not events2 else ()), few=too_few(counts))


def rri_ojjdp_code(
    *,
    events1: int,
    base1: int,
    events2: int,
    base2: int,
    pop1: int,
    pop_total: int,
    min_base: int = 50,
    min_events: int = 5,
) -> Answer:
    """The mark that OJJDP's matrix gives an index: ``*`` the group is under 1% of the population, ``**`` too few
    cases, else whether chi-square finds it significant at 5%."""
    if not pop_total:
        return undefined(NO_POPULATION, "code")
    counts = two_groups(events1, base1, events2, base2)
    if ONE_PER_CENT * pop1 < pop_total:
        return answer({"code": "*"}, few="The group is under 1% of the population.")
    if min(base1, base2) < min_base or min(events1, events2) < min_events:
        few = f"A group has a base under {min_base} or fewer than {min_events} events."
        return answer({"code": "**"}, few=few)
    p = chi_square.p_value(counts)
    return answer({"code": "significant" if p < LEVEL else "not significant"})
