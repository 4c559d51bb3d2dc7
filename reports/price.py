"""What protection costs a report, in words for analysts: which tables, whether earlier releases give something away,
and what would hide less. Counts of cells and names of people's groups; never a number of people."""

from collections.abc import Mapping, Sequence
from typing import Any

from equality.disclosure.exchange import Link, joiners_between, leavers_between
from equality.disclosure.price import ReleasePrice
from equality.disclosure.protection import Protected
from equality.disclosure.release import Region
from equality.disclosure.safe import SafeTable
from equality.quarters import Quarter, is_quarter
from equality.tables import Dimension
from reports.material import Material
from reports.wording import counted, listed, mid_sentence
from reports.workforce import title_of


def price_of_report(material: Material, alternatives: ReleasePrice | None) -> dict[str, Any]:
    """As the report keeps it; empty where nothing was protected. Without ``alternatives``, ``without`` and ``broader``
    are None: there were too many tables to try."""
    protected, people = material.protected, material.people
    if protected is None or people is None:
        return {}
    period = str(material.quarter)
    movers = _movers(protected.certificate.links)
    return {
        "tables": [_priced(protected, table, period) for table in protected.tables.values()],
        "exposed": sorted(_named(region, people.dimensions, period, movers) for region in protected.exposed),
        "members": len({region for _, region in protected.members}),
        "nearby": protected.nearby,
        "everything_hidden": protected.everything_hidden,
        "unlinked": [list(pair) for pair in material.unlinked],
        "beside": list(material.beside),
        "without": None if alternatives is None else _plain(alternatives.without),
        "broader": None if alternatives is None else _plain(alternatives.broader),
        "untried": [] if alternatives is None else list(alternatives.untried),
    }


def share_hidden(table: Mapping[str, Any]) -> str:
    """In whole percent; what is not nothing is not called nothing."""
    hidden = table["small"] + table["others"]
    percent = 100 * hidden / table["cells"]
    return "under 1%" if 0 < percent < 1 else f"{percent:.0f}%"


def hides_something(price: Mapping[str, Any]) -> bool:
    return any(_now(table) for table in price["tables"])


def unlinked_quarters(price: Mapping[str, Any]) -> list[str]:
    """Between which quarters nobody could be followed."""
    return [" and ".join(Quarter.parse(period).label for period in pair) for pair in price["unlinked"]]


def organisations_beside(price: Mapping[str, Any]) -> str:
    """Which others share people with this one, and published about them; none of a draft that does not say."""
    others = price.get("beside")
    return listed(others) if others else ""


def choices_to_leave_out(price: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tables of which it is known what leaving them out would change."""
    return [table for table in price["tables"] if table["id"] in (price["without"] or {})]


def without(price: Mapping[str, Any], left_out: Sequence[str]) -> list[str]:
    """What leaving each of these tables out would change: one sentence for those that change the same."""
    found: dict[str, list[str]] = {}
    for table in choices_to_leave_out(price):
        if table["id"] in left_out:
            found.setdefault(_change(price, price["without"][table["id"]]), []).append(table["title"])
    return [
        f"Without {'any one of ' if len(titles) > 1 else ''}{listed(titles)}: {change}."
        for change, titles in found.items()
    ]


def untried(price: Mapping[str, Any]) -> str:
    """Tables that there was no time to try otherwise. Of a draft that does not say, none."""
    titles = [table["title"] for table in price["tables"] if table["id"] in price.get("untried", ())]
    return listed(titles) if titles else ""


def with_broad_groups(price: Mapping[str, Any]) -> list[str]:
    """Tables that would cost less, or let others cost less, with broad groups only of what they show in finer ones.
    Of a draft that was built before this was kept, it is not known what that is, and nothing is said."""
    return [
        f"{table['title']}, with broad groups of {listed(table['finer'])} only: {_change(price, hidden)}."
        for table in price["tables"]
        if table.get("finer") and (hidden := (price["broader"] or {}).get(table["id"])) and _is_less(price, hidden)
    ]


def _priced(protected: Protected, table: SafeTable, period: str) -> dict[str, Any]:
    cost = protected.prices[table.id]
    title = title_of(table) + _of_quarter(table.block, period)
    return {
        "id": table.id,
        "title": title,
        "cells": cost.cells,
        "small": cost.small,
        "others": cost.others,
        "finer": [
            mid_sentence(d.label) for name in table.codes if (d := table.dimension(name)).finer(table.codes[name])
        ],
    }


def _of_quarter(block: str, period: str) -> str:
    return "" if block == period else f" ({_label(block)})"


def _label(block: str) -> str:
    """A block is a quarter, or people of other organisations, called by name."""
    return Quarter.parse(block).label if is_quarter(block) else block


def _movers(links: Sequence[Link]) -> dict[str, str]:
    """What those are called who joined and left, by name of their block."""
    found = {}
    for link in links:
        between = f"{_label(link.start)} and {_label(link.end)}"
        found[joiners_between(link.start, link.end)] = f" (joined between {between})"
        found[leavers_between(link.start, link.end)] = f" (left between {between})"
    return found


def _named(region: Region, dimensions: Mapping[str, Dimension], period: str, movers: Mapping[str, str]) -> str:
    """``Sex: Female; Grade: AO``: who is counted, not how many."""
    within = dict(region.within)
    parts = [f"{d.label}: {_answers(d, within[name])}" for name, d in dimensions.items() if name in within]
    return ("; ".join(parts) or "Everybody") + (movers.get(region.block) or _of_quarter(region.block, period))


def _answers(dimension: Dimension, leaves: frozenset[str]) -> str:
    code = next((code for code, members in dimension.groups.items() if set(members) == leaves), None)
    codes = [leaf for leaf in dimension.leaves if leaf in leaves] if code is None or len(leaves) == 1 else [code]
    return " or ".join(dimension.labels[code] for code in codes)


def _plain(alternatives: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {table: dict(hidden) for table, hidden in alternatives.items()}


def _is_less(price: Mapping[str, Any], hidden: Mapping[str, int]) -> bool:
    return _spared(price, hidden) > 0


def _spared(price: Mapping[str, Any], hidden: Mapping[str, int]) -> int:
    """How many numbers fewer would be hidden."""
    return sum(_now(table) for table in price["tables"] if table["id"] in hidden) - sum(hidden.values())


def _now(table: Mapping[str, Any]) -> int:
    return int(table["small"] + table["others"])


def _change(price: Mapping[str, Any], hidden: Mapping[str, int]) -> str:
    """``2 numbers fewer would be hidden: fewer in A (none instead of 3); more in B (6 instead of 5)``."""
    changed = [table for table in price["tables"] if table["id"] in hidden and hidden[table["id"]] != _now(table)]
    if not changed:
        return "as much would be hidden in all other tables as now"
    spared = _spared(price, hidden)
    fewer = f"{counted(abs(spared), 'number', 'numbers')} {'fewer' if spared > 0 else 'more'}" if spared else "as many"
    sides = {
        "fewer": [table for table in changed if hidden[table["id"]] < _now(table)],
        "more": [table for table in changed if hidden[table["id"]] > _now(table)],
    }
    single = (
        f"{side} in {listed([_of_one(table, hidden) for table in tables])}" for side, tables in sides.items() if tables
    )
    return f"{fewer} would be hidden: {'; '.join(single)}"


def _of_one(table: Mapping[str, Any], hidden: Mapping[str, int]) -> str:
    return f"{mid_sentence(table['title'])} ({hidden[table['id']] or 'none'} instead of {_now(table)})"
