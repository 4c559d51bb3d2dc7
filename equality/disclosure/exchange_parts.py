"""Reading what both documents of the exchange format have: dimensions and codes, policies, links, portions."""

from collections.abc import Iterable, Mapping
from typing import Any

from equality.disclosure.exchange import (
    EVERY_LEAF,
    MAIN,
    MOST_DECIMALS,
    STOCK_FLOW,
    Classification,
    ExchangePolicy,
    Key,
    Link,
    PolicyForm,
    Portion,
    Range,
)
from equality.disclosure.exchange_json import MOST, JsonObject, Reading, place_of
from equality.disclosure.policy import policies

_LISTED = 12  # codes that a fault names


def read_dimensions(reading: Reading, said: Any, where: str) -> dict[str, Classification]:
    """Leaves and groups of each, by name."""
    return {
        name: _classification(reading, part, place_of(where, name))
        for name, part in reading.mapping(said, where).items()
    }


def _classification(reading: Reading, said: Any, where: str) -> Classification:
    found = reading.record(said, where, ("leaves",), ("groups",))
    leaves = reading.texts(found.get("leaves", []), place_of(where, "leaves"))
    if "leaves" in found and not leaves:
        reading.fault("EMPTY", place_of(where, "leaves"))
    if len(set(leaves)) < len(leaves):
        reading.fault("CODE_TWICE", place_of(where, "leaves"))
    groups = {}
    for code, members in reading.mapping(found.get("groups", JsonObject([])), place_of(where, "groups")).items():
        place = place_of(place_of(where, "groups"), code)
        if code in leaves:
            reading.fault("CODE_TWICE", place)
        groups[code] = leaves if members == EVERY_LEAF else _members(reading, members, leaves, place)
    return Classification(leaves, groups)


def _members(reading: Reading, said: Any, leaves: Key, where: str) -> Key:
    members = reading.texts(said, where)
    if set(members) - set(leaves):
        reading.fault("GROUP_LEAF_UNKNOWN", where)
    if len(set(members)) < len(members):
        reading.fault("CODE_TWICE", where)
    return members


def read_policy(reading: Reading, said: Any, where: str) -> ExchangePolicy | None:
    """Rules written out, or the code of a policy of reports."""
    if isinstance(said, JsonObject) and "code" in said:
        return _named_policy(reading, said, where)
    found = reading.record(said, where, ("k", "min_width"), ("zero_ok", "form", "base", "insider", "movers"))
    k = reading.whole(found["k"], place_of(where, "k"), least=1) if "k" in found else None
    width = reading.whole(found["min_width"], place_of(where, "min_width")) if "min_width" in found else None
    zeros = reading.truth(found.get("zero_ok", True), place_of(where, "zero_ok"))
    form = _policy_form(reading, found["form"], place_of(where, "form")) if "form" in found else None
    base = reading.whole(found["base"], place_of(where, "base"), least=2) if "base" in found else None
    insider, movers = (
        reading.truth(found[name], place_of(where, name)) if name in found else None for name in ("insider", "movers")
    )
    if k is None or width is None or zeros is None:
        return None
    return ExchangePolicy(k, width, zeros, form, base, insider, movers)


def _named_policy(reading: Reading, said: Any, where: str) -> ExchangePolicy | None:
    """One of the policies of reports, by its code alone: what it asks of counts."""
    found = reading.record(said, where, ("code",))
    code = reading.text(found["code"], place_of(where, "code"))
    if code is None:
        return None
    if code not in policies():
        reading.fault("POLICY_UNKNOWN", place_of(where, "code"), ", ".join(policies()))
        return None
    return ExchangePolicy.of(policies()[code])


def _policy_form(reading: Reading, said: Any, where: str) -> PolicyForm | None:
    if isinstance(said, str) and said in set(PolicyForm):
        return PolicyForm(said)
    reading.fault("FORM_UNKNOWN", where)
    return None


def read_links(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> tuple[Link, ...]:
    """How those who stayed link blocks, each two of them once."""
    found = [_link(reading, part, dimensions, blocks, place) for place, part in reading.items(said, where)]
    links = tuple(link for link in found if link is not None)
    if len({frozenset((link.start, link.end)) for link in links}) < len(links):
        reading.fault("LINK_TWICE", where)
    return links


def _link(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> Link | None:
    found = reading.record(said, where, ("kind", "from", "to", "joiners", "leavers"), ("fixed",))
    if "kind" in found and found["kind"] != STOCK_FLOW:
        reading.fault("LINK_KIND_UNKNOWN", place_of(where, "kind"))
    ends = {name: reading.text(found[name], place_of(where, name)) for name in ("from", "to") if name in found}
    for name, block in ends.items():
        if block is not None and block not in blocks:
            reading.fault("BLOCK_UNKNOWN", place_of(where, name))
    flows = {n: _interval(reading, found[n], place_of(where, n)) for n in ("joiners", "leavers") if n in found}
    fixed = read_names(reading, found["fixed"], dimensions, place_of(where, "fixed")) if "fixed" in found else None
    start, end, joiners, leavers = ends.get("from"), ends.get("to"), flows.get("joiners"), flows.get("leavers")
    if start is None or end is None or joiners is None or leavers is None:
        return None
    if start == end:
        reading.fault("LINK_TO_ITSELF", where)
    return Link(start, end, joiners, leavers, fixed)


def read_portions(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> tuple[Portion, ...]:
    """What is known of parts of people, in ``blocks``."""
    found = [_portion(reading, part, dimensions, blocks, place) for place, part in reading.items(said, where)]
    return tuple(portion for portion in found if portion is not None)


def _portion(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> Portion | None:
    found = reading.record(said, where, ("part", "whole", "times", "least", "most"), ("block",))
    block = reading.text(found.get("block", MAIN), place_of(where, "block"))
    if block is not None and block not in blocks:
        reading.fault("BLOCK_UNKNOWN", place_of(where, "block"))
    part, whole = (
        _where(reading, found.get(name, JsonObject([])), dimensions, place_of(where, name))
        for name in ("part", "whole")
    )
    numbers = {
        name: reading.number(found[name], place_of(where, name), least=floor)
        for name, floor in (("times", 0), ("least", -MOST), ("most", -MOST))
        if name in found
    }
    for name, number in numbers.items():
        if number is not None and number != round(number, MOST_DECIMALS):
            reading.fault("TOO_MANY_DECIMALS", place_of(where, name))
    times, least, most = (numbers.get(name) for name in ("times", "least", "most"))
    if block is None or times is None or least is None or most is None:
        return None
    if least > most:
        reading.fault("RANGE_REVERSED", place_of(where, "most"))
    return Portion(block, part, whole, times, least, most)


def _interval(reading: Reading, said: Any, where: str) -> tuple[int, int | None] | None:
    ends = list(reading.items(said, where))
    if len(ends) != 2:
        if isinstance(said, list):
            reading.fault("WRONG_TYPE", where, "a list of two ends")
        return None
    (low_place, low), (high_place, high) = ends
    found = read_range(reading, low, low_place, high, high_place)
    return found.bounds if found else None


def read_range(reading: Reading, low: Any, low_place: str, high: Any, high_place: str) -> Range | None:
    """From its two ends, each with its place; the upper one may be open."""
    least = reading.whole(low, low_place)
    most = reading.whole(high, high_place) if high is not None else None
    if least is None or (most is None and high is not None):
        return None
    if most is not None and least > most:
        reading.fault("RANGE_REVERSED", high_place)
        return None
    return Range(least, most)


def _is_known(reading: Reading, name: str, dimensions: Mapping[str, Classification], where: str) -> bool:
    if name not in dimensions:
        reading.fault("DIMENSION_UNKNOWN", where)
    return name in dimensions


def read_names(reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str) -> Key:
    """Names of dimensions, each once."""
    names = reading.texts(said, where)
    if len(set(names)) < len(names):
        reading.fault("DIMENSION_TWICE", where)
    return tuple(name for name in names if _is_known(reading, name, dimensions, where))


def _where(reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str) -> dict[str, str]:
    found = {}
    for name, code in reading.mapping(said, where).items():
        place = place_of(where, name)
        text = reading.text(code, place)
        if text is not None and _is_known(reading, name, dimensions, place):
            if text not in dimensions[name].members:
                reading.fault("CODE_UNKNOWN", place, listed_codes(dimensions[name].members))
            else:
                found[name] = text
    return found


def read_dims_and_where(
    reading: Reading, said: Mapping[str, Any], dimensions: Mapping[str, Classification], where: str
) -> tuple[Key, dict[str, str]]:
    """What a table is split by, and what its people share. Each dimension serves once."""
    dims = read_names(reading, said.get("dims", []), dimensions, place_of(where, "dims"))
    shared = _where(reading, said.get("where", JsonObject([])), dimensions, place_of(where, "where"))
    if set(dims) & set(shared):
        reading.fault("DIMENSION_TWICE", place_of(where, "where"))
    return dims, shared


def check_ids(reading: Reading, tables: Iterable[Iterable[tuple[str, str]]], where: str) -> None:
    """No two tables of a block have one id. ``tables``: of each, every block with its id."""
    first: dict[tuple[str, str], int] = {}
    for number, named in enumerate(tables):
        before = min((first.setdefault(name, number) for name in named), default=number)
        if before != number:
            reading.fault("TABLE_TWICE", f"{where}[{number}].id", more=f"The other: {where}[{before}].")


def listed_codes(codes: Iterable[str]) -> str:
    """Codes of a dimension, not too many: they are part of the document's own list, and nobody's."""
    known = list(codes)
    return ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
