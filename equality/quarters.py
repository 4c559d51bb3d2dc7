"""The quarter as a value: ``2026-Q3`` is July to September 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_WRITTEN = re.compile(r"(\d{4})-Q([1-4])")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


class NotAQuarter(ValueError):
    """The text is not a quarter written as ``2026-Q3``."""


def is_quarter(text: str) -> bool:
    """Is it written as a quarter?"""
    return _WRITTEN.fullmatch(text) is not None


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter. Orders by time; ``str()`` gives the written form."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-Q3``. Raises NotAQuarter for anything else."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None or not 1900 <= int(match[1]) <= 2999:
            raise NotAQuarter("A quarter is written as a year and a number from 1 to 4, like 2026-Q3.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The reference date of a snapshot of this quarter."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Self:
        return type(self)(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> Self:
        return type(self)(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def label(self) -> str:
        """``July to September 2026``."""
        return f"{_MONTHS[3 * self.number - 3]} to {_MONTHS[3 * self.number - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
