"""A release: the tables that are to be shown about one population, and the exact counts behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import networkx as nx

from equality.tables import Dimension, Table

Key = tuple[str, ...]


@dataclass(frozen=True)
class TableSpec:
    """One table to be shown. ``codes``: per dimension the codes shown, in printing order. ``where``: one code of
    further dimensions that the people of this table share. ``too_few``: codes that are listed, but not split."""

    id: str
    codes: Mapping[str, tuple[str, ...]]
    where: Mapping[str, str] = field(default_factory=dict)
    too_few: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
class Release:
    """The tables of one population. ``counted``: exact counts over each of ``linked(tables)``, in that order."""

    dimensions: Mapping[str, Dimension]
    tables: Sequence[TableSpec]
    counted: Sequence[Table]


def linked(tables: Sequence[TableSpec]) -> list[tuple[str, ...]]:
    """The sets of dimensions whose joint counts decide every table: maximal cliques of the chordal graph in which
    dimensions of one table are neighbours.

    Counts over these sets that agree where they overlap are the margins of some population (Vorob'ev 1962), so
    nothing about these tables needs more than them. In the order of a tree in which neighbours share what they have
    in common."""
    graph = nx.Graph()
    for table in tables:
        graph.add_nodes_from(table.involved)
        graph.add_edges_from(combinations(table.involved, 2))
    order = list(graph)
    chordal = graph if nx.is_chordal(graph) else nx.complete_to_chordal_graph(graph)[0]
    cliques = [tuple(sorted(clique, key=order.index)) for clique in nx.chordal_graph_cliques(chordal)]
    return sorted(cliques, key=lambda clique: [order.index(name) for name in clique])


def ties(cliques: Sequence[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Pairs of linked sets and the dimensions both have: where their counts must agree. A maximum spanning tree, so
    that what agrees along it agrees everywhere; sets with nothing in common still have the same total."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(cliques)))
    for (i, one), (j, other) in combinations(enumerate(cliques), 2):
        graph.add_edge(i, j, weight=len(set(one) & set(other)))
    tree = nx.maximum_spanning_edges(graph, data=False)
    return [(i, j, tuple(name for name in cliques[i] if name in cliques[j])) for i, j in sorted(tree)]
