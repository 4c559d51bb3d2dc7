"""What protection would cost if a release had one table less, or broad groups only: for analysts, before they decide
what to publish."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from equality.disclosure.certificate import UnprovenRelease
from equality.disclosure.policy import Policy
from equality.disclosure.protection import Price, Protected, protect
from equality.disclosure.release import Release, TableSpec
from equality.disclosure.witnesses import CannotProtect, Watch, unwatched
from equality.tables import Dimension

# Table → how many of its cells would be hidden.
Hidden = Mapping[str, int]


class NoMoreTime(Exception):
    """Whoever watches does not want to wait any longer: what is worked out by now is all."""


@dataclass(frozen=True)
class ReleasePrice:
    """``tables``: what every table costs as it is. ``without``: by table left out, what would be hidden in all the
    others. ``broader``: by table shown with broad groups only, what would be hidden in it and all the others.
    ``untried``: tables of which there was no time to try one or both.

    Secret, as every price is."""

    tables: Mapping[str, Price]
    without: Mapping[str, Hidden]
    broader: Mapping[str, Hidden]
    untried: tuple[str, ...] = ()


def price_of(release: Release, policy: Policy, protected: Protected, *, watch: Watch = unwatched) -> ReleasePrice:
    """What a release costs that was protected so, and what it would cost with one table otherwise: protected again for
    each. No way to protect the other tables is worse than the one that is there: it stays safe with a table less.
    ``watch`` may raise NoMoreTime."""
    without: dict[str, Hidden] = {}
    broader: dict[str, Hidden] = {}
    ways = [
        *((without, table, _others(release.tables, table)) for table in release.tables if is_two_way(table)),
        *((broader, table, _instead(release.tables, coarse)) for table, coarse in _coarser(release)),
    ]
    ways = [way for way in ways if way[2]]
    for number, (found, table, tables) in enumerate(ways):
        try:
            found[table.id] = _hidden_in(release, tables, policy, protected, watch)
        except NoMoreTime:
            left = tuple(dict.fromkeys(table.id for _, table, _ in ways[number:]))
            return ReleasePrice(protected.prices, without, broader, left)
    return ReleasePrice(protected.prices, without, broader)


def is_two_way(table: TableSpec) -> bool:
    """Does a table break one dimension down by another? Leaving such a table out is what is suggested."""
    return len(table.codes) == 2


def _others(tables: Sequence[TableSpec], left_out: TableSpec) -> list[TableSpec]:
    return [table for table in tables if table.id != left_out.id]


def _instead(tables: Sequence[TableSpec], coarse: TableSpec) -> list[TableSpec]:
    return [coarse if table.id == coarse.id else table for table in tables]


def _coarser(release: Release) -> Iterator[tuple[TableSpec, TableSpec]]:
    for table in release.tables:
        coarse = _grouped(table, release.dimensions)
        if coarse != table:
            yield table, coarse


def _grouped(table: TableSpec, dimensions: Mapping[str, Dimension]) -> TableSpec:
    """A table without the leaves that a broad group of it contains."""
    finer = {name: dimensions[name].finer(codes) for name, codes in table.codes.items()}
    return replace(
        table,
        codes={name: tuple(code for code in codes if code not in finer[name]) for name, codes in table.codes.items()},
    )


def _hidden_in(
    release: Release, tables: Sequence[TableSpec], policy: Policy, protected: Protected, watch: Watch
) -> Hidden:
    """How much would be hidden of each of these tables."""
    kept = {table.id: _still_hidden(table, protected) for table in tables}
    if not any(protected.prices[table.id].others for table in tables):
        return kept  # what is small is hidden whatever else is shown
    try:
        again = protect(replace(release, tables=tables), policy, watch=watch, known=protected.certificate)
    except (CannotProtect, UnprovenRelease):
        return kept
    found = {table.id: again.prices[table.id].hidden for table in tables}
    return min(found, kept, key=lambda hidden: sum(hidden.values()))


def _still_hidden(table: TableSpec, protected: Protected) -> int:
    """What is hidden of a table, or of those rows of it that are left."""
    shown = protected.tables[table.id].shown
    return sum(key not in shown for key in table.cells())
