"""Men and women in each quarter of the pay range (SI 2017/172 regulation 13; GOV.UK, Making your calculations).

People are ranked by hourly pay and divided into four equal quarters. One left over goes to the lower quarter, two to
the lower and upper middle, three to all but the upper: not what ``numpy.array_split`` or ``pandas.qcut`` do. Where
people of equal pay fall across a boundary, each quarter takes men and women in the same proportion, as far as whole
people allow; fractions go to the largest remainder, and equal remainders to the lower quarter, which is this service's
rule."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from equality.measures.answers import Answer, answer

QUARTERS = ("lower", "lower_middle", "upper_middle", "upper")
_LEFT_OVER = ("lower", "upper_middle", "lower_middle")

Person = tuple[Fraction, bool]  # hourly pay, and whether a woman


def sizes(people: int) -> dict[str, int]:
    """How many people each quarter has, from the lower to the upper."""
    each, left_over = divmod(people, len(QUARTERS))
    extra = _LEFT_OVER[:left_over]
    return {quarter: each + (quarter in extra) for quarter in QUARTERS}


def share_out(women: int, slots: Mapping[str, int]) -> dict[str, int]:
    """Women among people of equal pay, divided over the places that these fill in each quarter."""
    places = sum(slots.values())
    quotas = {quarter: Fraction(women * size, places or 1) for quarter, size in slots.items()}
    found = {quarter: int(quota) for quarter, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda quarter: found[quarter] - quotas[quarter])
    for quarter in by_remainder[: women - sum(found.values())]:
        found[quarter] += 1
    return found


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
