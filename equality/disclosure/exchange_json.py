"""Reading values of JSON strictly: what has the wrong type, is missing or too much is a fault with its place, and
reading goes on, so that every fault of a document is told at once."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from equality.disclosure.exchange import Key
from equality.disclosure.exchange_faults import BadDocument, Fault, fault

MOST = 10**9  # people; sums of counts and of percentages of them stay exact in 64 bits
_NAME = re.compile(r"\w{1,40}", re.ASCII)  # what is repeated of a field that nobody knows

_Read = TypeVar("_Read")


class JsonObject(dict[str, Any]):
    """A JSON object that remembers whether it gave a name twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = len(self) < len(pairs)


class Reading:
    """One pass over a document that goes on after a fault. What could not be read is None, and is left out."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def finished(self, found: _Read | None) -> _Read:
        """What was read. Raises BadDocument where anything was wrong with it."""
        if self.faults or found is None:
            raise BadDocument(self.faults)
        return found

    def fault(self, code: str, where: str, expected: str = "", *, more: str = "") -> None:
        self.faults.append(fault(code, where, expected, more=more))

    def json(self, text: str | bytes) -> Any:
        try:
            decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
            return json.loads(decoded, object_pairs_hook=JsonObject, parse_float=_decimal, parse_constant=_no_number)
        except json.JSONDecodeError as wrong:
            place = f"Line {wrong.lineno}, column {wrong.colno}."
            raise BadDocument([fault("NOT_JSON", "", more=place)]) from None
        except (ValueError, RecursionError):
            raise BadDocument([fault("NOT_JSON", "")]) from None

    def mapping(self, said: Any, where: str) -> Mapping[str, Any]:
        """An object of any names."""
        if not isinstance(said, JsonObject):
            self.fault("WRONG_TYPE", where, "an object")
            return {}
        if said.twice:
            self.fault("NAME_TWICE", where)
        return said

    def record(self, said: Any, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
        """An object of the names given, every required one among them; else the missing ones are left out."""
        found, required, optional = self.mapping(said, where), set(required), set(optional)
        if isinstance(said, JsonObject):
            for name in sorted(required - found.keys()):
                self.fault("FIELD_MISSING", place_of(where, name), f"a field {name}")
            names = ", ".join(sorted(required | optional))
            for name in sorted(found.keys() - required - optional):
                self.fault("FIELD_UNKNOWN", place_of(where, name) if _NAME.fullmatch(name) else where, f"only {names}")
        return {name: found[name] for name in found if name in required | optional}

    def items(self, said: Any, where: str) -> Iterator[tuple[str, Any]]:
        """(place, entry) of a list."""
        if not isinstance(said, list):
            self.fault("WRONG_TYPE", where, "a list")
            return
        for number, entry in enumerate(said):
            yield f"{where}[{number}]", entry

    def text(self, said: Any, where: str) -> str | None:
        if isinstance(said, str) and said:
            return said
        self.fault("WRONG_TYPE", where, "text")
        return None

    def texts(self, said: Any, where: str) -> Key:
        found = (self.text(entry, place) for place, entry in self.items(said, where))
        return tuple(entry for entry in found if entry is not None)

    def whole(self, said: Any, where: str, *, least: int = 0, most: int = MOST) -> int | None:
        if not isinstance(said, int) or isinstance(said, bool):
            self.fault("WRONG_TYPE", where, "a whole number")
            return None
        return said if self._is_within(said, where, least, most) else None

    def number(self, said: Any, where: str, *, least: int = -MOST) -> Decimal | None:
        if not isinstance(said, int | Decimal) or isinstance(said, bool):
            self.fault("WRONG_TYPE", where, "a number")
            return None
        return Decimal(said) if self._is_within(said, where, least, MOST) else None

    def _is_within(self, said: int | Decimal, where: str, least: int, most: int) -> bool:
        if said < least:
            self.fault("TOO_SMALL", where, f"{least:,}")
        if said > most:
            self.fault("TOO_LARGE", where, f"{most:,}")
        return least <= said <= most

    def truth(self, said: Any, where: str) -> bool | None:
        if isinstance(said, bool):
            return said
        self.fault("WRONG_TYPE", where, "true or false")
        return None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError("an exponent beyond reckoning") from None


def _no_number(_: str) -> None:
    raise ValueError("JSON has no such number")


def place_of(where: str, name: str) -> str:
    """The place of a field, like ``tables[3].cells``."""
    return f"{where}.{name}" if where else name
