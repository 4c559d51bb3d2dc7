"""Whom the attacker asks about: people whose number is hidden, people whom no table counts, and who joined or left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import inf

from equality.disclosure.exchange import (
    Key,
    People,
    Published,
    joiners_between,
    leavers_between,
    people_of,
)
from equality.disclosure.worlds import World

Knowledge = Sequence[tuple[str, Mapping[str, str], int]]

MARGIN_DIMENSIONS = 3


@dataclass(frozen=True)
class Target:
    """Some people to find the count of. ``needed``: how wide their interval must be. ``margin``: nobody counted
    them; ``movers``: nor are they there at both times, and wide enough is also what leaves it uncertain that there are
    any. ``low``, ``high``: what is printed of them. ``zero_ok``: it may be known that they are nobody."""

    region: People
    table: str
    block: str
    key: Key
    codes: Mapping[str, str]
    needed: float
    low: int = 0
    high: float = inf
    margin: bool = False
    movers: bool = False
    zero_ok: bool = True


def targets_of(published: Published, knows: Knowledge) -> Iterator[Target]:
    """Every cell that is not printed exactly, once; as wide as its narrowest printed range is enough."""
    told = {people_of(published.dimensions, block, codes) for block, codes, _ in knows}
    told |= set(published.exactly)
    found: dict[People, Target] = {}
    for table in published.tables:
        for cell in table.cells:
            codes = table.codes(cell.key)
            region = people_of(published.dimensions, table.block, codes)
            if region in told:
                continue
            low, most = published.bounds(cell.printed)
            high = inf if most is None else most
            at = region, table.id, table.block, cell.key, codes
            new = Target(*at, published.policy.width, zero_ok=published.zero_ok(region))
            target = found.get(region, new)
            found[region] = replace(
                target,
                needed=min(target.needed, high - low),
                low=max(target.low, low),
                high=min(target.high, high),
                zero_ok=target.zero_ok and new.zero_ok,
            )
    yield from found.values()


def unprinted_of(published: Published, world: World, counted: set[People], knows: Knowledge) -> Iterator[Target]:
    """People whom no table counts: those who joined or left, then everybody else."""
    yield from _movers(published, world)
    yield from _margins(published, world, counted, knows)


def answers_of_nobody(published: Published) -> dict[tuple[str, str], frozenset[str]]:
    """Of every block and dimension, the leaves of which a table prints that nobody has them."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for (block, within), (count, _, _) in published.exactly.items():
        if count == 0 and len(within) == 1:
            ((name, leaves),) = within
            found[block, name] = found.get((block, name), frozenset()) | leaves
    return found


def _margins(published: Published, world: World, counted: set[People], knows: Knowledge) -> Iterator[Target]:
    """People whom no table counts, in up to three dimensions of one clique; few dimensions first, and those of the
    blocks that are printed first."""
    counted = counted | set(published.exactly)
    counted |= {people_of(published.dimensions, block, codes) for block, codes, _ in knows}
    frame = world.frame
    parts = {name: parts_of(published, world, name) for name in frame.classes}
    together = {
        names
        for clique in frame.cliques
        for size in range(1, MARGIN_DIMENSIONS + 1)
        for names in combinations(clique, size)
    }
    blocks = dict.fromkeys(block for block in (*published.blocks, *sorted(frame.holders)) if block in frame.holders)
    for size, block in product(range(1, MARGIN_DIMENSIONS + 1), blocks):
        for names in sorted(names for names in together if len(names) == size):
            for chosen in product(*(parts[name].items() for name in names)):
                region = block, frozenset((name, leaves) for name, (_, leaves) in zip(names, chosen, strict=True))
                if region in counted:
                    continue
                codes = {name: code for name, (code, _) in zip(names, chosen, strict=True)}
                yield Target(region, "", block, tuple(codes.values()), codes, published.policy.unprinted, margin=True)


def _movers(published: Published, world: World) -> Iterator[Target]:
    """Those of every group who joined or left between two blocks, as far as it cannot change for who stays; not of
    groups that everybody is in."""
    nobody, needed = answers_of_nobody(published), published.policy.unprinted
    every = {name: frozenset(classification.leaves) for name, classification in published.dimensions.items()}
    for link in published.links if published.policy.movers else ():
        for name in world.frame.classes:
            if link.fixed is None or name in link.fixed:
                for code, leaves in parts_of(published, world, name).items():
                    for movers, block in (
                        (joiners_between(link.start, link.end), link.end),
                        (leavers_between(link.start, link.end), link.start),
                    ):
                        region, others = (movers, frozenset({(name, leaves)})), every[name] - leaves
                        if others - nobody.get((block, name), frozenset()):
                            yield Target(region, "", movers, (code,), {name: code}, needed, margin=True, movers=True)


def parts_of(published: Published, world: World, name: str) -> dict[str, frozenset[str]]:
    """Code → leaves of everything that a dimension may be split into: groups, and leaves as far as any table tells
    them apart."""
    classification, classes = published.dimensions[name], world.frame.classes[name]
    of_code = classification.members
    named = {leaves: code for code, leaves in reversed(list(of_code.items()))}
    found = {named.get(alike, "+".join(sorted(alike))): alike for alike in classes}
    for code, leaves in of_code.items():
        whole = all(alike <= leaves or not alike & leaves for alike in classes)
        if whole and 0 < len(leaves) < len(classification.leaves) and leaves not in found.values():
            found[code] = leaves
    return found
