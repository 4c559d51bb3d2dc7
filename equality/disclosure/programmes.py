"""The linear and integer programmes of the search: the cheapest change of a population that moves one region.

One persistent linear programme; between questions only bounds and costs change. Where its answer is not whole people,
one unknown after the other is settled; where that leads nowhere, a small integer programme looks among the categories
that the answer used."""

from collections.abc import Collection

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.model import Floats, Mask, Model, Multipliers, Vector
from equality.disclosure.solver import QuietHighs

_ATOM_COST = 0.02  # keeps the corners that the solver stops at whole
_WHOLE = 1e-6
_NODES = 500  # limits that every machine reaches at the same point, unlike limits of time
_STEPS = 50_000
_SETTLED = 40  # unknowns at most, one by one, before an integer programme is asked


class Programme:
    """Columns: people added to and taken from each unknown, then what is pushed up and down of each region that could
    be hidden. A region of one unknown needs no row and no pushing: its unknown is dear itself.

    ``printed_low``, ``printed_high``: what each region's printed form would say of it. ``cost``: of moving a region
    that would be printed beyond that, which means hiding it. Hidden regions move freely within what a reader knows
    of them. ``fixed``: regions that cannot be hidden."""

    def __init__(
        self, model: Model, printed_low: Floats, printed_high: Floats, cost: Floats, fixed: Collection[int]
    ) -> None:
        self.model, self.cost = model, cost
        self.size, self.regions = model.unknowns.size, len(model.regions)
        counts = model.counts
        self.printed = (printed_low - counts, printed_high - counts)
        self.free = (model.low - counts, model.high - counts)
        self.movable = ~model.among(fixed)
        self.hidden = np.zeros(self.regions, dtype=bool)
        self.effort = 0
        self.multipliers: Multipliers = (np.zeros(0), np.zeros(0))
        self._frozen = False
        self._pinned: dict[int, int] = {}
        # Where a region stands in it: its one unknown, or its row and the columns that push it (-1: nowhere).
        self.unknown = self._alone()
        self.rowed = np.flatnonzero(self.unknown < 0)
        self.row = np.full(self.regions, -1)
        self.row[self.rowed] = np.arange(self.rowed.size)
        self.pushed = np.flatnonzero((self.unknown < 0) & self.movable)
        self.up = np.full(self.regions, -1)
        self.up[self.pushed] = 2 * self.size + np.arange(self.pushed.size)
        self.down = np.where(self.up < 0, -1, self.up + self.pushed.size)
        self.highs = self._model()
        for region in np.flatnonzero((self.unknown >= 0) & ~self.movable).tolist():
            self._settle(region)

    def hide(self, regions: Collection[int]) -> None:
        for region in regions:
            self.hidden[region] = True
            self._settle(region)

    def show(self, regions: Collection[int]) -> None:
        for region in regions:
            self.hidden[region] = False
            self._settle(region)

    def freeze(self, *, frozen: bool) -> None:
        """Frozen: what is not hidden now must not move at all."""
        if frozen != self._frozen:
            self._frozen = frozen
            for region in np.flatnonzero(~self.hidden & self.movable).tolist():
                self._settle(region)

    def limits(self, region: int) -> tuple[float, float]:
        """How far a region may move, down and up, without anybody noticing."""
        low, high = self.free if self.hidden[region] else self.printed
        return float(low[region]), float(high[region])

    def witness(self, region: int, change: int, *, still: Collection[int] = ()) -> Vector | None:
        """The cheapest whole change of the unknowns that moves a region by so many, within what would be known of it,
        and does not move those of ``still``; None if none is found."""
        low, high = self.limits(region)
        if not low <= change <= high:
            return None
        self._pinned = dict.fromkeys(still, 0) | {region: change}
        for pinned, moved in self._pinned.items():
            self._pin(pinned, moved)
        try:
            found = self._solve()
            if found is not None and not self._frozen:
                found = self._fewer(found)
            if found is not None and not _is_whole(found):
                whole = self._rounded()
                found = found if whole is None else whole
        finally:
            self._price(self._costs())
            for pinned in self._pinned:
                self._settle(pinned)
        if found is None or _is_whole(found):
            return None if found is None else np.rint(found).astype(np.int64)
        return self._whole(found)

    def extreme(self, region: int, *, least: bool, everything: bool = False) -> float | None:
        """The least or greatest count of a region that is compatible with what would be printed (``everything``: with
        what is public already, were all else hidden); None without limit. A bound that no whole population
        exceeds."""
        frozen = self._frozen
        self.freeze(frozen=not everything)
        sign = 1.0 if least else -1.0
        row = sign * np.asarray(self.model.matrix[[region], :].todense()).ravel()
        self._price(np.concatenate([row, -row, np.zeros(2 * self.pushed.size)]))
        self._run()
        status = self.highs.getModelStatus()
        value = self.highs.getInfo().objective_function_value
        self.multipliers = self._multipliers(row)
        self._price(self._costs())
        self.freeze(frozen=frozen)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self.model.counts[region] + sign * value)

    def _alone(self) -> Vector:
        """The unknown that a region consists of, where it is one and its printed form leaves nothing open; else -1."""
        matrix, exact = self.model.matrix, self.printed[0] == self.printed[1]
        open_ = (~self.model.closed).astype(np.int64)
        found = np.full(self.regions, -1)
        taken: set[int] = set()
        for region in np.flatnonzero((matrix @ open_ == 1) & exact).tolist():
            inside = matrix.indices[matrix.indptr[region] : matrix.indptr[region + 1]]
            (unknown,) = inside[open_[inside] == 1].tolist()
            if unknown not in taken:
                taken.add(unknown)
                found[region] = unknown
        return found

    def _multipliers(self, row: Floats) -> Multipliers:
        """What multiplies every region and every rule in the last answer. Of a region without a row, what the others
        leave of its unknown."""
        duals = np.array(self.highs.getSolution().row_dual)
        of_regions, of_rules = np.zeros(self.regions), duals[self.rowed.size :]
        of_regions[self.rowed] = duals[: self.rowed.size]
        left = row - self.model.matrix.T @ of_regions - self.model.rules.rows.T @ of_rules
        alone = np.flatnonzero(self.unknown >= 0)
        rest = left[self.unknown[alone]]
        limited = ~self.hidden[alone] | (rest > 0) | np.isfinite(self.model.high[alone])
        of_regions[alone] = np.where(limited, rest, 0.0)
        return of_regions, of_rules

    def _costs(self, less: Floats | float = 1.0) -> Floats:
        """Of every column as it is now; of every region divided by ``less``."""
        people, cost = np.full(self.size, _ATOM_COST), self.cost / less
        dear = np.flatnonzero((self.unknown >= 0) & ~self.hidden)
        people[self.unknown[dear]] += cost[dear]
        return np.concatenate([people, people, np.tile(cost[self.pushed], 2)])

    def _price(self, costs: Floats) -> None:
        self.highs.changeColsCost(costs.size, np.arange(costs.size, dtype=np.int32), costs)

    def _settle(self, region: int) -> None:
        """The bounds, and the price, of a region between questions."""
        low, high = self.limits(region)
        stuck = self.hidden[region] or self._frozen or not self.movable[region]
        if self.unknown[region] < 0:
            self.highs.changeRowBounds(self.row[region], low, high)
            if self.movable[region]:
                self._push(region, 0.0 if stuck else highspy.kHighsInf)
            return
        unknown = int(self.unknown[region])
        if not stuck:
            low, high = -highspy.kHighsInf, highspy.kHighsInf
        price = _ATOM_COST + (0.0 if self.hidden[region] else float(self.cost[region]))
        most = (high, min(float(self.model.unknowns[unknown]), -low))
        for column, limit in zip((unknown, self.size + unknown), most, strict=True):
            self.upper[column] = limit
            self.highs.changeColBounds(column, 0.0, limit)
            self.highs.changeColCost(column, price)

    def _pin(self, region: int, change: int) -> None:
        """Ask for a change of exactly so many, until the region is settled again."""
        if self.unknown[region] < 0:
            self.highs.changeRowBounds(self.row[region], float(change), float(change))
            if self.movable[region]:
                self._push(region, 0.0)
            return
        unknown = int(self.unknown[region])
        for column, people in ((unknown, max(change, 0)), (self.size + unknown, max(-change, 0))):
            self.highs.changeColBounds(column, float(people), float(people))

    def _push(self, region: int, limit: float) -> None:
        self.highs.changeColBounds(self.up[region], 0.0, limit)
        self.highs.changeColBounds(self.down[region], 0.0, limit)

    def _solve(self) -> Floats | None:
        self.highs.clearSolver()  # from no change at all it is less far than from the change before
        self._run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.array(self.highs.getSolution().col_value)
        change: Floats = values[: self.size] - values[self.size : 2 * self.size]
        return change

    def _fewer(self, found: Floats) -> Floats:
        """Another answer that hides less, if there is one. A programme counts how far regions are moved, and so prefers
        many a little to few a lot; asked again with what it moved far made cheaper, it moves fewer."""
        moved, lost = self._moved(found)
        if np.count_nonzero(moved) < 2:
            return found
        self._price(self._costs(1.0 + moved))
        other = self._solve()
        return other if other is not None and self._moved(other)[1] < lost else found

    def _moved(self, change: Floats) -> tuple[Floats, float]:
        """How far regions are moved that are not hidden, and what it costs to hide them."""
        moved = np.abs(self.model.matrix @ change) * (self.movable & ~self.hidden)
        moved[moved < _WHOLE] = 0.0
        return moved, float(self.cost[moved > 0].sum())

    def _run(self) -> None:
        self.highs.run()
        self.effort += self._steps_of(self.highs)

    def _steps_of(self, solver: highspy.Highs) -> int:
        """What the last answer took: steps of the simplex method times the number of unknowns and regions, which is
        the same on every machine, unlike time."""
        return max(0, int(solver.getInfo().simplex_iteration_count)) * (self.size + self.regions)

    def _rounded(self) -> Floats | None:
        """The last answer in whole people, by settling one unknown after the other, those with the greatest part of a
        person first, and asking again what the others are then; None if that takes too long."""
        settled: set[int] = set()
        try:
            for _ in range(_SETTLED):
                values = np.array(self.highs.getSolution().col_value)[: 2 * self.size]
                part = np.where(np.abs(values - np.rint(values)) > _WHOLE, values - np.floor(values), 0.0)
                column = int(np.argmax(part))
                if part[column] == 0.0:
                    found: Floats = values[: self.size] - values[self.size :]
                    return found
                settled.add(column)
                up = float(np.ceil(values[column]))
                if not (self._settled(column, up) or self._settled(column, up - 1)):
                    return None
            return None
        finally:
            for column in settled:
                self.highs.changeColBounds(column, 0.0, float(self.upper[column]))

    def _settled(self, column: int, people: float) -> bool:
        """Has the question an answer with so many people there?"""
        self.highs.changeColBounds(column, people, people)
        self._run()
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _whole(self, near: Floats) -> Vector | None:
        """The same in whole people: among the categories that the linear answer used, and only moving what it moved;
        then moving anything; then among all categories. Where nothing else may move, the first has to do."""
        moved = np.abs(self.model.matrix @ near) > _WHOLE
        box, anything = self._box(np.abs(near) > _WHOLE), np.ones(self.regions, dtype=bool)
        wider = () if self._frozen else ((box, anything), (~self.model.closed, anything))
        for among, may_move in ((box, moved), *wider):
            found = self._integer(np.flatnonzero(among), may_move)
            if found is not None:
                return found
        return None

    def _box(self, used: Mask) -> Mask:
        """Every combination of the categories that are used, in each set of counts."""
        found = np.zeros(self.size, dtype=bool)
        for block in self.model.blocks:
            inside = np.argwhere(used[block.start : block.stop].reshape(block.table.counts.shape))
            if inside.size:
                within = {
                    dimension.code: np.unique(inside[:, axis]).tolist()
                    for axis, dimension in enumerate(block.table.dimensions)
                }
                found[block.columns(within)] = True
        return found & ~self.model.closed

    def _integer(self, columns: Vector, may_move: Mask) -> Vector | None:
        matrix = self.model.matrix[:, columns]
        touched = np.flatnonzero(np.diff(matrix.indptr))
        low, high = self._row_limits(touched)
        movable = self.movable & ~self.hidden & may_move & (not self._frozen)
        movable[list(self._pinned)] = False
        pushed = np.flatnonzero(movable[touched])
        rules = self.model.rules
        inside = rules.rows[:, columns]
        ruled = np.flatnonzero(np.diff(inside.indptr))
        truth = (rules.rows @ self.model.unknowns)[ruled]
        identity = sparse.csr_array(
            (np.ones(pushed.size), (pushed, np.arange(pushed.size))), shape=(touched.size, pushed.size)
        )
        none = sparse.csr_array((ruled.size, pushed.size))
        rows = sparse.csr_array(
            sparse.vstack(
                [
                    sparse.hstack([matrix[touched], -matrix[touched], -identity, identity]),
                    sparse.hstack([inside[ruled], -inside[ruled], none, none]),
                ]
            )
        )
        price = self.cost[touched[pushed]]
        upper = np.concatenate(
            [
                np.full(columns.size, highspy.kHighsInf),
                self.model.unknowns[columns].astype(float),
                np.full(2 * pushed.size, highspy.kHighsInf),
            ]
        )
        solver = QuietHighs()
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_rel_gap", 0.1)
        solver.passModel(
            linear_programme(
                rows,
                np.concatenate([np.full(2 * columns.size, _ATOM_COST), price, price]),
                upper,
                np.concatenate([low, rules.low[ruled] - truth]),
                np.concatenate([high, rules.high[ruled] - truth]),
                whole=2 * columns.size,
            )
        )
        solver.run()
        self.effort += self._steps_of(solver)
        values = np.array(solver.getSolution().col_value)
        if solver.getModelStatus() not in _ANSWERED or values.size == 0:
            return None
        found = np.zeros(self.size, dtype=np.int64)
        inner = values[: columns.size] - values[columns.size : 2 * columns.size]
        if not _is_whole(inner):
            return None
        found[columns] = np.rint(inner).astype(np.int64)
        return found if self._holds(found) else None

    def _holds(self, change: Vector) -> bool:
        """A search that was cut short can leave half an answer."""
        rules, truth = self.model.rules, self.model.unknowns
        ruled = rules.rows @ (truth + change)
        return bool(
            (truth + change >= 0).all()
            and (ruled >= rules.low - _WHOLE).all()
            and (ruled <= rules.high + _WHOLE).all()
            and (self.model.matrix[list(self._pinned)] @ change == list(self._pinned.values())).all()
        )

    def _row_limits(self, touched: Vector) -> tuple[Floats, Floats]:
        low = np.where(self.hidden, self.free[0], self.printed[0])
        high = np.where(self.hidden, self.free[1], self.printed[1])
        low[list(self._pinned)] = high[list(self._pinned)] = list(self._pinned.values())  # and none may be pushed
        return low[touched], high[touched]

    def _model(self) -> highspy.Highs:
        """With nothing hidden yet."""
        model, rules = self.model, self.model.rules
        pushed = np.arange(self.pushed.size)
        pushing = sparse.csr_array(
            (np.ones(pushed.size), (self.row[self.pushed], pushed)), shape=(self.rowed.size, pushed.size)
        )
        none = sparse.csr_array((rules.rows.shape[0], pushed.size))
        inside = model.matrix[self.rowed]
        rows = sparse.csr_array(
            sparse.vstack(
                [
                    sparse.hstack([inside, -inside, -pushing, pushing]),
                    sparse.hstack([rules.rows, -rules.rows, none, none]),
                ]
            )
        )
        added = np.where(model.closed, 0.0, highspy.kHighsInf)
        self.upper = np.concatenate([added, model.unknowns.astype(float)])
        truth = rules.rows @ model.unknowns
        highs = QuietHighs()
        highs.setOptionValue("simplex_iteration_limit", _STEPS)
        highs.setOptionValue("presolve", "off")
        highs.passModel(
            linear_programme(
                rows,
                self._costs(),
                np.concatenate([self.upper, np.full(2 * pushed.size, highspy.kHighsInf)]),
                np.concatenate([self.printed[0][self.rowed], rules.low - truth]),
                np.concatenate([self.printed[1][self.rowed], rules.high - truth]),
            )
        )
        return highs


_ANSWERED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kInterrupt,
)


def linear_programme(
    rows: sparse.csr_array, cost: Floats, upper: Floats, low: Floats, high: Floats, *, whole: int = 0
) -> highspy.HighsLp:
    """All columns from 0; the first ``whole`` of them in whole people."""
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = rows.shape
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = cost, np.zeros(cost.size), upper
    programme.row_lower_, programme.row_upper_ = low, high
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_, programme.a_matrix_.index_ = rows.indptr, rows.indices
    programme.a_matrix_.value_ = rows.data
    if whole:
        programme.integrality_ = _integrality(cost.size, whole)
    return programme


def _integrality(columns: int, whole: int) -> list[highspy.HighsVarType]:
    kinds = highspy.HighsVarType
    return [kinds.kInteger] * whole + [kinds.kContinuous] * (columns - whole)


def _is_whole(values: Floats) -> bool:
    return bool((np.abs(values - np.rint(values)) < _WHOLE).all())
