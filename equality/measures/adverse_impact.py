"""Adverse impact in selection, by the United States' Uniform Guidelines (29 CFR 1607, 1978) and their questions and
answers (1979): the four-fifths rule, whether one person would overturn it, and the two-standard-deviation rule.

The four-fifths rule is a rule of thumb, not a test: fair processes of an inspectorate's size break it by chance alone
a quarter to four fifths of the time. Nothing in this service is coloured by it. Rates are compared in whole numbers:
in floating point a rate of exactly four fifths is flagged in one case of many."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equality.measures import chi_square
from equality.measures.answers import Answer, answer, by_group, undefined
from equality.measures.arrays import TwoGroups, two_groups
from equality.measures.minimums import BASE, EVENTS, RULE, too_few
from equality.measures.normal import two_sided

NOBODY_SELECTED = "Nobody was selected from any group, so there is no highest rate to compare with."
NOBODY_APPLIED = "A group without applicants has no rate."
NO_VARIATION = "The chance is 0 or 1, or there is nobody, so there is no standard deviation."
NO_SPREAD = "One of the groups has nobody in it, or nobody or everybody was selected, so there is no z."
FEW_EXPECTED = "Fewer than 5 are expected with or without the outcome: use an exact test."
DEVIATIONS = 2

Groups = Mapping[str, Mapping[str, int]]


def below_four_fifths(selected: ArrayLike, applicants: ArrayLike, best: ArrayLike, of: ArrayLike) -> NDArray[np.bool_]:
    """Whether selected / applicants is under four fifths of best / of, in whole numbers throughout."""
    a, whole, b, other = (np.asarray(part, dtype=np.int64) for part in (selected, applicants, best, of))
    return np.asarray(5 * a * other < 4 * b * whole, dtype=bool)


def four_fifths(*, groups: Groups) -> Answer:
    """Each group's rate over the highest, and whether that is under four fifths. None for a group without applicants
    and, where nobody was selected at all, for every group."""
    applied = {name: group for name, group in groups.items() if group["applicants"]}
    best = max(map(_rate, applied.values()), default=Fraction(0))
    found = {name: _impact(group, best) for name, group in groups.items()}
    return by_group(
        found,
        None if best else NOBODY_SELECTED,
        NOBODY_APPLIED if len(applied) < len(groups) else None,
        few=_too_few(groups),
    )


def four_fifths_flip_one(*, selected1: int, applicants1: int, selected2: int, applicants2: int) -> Answer:
    """The rule for one group against another, and whether one selection passing from the second to the first would
    turn the difference round: if so, nothing is inferred (question 21)."""
    names = ("impact_ratio", "adverse", "flips", "infer")
    if not (applicants1 and applicants2 and selected2):
        return undefined(NOBODY_SELECTED if applicants1 and applicants2 else NOBODY_APPLIED, *names)
    adverse = bool(below_four_fifths(selected1, applicants1, selected2, applicants2))
    flips = selected1 < applicants1 and (selected1 + 1) * applicants2 > (selected2 - 1) * applicants1
    outputs = {
        "impact_ratio": Fraction(selected1 * applicants2, applicants1 * selected2),
        "adverse": adverse,
        "flips": flips,
        "infer": adverse and not flips,
    }
    return answer(outputs, few=too_few(two_groups(selected1, applicants1, selected2, applicants2)))


def sd_binomial(*, observed: int, n: int, p: float) -> Answer:
    """Observed less expected, in standard deviations of a binomial: beyond two or three is not put down to chance
    (Castaneda v. Partida, Hazelwood v. United States, both 1977)."""
    expected, variance = n * p, n * p * (1 - p)
    z = (observed - expected) / variance**0.5 if variance else None
    outputs = {"z": z, "expected": expected, "sd": variance**0.5, "beyond": z and abs(z) > DEVIATIONS}
    few = FEW_EXPECTED if min(expected, n - expected) < chi_square.LEAST_EXPECTED else None
    return answer(outputs, None if variance else NO_VARIATION, few=few)


def sd_two_sample(*, events1: int, base1: int, events2: int, base2: int) -> Answer:
    """The pooled z of two rates; its square is chi-square without correction."""
    counts = two_groups(events1, base1, events2, base2)
    z = chi_square.pooled_z(counts)
    if np.isnan(z):
        return undefined(NO_SPREAD, "z", "p", "beyond")
    outputs = {"z": z, "p": two_sided(z), "beyond": bool(abs(z) > DEVIATIONS)}
    return answer(outputs, few=_few_expected(counts))


def _few_expected(counts: TwoGroups) -> str | None:
    return too_few(counts) or (FEW_EXPECTED if chi_square.expects_too_few(counts).any() else None)


def _rate(group: Mapping[str, int]) -> Fraction:
    return Fraction(group["selected"], group["applicants"])


def _impact(group: Mapping[str, int], best: Fraction) -> dict[str, float | bool | None]:
    if not group["applicants"] or not best:
        return {"impact_ratio": None, "adverse": None}
    adverse = below_four_fifths(group["selected"], group["applicants"], best.numerator, best.denominator)
    return {"impact_ratio": float(_rate(group) / best), "adverse": bool(adverse)}


def _too_few(groups: Groups) -> str | None:
    smallest = min((group["applicants"] for group in groups.values()), default=0)
    selected = sum(group["selected"] for group in groups.values())
    return RULE if smallest < BASE or selected < EVENTS else None
