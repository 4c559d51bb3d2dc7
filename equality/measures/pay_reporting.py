"""The six figures of gender pay gap reporting, from a list of employees (SI 2017/172; for public bodies SI 2017/353
Schedule 1).

Hourly gaps and quarters count full-pay relevant employees; bonus figures count all relevant employees, full pay or
not. A bonus gap is taken over those who were paid a bonus, and there is none where no man was."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from equality.measures.answers import Answer, answer
from equality.measures.pay import gap_of, mean_of, median_of
from equality.measures.pay_quarters import sizes, women_by_quarter
from equality.measures.rates import percent_with_interval

MISSING = "A figure is missing where one of the sexes, or a quarter, has nobody to count."

Employee = Mapping[str, Any]


def gpg_bonus_proportion(*, numerator: int, denominator: int) -> Answer:
    return percent_with_interval(numerator, denominator)


def gpg_quarter_percent(*, numerator: int, denominator: int) -> Answer:
    return percent_with_interval(numerator, denominator)


def gpg_from_employees(*, employees: Sequence[Employee]) -> Answer:
    men, women = ([person for person in employees if person["sex"] == sex] for sex in ("M", "F"))
    outputs = {**_hourly_gaps(men, women), **_bonus_figures(men, women), "quarters": _quarters(employees)}
    incomplete = any(value is None for value in outputs.values()) or None in outputs["quarters"].values()
    return answer(outputs, MISSING if incomplete else None)


def _hourly_gaps(men: Sequence[Employee], women: Sequence[Employee]) -> dict[str, Any]:
    his, hers = ([person["hourly"] for person in group if person["full_pay"]] for group in (men, women))
    return {"mean_gap": gap_of(mean_of(hers), mean_of(his)), "median_gap": gap_of(median_of(hers), median_of(his))}


def _bonus_figures(men: Sequence[Employee], women: Sequence[Employee]) -> dict[str, Any]:
    his, hers = ([person["bonus"] for person in group if person["bonus"]] for group in (men, women))
    return {
        "mean_bonus_gap": gap_of(mean_of(hers), mean_of(his)),
        "median_bonus_gap": gap_of(median_of(hers), median_of(his)),
        "bonus_men_pct": _percent(len(his), len(men)),
        "bonus_women_pct": _percent(len(hers), len(women)),
    }


def _quarters(employees: Sequence[Employee]) -> dict[str, dict[str, Fraction] | None]:
    ranked = [(person["hourly"], person["sex"] == "F") for person in employees if person["full_pay"]]
    women = women_by_quarter(ranked)
    return {quarter: _pair(women[quarter], size) for quarter, size in sizes(len(ranked)).items()}


def _pair(women: int, size: int) -> dict[str, Fraction] | None:
    """Both percentages of a quarter, adding to 100."""
    share = _percent(women, size)
    return None if share is None else {"men_pct": 100 - share, "women_pct": share}


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None
