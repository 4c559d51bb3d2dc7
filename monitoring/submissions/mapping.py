"""A mapping file: where a sender's headings and wordings go."""

import tomllib
from dataclasses import dataclass, field

from equality.recoding import place_code
from monitoring.submissions.layout import Reads, columns
from monitoring.submissions.problems import Problem, Unreadable, problem
from monitoring.submissions.suggesting import codes

_SHOWN = 120  # characters of a mapping's line that are repeated


@dataclass(frozen=True)
class Mapping:
    """``columns``: heading to column name. ``values``: column to wording to key. ``ignored``: headings that are left
    out."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def names(self, heading: str) -> bool:
        return heading in self.columns or heading in self.ignored


def read_mapping(text: str, collection: str) -> Mapping:
    """Read a mapping; headings and wordings stay as the sender wrote them. Raises Unreadable with every fault in
    it."""
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # also numbers and nesting beyond what Python reads
        place = str(fault).partition("(at ")[2].rstrip(")")
        where = f" at {place}" if place else ""
        raise Unreadable(problem("MAPPING_BROKEN", where=where)) from None
    faults = [
        problem("MAPPING_UNKNOWN_PART", column=str(part)) for part in written.keys() - {"columns", "values", "ignore"}
    ]
    placed = _table(written.get("columns", {}), "columns", faults)
    ignore = _table(written.get("ignore", {}), "ignore", faults)
    faults += [problem("MAPPING_UNKNOWN_PART", column=f"ignore.{part}") for part in ignore if part != "columns"]
    ignored = ignore.get("columns", [])
    if not isinstance(ignored, list) or not all(isinstance(heading, str) for heading in ignored):
        faults.append(problem("MAPPING_UNKNOWN_PART", column="ignore.columns"))
        ignored = []
    known = columns(collection)
    faults += [
        problem("MAPPING_UNKNOWN_COLUMN", column=heading, value=str(name))
        for heading, name in placed.items()
        if not isinstance(name, str) or name not in known
    ]
    values = _values(_table(written.get("values", {}), "values", faults), collection, faults)
    if faults:
        raise Unreadable(*faults)
    return Mapping(
        {heading.strip(): name for heading, name in placed.items()}, values, frozenset(h.strip() for h in ignored)
    )


def _table(part: object, name: str, faults: list[Problem]) -> dict:
    if isinstance(part, dict):
        return part
    faults.append(problem("MAPPING_UNKNOWN_PART", column=name))
    return {}


def _values(written: dict, collection: str, faults: list[Problem]) -> dict[str, dict[str, str]]:
    """Column → wording → key of the category."""
    known = columns(collection)
    values: dict[str, dict[str, str]] = {}
    for name, wordings in written.items():
        if name not in known or known[name].reads is not Reads.ANSWER:
            faults.append(problem("MAPPING_UNKNOWN_COLUMN", column=f"values.{name}"))
            continue
        values[name] = {}
        for wording, code in _table(wordings, f"values.{name}", faults).items():
            key = place_code(known[name].variable, code) if isinstance(code, str) else None
            if key is None:
                near = codes(known[name].variable, str(code), wording)
                line = f"{wording} = {code}"[:_SHOWN]
                faults.append(problem("MAPPING_UNKNOWN_CODE", column=name, value=line, nearest=near))
            else:
                values[name][wording.strip()] = key
    return values
