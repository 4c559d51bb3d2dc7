"""Reading documents of the exchange format: what each part of them means, and whether the parts fit."""

from collections.abc import Iterable, Mapping
from typing import Any

from equality.disclosure.exchange import (
    EVERY_LEAF,
    FORMAT,
    MAIN,
    MOST_DECIMALS,
    STOCK_FLOW,
    Classification,
    Exact,
    ExchangePolicy,
    Form,
    Key,
    Link,
    Mode,
    People,
    Percent,
    PolicyForm,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Rounded,
    Suppressed,
    Wanted,
    WantedTable,
    people_of,
)
from equality.disclosure.exchange_faults import BadDocument, fault
from equality.disclosure.exchange_json import MOST, JsonObject, Reading, place_of
from equality.disclosure.policy import policies

_LISTED = 12  # codes that a fault names


def read_published(text: str | bytes) -> Published:
    """A PUBLISHED.json. Raises BadDocument."""
    reading = Reading()
    said = reading.json(text)
    if isinstance(said, JsonObject) and "records" in said:
        raise BadDocument([fault("NOT_PUBLISHED", "")])
    return reading.finished(_published(reading, said, ""))


def read_wanted(text: str | bytes) -> Wanted:
    """A RELEASE.json. Raises BadDocument."""
    reading = Reading()
    found = _wanted(reading, reading.json(text))
    return reading.finished(found)


def _published(reading: Reading, said: Any, where: str) -> Published | None:
    found = reading.record(said, where, ("format", "dimensions", "protect", "tables"), ("links", "portions"))
    if "format" in found and found["format"] != FORMAT:
        reading.fault("FORMAT_UNKNOWN", place_of(where, "format"))
        return None
    dimensions = _dimensions(reading, found.get("dimensions", JsonObject([])), place_of(where, "dimensions"))
    policy = _policy(reading, found["protect"], place_of(where, "protect")) if "protect" in found else None
    tables = _printed_tables(reading, found.get("tables", []), dimensions, place_of(where, "tables"))
    blocks = {table.block for table in tables}
    links = _links(reading, found.get("links", []), dimensions, blocks, place_of(where, "links"))
    portions = _portions(reading, found.get("portions", []), dimensions, blocks, place_of(where, "portions"))
    if policy is None:
        return None
    published = Published(dimensions, tables, policy, links, portions)
    _agree(reading, published, place_of(where, "tables"))
    return published


def _wanted(reading: Reading, said: Any) -> Wanted | None:
    required = ("dimensions", "dims_order", "records", "tables", "policy")
    found = reading.record(said, "", required, ("record_id_first", "links", "portions", "ledger"))
    dimensions = _dimensions(reading, found.get("dimensions", JsonObject([])), "dimensions")
    order = _order(reading, found.get("dims_order", list(dimensions)), dimensions)
    identified = reading.truth(found.get("record_id_first", False), "record_id_first")
    ordered = {name: dimensions[name] for name in order}
    records, ids = _records(reading, found.get("records", JsonObject([])), ordered, identified=bool(identified))
    tables = _wanted_tables(reading, found.get("tables", []), dimensions, tuple(records))
    ledger = _ledger(reading, found.get("ledger"), dimensions)
    blocks = {*records, *(ledger.blocks if ledger else ())}
    links = _links(reading, found.get("links", []), dimensions, blocks, "links")
    portions = _portions(reading, found.get("portions", []), dimensions, blocks, "portions")
    policy = _policy(reading, found["policy"], "policy") if "policy" in found else None
    if policy is None:
        return None
    who = ids if identified else None
    wanted = Wanted(dimensions, order, records, who, tables, policy, links, portions, ledger)
    if not reading.faults:
        _check_portions(reading, wanted)
    return wanted


def _dimensions(reading: Reading, said: Any, where: str) -> dict[str, Classification]:
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


def _policy(reading: Reading, said: Any, where: str) -> ExchangePolicy | None:
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


def _links(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> tuple[Link, ...]:
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
    fixed = _names(reading, found["fixed"], dimensions, place_of(where, "fixed")) if "fixed" in found else None
    start, end, joiners, leavers = ends.get("from"), ends.get("to"), flows.get("joiners"), flows.get("leavers")
    if start is None or end is None or joiners is None or leavers is None:
        return None
    if start == end:
        reading.fault("LINK_TO_ITSELF", where)
    return Link(start, end, joiners, leavers, fixed)


def _portions(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: set[str], where: str
) -> tuple[Portion, ...]:
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


def _check_portions(reading: Reading, wanted: Wanted) -> None:
    """Of blocks that there are records of."""
    place = {name: at for at, name in enumerate(wanted.dims_order)}

    def counted(block: str, codes: Mapping[str, str]) -> int:
        inside = {place[name]: frozenset(wanted.dimensions[name].members[code]) for name, code in codes.items()}
        return sum(all(record[at] in leaves for at, leaves in inside.items()) for record in wanted.records[block])

    for number, portion in enumerate(wanted.portions):
        if portion.block in wanted.records:
            beyond = counted(portion.block, portion.part) - portion.times * counted(portion.block, portion.whole)
            if not portion.least <= beyond <= portion.most:
                reading.fault("PORTION_UNTRUE", f"portions[{number}]")


def _interval(reading: Reading, said: Any, where: str) -> tuple[int, int | None] | None:
    ends = list(reading.items(said, where))
    if len(ends) != 2:
        if isinstance(said, list):
            reading.fault("WRONG_TYPE", where, "a list of two ends")
        return None
    (low_place, low), (high_place, high) = ends
    found = _range(reading, low, low_place, high, high_place)
    return found.bounds if found else None


def _range(reading: Reading, low: Any, low_place: str, high: Any, high_place: str) -> Range | None:
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


def _names(reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str) -> Key:
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
                reading.fault("CODE_UNKNOWN", place, _listed(dimensions[name].members))
            else:
                found[name] = text
    return found


def _dims_and_where(
    reading: Reading, said: Mapping[str, Any], dimensions: Mapping[str, Classification], where: str
) -> tuple[Key, dict[str, str]]:
    """What a table is split by, and what its people share. Each dimension serves once."""
    dims = _names(reading, said.get("dims", []), dimensions, place_of(where, "dims"))
    shared = _where(reading, said.get("where", JsonObject([])), dimensions, place_of(where, "where"))
    if set(dims) & set(shared):
        reading.fault("DIMENSION_TWICE", place_of(where, "where"))
    return dims, shared


def _printed_tables(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> tuple[PrintedTable, ...]:
    tables = [_printed_table(reading, part, dimensions, place) for place, part in reading.items(said, where)]
    first: dict[tuple[str, str], int] = {}
    for number, table in enumerate(tables):
        if table is not None:
            before = first.setdefault((table.block, table.id), number)
            if before != number:
                reading.fault("TABLE_TWICE", f"{where}[{number}].id", more=f"The other: {where}[{before}].")
    return tuple(table for table in tables if table is not None)


def _printed_table(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> PrintedTable | None:
    found = reading.record(said, where, ("id", "dims", "cells"), ("block", "where"))
    before = len(reading.faults)
    table_id = reading.text(found["id"], place_of(where, "id")) if "id" in found else None
    block = reading.text(found.get("block", MAIN), place_of(where, "block"))
    dims, shared = _dims_and_where(reading, found, dimensions, where)
    if len(reading.faults) > before or "dims" not in found:
        return None  # keys cannot be judged by dimensions that are not known
    places = reading.items(found.get("cells", []), place_of(where, "cells"))
    read = [_printed_cell(reading, part, dimensions, dims, place) for place, part in places]
    cells = tuple(cell for cell in read if cell is not None)
    keys = {cell.key for cell in cells}
    for number, cell in enumerate(read):
        if cell is not None and isinstance(cell.printed, Percent) and cell.printed.of not in keys:
            reading.fault("DENOMINATOR_UNKNOWN", f"{where}.cells[{number}].of")
    return PrintedTable(table_id, block, dims, cells, shared) if table_id and block else None


# Which fields make up which form, by the field that only it has.
_FORMS: Mapping[str, frozenset[str]] = {
    "value": frozenset({"value"}),
    "suppressed": frozenset({"suppressed"}),
    "lo": frozenset({"lo", "hi"}),
    "rounded": frozenset({"rounded", "base", "mode"}),
    "percent": frozenset({"percent", "dp", "of"}),
}
_CELL_FIELDS = frozenset().union(*_FORMS.values())


def _printed_cell(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], dims: Key, where: str
) -> PrintedCell | None:
    found = reading.record(said, where, ("key",), _CELL_FIELDS)
    if not isinstance(said, JsonObject):
        return None
    key = _key(reading, found["key"], dimensions, dims, place_of(where, "key")) if "key" in found else None
    fields = found.keys() - {"key"}
    form = next((name for name, names in _FORMS.items() if names == fields), None)
    if form is None or (form == "suppressed" and found["suppressed"] is not True):
        reading.fault("CELL_FORM", where)
        return None
    printed = _form(reading, form, found, dimensions, dims, where)
    return PrintedCell(key, printed) if key is not None and printed is not None else None


def _key(reading: Reading, said: Any, dimensions: Mapping[str, Classification], dims: Key, where: str) -> Key | None:
    key = reading.texts(said, where)
    if not isinstance(said, list) or len(key) < len(said):
        return None
    if len(key) != len(dims):
        reading.fault("KEY_LENGTH", where)
        return None
    unknown = [name for name, code in zip(dims, key, strict=True) if code not in dimensions[name].members]
    for name in unknown:
        reading.fault("CODE_UNKNOWN", where, _listed(dimensions[name].members), more=f"Dimension: {name}.")
    return None if unknown else key


def _form(
    reading: Reading,
    form: str,
    found: Mapping[str, Any],
    dimensions: Mapping[str, Classification],
    dims: Key,
    where: str,
) -> Form | None:
    match form:
        case "value":
            value = reading.whole(found["value"], place_of(where, "value"))
            return None if value is None else Exact(value)
        case "suppressed":
            return Suppressed()
        case "lo":
            return _range(reading, found["lo"], place_of(where, "lo"), found["hi"], place_of(where, "hi"))
        case "rounded":
            return _rounded(reading, found, where)
        case _:
            return _percent(reading, found, dimensions, dims, where)


def _rounded(reading: Reading, found: Mapping[str, Any], where: str) -> Rounded | None:
    value = reading.whole(found["rounded"], place_of(where, "rounded"))
    base = reading.whole(found["base"], place_of(where, "base"), least=2)
    if not isinstance(found["mode"], str) or found["mode"] not in set(Mode):
        reading.fault("MODE_UNKNOWN", place_of(where, "mode"))
        return None
    if value is None or base is None:
        return None
    if value % base:
        reading.fault("NOT_A_MULTIPLE", place_of(where, "rounded"))
        return None
    return Rounded(value, base, Mode(found["mode"]))


def _percent(
    reading: Reading, found: Mapping[str, Any], dimensions: Mapping[str, Classification], dims: Key, where: str
) -> Percent | None:
    of = _key(reading, found["of"], dimensions, dims, place_of(where, "of"))
    dp = reading.whole(found["dp"], place_of(where, "dp"), most=MOST_DECIMALS)
    percent = reading.number(found["percent"], place_of(where, "percent"), least=0)
    if of is None or dp is None or percent is None:
        return None
    if percent != round(percent, dp):
        reading.fault("PERCENT_DECIMALS", place_of(where, "percent"))
        return None
    return Percent(percent, dp, of)


def _agree(reading: Reading, published: Published, where: str) -> None:
    """Every form in which the same people are printed must leave some count possible."""
    least: dict[People, tuple[int, str]] = {}  # with the place that says so
    most: dict[People, tuple[int, str]] = {}
    for number, table in enumerate(published.tables):
        for at, cell in enumerate(table.cells):
            people = people_of(published.dimensions, table.block, table.codes(cell.key))
            place, (low, high) = f"{where}[{number}].cells[{at}]", cell.printed.bounds
            if people in most and low > most[people][0]:
                reading.fault("FACTS_CONTRADICT", place, more=f"The other: {most[people][1]}.")
            elif high is not None and people in least and high < least[people][0]:
                reading.fault("FACTS_CONTRADICT", place, more=f"The other: {least[people][1]}.")
            else:
                least[people] = max(least.get(people, (low, place)), (low, place), key=lambda said: said[0])
                if high is not None:
                    most[people] = min(most.get(people, (high, place)), (high, place), key=lambda said: said[0])


def _order(reading: Reading, said: Any, dimensions: Mapping[str, Classification]) -> Key:
    order = _names(reading, said, dimensions, "dims_order")
    if set(order) != set(dimensions):
        reading.fault("DIMENSIONS_NOT_ORDERED", "dims_order")
    return order


def _records(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], *, identified: bool
) -> tuple[dict[str, list[Key]], dict[str, list[str]]]:
    records: dict[str, list[Key]] = {}
    ids: dict[str, list[str]] = {}
    for block, rows in reading.mapping(said, "records").items():
        where = place_of("records", block)
        ids[block], records[block] = _split(reading, rows, len(dimensions), where, identified=identified)
        _leaves_only(reading, records[block], dimensions, where)
        if len(set(ids[block])) < len(ids[block]):
            reading.fault("RECORD_ID_TWICE", where)
    return records, ids


def _split(reading: Reading, rows: Any, width: int, where: str, *, identified: bool) -> tuple[list[str], list[Key]]:
    """(identifiers, codes) of the records of one block. Those of the wrong form are told together, without them."""
    if not isinstance(rows, list):
        reading.fault("WRONG_TYPE", where, "a list")
        return [], []
    ahead = 1 if identified else 0
    wrong = [n for n, row in enumerate(rows) if not isinstance(row, list) or len(row) != width + ahead]
    if wrong:
        reading.fault("RECORD_LENGTH", where, more=_which(wrong))
    fitting = [row for row in rows if isinstance(row, list) and len(row) == width + ahead]
    unnamed = [n for n, row in enumerate(fitting) if identified and not _is_identifier(row[0])]
    if unnamed:
        reading.fault("WRONG_TYPE", where, "an identifier, text or a whole number, first", more=_which(unnamed))
    return [str(row[0]) for row in fitting] if identified else [], [tuple(row[ahead:]) for row in fitting]


def _is_identifier(said: Any) -> bool:
    return isinstance(said, str | int) and not isinstance(said, bool)


def _leaves_only(reading: Reading, rows: list[Key], dimensions: Mapping[str, Classification], where: str) -> None:
    for position, (name, classification) in enumerate(dimensions.items()):
        leaves = set(classification.leaves)
        # A list or an object in a code's place cannot be looked up, and is no leaf.
        wrong = [n for n, row in enumerate(rows) if not isinstance(row[position], str) or row[position] not in leaves]
        if wrong:
            more = f"{_which(wrong)} Dimension: {name}."
            reading.fault("RECORD_CODE_UNKNOWN", where, _listed(classification.leaves), more=more)


def _listed(codes: Iterable[str]) -> str:
    """Codes of a dimension, not too many: they are part of the document's own list, and nobody's."""
    known = list(codes)
    return ", ".join(known[:_LISTED]) + (", ..." if len(known) > _LISTED else "")


def _which(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Record number {numbers[0]:,}, counted from 0."
    return f"{len(numbers):,} records, the first of them number {numbers[0]:,}, counted from 0."


def _wanted_tables(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key
) -> tuple[WantedTable, ...]:
    found = [_wanted_table(reading, part, dimensions, blocks, place) for place, part in reading.items(said, "tables")]
    tables = tuple(table for table in found if table is not None)
    first: dict[tuple[str, str], int] = {}
    for number, table in enumerate(found):
        if table is not None:
            of = blocks if table.block is None else (table.block,)
            before = min((first.setdefault((table.id, block), number) for block in of), default=number)
            if before != number:
                reading.fault("TABLE_TWICE", f"tables[{number}].id", more=f"The other: tables[{before}].")
    return tables


def _wanted_table(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key, where: str
) -> WantedTable | None:
    found = reading.record(said, where, ("id", "dims"), ("margins", "where", "block"))
    table_id = reading.text(found["id"], place_of(where, "id")) if "id" in found else None
    dims, shared = _dims_and_where(reading, found, dimensions, where)
    margins = reading.truth(found.get("margins", True), place_of(where, "margins"))
    block = reading.text(found["block"], place_of(where, "block")) if "block" in found else None
    if block is not None and block not in blocks:
        reading.fault("BLOCK_UNKNOWN", place_of(where, "block"))
    return WantedTable(table_id, dims, margins, shared, block) if table_id and margins is not None else None


def _ledger(reading: Reading, said: Any, dimensions: Mapping[str, Classification]) -> Published | None:
    if said is None:
        return None
    ledger = _published(reading, said, "ledger")
    for name, classification in (ledger.dimensions if ledger else {}).items():
        if name in dimensions and set(dimensions[name].leaves) != set(classification.leaves):
            reading.fault("LEDGER_DIFFERS", place_of("ledger.dimensions", name))
    return ledger
