"""What must not be told, to whom: disclosure policies as dated data, each with its source."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, Self

AVERAGE_STEPS = (Decimal("0.1"), Decimal(1), Decimal(5))  # percent, finest first


class Form(StrEnum):
    """How a count that may be told is printed."""

    EXACT = "exact"
    NEAREST = "nearest"
    CONTROLLED = "controlled"
    RANGES = "ranges"


class UnknownPolicy(LookupError):
    """There is no policy of that code."""


@dataclass(frozen=True, slots=True)
class Policy:
    """``threshold`` k: counts 1 to k-1 are small. ``width``: nobody may bound a small count more narrowly than this.
    The file of policies says what each of the others means. Raises ValueError for rules that cannot all be kept."""

    code: str
    label: str
    dated: str
    source: str
    audience: str = "published"
    confirmed: bool = True
    threshold: int = 5
    width: int = 5
    form: Form = Form.EXACT
    base: int = 1
    ranges: tuple[int, ...] = ()
    zeros: bool = False
    group: bool = False
    insider: bool = False
    movers: bool = False
    declared: int = 60
    pay: int = 10
    pay_special: int = 30
    dominance: int = 0
    pay_up_to: int = 0

    def __post_init__(self) -> None:
        narrowest = {Form.NEAREST: self.base - 1, Form.CONTROLLED: self.base - 1, Form.RANGES: self.threshold - 1}
        if self.width > narrowest.get(self.form, self.width):
            raise ValueError(f"policy {self.code}: no {self.form} number leaves a width of {self.width} open")
        if self.form is Form.RANGES and self.ranges[:2] != (0, self.threshold):
            raise ValueError(f"policy {self.code}: the first range must hold 0 and every small count")

    @classmethod
    def read(cls, code: str, rules: Mapping[str, Any]) -> Self:
        """A policy from its table in a file."""
        known = {**rules, "form": Form(rules.get("form", Form.EXACT)), "ranges": tuple(rules.get("ranges", ()))}
        return cls(code=code, **known)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def is_small(self, count: int, *, special: bool = False) -> bool:
        """May a count of so many people not be told? ``special``: of special-category data."""
        return 0 < count < self.threshold or (count == 0 and self.zeros and special)

    @property
    def exact(self) -> bool:
        """Are counts that may be told printed themselves?"""
        return self.form is Form.EXACT

    @property
    def rounds(self) -> bool:
        """Are counts printed as multiples of ``base``?"""
        return self.form in {Form.NEAREST, Form.CONTROLLED}

    @property
    def hides(self) -> bool:
        """Are small counts withheld, or is their printed form wide enough to hold them?"""
        return self.form in {Form.EXACT, Form.NEAREST}

    @property
    def asked(self) -> int:
        """Fewest people asked about a characteristic that is split. That so many in a hundred declared is told by its
        being split; among fewer people it would bound those who did not."""
        return -(-100 * self.width // (100 - self.declared)) if self.declared else 0

    @property
    def unprinted(self) -> int:
        """How wide people must stay whom no table counts: as wide as a printed zero, which may contain them, where that
        says no more than that they are few."""
        return min(self.width, self.most_in_zero or self.width)

    @property
    def most_in_zero(self) -> int:
        """How many people a printed zero may be, at most."""
        return (self.stands_for(0) if self.rounds else self.printed(0))[1]

    def behind_average(self, *, special: bool) -> int:
        """Fewest people that an average of pay may rest on. ``special``: where the groups are special-category data."""
        return self.pay_special if special else self.pay

    def step_of_average(self, people: int) -> Decimal:
        """What an average of so many people is rounded to, in percent. With one person more, and all else the same, two
        such averages give that pay no closer than so many people times this."""
        return next((step for step in AVERAGE_STEPS if people >= self.people_for(step)), AVERAGE_STEPS[-1])

    def people_for(self, step: Decimal) -> int:
        """Fewest people whose average may be rounded to this many percent."""
        return ceil(self.pay_up_to * self.dominance / step)

    def splits(self, declared: int, asked: int) -> bool:
        """May a characteristic be split that so many declared of those who were asked?"""
        return asked >= max(1, self.asked) and 100 * declared >= self.declared * asked

    def rounded(self, count: int) -> int:
        """To the nearest multiple, a half upwards."""
        return self.base * ((2 * count + self.base) // (2 * self.base))

    def stands_for(self, rounded: int) -> tuple[int, int]:
        """What a printed multiple says to whoever knows the policy: at least, at most. Where small counts are hidden,
        none was rounded."""
        if self.form is Form.CONTROLLED:
            return max(0, rounded - self.base + 1), rounded + self.base - 1
        low, high = max(0, rounded - self.base // 2), rounded + (self.base - 1) // 2
        if high < self.threshold:  # nothing from 1 to there is printed
            return (low, high) if rounded else (0, 0)
        return (max(low, self.threshold) if rounded else 0), high

    def printed(self, count: int) -> tuple[int, int]:
        """What the printed form of a count that may be told says of it: at least, at most. Not of controlled rounding,
        which chooses between two multiples (``stands_for``)."""
        if self.form is Form.NEAREST:
            return self.stands_for(self.rounded(count))
        if self.form is Form.RANGES:
            above = [start for start in self.ranges if start > count]
            at_least = max(start for start in self.ranges if start <= count)
            if at_least == self.ranges[-1]:
                return count, count
            return at_least, above[0] - 1
        return count, count


@cache
def policies() -> Mapping[str, Policy]:
    """Every policy, by code."""
    text = Path(__file__).with_name("policies.toml").read_text(encoding="utf-8")
    return {code: Policy.read(code, rules) for code, rules in tomllib.loads(text).items()}


def policy(code: str) -> Policy:
    """The policy of a code. Raises UnknownPolicy."""
    try:
        return policies()[code]
    except KeyError:
        known = ", ".join(policies())
        raise UnknownPolicy(f"There is no policy {code}. Use one of: {known}.") from None


PUBLISHED = policy("published-2026")
