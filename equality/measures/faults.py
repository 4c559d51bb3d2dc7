"""Why a measure cannot be worked out from what was given: one error, with every fault in it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. ``code`` never changes. ``place``: the input, like ``groups.White.selected``. The message
    never repeats a value."""

    code: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.code} {self.place}: {self.message}"


class CannotMeasure(ValueError):
    """The inputs are not ones that this measure can have, or there is no such measure. ``faults``: all of them."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults: Sequence[Fault] = faults
