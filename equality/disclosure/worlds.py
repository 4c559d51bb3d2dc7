"""All populations that agree with what was printed, as one set of linear conditions on counts of people.

The attacker's side of disclosure control: it knows printed documents alone, and shares no code with the side that
protects. The unknowns are joint counts over the maximal cliques of a chordal graph in which dimensions that are looked
at together are neighbours, tied where cliques overlap. Such counts are the margins of some population of whole people
whenever they are whole and agree (N. N. Vorob'ev 1962, "Consistent families of measures and their extensions"), so
nothing is lost by not looking at the full cross product, and nothing is gained for the attacker either.

Linked blocks are told apart by who was there when: a *presence* is a set of blocks in which the same people stand. With
two blocks these are stayers, leavers and joiners."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd, inf, prod

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.exchange import (
    Key,
    Link,
    People,
    Percent,
    Portion,
    Published,
    are_few,
    joiners_between,
    leavers_between,
    people_of,
)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Presence = frozenset[str]
# Fewer unknowns than this fit a simplex in memory and in minutes.
_MOST_UNKNOWNS = 400_000


class TooLarge(ValueError):
    """More unknowns than can be reasoned about: too many dimensions with too many codes stand in common tables."""


@dataclass(frozen=True)
class Source:
    """A printed cell that states a fact; ``table`` is empty for what an insider knows and what links say."""

    table: str
    block: str
    key: Key


@dataclass(frozen=True)
class Fact:
    """``low`` <= sum of weight x people <= ``high``."""

    source: Source
    terms: tuple[tuple[int, People], ...]
    low: float
    high: float


@dataclass(frozen=True)
class World:
    """``matrix`` @ unknowns lies between ``low`` and ``high``; unknowns are whole and not negative. ``sources``: the
    printed cell of each row that is a fact; those come first. ``open``: unknowns that may be more than zero."""

    frame: "Frame"
    matrix: sparse.csr_array
    low: Floats
    high: Floats
    sources: tuple[Source, ...]
    open: NDArray[np.bool_]

    def sums(self, regions: Sequence[People]) -> sparse.csr_array:
        """One row of ones for every region, over the unknowns."""
        return self.frame.sums(regions)


@dataclass(frozen=True)
class Frame:
    """Where the count of every combination stands among the unknowns.

    ``classes``: per dimension, leaves that nothing tells apart, in order. ``cliques``: dimensions whose joint counts
    are unknowns. ``holders``: per block the presences that make it up. ``starts``: the first unknown of each presence
    and clique. ``flows``: who was there when, where that is known of some dimensions only. ``movers``: of those who
    joined or left, by name, the link, and the block that they are in and the one that they are not in."""

    classes: Mapping[str, tuple[frozenset[str], ...]]
    cliques: tuple[Key, ...]
    holders: Mapping[str, tuple[Presence, ...]]
    starts: Mapping[tuple[Presence, int], int]
    flows: tuple["Flows", ...]
    movers: Mapping[str, tuple[Link, str, str]]
    size: int

    def shape(self, clique: int) -> tuple[int, ...]:
        return tuple(len(self.classes[name]) for name in self.cliques[clique])

    def counts(self, names: frozenset[str]) -> bool:
        """Is there a clique that has all these dimensions?"""
        return any(names <= set(clique) for clique in self.cliques)

    def clique_of(self, names: frozenset[str]) -> int:
        """The smallest clique that holds all the dimensions. Raises LookupError where none does."""
        fitting = [at for at, clique in enumerate(self.cliques) if names <= set(clique)]
        if not fitting:
            raise LookupError(f"no table looks at {', '.join(sorted(names))} together")
        return min(fitting, key=lambda at: (prod(self.shape(at)), at))

    def places(self, names: Key, within: Mapping[str, frozenset[str]]) -> Integers:
        """Positions, in counts over some dimensions, of the combinations that lie within some leaves."""
        axes = [
            [at for at, leaves in enumerate(self.classes[name]) if name not in within or leaves <= within[name]]
            for name in names
        ]
        if not axes:
            return np.zeros(1, dtype=np.int64)
        grid = np.ix_(*(np.array(axis, dtype=np.int64) for axis in axes))
        shape = tuple(len(self.classes[name]) for name in names)
        return np.ravel_multi_index(tuple(np.broadcast_arrays(*grid)), shape).ravel().astype(np.int64)

    def columns(self, region: People) -> Integers:
        """The unknowns that add up to the count of a region."""
        block, within = region
        leaves = dict(within)
        if block in self.movers:
            link, inside, outside = self.movers[block]
            for flows in self.flows:
                if link in flows.links:
                    places = self.places(flows.fixed, leaves)
                    there = [start for held, start in flows.starts.items() if inside in held and outside not in held]
                    return np.concatenate([start + places for start in there])
            holders = [holder for holder in self.holders[inside] if outside not in holder]
        else:
            holders = list(self.holders[block])
        clique = self.clique_of(frozenset(leaves))
        places = self.places(self.cliques[clique], leaves)
        return np.concatenate([self.starts[holder, clique] + places for holder in holders])

    def sums(self, regions: Sequence[People]) -> sparse.csr_array:
        columns = [self.columns(region) for region in regions]
        return _rows(columns, [np.ones(part.size) for part in columns], self.size)


def world_of(published: Published, knows: Sequence[tuple[str, Mapping[str, str], int]] = ()) -> World:
    """The populations that agree with everything printed and with what an insider knows besides: (block, dimension →
    code, count). Raises TooLarge, KeyError for an unknown code, and ValueError for links that name other dimensions."""
    facts = [*facts_of(published), *_known(published, knows)]
    frame = frame_of(published, [region for fact in facts for _, region in fact.terms])
    told = [fact for fact in facts if len(fact.terms) > 1 or fact.low > 0 or fact.high < inf]
    fact_rows = _fact_rows(frame, told)
    rules = list(_rules(frame, published))
    matrix = sparse.vstack([fact_rows, *(rows for rows, _, _ in rules)], format="csr")
    low = np.concatenate([np.array([fact.low for fact in told]), *(part for _, part, _ in rules)])
    high = np.concatenate([np.array([fact.high for fact in told]), *(part for _, _, part in rules)])
    return World(
        frame=frame,
        matrix=sparse.csr_array(matrix),
        low=low,
        high=high,
        sources=tuple(fact.source for fact in told),
        open=_open(frame, told),
    )


def facts_of(published: Published) -> Iterator[Fact]:
    """What every printed cell says, and what is known of parts of people."""
    for number, portion in enumerate(published.portions):
        yield _portion(published, number, portion)
    for table in published.tables:
        for cell in table.cells:
            region = people_of(published.dimensions, table.block, table.codes(cell.key))
            source = Source(table.id, table.block, cell.key)
            low, high = published.bounds(cell.printed)
            yield Fact(source, ((1, region),), low, inf if high is None else high)
            if isinstance(cell.printed, Percent):
                whole = people_of(published.dimensions, table.block, table.codes(cell.printed.of))
                yield from _percentage(source, region, whole, cell.printed)


def _portion(published: Published, number: int, portion: Portion) -> Fact:
    """In whole multiples of the part, as percentages are. It is named by its place among the portions."""
    part, whole = (people_of(published.dimensions, portion.block, codes) for codes in (portion.part, portion.whole))
    times, scale = Fraction(portion.times), Fraction(portion.times).denominator
    return Fact(
        Source(f"portions[{number}]", portion.block, tuple(portion.part.values())),
        ((scale, part), (-int(times * scale), whole)),
        float(scale * portion.least),
        float(scale * portion.most),
    )


def _percentage(source: Source, part: People, whole: People, printed: Percent) -> Iterator[Fact]:
    """A percentage p to so many decimals says: 100 part lies within half a last digit of p times the whole. In whole
    multiples, so that no digit is lost. Both halves count: how a half was rounded is not known."""
    scale = 2 * 10**printed.dp
    middle = int(printed.percent * scale)
    for edge, low, high in ((middle - 1, 0.0, inf), (middle + 1, -inf, 0.0)):
        divisor = gcd(100 * scale, edge) or 1
        yield Fact(source, ((100 * scale // divisor, part), (-edge // divisor, whole)), low, high)


def _known(published: Published, knows: Sequence[tuple[str, Mapping[str, str], int]]) -> Iterator[Fact]:
    for block, codes, count in knows:
        yield Fact(
            Source("", block, tuple(codes.values())),
            ((1, people_of(published.dimensions, block, codes)),),
            count,
            count,
        )


def frame_of(published: Published, regions: Sequence[People]) -> Frame:
    """The unknowns that a set of regions needs."""
    used = sorted({name for _, within in regions for name, _ in within})
    ends = {end for link in published.links for end in (link.start, link.end)}
    blocks = sorted({block for block, _ in regions} | ends)
    classes = {name: _classes(published.dimensions[name].leaves, name, regions) for name in used}
    kinds = [_Kind(tuple(links), names) for links, names in _by_what_is_fixed(published.links, used)]
    together = {frozenset(name for name, _ in within) for _, within in regions}
    together |= {frozenset(kind.fixed) for kind in kinds if not kind.whole}
    if are_few((len(published.dimensions[name].leaves) for name in used), len(blocks)):
        together.add(frozenset(used))
    cliques = _cliques({name: len(classes[name]) for name in used}, together)
    holders: dict[str, tuple[Presence, ...]] = {block: (frozenset({block}),) for block in blocks}
    for kind in kinds:
        if kind.whole:
            holders |= {block: tuple(p for p in kind.presences if block in p) for block in kind.blocks}
    starts: dict[tuple[Presence, int], int] = {}
    size = 0
    for presence in dict.fromkeys(presence for block in blocks for presence in holders[block]):
        for at, clique in enumerate(cliques):
            starts[presence, at] = size
            size += prod(len(classes[name]) for name in clique)
    flows = []
    for kind in kinds:
        if not kind.whole:
            each = prod(len(classes[name]) for name in kind.fixed)
            firsts = {presence: size + at * each for at, presence in enumerate(kind.presences)}
            flows.append(Flows(kind.fixed, kind.links, firsts, each))
            size += each * len(kind.presences)
    if size > _MOST_UNKNOWNS:
        raise TooLarge(f"The tables have {size:,} combinations; at most {_MOST_UNKNOWNS:,} can be reasoned about.")
    movers = {joiners_between(link.start, link.end): (link, link.end, link.start) for link in published.links}
    movers |= {leavers_between(link.start, link.end): (link, link.start, link.end) for link in published.links}
    return Frame(classes, cliques, holders, starts, tuple(flows), movers, size)


def _classes(leaves: Sequence[str], name: str, regions: Sequence[People]) -> tuple[frozenset[str], ...]:
    """Leaves that every region holds all or none of."""
    cuts = sorted({inside for _, within in regions for dimension, inside in within if dimension == name}, key=sorted)
    found: dict[tuple[bool, ...], list[str]] = {}
    for leaf in leaves:
        found.setdefault(tuple(leaf in cut for cut in cuts), []).append(leaf)
    return tuple(frozenset(alike) for alike in found.values())


def _cliques(sizes: Mapping[str, int], together: set[frozenset[str]]) -> tuple[Key, ...]:
    """Maximal cliques of the graph of dimensions that are looked at together, once it is chordal.

    Dimensions are taken out one at a time, the one first whose neighbours lack the fewest connections; what it leaves
    unconnected is connected (minimum fill: D. J. Rose 1972)."""
    near = {name: set[str]() for name in sizes}
    for names in together:
        for one, other in combinations(names, 2):
            near[one].add(other)
            near[other].add(one)
    found: list[frozenset[str]] = []
    while near:
        name = min(near, key=lambda one: (_lacking(near, one), prod(sizes[other] for other in near[one]), one))
        found.append(frozenset({name} | near[name]))
        for one, other in combinations(near[name], 2):
            near[one].add(other)
            near[other].add(one)
        for other in near.pop(name):
            near[other].discard(name)
    largest = [clique for clique in found if not any(clique < other for other in found)]
    return tuple(sorted(tuple(sorted(clique)) for clique in dict.fromkeys(largest))) or ((),)


def _lacking(near: Mapping[str, set[str]], name: str) -> int:
    return sum(other not in near[one] for one, other in combinations(near[name], 2))


@dataclass(frozen=True)
class Flows:
    """Counts of people by when they were there, over the dimensions that do not change for who stays. ``starts``: the
    first unknown of each presence; ``each``: how many unknowns it has."""

    fixed: Key
    links: tuple[Link, ...]
    starts: Mapping[Presence, int]
    each: int


@dataclass(frozen=True)
class _Kind:
    """Links that fix the same dimensions; ``fixed`` None: all. What one kind says and what another says of the same
    block are not put together person by person, which only makes the attacker weaker."""

    links: tuple[Link, ...]
    names: Key | None

    @property
    def whole(self) -> bool:
        """Does nothing change for who stays?"""
        return self.names is None

    @property
    def fixed(self) -> Key:
        return self.names or ()

    @property
    def blocks(self) -> tuple[str, ...]:
        return tuple(sorted({end for link in self.links for end in (link.start, link.end)}))

    @property
    def presences(self) -> list[Presence]:
        """Sets of blocks that links connect: somebody who left and came back counts as another."""
        graph = nx.Graph([(link.start, link.end) for link in self.links])
        found = [frozenset({block}) for block in self.blocks]
        for presence in found:  # grows while it is walked
            beside = sorted({other for block in presence for other in graph[block]} - presence)
            found += [wider for other in beside if (wider := presence | {other}) not in found]
        return found


def _by_what_is_fixed(links: Sequence[Link], used: Sequence[str]) -> Iterator[tuple[list[Link], Key | None]]:
    """Links with the dimensions they fix, of those that anything is known of; None: all of them, and no block has
    links of another kind."""
    kinds: dict[Key, list[Link]] = {}
    for link in links:
        fixed = used if link.fixed is None else link.fixed
        kinds.setdefault(tuple(name for name in used if name in fixed), []).append(link)
    ends = [{end for link in alike for end in (link.start, link.end)} for alike in kinds.values()]
    mixed = any(one & other for one, other in combinations(ends, 2))
    for names, alike in kinds.items():
        yield alike, None if len(names) == len(used) and not mixed else names


Rows = tuple[sparse.csr_array, Floats, Floats]


def _fact_rows(frame: Frame, facts: Sequence[Fact]) -> sparse.csr_array:
    columns, weights = [], []
    for fact in facts:
        parts = [(weight, frame.columns(region)) for weight, region in fact.terms]
        columns.append(np.concatenate([part for _, part in parts]))
        weights.append(np.concatenate([np.full(part.size, float(weight)) for weight, part in parts]))
    return _rows(columns, weights, frame.size)


def _rows(columns: Sequence[Integers], weights: Sequence[Floats], size: int) -> sparse.csr_array:
    """One row for each entry; a column that is named twice in a row has both weights."""
    rows = np.repeat(np.arange(len(columns)), [part.size for part in columns])
    placed = (np.concatenate([np.zeros(0), *weights]), (rows, np.concatenate([np.zeros(0, dtype=np.int64), *columns])))
    return sparse.csr_array(sparse.coo_array(placed, shape=(len(columns), size)))


def _rules(frame: Frame, published: Published) -> Iterator[Rows]:
    """What holds of every population: cliques agree; links."""
    for presence in dict.fromkeys(presence for presence, _ in frame.starts):
        for one, other in junctions(frame.cliques):
            shared = tuple(name for name in frame.cliques[one] if name in frame.cliques[other])
            here, there = frame.starts[presence, one], frame.starts[presence, other]
            yield _same(_margin(frame, one, shared, [here]), _margin(frame, other, shared, [there]))
    for flows in frame.flows:
        yield from _balances(frame, flows)
    for link in published.links:
        for limits, movers in (
            (link.joiners, joiners_between(link.start, link.end)),
            (link.leavers, leavers_between(link.start, link.end)),
        ):
            columns = frame.columns((movers, frozenset()))
            least, most = limits
            row = _rows([columns], [np.ones(columns.size)], frame.size)
            yield row, np.array([float(least)]), np.array([inf if most is None else float(most)])


def junctions(cliques: Sequence[Key]) -> list[tuple[int, int]]:
    """Pairs of cliques that, when they agree, make all agree: a spanning tree of the most that is shared."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(cliques)))
    for one, other in combinations(range(len(cliques)), 2):
        graph.add_edge(one, other, weight=len(set(cliques[one]) & set(cliques[other])))
    return sorted(tuple(sorted(edge)) for edge in nx.maximum_spanning_edges(graph, data=False))


def _margin(frame: Frame, clique: int, names: Key, starts: Sequence[int]) -> sparse.csr_array:
    """A row for every combination of some of a clique's dimensions: its count, over the counts that begin at
    ``starts``."""
    shape = frame.shape(clique)
    places = np.arange(prod(shape))
    kept = [frame.cliques[clique].index(name) for name in names]
    size = prod(shape[axis] for axis in kept)
    rows = np.zeros(places.size, dtype=np.int64)
    if kept:
        positions = np.unravel_index(places, shape)
        rows = np.ravel_multi_index(tuple(positions[axis] for axis in kept), tuple(shape[axis] for axis in kept))
    columns = np.concatenate([start + places for start in starts])
    ones = np.ones(columns.size)
    return sparse.csr_array(sparse.coo_array((ones, (np.tile(rows, len(starts)), columns)), shape=(size, frame.size)))


def _same(one: sparse.csr_array, other: sparse.csr_array) -> Rows:
    nothing = np.zeros(one.shape[0])
    return sparse.csr_array(one - other), nothing, nothing


def _balances(frame: Frame, flows: Flows) -> Iterator[Rows]:
    """Everybody in a block has a presence: over what does not change, the counts are the same."""
    clique = frame.clique_of(frozenset(flows.fixed))
    for block in sorted(frozenset().union(*flows.starts)):
        counted = _margin(frame, clique, flows.fixed, [frame.starts[holder, clique] for holder in frame.holders[block]])
        firsts = [start for presence, start in flows.starts.items() if block in presence]
        columns = np.concatenate([start + np.arange(flows.each) for start in firsts])
        ones = np.ones(columns.size)
        placed = (ones, (np.tile(np.arange(flows.each), len(firsts)), columns))
        present = sparse.csr_array(sparse.coo_array(placed, shape=(flows.each, frame.size)))
        yield _same(counted, present)


def _open(frame: Frame, facts: Sequence[Fact]) -> NDArray[np.bool_]:
    """All unknowns but those of regions in which nobody is."""
    found = np.ones(frame.size, dtype=bool)
    for fact in facts:
        if fact.high == 0 and len(fact.terms) == 1:
            found[frame.columns(fact.terms[0][1])] = False
    found[:1] |= not found.any()  # one is left, so that there is something to ask about
    return found
