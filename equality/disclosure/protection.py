"""The one door from exact counts to tables that may be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from equality.disclosure.certificate import Certificate, Claim, UnprovenRelease, verify
from equality.disclosure.margins import given_away
from equality.disclosure.model import Model, Vector, model_of
from equality.disclosure.policy import Form, Policy
from equality.disclosure.release import Region, Release, TableSpec, Told, region_of
from equality.disclosure.rounding import controlled
from equality.disclosure.safe import Cell, SafeTable
from equality.disclosure.witnesses import (
    Goals,
    Printing,
    Proof,
    Watch,
    are_small,
    bounds_of,
    goals_of,
    search,
    unwatched,
)


@dataclass(frozen=True)
class Price:
    """What protection costs a table: of so many cells, so many are hidden because they are small, and so many more to
    protect another. For analysts alone: a reader who could tell the two apart would know which are small."""

    cells: int
    small: int
    others: int

    @property
    def hidden(self) -> int:
        return self.small + self.others


@dataclass(frozen=True)
class Protected:
    """``tables``: what may be shown. ``told``: what it tells of every region, for releases to come. ``hidden``:
    regions that are hidden. ``exposed``: regions that earlier releases give away, with the interval that they leave.
    ``everything_hidden``: no proof was found in bounded time that less would do.

    ``prices``, ``small`` and ``certificate`` are secret, as is ``exposed``."""

    tables: Mapping[str, SafeTable]
    told: Mapping[Region, Told]
    hidden: frozenset[Region]
    small: frozenset[Region]
    exposed: Mapping[Region, tuple[int, int]]
    everything_hidden: bool
    prices: Mapping[str, Price]
    certificate: Certificate

    def of_block(self, block: str) -> list[SafeTable]:
        """The tables of one block, in the order in which they were asked for."""
        return [table for table in self.tables.values() if table.block == block]


def protect(release: Release, policy: Policy, *, watch: Watch = unwatched) -> Protected:
    """Decide what of a release may be shown under a policy, together with what was told before. ``watch`` is told how
    far the search is, and may raise to stop it. Deterministic.

    Raises Contradiction for counts that contradict each other, CannotProtect where no safe answer was found, and
    UnprovenRelease where the proof does not hold when it is checked."""
    # Only an exact zero tells that nobody gave a kind of non-answer.
    whole = replace(release, silence_known=release.silence_known and policy.form is Form.EXACT)
    while True:
        model = model_of(whole, group=policy.group)
        printing, rounded = _printing(model, policy)
        proof = search(model, policy, printing, watch=watch)
        # A rounded zero leaves what lies within it no wider than itself; that is the policy's own promise.
        opened = given_away(whole, model, policy, printing, proof) if policy.form is Form.EXACT else []
        if not opened:
            break
        # From now on looked after like what was hidden before; and what is hidden now may as well stay hidden.
        hidden = frozenset(model.regions[number] for number in proof.hidden)
        whole = replace(
            whole,
            told={**whole.told, **dict.fromkeys(opened, Told())},
            hidden_before=whole.hidden_before | hidden,
        )
    _check_bounds(model, policy, printing, proof)
    tables = {table.id: _safe(release, table, model, printing, rounded, proof) for table in release.tables}
    certificate = _certified(release, policy, model, printing, proof)
    verify(certificate, release, tables.values())
    secret = [region for region in _regions(release) if model.find(region) in proof.hidden]
    small = are_small(model, policy)
    return Protected(
        tables=tables,
        told=dict(_told(release, model, printing, proof)),
        hidden=frozenset(secret),
        small=frozenset(region for region in secret if small[_number(model, region)]),
        exposed={model.regions[number]: limits for number, limits in proof.exposed.items()},
        everything_hidden=proof.everything,
        prices={table.id: _price(table, model, proof, policy) for table in release.tables},
        certificate=certificate,
    )


def _printing(model: Model, policy: Policy) -> tuple[Printing, Sequence[int] | None]:
    """What the printed form says of every region; and the rounded counts, where the policy rounds."""
    counts = model.counts
    if policy.form is Form.CONTROLLED:
        rounded = controlled(model, policy.base)
        near = np.abs(rounded - counts) < policy.base
        low = np.where(near, np.maximum(0, rounded - policy.base + 1), 0)
        high = np.where(near, rounded + policy.base - 1, -1)  # what does not fit must be hidden
        return Printing(low.astype(float), high.astype(float)), rounded.tolist()
    limits = [policy.printed(int(count)) for count in counts]
    printing = Printing(
        np.array([low for low, _ in limits], dtype=float),
        np.array([np.inf if high is None else high for _, high in limits], dtype=float),
    )
    if policy.form is Form.NEAREST:
        return printing, [policy.base * ((2 * int(c) + policy.base) // (2 * policy.base)) for c in counts]
    return printing, None


def _regions(release: Release) -> Iterator[Region]:
    """The people of every cell, under the names that the tables give them."""
    for table in release.tables:
        for key in table.cells():
            yield region_of(release.dimensions, table, key)


def _number(model: Model, region: Region) -> int:
    number = model.find(region)
    if number is None:
        raise LookupError("a cell of the release has no row in its model")
    return number


def _safe(
    release: Release, table: TableSpec, model: Model, printing: Printing, rounded: Sequence[int] | None, proof: Proof
) -> SafeTable:
    shown = {}
    for key in table.cells():
        number = model.cells[table.id, key]
        if number not in proof.hidden:
            low, high = int(printing.low[number]), int(printing.high[number])
            shown[key] = Cell.between(low, high) if rounded is None else Cell(rounded[number], None, low, high)
    return SafeTable(
        id=table.id,
        dimensions=tuple(release.dimensions[name] for name in table.names),
        codes=dict(table.codes),
        where=dict(table.where),
        too_few=dict(table.too_few),
        shown=shown,
        block=table.block,
    )


def _told(release: Release, model: Model, printing: Printing, proof: Proof) -> Iterator[tuple[Region, Told]]:
    for region in _regions(release):
        number = _number(model, region)
        if number not in proof.hidden:
            yield region, Told(int(printing.low[number]), int(printing.high[number]))


def _price(table: TableSpec, model: Model, proof: Proof, policy: Policy) -> Price:
    small = are_small(model, policy)
    numbers = [model.cells[table.id, key] for key in table.cells()]
    hidden = [number for number in numbers if number in proof.hidden]
    because = sum(bool(small[number]) for number in hidden)
    return Price(len(numbers), because, len(hidden) - because)


def _goals(model: Model, policy: Policy, printing: Printing, proof: Proof) -> Goals:
    hidden = np.zeros(len(model.regions), dtype=bool)
    hidden[list(proof.hidden)] = True
    return goals_of(model, policy, printing, hidden)


def _certified(release: Release, policy: Policy, model: Model, printing: Printing, proof: Proof) -> Certificate:
    goals = _goals(model, policy, printing, proof)
    named: dict[Region, int] = dict.fromkeys(_regions(release), 0)
    named = {region: _number(model, region) for region in named}
    named |= {model.regions[number]: number for number in (*model.told, *model.others)}
    return Certificate(
        policy=policy.code,
        claims=[
            claim
            for region, number in named.items()
            if number not in proof.exposed
            and (
                claim := _claim(
                    region, number, goals, policy, proof, uncertain=bool(printing.low[number] < printing.high[number])
                )
            )
            is not None
        ],
        exposed=frozenset(region for region, number in named.items() if number in proof.exposed),
        witnesses=[
            list(_placed(model, proof.changes.indices[start:stop], proof.changes.data[start:stop]))
            for start, stop in pairwise(proof.changes.indptr.tolist())
        ],
    )


def _claim(region: Region, number: int, goals: Goals, policy: Policy, proof: Proof, *, uncertain: bool) -> Claim | None:
    if goals.must[number]:
        return Claim(region, low=int(goals.low[number]), high=int(goals.high[number]))
    if number in proof.proved:
        return Claim(region, at_least=policy.threshold)
    if goals.wide[number]:
        return Claim(region, width=int(goals.width[number]))
    return Claim(region) if number in proof.hidden or uncertain else None  # beyond doubt by its printed form alone


def _placed(model: Model, columns: Vector, changes: Vector) -> Iterator[tuple[int, tuple[int, ...], int]]:
    starts = np.array([block.start for block in model.blocks])
    for column, change in zip(columns.tolist(), changes.tolist(), strict=True):
        at = int(np.searchsorted(starts, column, side="right")) - 1
        block = model.blocks[at]
        place = np.unravel_index(column - block.start, block.table.counts.shape)
        yield at, tuple(int(position) for position in place), int(change)


def _check_bounds(model: Model, policy: Policy, printing: Printing, proof: Proof) -> None:
    """Regions that are said to be beyond doubt: added up with their multipliers, the printed numbers show it."""
    hidden = np.zeros(len(model.regions), dtype=bool)
    hidden[list(proof.hidden)] = True
    low, high = bounds_of(model, printing, hidden)
    for region, multipliers in proof.proved.items():
        if model.least(region, multipliers, low, high) <= policy.threshold - 1:
            raise UnprovenRelease("A hidden number that was said to be beyond doubt is not.")
