"""The attacker: somebody who has a report and reasons perfectly.

Knows the published document alone (``report.json``), and shares no code with the search that protected it. For every
hidden count it finds the least and the greatest number that all published counts, shares and rates together allow.
Bounds come from linear programmes; a population of whole people can only be closer to the truth inside them, and the
search proves its side in whole people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, floor
from typing import Any

import highspy
import networkx as nx
import numpy as np
from scipy import sparse

from equality.disclosure.solver import QuietHighs

Document = Mapping[str, Any]
Where = Mapping[str, str]
Linear = tuple[sparse.csr_array, float, float]  # low <= row @ atoms <= high

_PEOPLE = {"headcount"}
_PERCENT_OF = {"share": "_declared", "declaration_rate": "_total"}
_SLACK = 1e-6


@dataclass(frozen=True)
class Bounds:
    """What the published numbers say of one hidden count: at least ``low``, at most ``high`` (None: no limit)."""

    table: str
    dims: Mapping[str, str]
    low: int
    high: int | None

    @property
    def width(self) -> float:
        return float("inf") if self.high is None else self.high - self.low


def attack(document: Document, collection: str = "workforce") -> list[Bounds]:
    """Bounds of every hidden count of people in one collection's tables of a report."""
    tables = [
        block
        for section in document["sections"]
        for block in section["blocks"]
        if block["type"] == "table"
        and block["population"]["collection"] == collection
        and _PEOPLE | set(_PERCENT_OF) & set(block["measures"])
    ]
    if not tables:
        return []
    world = _World(document["dimensions"], tables)
    return list(world.bounds())


def opened(document: Document, *, threshold: int = 5, width: int = 5, collection: str = "workforce") -> list[Bounds]:
    """Hidden counts that the report gives away: neither certainly at the threshold or above, nor known to be zero,
    nor open over the width."""
    return [
        bounds
        for bounds in attack(document, collection)
        if bounds.low < threshold and bounds.width < width and (bounds.low, bounds.high) != (0, 0)
    ]


class _World:
    """All populations that agree with a document."""

    def __init__(self, dimensions: Document, tables: Sequence[Document]) -> None:
        self.dimensions, self.tables = dimensions, tables
        self.blocks = self._blocks()
        sizes = [int(np.prod([len(dimensions[name]["leaves"]) for name in block])) for block in self.blocks]
        self.starts = np.cumsum([0, *sizes])
        self.solver = _solver([*self._agreements(), *self._facts()], int(self.starts[-1]))

    def bounds(self) -> Iterator[Bounds]:
        """Each hidden count once, however many tables hide it."""
        seen = set()
        for table, where, cell in self._cells(_PEOPLE):
            row = self._row(where)
            name = (row.indices.tobytes(), row.indptr.tobytes())
            if cell["value"] is None and name not in seen and cell["status"] == "[c]":
                seen.add(name)
                low, high = _extreme(self.solver, row, least=True), _extreme(self.solver, row, least=False)
                yield Bounds(
                    table["id"],
                    cell["dims"],
                    0 if low is None else max(0, ceil(low - _SLACK)),
                    None if high is None else floor(high + _SLACK),
                )

    def _cells(self, measures: set[str]) -> Iterator[tuple[Document, Where, Document]]:
        for table in self.tables:
            for cell in table["cells"]:
                if cell["measure"] in measures:
                    yield table, {**cell["dims"], **table["population"].get("where", {})}, cell

    def _blocks(self) -> list[list[str]]:
        """Groups of dimensions between which some table makes a connection that cannot be reasoned about apart."""
        graph = nx.Graph()
        for table in self.tables:
            names = [*table["dimensions"], *table["population"].get("where", {})]
            graph.add_nodes_from(names)
            graph.add_edges_from(combinations(names, 2))
        if not nx.is_chordal(graph):
            graph, _ = nx.complete_to_chordal_graph(graph)
        return sorted(sorted(block) for block in nx.chordal_graph_cliques(graph))

    def _leaves(self, name: str, code: str | None) -> list[str]:
        dimension = self.dimensions[name]
        if code is None:
            return list(dimension["leaves"])
        return [code] if code in dimension["leaves"] else list(dimension["groups"][code])

    def _row(self, where: Where, block: int | None = None) -> sparse.csr_array:
        at = block if block is not None else next(i for i, names in enumerate(self.blocks) if set(where) <= set(names))
        names = self.blocks[at]
        shape = [len(self.dimensions[name]["leaves"]) for name in names]
        axes = [
            [self.dimensions[name]["leaves"].index(leaf) for leaf in self._leaves(name, where.get(name))]
            for name in names
        ]
        columns = (
            np.array([np.ravel_multi_index(place, shape) for place in product(*axes)], dtype=int) + self.starts[at]
        )
        return sparse.csr_array((np.ones(columns.size), columns, [0, columns.size]), shape=(1, int(self.starts[-1])))

    def _agreements(self) -> Iterator[Linear]:
        """Two blocks count the same people over what they have in common."""
        for (i, one), (j, other) in combinations(enumerate(self.blocks), 2):
            shared = [name for name in one if name in other]
            for codes in product(*(self.dimensions[name]["leaves"] for name in shared)):
                where = dict(zip(shared, codes, strict=True))
                yield sparse.csr_array(self._row(where, i) - self._row(where, j)), 0.0, 0.0

    def _facts(self) -> Iterator[Linear]:
        for _, where, cell in self._cells(_PEOPLE):
            if cell["value"] is not None:
                yield self._row(where), float(cell["value"]), float(cell["value"])
        yield from self._percentages()

    def _percentages(self) -> Iterator[Linear]:
        """A printed percentage p of d people says: 100 c lies within half a last digit of p d."""
        for table, where, cell in self._cells(set(_PERCENT_OF)):
            if cell["value"] is None:
                continue
            split, base = table.get("share_of") or table["dimensions"][0], _PERCENT_OF[cell["measure"]]
            counted = {**where, split: "_declared"} if cell["measure"] == "declaration_rate" else where
            part, whole = self._row(counted), self._row({**where, split: base})
            yield sparse.csr_array(100 * part - (cell["value"] - 0.05) * whole), 0.0, highspy.kHighsInf
            yield sparse.csr_array(100 * part - (cell["value"] + 0.05) * whole), -highspy.kHighsInf, 0.0


def _solver(facts: Sequence[Linear], atoms: int) -> highspy.Highs:
    none = sparse.csr_array((0, atoms))  # a report that hides everything states no fact
    rows = sparse.csr_array(sparse.vstack([none, *(row for row, _, _ in facts)]))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = atoms, rows.shape[0]
    model.col_cost_, model.col_lower_ = np.zeros(atoms), np.zeros(atoms)
    model.col_upper_ = np.full(atoms, highspy.kHighsInf)
    model.row_lower_ = np.array([low for _, low, _ in facts])
    model.row_upper_ = np.array([high for _, _, high in facts])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        rows.indptr,
        rows.indices,
        rows.data,
    )
    solver = QuietHighs()
    solver.setOptionValue("simplex_strategy", 4)  # primal: only the objective changes between questions
    solver.passModel(model)
    return solver


def _extreme(solver: highspy.Highs, row: sparse.csr_array, *, least: bool) -> float | None:
    """The least or greatest value of a sum of atoms; None where there is no limit. A contradiction is an error."""
    solver.changeObjectiveSense(highspy.ObjSense.kMinimize if least else highspy.ObjSense.kMaximize)
    columns = row.indices.astype(np.int32)
    solver.changeColsCost(columns.size, columns, row.data.astype(float))
    solver.run()
    status, value = solver.getModelStatus(), solver.getInfo().objective_function_value
    solver.changeColsCost(columns.size, columns, np.zeros(columns.size))
    if status == highspy.HighsModelStatus.kOptimal:
        return float(value)
    if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    raise ValueError("The published numbers contradict each other, or the document is not a report.")
