"""The certificate of a release: the witnesses that keep its small numbers open, and the check that they do.

The check is arithmetic on the exact counts, table by table. It shares nothing with the search: no matrix, no solver,
no idea of what was hidden to protect what. A certificate with the printed numbers tells the truth, and is sealed with
the same care as the data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from equality.disclosure.exchange import Link, joiners_between, leavers_between
from equality.disclosure.release import Key, Region, Release, TableSpec, flow_sets, linked, region_of
from equality.disclosure.safe import Cell, SafeTable
from equality.tables import Table

Worlds = NDArray[np.int64]
FORMAT = "witnesses/5"
_SLACK = 1e-6


class UnprovenRelease(RuntimeError):
    """A proof did not hold when it was worked out again. Nothing may be shown."""


class OutdatedCertificate(ValueError):
    """The certificate was written in an earlier format. What it proves has to be protected again."""


@dataclass(frozen=True)
class Claim:
    """What the witnesses show of a region: they reach ``low`` and ``high`` at least, or are ``width`` apart, or (which
    nobody can undercut) stay at or above ``at_least``."""

    region: Region
    low: int | None = None
    high: int | None = None
    width: int | None = None
    at_least: int | None = None

    def holds(self, counts: Worlds) -> bool:
        least, most = int(counts.min()), int(counts.max())
        return not (
            (self.low is not None and least > self.low)
            or (self.high is not None and most < self.high)
            or (self.width is not None and most - least < self.width)
            or (self.at_least is not None and least < self.at_least)
        )


@dataclass(frozen=True)
class Certificate:
    """``policy``: its code. ``claims``: one for every region that is not told exactly. ``exposed``: regions that
    earlier releases give away, with the interval that they leave, which the witnesses reach. ``insider``: the claims
    with both ends hold for the only member of any region too, but for ``members``: (region of one person, region).
    ``links``: what readers may know of those who joined and left, for all this to hold. ``witnesses``: each a list of
    (set of counts, position of each leaf, change), the sets numbered as ``counted_in`` lists them, of a release whose
    linked sets are ``sets``."""

    policy: str
    claims: Sequence[Claim]
    exposed: Mapping[Region, tuple[int, int]]
    insider: bool
    members: frozenset[tuple[Region, Region]]
    sets: Sequence[Key]
    witnesses: Sequence[Sequence[tuple[int, tuple[int, ...], int]]]
    links: Sequence[Link] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "policy": self.policy,
            "claims": [[*_named(c.region), c.low, c.high, c.width, c.at_least] for c in self.claims],
            "exposed": sorted(([*_named(region), *limits] for region, limits in self.exposed.items()), key=str),
            "insider": self.insider,
            "members": sorted(([*_named(one), *_named(region)] for one, region in self.members), key=str),
            "sets": [list(names) for names in self.sets],
            "witnesses": [[[number, list(place), change] for number, place, change in w] for w in self.witnesses],
            "links": [[link.start, link.end, link.joiners, link.leavers, link.fixed] for link in self.links],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The certificate that was written so. Raises OutdatedCertificate."""
        if document["format"] != FORMAT:
            raise OutdatedCertificate
        return cls(
            policy=document["policy"],
            claims=[Claim(_region(block, within), *rest) for block, within, *rest in document["claims"]],
            exposed={_region(block, within): (low, high) for block, within, low, high in document["exposed"]},
            insider=document["insider"],
            members=frozenset((_region(*one[:2]), _region(*one[2:])) for one in document["members"]),
            sets=[tuple(names) for names in document["sets"]],
            witnesses=[[(number, tuple(place), change) for number, place, change in w] for w in document["witnesses"]],
            links=[
                Link(start, end, tuple(joiners), tuple(leavers), tuple(fixed))
                for start, end, joiners, leavers, fixed in document["links"]
            ],
        )


def counted_in(release: Release) -> Iterator[tuple[str, Table]]:
    """The sets of counts of a release in the order that certificates number them, each with the block it belongs
    to."""
    for block, tables in release.counted.items():
        for table in tables:
            yield block, table
    for flow, (joined, left) in zip(release.flows, release.moved, strict=True):
        for table in joined:
            yield joiners_between(flow.start, flow.end), table
        for table in left:
            yield leavers_between(flow.start, flow.end), table


def verify(certificate: Certificate, release: Release, tables: Iterable[SafeTable]) -> None:
    """Work a certificate out again for the tables that are to be shown. Raises UnprovenRelease, which says what does
    not hold."""
    sets = [frozenset(names) for names in certificate.sets]
    if {*map(frozenset, linked(sets, release.dimensions, len(release.people)))} != {*sets}:
        raise UnprovenRelease(_SAYING.format("what agrees in parts need not be one population"))
    release = replace(release, sets=certificate.sets)
    worlds = _Worlds(certificate, release)
    for failed, what in (
        (worlds.unplaced, "a witness changes what is not counted"),
        (worlds.negative(), "a witness has fewer than no people"),
        (worlds.disagree(), "a witness is no single population"),
        (worlds.misflow(), "a witness has other people joining and leaving than are known"),
        (worlds.outside(), "a witness has people in a part who are not in the whole"),
        (worlds.contradicts_told(), "a witness contradicts an earlier release"),
    ):
        if failed:
            raise UnprovenRelease(_SAYING.format(what))
    claims = {claim.region: claim for claim in certificate.claims}
    for table in tables:
        for region, cell in _cells(release, table):
            low, high = (cell.low, cell.high) if cell.value is None or cell.low is not None else (cell.value,) * 2
            if cell.status is None and not worlds.within(region, low, high):
                raise UnprovenRelease(_SAYING.format("a witness changes a printed number"))
            open_ = cell.status is not None or low != high
            if open_ and not (region in claims or region in certificate.exposed):
                raise UnprovenRelease(_SAYING.format("nothing is claimed of a hidden number"))
    exposed = (Claim(region, low, high) for region, (low, high) in certificate.exposed.items())
    if not all(claim.holds(worlds.counts(claim.region)) for claim in (*certificate.claims, *exposed)):
        raise UnprovenRelease(_SAYING.format("a hidden number can be bounded"))
    if certificate.insider and not _holds_for_members(certificate, worlds):
        raise UnprovenRelease(_SAYING.format("the only member of a cell can bound a hidden number"))


def _holds_for_members(certificate: Certificate, worlds: "_Worlds") -> bool:
    """Do enough worlds stay open to whoever knows of a region to hold one person?"""
    counts = {
        claim.region: worlds.counts(claim.region)
        for claim in certificate.claims
        if claim.low is not None and claim.high is not None and claim.region.block in worlds.release.counted
    }
    claims = {claim.region: claim for claim in certificate.claims if claim.region in counts}
    alone = [region for region, of_worlds in counts.items() if of_worlds[0] == 1]
    return all(
        (_with_one_known(claim) if worlds.are_within(one, region) else claim).holds(counts[region][counts[one] == 1])
        for one in alone
        for region, claim in claims.items()
        if region.block == one.block and (one, region) not in certificate.members and not worlds.are_within(region, one)
    )


def _with_one_known(claim: Claim) -> Claim:
    """What is claimed towards somebody who is in the region: at least that one is there, and as much stays open."""
    low, high = claim.low or 0, claim.high or 0
    return replace(claim, low=max(low, 1), high=high - low + max(low, 1))


def _cells(release: Release, table: SafeTable) -> Iterator[tuple[Region, Cell]]:
    spec = TableSpec(table.id, table.codes, table.where, {}, table.block)
    for key in spec.cells():
        yield region_of(release.dimensions, spec, key), table.cell(*key)


_SAYING = "The protection of these tables did not hold when it was worked out again: {}."


class _Worlds:
    """The true population and every witness, stacked: one array (worlds, *leaves) for each set of counts."""

    def __init__(self, certificate: Certificate, release: Release) -> None:
        self.release = release
        self.named = list(counted_in(release))
        number = 1 + len(certificate.witnesses)
        self.arrays = [np.repeat(table.counts[None, ...], number, axis=0) for _, table in self.named]
        self.unplaced = False
        self._found_living: dict[tuple[str, str], frozenset[str]] = {}
        for world, witness in enumerate(certificate.witnesses, start=1):
            for at, place, change in witness:
                if not (0 <= at < len(self.arrays) and _fits(place, self.arrays[at].shape[1:])):
                    self.unplaced = True
                    continue
                self.arrays[at][(world, *place)] += change

    def counts(self, region: Region) -> Worlds:
        """The people of a region in every world."""
        if region.block in self.release.combined:
            parts = self.release.combined[region.block]
            added: Worlds = np.sum([sign * self.counts(region._replace(block=block)) for block, sign in parts], axis=0)
            return added
        within = dict(region.within)
        for (block, table), array in zip(self.named, self.arrays, strict=True):
            if block == region.block and within.keys() <= set(table.names):
                axes = [
                    [d.position[leaf] for leaf in within[d.code]] if d.code in within else range(len(d.leaves))
                    for d in table.dimensions
                ]
                picked = array[np.ix_(range(len(array)), *(sorted(axis) for axis in axes))]
                counted: Worlds = picked.reshape(len(array), -1).sum(axis=1)
                return counted
        raise UnprovenRelease(_SAYING.format("a region cannot be counted"))

    def within(self, region: Region, low: int | None, high: int | None) -> bool:
        counts = self.counts(region)
        return (low is None or bool(counts.min() >= low)) and (high is None or bool(counts.max() <= high))

    def are_within(self, some: Region, others: Region) -> bool:
        """Are the people of one region among those of another, in every world?"""
        mine = dict(some.within)
        return some.block == others.block and all(
            self._living(some.block, name) & mine.get(name, self._living(some.block, name)) <= leaves
            for name, leaves in others.within
        )

    def _living(self, block: str, name: str) -> frozenset[str]:
        """Leaves of a dimension that somebody is in, in some world."""
        if (block, name) not in self._found_living:
            at = self._where(block, (name,))
            somebody = self._margin(at, (name,)).max(axis=0).tolist()
            leaves = self.release.dimensions[name].leaves
            self._found_living[block, name] = frozenset(
                leaf for leaf, people in zip(leaves, somebody, strict=True) if people
            )
        return self._found_living[block, name]

    def contradicts_told(self) -> bool:
        """Of what is told in categories that are counted here."""
        told = self.release.told.items()
        if any(not self.within(region, said.low, said.high) for region, said in told if self.is_counted(region)):
            return True
        for ratio in self.release.ratios:
            if self.is_counted(ratio.part) and self.is_counted(ratio.whole):
                part, whole = self.counts(ratio.part), self.counts(ratio.whole)
                least, most = ratio.low * whole + ratio.least, ratio.high * whole + ratio.most
                if (part < least - _SLACK).any() or (part > most + _SLACK).any():
                    return True
        return False

    def is_counted(self, region: Region) -> bool:
        leaves = {name: set(dimension.leaves) for name, dimension in self.release.dimensions.items()}
        return (region.block in self.release.counted or region.block in self.release.combined) and all(
            name in leaves and inside <= leaves[name] for name, inside in region.within
        )

    def negative(self) -> bool:
        return any(bool((array < 0).any()) for array in self.arrays)

    def disagree(self) -> bool:
        """Do two sets of counts of one block differ over what both count?"""
        for one in range(len(self.named)):
            for other in range(one):
                if self.named[one][0] == self.named[other][0]:
                    shared = [name for name in self.named[one][1].names if name in self.named[other][1].names]
                    if (self._margin(one, shared) != self._margin(other, shared)).any():
                        return True
        return False

    def misflow(self) -> bool:
        """Are there worlds in which people appear, vanish or change who cannot?"""
        for flow in self.release.flows:
            came_and_went = joiners_between(flow.start, flow.end), leavers_between(flow.start, flow.end)
            for names in flow_sets(self.release.sets, flow.fixed):
                start, end, came, went = (
                    self._margin(self._where(block, names), list(names))
                    for block in (flow.start, flow.end, *came_and_went)
                )
                if (start + came != end + went).any() or (went > start).any():
                    return True
                for total, (low, high) in ((came, flow.joiners), (went, flow.leavers)):
                    people = total.reshape(len(total), -1).sum(axis=1)
                    if (people < low).any() or (people > high).any():
                        return True
        return False

    def outside(self) -> bool:
        """Are there worlds in which a block that is inside another has somebody whom that has not?"""
        return any(
            bool((self.arrays[self._where(outer, names)] < self.arrays[self._where(inner, names)]).any())
            for inner, outer in self.release.inside
            for names in self.release.sets
        )

    def _where(self, block: str, names: Sequence[str]) -> int:
        return next(
            at for at, (name, table) in enumerate(self.named) if name == block and set(names) <= set(table.names)
        )

    def _margin(self, at: int, names: Sequence[str]) -> Worlds:
        """Counts over some dimensions, in their order, in every world."""
        table, array = self.named[at][1], self.arrays[at]
        dropped = tuple(1 + axis for axis, name in enumerate(table.names) if name not in names)
        kept = [name for name in table.names if name in names]
        summed = array.sum(axis=dropped)
        order: Worlds = summed.transpose(0, *(1 + kept.index(name) for name in names))
        return order


def _fits(place: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(place) == len(shape) and all(0 <= at < size for at, size in zip(place, shape, strict=True))


def _named(region: Region) -> tuple[str, dict[str, list[str]]]:
    return region.block, {name: sorted(leaves) for name, leaves in sorted(region.within)}


def _region(block: str, within: Mapping[str, Sequence[str]]) -> Region:
    return Region(block, frozenset((name, frozenset(leaves)) for name, leaves in within.items()))
