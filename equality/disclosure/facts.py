"""From a release to its model: what tables, earlier releases, joiners and leavers say, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equality.disclosure.exchange import joiners_between, leavers_between
from equality.disclosure.model import Block, Mask, Model, Rules, Vector, canonical
from equality.disclosure.release import Flow, Region, Release, Told, flow_sets, region_of, ties
from equality.tables import DECLARED, NOT_DECLARED, Dimension, Table


class Contradiction(ValueError):
    """Counts that cannot all be true of one population."""


def model_of(release: Release, *, group: bool = False, movers: bool = False) -> Model:
    """The facts of a release. ``group``: look after group disclosure in special-category data. ``movers``: look after
    those who joined and left. Raises Contradiction where its counts, or what was told before, cannot all be true."""
    return _Builder(release, group=group, movers=movers).model()


def still_true(release: Release, told: Mapping[Region, Sequence[Told]]) -> dict[Region, Told]:
    """All that was told of the people of a release and still holds, by region. The rest is no fact any more: the data
    were corrected since. Of people who are not counted in it, the last word."""
    builder = _Builder(release)
    found = {}
    for region, said in told.items():
        if not builder.is_counted(region):
            found[region] = said[-1]
        elif true := [one for one in said if one.holds(builder.count(region))]:
            found[region] = reduce(Told.and_also, true)
    return found


class _Builder:
    """The model of a release, part by part: regions are numbered as they are found."""

    def __init__(self, release: Release, *, group: bool = False, movers: bool = False) -> None:
        self.release, self.group, self.moving = release, group, movers
        self.blocks = list(self._laid_out())
        self.of_block: dict[str, list[Block]] = {}
        for block in self.blocks:
            self.of_block.setdefault(block.name, []).append(block)
        counts = [block.table.counts.ravel() for block in self.blocks]
        self.unknowns = np.concatenate([np.zeros(0, dtype=np.int64), *counts]).astype(np.int64)
        self.living = {name: self._living(name) for name in release.counted}
        self.living |= {name: self._living_in_any(parts) for name, parts in release.combined.items()}
        self.regions: dict[Region, int] = {}
        self.rows = _Rows(self.unknowns.size)

    def model(self) -> Model:
        release = self.release
        everybody = {block: self._number(Region(block, frozenset())) for block in release.counted}
        cells = {
            (table.id, key): self._number(region_of(release.dimensions, table, key))
            for table in release.tables
            for key in table.cells()
        }
        told = self._told()
        hidden = sorted(release.hidden_before, key=Region.in_order)
        before = frozenset(self._number(region) for region in hidden if self.is_counted(region))
        others = frozenset(self._number(region) for region in self._others()) if self.group else frozenset()
        movers = {self._number(region): most for region, most in self._movers()} if self.moving else {}
        wanted = np.zeros(len(self.regions), dtype=bool)
        wanted[sorted({*cells.values(), *(everybody[table.block] for table in release.tables)})] = True
        regions = list(self.regions)
        finest = max(len(region.within) for region in regions)
        low, high = self._known(regions, told)
        high[list(movers)] = list(movers.values())
        model = Model(
            unknowns=self.unknowns,
            closed=self._closed(),
            blocks=self.blocks,
            matrix=self.rows.matrix(),
            rules=self._rules(),
            regions=regions,
            low=low,
            high=high,
            wanted=wanted,
            told=frozenset(told),
            others=others,
            movers=frozenset(movers),
            special=np.array([self._is_special(region) for region in regions]),
            weight=np.array([self._weight(region, finest) for region in regions]),
            everybody=frozenset(everybody.values()),
            hidden_before=before,
            cells=cells,
            living=self.living,
        )
        _agree(model)
        return model

    def _laid_out(self) -> Iterator[Block]:
        start, release = 0, self.release
        named: list[tuple[str, Sequence[tuple[str, ...]], Sequence[Table]]] = [
            (name, release.sets, tables) for name, tables in release.counted.items()
        ]
        for flow, (joined, left) in zip(release.flows, release.moved, strict=True):
            steady = flow_sets(release.sets, flow.fixed)
            named.append((joiners_between(flow.start, flow.end), steady, joined))
            named.append((leavers_between(flow.start, flow.end), steady, left))
        for name, names, tables in named:
            if [table.names for table in tables] != list(names):
                raise ValueError("counts are needed over exactly the linked sets of the tables")
            for table in tables:
                yield Block(name, table, start)
                start += table.counts.size

    def _living(self, block: str) -> dict[str, frozenset[str]]:
        """Leaves without the kinds of non-response that nobody in the block has. Their zero is always shown, so a
        reader knows it, and no witness may use it; that everybody answered is worth more to readers than a hiding
        place. Of people who are elsewhere nothing is shown."""
        found = {}
        known = frozenset() if block in self.release.elsewhere else self.release.silence_known
        for table in self.release.counted[block]:
            for dimension in table.dimensions:
                is_known = known is None or dimension.code in known
                if is_known and dimension.code not in found:  # which table counts them makes no difference
                    people = table.margin((dimension.code,)).counts
                    silent = set(dimension.leaves) - set(dimension.groups[DECLARED])
                    dead = {leaf for leaf in silent if people[dimension.position[leaf]] == 0}
                    found[dimension.code] = frozenset(dimension.leaves) - dead
        everything = {d.code: frozenset(d.leaves) for table in self.release.counted[block] for d in table.dimensions}
        return everything | found

    def _living_in_any(self, parts: Sequence[tuple[str, int]]) -> dict[str, frozenset[str]]:
        alive = [self.living[block] for block, _ in parts]
        return {name: frozenset().union(*(one[name] for one in alive)) for name in alive[0]}

    def _closed(self) -> Mask:
        closed = np.zeros(self.unknowns.size, dtype=bool)
        for block in self.blocks:
            for dimension in block.table.dimensions:
                alive = self.living.get(block.name, {}).get(dimension.code, frozenset(dimension.leaves))
                dead = [dimension.position[leaf] for leaf in dimension.leaves if leaf not in alive]
                closed[block.columns({dimension.code: dead})] = True
        return closed

    def is_counted(self, region: Region) -> bool:
        """What was told in other categories, or of a block that is not looked at, cannot be counted here."""
        dimensions = self.release.dimensions
        return region.block in self.living and all(
            name in self.living[region.block] and leaves <= set(dimensions[name].leaves)
            for name, leaves in region.within
        )

    def _number(self, region: Region) -> int:
        named = canonical(region, self.living)
        if named not in self.regions:
            self.regions[named] = len(self.regions)
            self.rows.add_terms(self._terms(named))
        return self.regions[named]

    def _terms(self, region: Region) -> list[tuple[float, Vector]]:
        """The unknowns that are added up for a region, each block's times one or, where it is taken away, minus one."""
        parts = self.release.combined.get(region.block, [(region.block, 1)])
        return [(float(sign), self._columns(region._replace(block=block))) for block, sign in parts]

    def _columns(self, region: Region) -> Vector:
        """The unknowns in a region, in the smallest linked set that has all its dimensions."""
        dimensions = self.release.dimensions
        within = canonical(region, self.living).within
        picked = {name: sorted(dimensions[name].position[leaf] for leaf in leaves) for name, leaves in within}
        fitting = [block for block in self.of_block[region.block] if set(picked) <= set(block.table.names)]
        if not fitting:
            raise ValueError("a region's dimensions must be looked at together")
        return min(fitting, key=lambda block: block.table.counts.size).columns(picked)

    def _told(self) -> dict[int, Told]:
        """What earlier releases say, all of it together."""
        found: dict[int, Told] = {}
        for region, told in sorted(self.release.told.items(), key=lambda said: said[0].in_order()):
            if self.is_counted(region):
                number = self._number(region)
                found[number] = found.get(number, Told()).and_also(told)
        return found

    def _others(self) -> Iterator[Region]:
        """Where everybody of a group gave one answer to a special question: those of the group who gave another.
        Nobody did, and that this is so must stay uncertain."""
        for table in self.release.tables:
            for name in sorted(self.release.special & set(table.codes)):
                declared = frozenset(self.release.dimensions[name].groups[DECLARED])
                for key in table.cells():
                    region = region_of(self.release.dimensions, table, key)
                    group = {code: leaves for code, leaves in region.within if code != name}
                    rest = declared - dict(region.within).get(name, declared)
                    if rest and rest != declared:
                        others = Region(table.block, frozenset({*group.items(), (name, rest)}))
                        if self._is_nobody(others) and not self._is_nobody(region):
                            yield others

    def _movers(self) -> Iterator[tuple[Region, int]]:
        """Those of every group who joined or left, or who are elsewhere, where anything is known of it, with how many
        can be at most."""
        groups = {name: list(self._groups(name)) for name in {name for names in self.release.sets for name in names}}
        flows = self.release.flows
        for movers, block, most in (
            *((joiners_between(flow.start, flow.end), flow.end, flow.joiners[1]) for flow in flows),
            *((leavers_between(flow.start, flow.end), flow.start, flow.leavers[1]) for flow in flows),
            *((block, block, int(self.of_block[block][0].table.counts.sum())) for block in self.release.elsewhere),
        ):
            for name in dict.fromkeys(name for part in self.of_block[movers] for name in part.table.names):
                for leaves in groups[name]:
                    if not self.living[block][name] <= leaves:
                        yield Region(movers, frozenset({(name, leaves)})), most

    def _groups(self, name: str) -> Iterator[frozenset[str]]:
        """What a dimension may be split into: leaves as far as any region tells them apart, and groups of these."""
        dimension = self.release.dimensions[name]
        cuts = dict.fromkeys(leaves for region in self.regions for code, leaves in region.within if code == name)
        together: dict[frozenset[frozenset[str]], set[str]] = {}
        for leaf in dimension.leaves:
            together.setdefault(frozenset(cut for cut in cuts if leaf in cut), set()).add(leaf)
        classes = [frozenset(alike) for alike in together.values()]
        for part in dict.fromkeys([*classes, *cuts, *map(frozenset, dimension.groups.values())]):
            whole = all(alike <= part or not alike & part for alike in classes)
            if whole and 0 < len(part) < len(dimension.leaves):
                yield part

    def _is_special(self, region: Region) -> bool:
        """Would it tell something sensitive that they are nobody? Not of those who gave no answer, nor where nobody is
        there of whom it could be told, nor of those who joined or left."""
        special, dimensions = self.release.special, self.release.dimensions
        others = frozenset(
            (name, leaves)
            for name, leaves in region.within
            if name not in special or leaves.isdisjoint(dimensions[name].groups[DECLARED])
        )
        answered = region.block in self.living and others != region.within
        return answered and not self._is_nobody(Region(region.block, others))

    def _is_nobody(self, region: Region) -> bool:
        return self.count(region) == 0

    def count(self, region: Region) -> int:
        return int(sum(sign * self.unknowns[columns].sum() for sign, columns in self._terms(region)))

    def _known(
        self, regions: Sequence[Region], told: Mapping[int, Told]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low = np.array([self._floor(region) for region in regions], dtype=float)
        high = np.full(len(regions), np.inf)
        for number, said in told.items():
            low[number] = max(low[number], said.low)
            high[number] = np.inf if said.high is None else said.high
        return low, high

    def _floor(self, region: Region) -> int:
        """A unit that is listed is known to hold somebody: as many people as occupied leaves."""
        if len(region.within) != 1 or region.block not in self.release.counted:
            return 0
        ((name, leaves),) = region.within
        dimension = self.release.dimensions[name]
        if not dimension.occupied:
            return 0
        answers = leaves & set(dimension.substantive)
        one = [Region(region.block, frozenset({(name, frozenset({leaf}))})) for leaf in sorted(answers)]
        return sum(not self._is_nobody(leaf) for leaf in one)

    def _weight(self, region: Region, finest: int) -> float:
        """A total carries more than the parts that it sums; how many declared at all, more than how they answered."""
        if region.block not in self.release.counted:
            return 0.0
        named, alive = dict(region.within), self.living[region.block]
        dimensions = self.release.dimensions
        declared = len(named) == 1 and any(
            leaves in (alive[name] & set(dimensions[name].groups[kind]) for kind in (DECLARED, NOT_DECLARED))
            for name, leaves in named.items()
        )
        return float(self.release.worth_of_totals ** (finest - len(named) + declared))

    def _rules(self) -> Rules:
        found = _Rows(self.unknowns.size)
        for blocks in self.of_block.values():
            sets = [block.table.names for block in blocks]
            for i, j, shared in ties(sets):
                for within in _leaf_by_leaf(blocks[i].table.dimensions, shared):
                    found.add({1: blocks[i].columns(within), -1: blocks[j].columns(within)}, 0, 0)
        for flow in self.release.flows:
            self._add_flow(found, flow)
        for ratio in self.release.ratios:
            if self.is_counted(ratio.part) and self.is_counted(ratio.whole):
                part, whole = self._columns(ratio.part), self._columns(ratio.whole)
                found.add_terms([(1, part), (-ratio.low, whole)], ratio.least, np.inf)
                found.add_terms([(1, part), (-ratio.high, whole)], -np.inf, ratio.most)
        for inner, outer in self.release.inside:
            for some, all_ in zip(self.of_block[inner], self.of_block[outer], strict=True):
                for at in range(some.table.counts.size):
                    found.add({1: np.array([all_.start + at]), -1: np.array([some.start + at])}, 0, np.inf)
        return found.rules()

    def _add_flow(self, found: "_Rows", flow: Flow) -> None:
        joined = self.of_block[joiners_between(flow.start, flow.end)]
        left = self.of_block[leavers_between(flow.start, flow.end)]
        for total, (low, high) in ((joined[0], flow.joiners), (left[0], flow.leavers)):
            found.add({1: total.columns({})}, low, high)
        for come, gone in zip(joined, left, strict=True):
            names = come.table.names
            start = next(block for block in self.of_block[flow.start] if set(names) <= set(block.table.names))
            end = next(block for block in self.of_block[flow.end] if set(names) <= set(block.table.names))
            for within in _leaf_by_leaf(come.table.dimensions, names):
                before, after = start.columns(within), end.columns(within)
                came, went = come.columns(within), gone.columns(within)
                found.add_terms([(1, after), (-1, before), (-1, came), (1, went)], 0, 0)
                found.add_terms([(1, before), (-1, went)], 0, np.inf)  # those who stayed


class _Rows:
    """Rows of a sparse matrix, as they are found."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.columns: list[Vector] = []
        self.values: list[NDArray[np.float64]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: Mapping[float, Vector], low: float, high: float) -> None:
        self.add_terms(list(terms.items()), low, high)

    def add_terms(self, terms: Sequence[tuple[float, Vector]], low: float = -np.inf, high: float = np.inf) -> None:
        self.columns.append(np.concatenate([columns for _, columns in terms]))
        self.values.append(np.concatenate([np.full(columns.size, float(factor)) for factor, columns in terms]))
        self.low.append(low)
        self.high.append(high)

    def rules(self) -> Rules:
        return Rules(self.matrix(), np.array(self.low), np.array(self.high))

    def matrix(self) -> sparse.csr_array:
        """Columns named twice in a row are added up."""
        ends = np.cumsum([0, *(row.size for row in self.columns)])
        inside = np.concatenate([np.zeros(0, dtype=np.int64), *self.columns])
        data = np.concatenate([np.zeros(0), *self.values])
        found = sparse.csr_array((data, inside, ends), shape=(len(self.columns), self.width))
        found.sum_duplicates()
        return found


def _leaf_by_leaf(dimensions: Sequence[Dimension], names: Sequence[str]) -> Iterator[dict[str, tuple[int]]]:
    picked = [dimension for dimension in dimensions if dimension.code in names]
    for place in np.ndindex(*(len(dimension.leaves) for dimension in picked)):
        yield {dimension.code: (at,) for dimension, at in zip(picked, place, strict=True)}


def _agree(model: Model) -> None:
    truth = model.rules.rows @ model.unknowns
    slack = 1e-6 * (1 + np.abs(truth))
    if (truth < model.rules.low - slack).any() or (truth > model.rules.high + slack).any():
        raise Contradiction("The counts do not agree where they overlap, or not with those who joined and left.")
    if (model.counts < model.low).any() or (model.counts > model.high).any():
        raise Contradiction("The counts do not agree with what was told of the same people before.")
