"""The linear and integer programmes of the search: the cheapest change of a population that moves one region.

One persistent linear programme; between questions only bounds of rows and columns change. Where its answer is not
whole people, a small integer programme looks among the categories that the answer used."""

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


class Programme:
    """Columns: people added to and taken from each unknown, then what is pushed up and down of each printed region.

    ``printed_low``, ``printed_high``: what each region's printed form would say of it. ``cost``: of moving a region
    that would be printed beyond that, which means hiding it. Hidden regions move freely within what a reader knows
    of them. ``fixed``: regions that cannot be hidden."""

    def __init__(
        self, model: Model, printed_low: Floats, printed_high: Floats, cost: Floats, fixed: Collection[int]
    ) -> None:
        self.model, self.cost = model, cost
        self.size, self.regions = model.unknowns.size, len(model.regions)
        self.up, self.down = 2 * self.size, 2 * self.size + self.regions
        counts = model.counts
        self.printed = (printed_low - counts, printed_high - counts)
        self.free = (model.low - counts, model.high - counts)
        self.movable = np.ones(self.regions, dtype=bool)
        self.movable[list(fixed)] = False
        self.hidden = np.zeros(self.regions, dtype=bool)
        self.solved = 0
        self.multipliers: Multipliers = (np.zeros(0), np.zeros(0))
        self._frozen = False
        self.highs = self._model()

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
        self._frozen = frozen
        for region in np.flatnonzero(~self.hidden & self.movable).tolist():
            self._push(region, 0.0 if frozen else highspy.kHighsInf)

    def limits(self, region: int) -> tuple[float, float]:
        """How far a region may move, down and up, without anybody noticing."""
        low, high = self.free if self.hidden[region] else self.printed
        return float(low[region]), float(high[region])

    def witness(self, region: int, change: int) -> Vector | None:
        """The cheapest whole change of the unknowns that moves a region by so many, within what would be known of it;
        None if none is found."""
        low, high = self.limits(region)
        if not low <= change <= high:
            return None
        self.highs.changeRowBounds(region, float(change), float(change))
        self._push(region, 0.0)
        try:
            found = self._solve()
        finally:
            self._settle(region)
        if found is None or _is_whole(found):
            return None if found is None else np.rint(found).astype(np.int64)
        return self._whole(found, region, change)

    def extreme(self, region: int, *, least: bool, everything: bool = False) -> float | None:
        """The least or greatest count of a region that is compatible with what would be printed (``everything``: with
        what is public already, were all else hidden); None without limit. A bound that no whole population
        exceeds."""
        row = np.asarray(self.model.matrix[[region], :].todense()).ravel()
        columns = np.arange(self.up, self.down + self.regions, dtype=np.int32)
        open_ = self.movable & ~self.hidden if everything else np.zeros(self.regions, dtype=bool)
        upper = np.where(np.concatenate([open_, open_]), highspy.kHighsInf, 0.0)
        self.highs.changeColsBounds(columns.size, columns, np.zeros(columns.size), upper)
        numbers = np.arange(self.cost_of_columns.size, dtype=np.int32)
        wanted = np.concatenate([row, -row, np.zeros(2 * self.regions)]) * (1.0 if least else -1.0)
        self.highs.changeColsCost(numbers.size, numbers, wanted)
        self.highs.run()
        self.solved += 1
        status = self.highs.getModelStatus()
        value = self.highs.getInfo().objective_function_value
        duals = np.array(self.highs.getSolution().row_dual)
        self.multipliers = (duals[: self.regions], duals[self.regions :])
        self.highs.changeColsCost(numbers.size, numbers, self.cost_of_columns)
        normal = np.where(self.movable & ~self.hidden & (not self._frozen), highspy.kHighsInf, 0.0)
        self.highs.changeColsBounds(columns.size, columns, np.zeros(columns.size), np.concatenate([normal, normal]))
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self.model.counts[region] + (value if least else -value))

    def _costs(self) -> Floats:
        return np.concatenate([np.full(2 * self.size, _ATOM_COST), self.cost, self.cost])

    def _settle(self, region: int) -> None:
        """The bounds of a region's row and columns between questions."""
        self.highs.changeRowBounds(region, *self.limits(region))
        stuck = self.hidden[region] or self._frozen or not self.movable[region]
        self._push(region, 0.0 if stuck else highspy.kHighsInf)

    def _push(self, region: int, limit: float) -> None:
        self.highs.changeColBounds(self.up + region, 0.0, limit)
        self.highs.changeColBounds(self.down + region, 0.0, limit)

    def _solve(self) -> Floats | None:
        self.highs.clearSolver()  # from no change at all it is less far than from the change before
        self.highs.run()
        self.solved += 1
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.array(self.highs.getSolution().col_value)
        change: Floats = values[: self.size] - values[self.size : 2 * self.size]
        return change

    def _whole(self, near: Floats, region: int, change: int) -> Vector | None:
        """The same in whole people: among the categories that the linear answer used, and only moving what it moved;
        then moving anything; then among all categories. Where nothing else may move, the first has to do."""
        moved = np.abs(self.model.matrix @ near) > _WHOLE
        box, anything = self._box(np.abs(near) > _WHOLE), np.ones(self.regions, dtype=bool)
        wider = () if self._frozen else ((box, anything), (~self.model.closed, anything))
        for among, may_move in ((box, moved), *wider):
            found = self._integer(np.flatnonzero(among), may_move, region, change)
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

    def _integer(self, columns: Vector, may_move: Mask, region: int, change: int) -> Vector | None:
        matrix = self.model.matrix[:, columns]
        touched = np.flatnonzero(np.diff(matrix.indptr))
        low, high = self._row_limits(touched, region, change)
        movable = self.movable & ~self.hidden & may_move & (not self._frozen)
        movable[region] = False
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
        self.solved += 1
        values = np.array(solver.getSolution().col_value)
        if solver.getModelStatus() not in _ANSWERED or values.size == 0:
            return None
        found = np.zeros(self.size, dtype=np.int64)
        inner = values[: columns.size] - values[columns.size : 2 * columns.size]
        if not _is_whole(inner):
            return None
        found[columns] = np.rint(inner).astype(np.int64)
        return found if self._holds(found, region, change) else None

    def _holds(self, change: Vector, region: int, wanted: int) -> bool:
        """A search that was cut short can leave half an answer."""
        rules, truth = self.model.rules, self.model.unknowns
        ruled = rules.rows @ (truth + change)
        return bool(
            (truth + change >= 0).all()
            and (ruled >= rules.low - _WHOLE).all()
            and (ruled <= rules.high + _WHOLE).all()
            and (self.model.matrix[[region], :] @ change)[0] == wanted
        )

    def _row_limits(self, touched: Vector, region: int, change: int) -> tuple[Floats, Floats]:
        low = np.where(self.hidden, self.free[0], self.printed[0])
        high = np.where(self.hidden, self.free[1], self.printed[1])
        low[region] = high[region] = change  # and it is not among those that may be pushed
        return low[touched], high[touched]

    def _model(self) -> highspy.Highs:
        model, identity = self.model, sparse.eye_array(self.regions, format="csr")
        rules = model.rules
        none = sparse.csr_array((rules.rows.shape[0], self.regions))
        rows = sparse.csr_array(
            sparse.vstack(
                [
                    sparse.hstack([model.matrix, -model.matrix, -identity, identity]),
                    sparse.hstack([rules.rows, -rules.rows, none, none]),
                ]
            )
        )
        self.cost_of_columns = self._costs()
        push = np.where(self.movable, highspy.kHighsInf, 0.0)
        added = np.where(model.closed, 0.0, highspy.kHighsInf)
        truth = rules.rows @ model.unknowns
        highs = QuietHighs()
        highs.setOptionValue("simplex_iteration_limit", _STEPS)
        highs.setOptionValue("presolve", "off")
        highs.passModel(
            linear_programme(
                rows,
                self.cost_of_columns,
                np.concatenate([added, model.unknowns.astype(float), push, push]),
                np.concatenate([self.printed[0], rules.low - truth]),
                np.concatenate([self.printed[1], rules.high - truth]),
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
