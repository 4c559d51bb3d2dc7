"""Reading a RELEASE.json: records of people, the tables wanted of them, and what is out already."""

from collections.abc import Mapping
from typing import Any

from equality.disclosure.exchange import (
    Classification,
    Key,
    Published,
    Wanted,
    WantedTable,
)
from equality.disclosure.exchange_json import JsonObject, Reading, place_of
from equality.disclosure.exchange_parts import (
    check_ids,
    listed_codes,
    read_dimensions,
    read_dims_and_where,
    read_links,
    read_names,
    read_policy,
    read_portions,
)
from equality.disclosure.exchange_published import published_in


def read_wanted(text: str | bytes) -> Wanted:
    """A RELEASE.json. Raises BadDocument."""
    reading = Reading()
    found = _wanted(reading, reading.json(text))
    return reading.finished(found)


def _wanted(reading: Reading, said: Any) -> Wanted | None:
    required = ("dimensions", "dims_order", "records", "tables", "policy")
    found = reading.record(said, "", required, ("record_id_first", "links", "portions", "ledger"))
    dimensions = read_dimensions(reading, found.get("dimensions", JsonObject([])), "dimensions")
    order = _order(reading, found.get("dims_order", list(dimensions)), dimensions)
    identified = reading.truth(found.get("record_id_first", False), "record_id_first")
    ordered = {name: dimensions[name] for name in order}
    records, ids = _records(reading, found.get("records", JsonObject([])), ordered, identified=bool(identified))
    tables = _wanted_tables(reading, found.get("tables", []), dimensions, tuple(records))
    ledger = _ledger(reading, found.get("ledger"), dimensions)
    blocks = {*records, *(ledger.blocks if ledger else ())}
    links = read_links(reading, found.get("links", []), dimensions, blocks, "links")
    portions = read_portions(reading, found.get("portions", []), dimensions, blocks, "portions")
    policy = read_policy(reading, found["policy"], "policy") if "policy" in found else None
    if policy is None:
        return None
    who = ids if identified else None
    wanted = Wanted(dimensions, order, records, who, tables, policy, links, portions, ledger)
    if not reading.faults:
        _check_portions(reading, wanted)
    return wanted


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


def _order(reading: Reading, said: Any, dimensions: Mapping[str, Classification]) -> Key:
    order = read_names(reading, said, dimensions, "dims_order")
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
            reading.fault("RECORD_CODE_UNKNOWN", where, listed_codes(classification.leaves), more=more)


def _which(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Record number {numbers[0]:,}, counted from 0."
    return f"{len(numbers):,} records, the first of them number {numbers[0]:,}, counted from 0."


def _wanted_tables(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key
) -> tuple[WantedTable, ...]:
    found = [_wanted_table(reading, part, dimensions, blocks, place) for place, part in reading.items(said, "tables")]
    tables = tuple(table for table in found if table is not None)
    named = (
        [] if table is None else [(block, table.id) for block in (blocks if table.block is None else (table.block,))]
        for table in found
    )
    check_ids(reading, named, "tables")
    return tables


def _wanted_table(
    reading: Reading, said: Any, dimensions: Mapping[str, Classification], blocks: Key, where: str
) -> WantedTable | None:
    found = reading.record(said, where, ("id", "dims"), ("margins", "where", "block"))
    table_id = reading.text(found["id"], place_of(where, "id")) if "id" in found else None
    dims, shared = read_dims_and_where(reading, found, dimensions, where)
    margins = reading.truth(found.get("margins", True), place_of(where, "margins"))
    block = reading.text(found["block"], place_of(where, "block")) if "block" in found else None
    if block is not None and block not in blocks:
        reading.fault("BLOCK_UNKNOWN", place_of(where, "block"))
    return WantedTable(table_id, dims, margins, shared, block) if table_id and margins is not None else None


def _ledger(reading: Reading, said: Any, dimensions: Mapping[str, Classification]) -> Published | None:
    if said is None:
        return None
    ledger = published_in(reading, said, "ledger")
    for name, classification in (ledger.dimensions if ledger else {}).items():
        if name in dimensions and set(dimensions[name].leaves) != set(classification.leaves):
            reading.fault("LEDGER_DIFFERS", place_of("ledger.dimensions", name))
    return ledger
