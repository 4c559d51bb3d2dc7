"""Hourly pay from its parts, by steps 1 to 6 of regulation 6 of SI 2017/172.

Ordinary pay and bonuses *paid in the pay period*, each bonus cut down to the length of the period, brought to a week
and divided by weekly hours. A month counts 30.44 days and a year 365.25. Overtime, redundancy pay, expenses and
benefits in kind are left out before they come here; pay is gross, after salary sacrifice."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from equality.measures.answers import Answer, answer, undefined

NO_HOURS = "No hours or no pay period: there is no pay for an hour."
DAYS_A_WEEK = 7


def gpg_hourly_rate(
    *,
    ordinary_pay: Fraction,
    pay_period_days: Fraction,
    weekly_hours: Fraction,
    bonuses: Sequence[Mapping[str, Fraction]] = (),
) -> Answer:
    if not (pay_period_days and weekly_hours and all(bonus["bonus_period_days"] for bonus in bonuses)):
        return undefined(NO_HOURS, "hourly")
    extra = sum(bonus["amount"] * pay_period_days / bonus["bonus_period_days"] for bonus in bonuses)
    return answer({"hourly": (ordinary_pay + extra) * DAYS_A_WEEK / pay_period_days / weekly_hours})
