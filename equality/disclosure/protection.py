"""The one door from exact counts to tables that may be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from equality.disclosure.facts import Facts, Region, region_of, state
from equality.disclosure.policy import Policy
from equality.disclosure.release import Release, TableSpec
from equality.disclosure.safe import SafeTable
from equality.disclosure.witnesses import Proof, search, small, unproved


class UnprovenRelease(RuntimeError):
    """A proof did not hold when it was worked out again. Nothing may be shown."""


@dataclass(frozen=True)
class Protected:
    """``tables``: what may be shown. ``shown`` and ``hidden``: the same by region, for releases to come, which must
    hide again what was hidden and cannot hide what is known."""

    tables: Mapping[str, SafeTable]
    shown: Mapping[Region, int]
    hidden: frozenset[Region]
    everything_hidden: bool


def protect(
    release: Release,
    policy: Policy,
    *,
    public: Mapping[Region, int] | None = None,
    hidden_before: Collection[Region] = (),
) -> Protected:
    """Decide what of a release may be shown under a policy.

    ``public``: regions of the same population that are published already, with their counts; they are shown again
    where they are still true, and never relied on to be unknown. ``hidden_before``: regions hidden in an earlier
    release, hidden again. Raises ValueError for counts that contradict each other, CannotProtect where what is public
    gives a small number away."""
    facts = state(release)
    known = {number: count for region, count in (public or {}).items() if (number := facts.find(region)) is not None}
    proof = search(
        facts,
        policy,
        shown={number for number, count in known.items() if facts.counts[number] == count},
        kept={number for region in hidden_before if (number := facts.find(region)) is not None},
    )
    check(facts, policy, proof)
    named = {region_of(release.dimensions, t, key): facts.cells[t.id, key] for t in release.tables for key in t.cells()}
    return Protected(
        tables={table.id: _safe(release, table, facts, proof) for table in release.tables},
        shown={region: int(facts.counts[i]) for region, i in named.items() if i not in proof.hidden},
        hidden=frozenset(region for region, i in named.items() if i in proof.hidden),
        everything_hidden=proof.everything,
    )


def check(facts: Facts, policy: Policy, proof: Proof) -> None:
    """Work the proof out again by plain arithmetic: every witness is a possible population that changes nothing
    published, and together they keep every hidden region open. Raises UnprovenRelease."""
    published = np.array(sorted(set(range(len(facts.counts))) - proof.hidden), dtype=np.int64)
    worlds = facts.atoms + proof.changes
    regions = np.vstack([facts.counts[None, :], np.rint((facts.matrix @ worlds.T).T).astype(np.int64)])
    for broken, what in (
        (small(facts, policy) - proof.hidden, "a small count would be shown"),
        ((worlds < 0).any(), "a witness has fewer than no people"),
        (bool((facts.ties @ worlds.T).any()), "a witness is no single population"),
        ((regions[:, published] != facts.counts[published]).any(), "a witness changes a published number"),
        ((regions < facts.floor).any(), "a witness empties what is known to be occupied"),
        (unproved(facts, policy, proof.hidden, regions, proof.proved), "a hidden number can be bounded"),
    ):
        if broken:
            raise UnprovenRelease(f"The protection of these tables did not hold when checked again: {what}.")


def _safe(release: Release, table: TableSpec, facts: Facts, proof: Proof) -> SafeTable:
    numbers = {key: facts.cells[table.id, key] for key in table.cells()}
    return SafeTable(
        id=table.id,
        dimensions=tuple(release.dimensions[name] for name in table.names),
        codes=dict(table.codes),
        where=dict(table.where),
        too_few=dict(table.too_few),
        shown={key: int(facts.counts[i]) for key, i in numbers.items() if i not in proof.hidden},
    )
