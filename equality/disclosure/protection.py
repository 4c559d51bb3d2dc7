"""The one door from exact counts to tables that may be shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise, product
from math import prod

import numpy as np

from equality.disclosure.certificate import Certificate, Claim, UnprovenRelease, verify
from equality.disclosure.facts import model_of
from equality.disclosure.goals import Goals, Printing, are_small, bounds_of, goals_of
from equality.disclosure.margins import given_away
from equality.disclosure.model import Mask, Model
from equality.disclosure.overlaps import TooManyGroups, narrow_overlaps
from equality.disclosure.policy import Form, Policy
from equality.disclosure.release import (
    Key,
    Region,
    Release,
    TableSpec,
    Told,
    involved_in,
    linked,
    links_of,
    region_of,
)
from equality.disclosure.rounding import controlled
from equality.disclosure.safe import Cell, SafeTable
from equality.disclosure.search import hide_everything, reconsider, search
from equality.disclosure.witnesses import CannotProtect, Proof, Watch, unwatched

_ROUNDS = 6  # of searching, before everything is hidden
_MOST = 1_000_000  # unknowns; with more the numbers of a search do not fit into memory


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
    ``members``: (region of one person, region) where that person alone learns more of the other than the policy allows,
    which nothing can prevent. ``nearby``: there were too many combinations of categories to look among all
    for what hides least. ``everything_hidden``: no proof was found in bounded time that less would do.

    ``prices``, ``small`` and ``certificate`` are secret, as are ``exposed`` and ``members``."""

    tables: Mapping[str, SafeTable]
    told: Mapping[Region, Told]
    hidden: frozenset[Region]
    small: frozenset[Region]
    exposed: Mapping[Region, tuple[int, int]]
    members: frozenset[tuple[Region, Region]]
    nearby: bool
    everything_hidden: bool
    prices: Mapping[str, Price]
    certificate: Certificate

    def of_block(self, block: str) -> list[SafeTable]:
        """The tables of one block, in the order in which they were asked for."""
        return [table for table in self.tables.values() if table.block == block]


def protect(
    release: Release, policy: Policy, *, watch: Watch = unwatched, known: Certificate | None = None
) -> Protected:
    """Decide what of a release may be shown under a policy, together with what was told before. ``watch`` is told how
    far the search is, and may raise to stop it. ``known``: the proof of a release of the same people that shows more,
    from which it is found sooner about what showing less would cost; whom no table brings together is not looked at
    again for that. Deterministic.

    Raises Contradiction for counts that contradict each other, CannotProtect where no safe answer was found, and
    UnprovenRelease where the proof does not hold when it is checked."""
    found = _found(release, policy, watch, known)
    _check_bounds(found, policy)
    tables = {table.id: _safe(release, table, found) for table in release.tables}
    certificate = _certified(release, policy, found)
    verify(certificate, release, tables.values())
    numbers = {region: found.number(region) for region in _regions(release)}
    small = are_small(found.model, policy)
    return Protected(
        tables=tables,
        told={region: found.told(number) for region, number in numbers.items() if not found.hidden[number]},
        hidden=frozenset(region for region, number in numbers.items() if found.hidden[number]),
        small=frozenset(region for region, number in numbers.items() if found.hidden[number] and small[number]),
        exposed={found.model.regions[number]: limits for number, limits in found.proof.exposed.items()},
        members=certificate.members,
        nearby=found.proof.nearby,
        everything_hidden=found.proof.everything,
        prices={table.id: _price(table, found, small) for table in release.tables},
        certificate=certificate,
    )


@dataclass(frozen=True)
class _Found:
    """What the search came to. ``sets``: dimensions that were looked at together in the end. ``rounded``: what is
    printed of every region, where the policy rounds."""

    sets: Sequence[Key]
    model: Model
    printing: Printing
    rounded: Sequence[int] | None
    proof: Proof

    @cached_property
    def hidden(self) -> Mask:
        return self.model.among(self.proof.hidden)

    def number(self, region: Region) -> int:
        number = self.model.find(region)
        if number is None:
            raise LookupError("a cell of the release has no row in its model")
        return number

    def told(self, number: int) -> Told:
        return Told(int(self.printing.low[number]), int(self.printing.high[number]))


def _found(release: Release, policy: Policy, watch: Watch, known: Certificate | None) -> _Found:
    """What to hide. That nobody gave a kind of non-answer is told, as long as that does not give away what earlier
    releases hid; then it may be hidden like any other number. Raises CannotProtect."""
    silence = release.silence_known
    if not policy.exact:  # then nothing follows from sums
        silence = release.silence_printed if silence is None else release.silence_printed & silence
    found = _searched(replace(release, silence_known=silence), policy, watch, known)
    if not found.proof.exposed or silence == frozenset():
        return found
    try:
        careful = _searched(replace(release, silence_known=frozenset()), policy, watch, None)
    except CannotProtect:
        return found
    better = len(careful.proof.exposed) < len(found.proof.exposed) and not careful.proof.everything
    return careful if better else found


def _searched(release: Release, policy: Policy, watch: Watch, known: Certificate | None) -> _Found:
    """Search, and search again while people whom no table counts are given away: from then on they are looked after
    like what was hidden before, with all their dimensions together. In the end, or where these or their groups are too
    many, everything is hidden. Raises CannotProtect."""
    whole = replace(release, sets=known.sets) if known else release
    first: list[Callable[..., Proof]] = [partial(reconsider, known.witnesses)] if known else []
    too_many = False
    for looking in (*first, *[search] * _ROUNDS, hide_everything):
        if too_many and looking is not hide_everything:
            continue
        model = model_of(whole, group=policy.group, movers=policy.movers)
        printing, rounded = _printing(model, policy)
        proof = looking(model, policy, printing, watch=watch)
        opened = given_away(whole, model, policy, printing, proof, watch=watch)
        if not opened and not known:
            try:
                opened = narrow_overlaps(whole, model, policy, printing, proof, watch=watch)
            except TooManyGroups:
                too_many = True
                continue
        if not opened:
            return _Found(whole.sets, model, printing, rounded, proof)
        hidden = frozenset(model.regions[number] for number in proof.hidden)
        together = [*map(frozenset, whole.sets), *involved_in((), opened)]
        wider = replace(
            whole,
            sets=linked(together, whole.dimensions, len(whole.people)),
            told={**whole.told, **dict.fromkeys(opened, Told())},
            hidden_before=whole.hidden_before | hidden,  # what is hidden now may as well stay hidden
        )
        too_many = _unknowns(wider) > _MOST
        whole = whole if too_many else wider
    raise CannotProtect("People whom no table counts stay given away. Leave out tables, or use broader groups.")


def _unknowns(release: Release) -> int:
    """Of all populations of a release, and of those who joined and left."""
    each = sum(prod(len(release.dimensions[name].leaves) for name in names) for names in release.sets)
    return each * (len(release.people) + 2 * len(release.flows))


def _printing(model: Model, policy: Policy) -> tuple[Printing, Sequence[int] | None]:
    """What the printed form says of every region, and that nobody is where nobody can be; and the rounded counts, where
    the policy rounds."""
    counts, rounded = model.counts.tolist(), None
    if policy.form is Form.CONTROLLED:
        rounded = controlled(model, policy)
    elif policy.form is Form.NEAREST:
        rounded = [policy.rounded(count) for count in counts]
    limits = [policy.printed(count) for count in counts] if rounded is None else map(policy.stands_for, rounded)
    low, high = np.array([*limits], dtype=float).reshape(-1, 2).T
    return Printing(np.where(model.empty, 0, low), np.where(model.empty, 0, high)), rounded


def _regions(release: Release) -> Iterator[Region]:
    """The people of every cell, under the names that the tables give them."""
    for table in release.tables:
        for key in table.cells():
            yield region_of(release.dimensions, table, key)


def _safe(release: Release, table: TableSpec, found: _Found) -> SafeTable:
    shown = {}
    for key in table.cells():
        number = found.model.cells[table.id, key]
        if not found.hidden[number]:
            low, high = int(found.printing.low[number]), int(found.printing.high[number])
            rounded = found.rounded
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


def _price(table: TableSpec, found: _Found, small: Mask) -> Price:
    numbers = [found.model.cells[table.id, key] for key in table.cells()]
    hidden = [number for number in numbers if found.hidden[number]]
    because = sum(bool(small[number]) for number in hidden)
    return Price(len(numbers), because, len(hidden) - because)


def _certified(release: Release, policy: Policy, found: _Found) -> Certificate:
    """What the witnesses show of every region under the names that tables give it, and of what is looked after without
    being printed."""
    model, proof = found.model, found.proof
    goals = goals_of(model, policy, found.printing, found.hidden)
    named = {region: found.number(region) for region in _regions(release)}
    named |= {model.regions[number]: number for number in (*model.told, *model.others, *model.movers)}
    told = {region: number for region in release.told if (number := model.find(region)) is not None}
    claims = (_claim(region, number, goals, policy, found) for region, number in named.items())
    return Certificate(
        policy=policy.code,
        claims=[claim for claim in claims if claim is not None],
        insider=policy.insider,
        members=frozenset(
            (one, region) for one, region in product(named, repeat=2) if (named[one], named[region]) in proof.members
        )
        if proof.members
        else frozenset(),
        exposed={region: proof.exposed[number] for region, number in (named | told).items() if number in proof.exposed},
        links=links_of(release.flows),
        sets=found.sets,
        witnesses=[
            model.placed(proof.changes.indices[start:stop], proof.changes.data[start:stop])
            for start, stop in pairwise(proof.changes.indptr.tolist())
        ],
    )


def _claim(region: Region, number: int, goals: Goals, policy: Policy, found: _Found) -> Claim | None:
    """None of what is told exactly, and of what earlier releases give away."""
    if number in found.proof.exposed:
        return None
    if number in found.proof.bounded:
        low, high = found.proof.bounded[number]
        return Claim(region, low=low, high=high)
    if goals.must[number]:
        return Claim(region, low=int(goals.low[number]), high=int(goals.high[number]))
    if number in found.proof.proved:
        return Claim(region, at_least=policy.threshold)
    if goals.wide[number]:
        return Claim(region, width=int(goals.width[number]))
    told = found.told(number)
    return Claim(region) if found.hidden[number] or not told.exact else None  # beyond doubt by its printed form alone


def _check_bounds(found: _Found, policy: Policy) -> None:
    """Regions that are said to be beyond doubt: added up with their multipliers, the printed numbers show it."""
    low, high = bounds_of(found.model, found.printing, found.hidden)
    for region, multipliers in found.proof.proved.items():
        if found.model.least(region, multipliers, low, high) <= policy.threshold - 1:
            raise UnprovenRelease("A hidden number that was said to be beyond doubt is not.")
