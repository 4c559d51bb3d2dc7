"""What may be put into a measure: kinds of input, how each is read, and every fault of what was given.

A count is a whole number, not a boolean and not negative. Pay and the numbers of control charts become exact fractions
of the decimals as written. A fault names the place and what was expected there, never the value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Real
from typing import Any

from equality.measures.faults import Fault

LARGEST = 10**8  # more people than are counted here; sums of ten such still pass ``arrays.counted``
SMALLEST = Fraction(1, 10**9)  # of amounts and rates that are not 0, so that a quotient of two stays finite
LONGEST = 100_000
RESERVED = ("status", "reason")  # keys of every answer, which no group may take

Read = Callable[[Any, str, list[Fault]], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``words``: what is expected, to follow *must be*. ``read``: the value as measures take it; adds to the faults
    where it is not of this kind."""

    words: str
    read: Read


def _scalar(code: str, words: str, convert: Callable[[Any], Any]) -> Kind:
    """A kind whose ``convert`` raises ValueError for what it cannot take."""

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        try:
            return convert(value)
        except (ValueError, OverflowError):
            faults.append(Fault(code, place, f"must be {words}"))
            return None

    return Kind(words, read)


def _exact(value: Any) -> Fraction:
    """The number as it is written: 0.1 is one tenth. Raises ValueError."""
    is_number = isinstance(value, Real | Decimal) and not isinstance(value, bool)
    if not is_number or not isfinite(value):
        raise ValueError
    return Fraction(str(value))


def _whole(least: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        exact = _exact(value)
        if exact.denominator != 1 or not least <= exact <= LARGEST:
            raise ValueError
        return int(exact)

    return convert


def _between(least: float, most: float) -> Callable[[Any], float]:
    def convert(value: Any) -> float:
        if not least <= _exact(value) <= most:
            raise ValueError
        return float(value)

    return convert


def _amount(most: int) -> Callable[[Any], Fraction]:
    def convert(value: Any) -> Fraction:
        exact = _exact(value)
        if exact and not SMALLEST <= exact <= most:
            raise ValueError
        return exact

    return convert


def _rate(most: int) -> Callable[[Any], float]:
    return lambda value: float(_amount(most)(value))


def _chance(value: Any) -> float:
    """No nearer to 0 or 1 than scipy's distributions bear, unless it is 0 or 1."""
    exact = _exact(value)
    if exact not in (0, 1) and not SMALLEST <= exact <= 1 - SMALLEST:
        raise ValueError
    return float(exact)


def _number(value: Any) -> Fraction:
    exact = _exact(value)
    if abs(exact) > LARGEST**2:
        raise ValueError
    return exact


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def choice(*choices: str) -> Kind:
    """One of several words."""

    def convert(value: Any) -> str:
        if value not in choices:
            raise ValueError
        return _text(value)

    return _scalar("NOT_A_CHOICE", f"one of {', '.join(choices)}", convert)


def _listed(kind: Kind, words: str, *, least: int = 0, most: int = LONGEST) -> Kind:
    """A list of one kind."""

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        if not isinstance(value, list | tuple) or not least <= len(value) <= most:
            faults.append(Fault("NOT_A_LIST", place, f"must be {words}"))
            return None
        return [kind.read(part, f"{place}[{number}]", faults) for number, part in enumerate(value)]

    return Kind(words, read)


def _record(words: str, within: tuple[str, str] | None = None, /, **kinds: Kind) -> Kind:
    """An object with exactly these names, of which one may be part of another."""

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        if not isinstance(value, Mapping) or set(value) != set(kinds):
            faults.append(Fault("NOT_A_RECORD", place, f"must be {words}"))
            return None
        before = len(faults)
        found = {name: kind.read(value[name], f"{place}.{name}", faults) for name, kind in kinds.items()}
        if within and len(faults) == before and found[within[0]] > found[within[1]]:
            faults.append(Fault("PART_OVER_WHOLE", f"{place}.{within[0]}", f"may not be more than {within[1]}"))
        return found

    return Kind(words, read)


def _named(kind: Kind, words: str, *names: str) -> Kind:
    """An object whose names are groups, at least one; where ``names`` are given, only these."""

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        if not isinstance(value, Mapping) or not 0 < len(value) <= LONGEST:
            faults.append(Fault("NOT_A_RECORD", place, f"must be {words}"))
            return None
        for name in value:
            if not isinstance(name, str) or not name or name in RESERVED or (names and name not in names):
                faults.append(Fault("NAME_NOT_TAKEN", place, f"has a name that cannot be used: {words} is expected"))
        return {name: kind.read(part, f"{place}.{name}", faults) for name, part in value.items()}

    return Kind(words, read)


def _or_nothing(kind: Kind) -> Kind:
    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        return None if value is None else kind.read(value, place, faults)

    return Kind(f"{kind.words}, or null", read)


COUNT = _scalar("NOT_A_COUNT", "a whole number from 0 to a hundred million", _whole(0))
AMOUNT = _scalar("NOT_AN_AMOUNT", "an amount of 0 or more", _amount(LARGEST**2))
EXACT = _scalar("NOT_A_NUMBER", "a number", _number)
PROPORTION = _scalar("NOT_A_PROPORTION", "a number from 0 to 1", _between(0, 1))
CHANCE = _scalar("NOT_A_PROPORTION", "0, 1, or a number between them and not within a billionth of either", _chance)
PERCENT = _scalar("NOT_A_PERCENTAGE", "a percentage from 0 to 100", _rate(100))
FLAG = _scalar("NOT_A_FLAG", "true or false", _flag)
TABLE = _listed(
    _listed(COUNT, "a row of two counts", least=2, most=2), "a table of two rows of two counts", least=2, most=2
)

KINDS: dict[str, Kind] = {
    "count": COUNT,
    "positive count": _scalar("NOT_A_COUNT", "a whole number from 1 to a hundred million", _whole(1)),
    "amount": AMOUNT,
    "rate": _scalar("NOT_A_RATE", "a rate of 0 or more", _rate(LARGEST)),
    "size": _scalar("NOT_A_SIZE", "a number of 1 or more", _between(1, LARGEST)),
    "correlation": _scalar("NOT_A_CORRELATION", "a number from -1 to 1", _between(-1, 1)),
    "gap": _scalar("NOT_A_GAP", "a gap in percent, at most 100", _between(-LARGEST, 100)),
    "chance": CHANCE,
    "tail": _scalar("NOT_A_PROPORTION", "a number from 0 to 0.5", _between(0, 0.5)),
    "percent": PERCENT,
    "flag": FLAG,
    "text": _scalar("NOT_TEXT", "text", _text),
    "counts": _listed(COUNT, "a list of counts"),
    "two counts": _listed(COUNT, "a list of two counts", least=2, most=2),
    "numbers": _listed(EXACT, "a list of numbers"),
    "percents": _listed(PERCENT, "a list of at least one percentage", least=1),
    "p-values": _listed(_or_nothing(PROPORTION), "a list of p-values, null where there was no test"),
    "table": TABLE,
    "strata": _listed(TABLE, "a list of two-by-two tables"),
    "counts by group": _named(COUNT, "an object of group and count"),
    "places by quarter": _named(
        COUNT, "an object of quarter and count", "lower", "lower_middle", "upper_middle", "upper"
    ),
    "levels": _record("an object of lower, middle and upper", lower=COUNT, middle=COUNT, upper=COUNT),
    "selection by group": _named(
        _record("an object of applicants and selected", ("selected", "applicants"), applicants=COUNT, selected=COUNT),
        "an object of group and its applicants and selected",
    ),
    "answers by cell": _named(_record("an object of yes and no", yes=COUNT, no=COUNT), "an object of cell and answers"),
    "pay by group": _named(_listed(AMOUNT, "a list of hourly pay"), "an object of group and hourly pay"),
    "bonuses": _listed(
        _record("an object of amount and bonus_period_days", amount=AMOUNT, bonus_period_days=AMOUNT),
        "a list of bonuses",
    ),
    "employees": _listed(
        _record(
            "an object of sex, full_pay, hourly and bonus",
            sex=choice("M", "F"),
            full_pay=FLAG,
            hourly=AMOUNT,
            bonus=AMOUNT,
        ),
        "a list of employees",
    ),
}
