"""Men and women in each quarter of the pay range (SI 2017/172 regulation 13; GOV.UK, Making your calculations).

People are ranked by hourly pay and divided into four equal quarters. One left over goes to the lower quarter, two to
the lower and upper middle, three to all but the upper: not what ``numpy.array_split`` or ``pandas.qcut`` do. Where
people of equal pay fall across a boundary, each quarter takes men and women in the same proportion, as far as whole
people allow; fractions go to the largest remainder, and equal remainders to the lower quarter, which is this service's
rule."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from equality.measures.answers import Answer, answer

QUARTERS = ("lower", "lower_middle", "upper_middle", "upper")
_LEFT_OVER = ("lower", "upper_middle", "lower_middle")

Person = tuple[Fraction, bool]  # hourly pay, and whether a woman
_Quarter = TypeVar("_Quarter", bound=Hashable)
_Rows = NDArray[np.int64]


def sizes(people: int) -> dict[str, int]:
    """How many people each quarter has, from the lower to the upper."""
    each, left_over = divmod(people, len(QUARTERS))
    extra = _LEFT_OVER[:left_over]
    return {quarter: each + (quarter in extra) for quarter in QUARTERS}


def beyond_a_quarter() -> dict[str, tuple[Fraction, Fraction]]:
    """How many people each quarter has less, and more, than a fourth of all, whatever is left over."""
    found = {}
    for at, quarter in enumerate(QUARTERS):
        beyond = [list(sizes(people).values())[at] - Fraction(people, len(QUARTERS)) for people in range(len(QUARTERS))]
        found[quarter] = min(beyond), max(beyond)
    return found


def share_out(women: int, slots: Mapping[_Quarter, int]) -> dict[_Quarter, int]:
    """Women among people of equal pay, divided over the places that these fill in each quarter."""
    places = sum(slots.values())
    quotas = {quarter: Fraction(women * size, places or 1) for quarter, size in slots.items()}
    found = {quarter: int(quota) for quarter, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda quarter: found[quarter] - quotas[quarter])
    for quarter in by_remainder[: women - sum(found.values())]:
        found[quarter] += 1
    return found


def quarter_of_each(pay: NDArray[np.int64], *kinds: NDArray[np.integer]) -> NDArray[np.uint8]:
    """The quarter that every person is in, as its place in ``QUARTERS``. ``kinds``: what people are, one array for each
    characteristic. People of equal pay across a boundary are shared out by the first, one kind after another; those of
    one kind by the second, and so on."""
    ends = np.cumsum(list(sizes(pay.size).values()))
    order = np.argsort(pay, kind="stable")
    found = np.empty(pay.size, dtype=np.uint8)
    found[order] = np.searchsorted(ends, np.arange(pay.size), side="right")
    across = {
        int(pay[order[end]]) for end in ends[:-1] if 0 < end < pay.size and pay[order[end - 1]] == pay[order[end]]
    }
    for same in across:
        tied = np.flatnonzero(pay == same)
        slots = {
            int(quarter): int(size) for quarter, size in zip(*np.unique(found[tied], return_counts=True), strict=True)
        }
        for quarter, rows in _dealt(tied, slots, kinds):
            found[rows] = quarter
    return found


def _dealt(
    people: _Rows, slots: Mapping[int, int], kinds: Sequence[NDArray[np.integer]]
) -> Iterator[tuple[int, _Rows]]:
    """Who fills the places of each quarter."""
    if not kinds:
        yield from zip(slots, np.split(people, np.cumsum(list(slots.values()))[:-1]), strict=True)
        return
    first, *others = kinds
    left = dict(slots)
    for kind in np.unique(first[people]):
        alike = people[first[people] == kind]
        taken = share_out(alike.size, left)
        left = {quarter: size - taken[quarter] for quarter, size in left.items()}
        yield from _dealt(alike, taken, others)


def women_by_quarter(people: Sequence[Person]) -> dict[str, int]:
    """Women in each quarter."""
    left = sizes(len(people))
    found = dict.fromkeys(QUARTERS, 0)
    for number, women in _tied(people):
        slots = _fill(left, number)
        for quarter, count in share_out(women, slots).items():
            found[quarter] += count
    return found


def _tied(people: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """From the lowest paid upwards: how many people are paid the same, and how many of them are women."""
    for _, same in groupby(sorted(people), key=lambda person: person[0]):
        sexes = [is_woman for _, is_woman in same]
        yield len(sexes), sum(sexes)


def _fill(left: dict[str, int], number: int) -> dict[str, int]:
    """Take places from the lowest quarter that has any, and say where they were."""
    slots = {}
    for quarter in QUARTERS:
        taken = min(left[quarter], number)
        left[quarter] -= taken
        number -= taken
        if taken:
            slots[quarter] = taken
    return slots


def gpg_quarter_sizes(*, n: int) -> Answer:
    return answer(sizes(n))


def gpg_quarter_ties(*, slots: Mapping[str, int], women: int) -> Answer:
    shared = share_out(women, slots)
    return answer({quarter: {"women": shared[quarter], "men": slots[quarter] - shared[quarter]} for quarter in slots})
