"""Reading a PUBLISHED.json: the forms in which cells are printed, and whether they fit each other."""

from collections.abc import Mapping
from typing import Any

from equality.disclosure.exchange import (
    FORMAT,
    MAIN,
    MOST_DECIMALS,
    Classification,
    Exact,
    Form,
    Key,
    Mode,
    People,
    Percent,
    PrintedCell,
    PrintedTable,
    Published,
    Rounded,
    Suppressed,
    people_of,
)
from equality.disclosure.exchange_faults import BadDocument, fault
from equality.disclosure.exchange_json import JsonObject, Reading, place_of
from equality.disclosure.exchange_parts import (
    check_ids,
    listed_codes,
    read_dimensions,
    read_dims_and_where,
    read_links,
    read_policy,
    read_portions,
    read_range,
)


def read_published(text: str | bytes) -> Published:
    """A PUBLISHED.json. Raises BadDocument."""
    reading = Reading()
    said = reading.json(text)
    if isinstance(said, JsonObject) and "records" in said:
        raise BadDocument([fault("NOT_PUBLISHED", "")])
    return reading.finished(published_in(reading, said, ""))


def published_in(reading: Reading, said: Any, where: str) -> Published | None:
    """A PUBLISHED document, also as part of another."""
    found = reading.record(said, where, ("format", "dimensions", "protect", "tables"), ("links", "portions"))
    if "format" in found and found["format"] != FORMAT:
        reading.fault("FORMAT_UNKNOWN", place_of(where, "format"))
        return None
    dimensions = read_dimensions(reading, found.get("dimensions", JsonObject([])), place_of(where, "dimensions"))
    policy = read_policy(reading, found["protect"], place_of(where, "protect")) if "protect" in found else None
    tables = _printed_tables(reading, found.get("tables", []), dimensions, place_of(where, "tables"))
    blocks = {table.block for table in tables}
    links = read_links(reading, found.get("links", []), dimensions, blocks, place_of(where, "links"))
    portions = read_portions(reading, found.get("portions", []), dimensions, blocks, place_of(where, "portions"))
    if policy is None:
        return None
    published = Published(dimensions, tables, policy, links, portions)
    _agree(reading, published, place_of(where, "tables"))
    return published


def _printed_tables(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> tuple[PrintedTable, ...]:
    tables = [_printed_table(reading, part, dimensions, place) for place, part in reading.items(said, where)]
    check_ids(reading, ([] if table is None else [(table.block, table.id)] for table in tables), where)
    return tuple(table for table in tables if table is not None)


def _printed_table(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], where: str
) -> PrintedTable | None:
    found = reading.record(said, where, ("id", "dims", "cells"), ("block", "where"))
    before = len(reading.faults)
    table_id = reading.text(found["id"], place_of(where, "id")) if "id" in found else None
    block = reading.text(found.get("block", MAIN), place_of(where, "block"))
    dims, shared = read_dims_and_where(reading, found, dimensions, where)
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
        reading.fault("CODE_UNKNOWN", where, listed_codes(dimensions[name].members), more=f"Dimension: {name}.")
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
            return read_range(reading, found["lo"], place_of(where, "lo"), found["hi"], place_of(where, "hi"))
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
            place, (low, high) = f"{where}[{number}].cells[{at}]", published.bounds(cell.printed)
            if people in most and low > most[people][0]:
                reading.fault("FACTS_CONTRADICT", place, more=f"The other: {most[people][1]}.")
            elif high is not None and people in least and high < least[people][0]:
                reading.fault("FACTS_CONTRADICT", place, more=f"The other: {least[people][1]}.")
            else:
                least[people] = max(least.get(people, (low, place)), (low, place), key=lambda said: said[0])
                if high is not None:
                    most[people] = min(most.get(people, (high, place)), (high, place), key=lambda said: said[0])
