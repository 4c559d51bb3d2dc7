"""What a measure answers: named outputs, whether they may be relied on, and why not where they may not.

A number that does not exist is None with a reason: never zero, infinity or NaN."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Status(StrEnum):
    """Whether an answer may be relied on."""

    ESTIMATED = "estimated"
    TOO_FEW = "too few to say"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Answer:
    """Outputs by name, plain numbers and text. ``reason``: why something is missing or may not be relied on."""

    outputs: Mapping[str, Any]
    status: Status
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**self.outputs, "status": self.status.value, "reason": self.reason}


def answer(outputs: Mapping[str, Any], *reasons: str | None, few: str | None = None) -> Answer:
    """The first output is the headline: without it the answer is undefined. ``few``: why the numbers are too few.
    Reasons that are None do not apply."""
    plain = {name: _plain(value) for name, value in outputs.items()}
    said = [reason for reason in (*reasons, few) if reason]
    if not _is_there(next(iter(plain.values()))):
        status = Status.UNDEFINED
    else:
        status = Status.TOO_FEW if few else Status.ESTIMATED
    return Answer(plain, status, " ".join(said) or None)


def by_group(
    outputs: Mapping[str, Any], *reasons: str | None, few: str | None = None, hidden: Sequence[bool] = (), why: str = ""
) -> Answer:
    """An answer whose outputs are named by groups: undefined where no group has a number. ``hidden``: groups with too
    few people to be shown, because ``why``; where that is all of them they are too few to say."""
    withheld = why if any(hidden) else None
    found = answer({"": list(outputs.values()), **outputs}, *reasons, withheld, few=few)
    status = Status.TOO_FEW if hidden and all(hidden) else found.status
    return Answer({name: value for name, value in found.outputs.items() if name}, status, found.reason)


def undefined(reason: str, *names: str) -> Answer:
    """None of these outputs exists."""
    return Answer(dict.fromkeys(names), Status.UNDEFINED, reason)


def _plain(value: Any) -> Any:
    """Python's own types, whatever library made the value."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, Fraction):
        return float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _is_there(value: Any) -> bool:
    """A number somewhere in the headline."""
    if isinstance(value, dict):
        value = list(value.values())
    return any(map(_is_there, value)) if isinstance(value, list) and value else value is not None
