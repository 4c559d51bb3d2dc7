"""A release: the tables that are to be shown, of one population or of several that are linked, and the exact counts
behind them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import NamedTuple

import networkx as nx

from equality.disclosure.exchange import Link, are_few
from equality.tables import DECLARED, Dimension, Table

Key = tuple[str, ...]
# Dimension → leaves included; a dimension included in full is left out.
Within = frozenset[tuple[str, frozenset[str]]]
# Exact counts of some people over the leaves of the dimensions named.
Counts = Callable[[tuple[str, ...]], Table]
MAIN = "main"


class Region(NamedTuple):
    """Some people of one block, whichever tables count them. A *block* is one population at one time: a quarter."""

    block: str
    within: Within

    def in_order(self) -> tuple[str, list[tuple[str, list[str]]]]:
        """What regions are sorted by, the same in every process."""
        return self.block, sorted((name, sorted(leaves)) for name, leaves in self.within)

    def is_within(self, other: "Region") -> bool:
        """Are all of these people among those of another region?"""
        mine = dict(self.within)
        return self.block == other.block and all(name in mine and mine[name] <= leaves for name, leaves in other.within)


@dataclass(frozen=True)
class TableSpec:
    """One table to be shown. ``codes``: per dimension the codes shown, in printing order. ``where``: one code of
    further dimensions that the people of this table share. ``too_few``: codes that are listed, but not split."""

    id: str
    codes: Mapping[str, tuple[str, ...]]
    where: Mapping[str, str] = field(default_factory=dict)
    too_few: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    block: str = MAIN

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.codes)

    @property
    def involved(self) -> tuple[str, ...]:
        """Every dimension the table says something about."""
        return (*self.codes, *self.where)

    def cells(self) -> Iterator[Key]:
        """The cells, first dimension slowest."""
        yield from product(*self.codes.values())

    def cell(self, key: Key) -> dict[str, str]:
        """Dimension → code of one cell, with the codes all its people share."""
        return dict(zip(self.codes, key, strict=True)) | dict(self.where)


@dataclass(frozen=True)
class Told:
    """What an earlier release says of a region: at least ``low``, at most ``high`` people (None: no limit)."""

    low: int = 0
    high: int | None = None

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def holds(self, count: int) -> bool:
        """Is it true of so many?"""
        return self.low <= count and (self.high is None or count <= self.high)

    def and_also(self, other: "Told") -> "Told":
        """What both say together."""
        highs = [high for high in (self.high, other.high) if high is not None]
        return Told(max(self.low, other.low), min(highs) if highs else None)


@dataclass(frozen=True)
class Ratio:
    """What is known of a part of some people: at least ``low`` times the whole and ``least`` more are in it, at most
    ``high`` times and ``most`` more. A percentage says this, and that people were divided into quarters."""

    part: Region
    whole: Region
    low: float
    high: float
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class Flow:
    """Two blocks are the same people at two times. A reader knows how many joined and left in between (least, most),
    and that nobody who stayed changed in the dimensions of ``fixed``. ``joined``, ``left``: who they were, in these
    dimensions."""

    start: str
    end: str
    joiners: tuple[int, int]
    leavers: tuple[int, int]
    fixed: tuple[str, ...]
    joined: Counts
    left: Counts


@dataclass(frozen=True)
class Release:
    """``sets``: dimensions that are looked at together (see ``linked``). ``people``: who every block is. ``told`` and
    ``ratios``: what is public already. ``hidden_before``: what is hidden again if it costs little. ``special``:
    dimensions of special-category data. ``inside``: pairs of blocks; everybody of the one is of the other.
    ``combined``: blocks of which something is public that are made of others, these added (1) or taken away (-1).
    ``elsewhere``: blocks of people who are left when others are taken from a whole: what may be known of them is as of
    those who joined or left.
    ``silence_known``: dimensions of which it is told, wherever it can be, that a kind of non-response occurs with
    nobody; None: all. ``worth_of_totals``: how many cells a reader would rather miss than the total over one dimension;
    little more than one hides least in all."""

    dimensions: Mapping[str, Dimension]
    tables: Sequence[TableSpec]
    sets: Sequence[tuple[str, ...]]
    people: Mapping[str, Counts]
    flows: Sequence[Flow] = ()
    told: Mapping[Region, Told] = field(default_factory=dict)
    ratios: Sequence[Ratio] = ()
    inside: Sequence[tuple[str, str]] = ()
    combined: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    hidden_before: frozenset[Region] = frozenset()
    special: frozenset[str] = frozenset()
    silence_known: frozenset[str] | None = None
    worth_of_totals: float = 1.3

    @property
    def silence_printed(self) -> frozenset[str]:
        """Dimensions of which a table by itself prints every kind of non-response."""
        return frozenset(
            name
            for table in self.tables
            for name, codes in table.codes.items()
            if table.involved == (name,)
            and set(self.dimensions[name].leaves) <= {*self.dimensions[name].groups[DECLARED], *codes}
        )

    @cached_property
    def counted(self) -> Mapping[str, Sequence[Table]]:
        """For every block exact counts over each of ``sets``."""
        return {block: [counts(names) for names in self.sets] for block, counts in self.people.items()}

    def kept_open(self, width: int) -> list[str]:
        """Blocks whose groups must all stay open, printed or not. Of fewer people elsewhere no group can stay as wide;
        of them holds what is promised of people who joined or left."""
        few = {block for block in self.elsewhere if self.counted[block][0].counts.sum() < width}
        return [block for block in self.counted if block not in few]

    @cached_property
    def moved(self) -> Sequence[tuple[Sequence[Table], Sequence[Table]]]:
        """For every flow those who joined and those who left, over each of its ``flow_sets``."""
        names = [flow_sets(self.sets, flow.fixed) for flow in self.flows]
        return [
            ([flow.joined(inside) for inside in sets], [flow.left(inside) for inside in sets])
            for flow, sets in zip(self.flows, names, strict=True)
        ]


def links_of(flows: Sequence[Flow]) -> tuple[Link, ...]:
    """What readers know of those who joined and left."""
    return tuple(Link(flow.start, flow.end, flow.joiners, flow.leavers, flow.fixed) for flow in flows)


def involved_in(tables: Sequence[TableSpec], told: Iterable[Region] = ()) -> list[frozenset[str]]:
    """Which dimensions are looked at together, by a table or by something told before of these regions."""
    wanted = [frozenset(table.involved) for table in tables]
    return wanted + [frozenset(name for name, _ in region.within) for region in told]


def linked(
    together: Sequence[frozenset[str]], dimensions: Mapping[str, Dimension], blocks: int = 1
) -> list[tuple[str, ...]]:
    """The sets of dimensions whose joint counts are looked at: all of them in one, where there are few combinations in
    so many blocks. Else maximal cliques of the chordal graph in which dimensions that are looked at together are
    neighbours: counts over these sets that agree where they overlap are the margins of some population (Vorob'ev
    1962), so nothing about the tables needs more than them. Dimensions stand in the order of ``dimensions``."""
    order = list(dimensions)
    everything = sorted(frozenset().union(*together), key=order.index)
    if are_few((len(dimensions[name].leaves) for name in everything), blocks):
        return [tuple(everything)]
    graph = nx.Graph()
    for names in sorted(together, key=lambda names: sorted(map(order.index, names))):
        inside = sorted(names, key=order.index)
        graph.add_nodes_from(inside)
        graph.add_edges_from(combinations(inside, 2))
    chordal = graph if nx.is_chordal(graph) else nx.complete_to_chordal_graph(graph)[0]
    cliques = [tuple(sorted(clique, key=order.index)) for clique in nx.chordal_graph_cliques(chordal)]
    return sorted(cliques, key=lambda clique: [order.index(name) for name in clique])


def flow_sets(sets: Sequence[tuple[str, ...]], fixed: Sequence[str]) -> list[tuple[str, ...]]:
    """The sets over which those who joined and left are counted.

    Where everything is fixed, the linked sets themselves: stayers, joiners and leavers then are populations of their
    own. Else the fixed dimensions jointly, which must lie within one linked set (see ``linked``)."""
    if set(fixed) >= {name for names in sets for name in names}:
        return list(sets)
    inside = next((names for names in sets if set(fixed) <= set(names)), None)
    if inside is None:
        raise ValueError("dimensions that nobody changes must be looked at together")
    return [tuple(name for name in inside if name in fixed)]


def ties(sets: Sequence[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Pairs of linked sets and the dimensions both have: where their counts must agree. A maximum spanning tree, so
    that what agrees along it agrees everywhere; sets with nothing in common still have the same total."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sets)))
    for (i, one), (j, other) in combinations(enumerate(sets), 2):
        graph.add_edge(i, j, weight=len(set(one) & set(other)))
    tree = nx.maximum_spanning_edges(graph, data=False)
    return [(i, j, tuple(name for name in sets[i] if name in sets[j])) for i, j in sorted(tree)]


def region_of(dimensions: Mapping[str, Dimension], table: TableSpec, key: Key) -> Region:
    """The people of one cell."""
    picked = ((dimensions[name], code) for name, code in table.cell(key).items())
    return Region(
        table.block,
        frozenset(
            (dimension.code, frozenset(dimension.leaves[at] for at in members))
            for dimension, code in picked
            if len(members := dimension.members(code)) < len(dimension.leaves)
        ),
    )
