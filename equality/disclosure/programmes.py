"""The linear and integer programmes of the search: the cheapest change of a population that moves one region.

One persistent linear programme; between questions only bounds and costs change. Where its answer is not whole people,
one unknown after the other is settled; where that leads nowhere, a small integer programme looks among the categories
that the answer used. Where there are too many unknowns for that, small programmes look in the neighbourhood of the
region instead: they hide more, and are quick."""

from collections.abc import Callable, Collection

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.excerpts import ATOM_COST, WHOLE, Excerpt, are_whole, settle
from equality.disclosure.model import Floats, Mask, Model, Multipliers, Vector
from equality.disclosure.neighbourhoods import Neighbourhoods
from equality.disclosure.pool import Pool
from equality.disclosure.solver import QuietHighs, linear_programme

_STEPS = 50_000  # a limit that every machine reaches at the same point, unlike limits of time
_COMPARED = 2  # neighbourhoods, if one of them has an answer
_MANY = 30_000  # unknowns that are too many to look among all


class Programme:
    """Columns: people added to unknowns, people taken from each unknown that has some, what is pushed up and down of
    each region that could be hidden, and people added to further unknowns. A region of one unknown needs no row and no
    pushing: its unknown is dear itself.

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
        self.staying = np.zeros(self.regions, dtype=bool)
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
        # What adding a person to an unknown, or taking one from it, costs, and how many at most.
        self.worth = self._worth()
        self.added = np.where(model.closed, 0.0, highspy.kHighsInf)
        self.taken = model.unknowns.astype(float)
        # Columns.
        rows = sparse.csc_array(sparse.vstack([model.matrix[self.rowed], model.rules.rows]))
        self.pool = Pool(rows, model.useful, model.unknowns > 0)
        self.takers = np.flatnonzero(self.taken)
        self.taking = np.full(self.size, -1)
        self.taking[self.takers] = self.pool.known.size + np.arange(self.takers.size)
        self.up = np.full(self.regions, -1)
        self.up[self.pushed] = self.pool.known.size + self.takers.size + np.arange(self.pushed.size)
        self.down = np.where(self.up < 0, -1, self.up + self.pushed.size)
        self.highs = self._model(rows)
        self.near = Neighbourhoods(model) if self.size > _MANY else None
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

    def stay(self, region: int) -> None:
        """Show a region, and never hide it again."""
        self.hidden[region] = False
        self._let([region], stay=True)

    def _let(self, regions: Collection[int], *, stay: bool) -> None:
        for region in regions:
            self.staying[region] = stay
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

    def witness(
        self, region: int, change: int, *, still: Collection[int] = (), everywhere: bool = False
    ) -> Vector | None:
        """The cheapest whole change of the unknowns that moves a region by so many, within what would be known of it,
        and does not move those of ``still``; None if none is found. ``everywhere``: also where none is nearby,
        however many unknowns there are."""
        low, high = self.limits(region)
        if not low <= change <= high:
            return None
        self._pinned = dict.fromkeys(still, 0) | {region: change}
        if self.near is not None:
            nearby = self._nearby(self.near, region)
            if nearby is not None or not everywhere:
                return nearby
        for pinned, moved in self._pinned.items():
            self._pin(pinned, moved)
        try:
            found = self._solve()
            if found is not None and not self._frozen:
                found = self._fewer(found)
            if found is not None and not are_whole(found):
                whole = self._rounded()
                found = found if whole is None else whole
        finally:
            self._price(self._worth(), self.cost)
            for pinned in self._pinned:
                self._settle(pinned)
        if found is None or are_whole(found):
            return None if found is None else np.rint(found).astype(np.int64)
        return self._whole(found)

    def extreme(self, region: int, *, least: bool, everything: bool = False) -> float | None:
        """The least or greatest count of a region that is compatible with what would be printed (``everything``: with
        what is public already, were all else hidden); None without limit. A bound that no whole population
        exceeds."""
        frozen, staying = self._frozen, np.flatnonzero(self.staying).tolist() if everything else []
        self.freeze(frozen=not everything)
        self._let(staying, stay=False)
        sign = 1.0 if least else -1.0
        row = sign * np.asarray(self.model.matrix[[region], :].todense()).ravel()
        self._price(row, np.zeros(self.regions), taking=-row)
        self._run()
        status = self.highs.getModelStatus()
        value = self.highs.getInfo().objective_function_value
        self.multipliers = self._multipliers(row)
        self._price(self._worth(), self.cost)
        self._let(staying, stay=True)
        self.freeze(frozen=frozen)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self.model.counts[region] + sign * value)

    def at_any_price(self, region: int, change: int) -> tuple[Vector | None, bool]:
        """Some whole change that moves a region by so many, were all hidden that can be, if one is found soon enough;
        and whether it is certain that there is none."""
        self._pinned = {region: change}
        nothing = np.zeros(self.regions, dtype=bool)
        hidden = self.hidden | (self.movable & ~self.staying)
        excerpt = self._excerpt(np.flatnonzero(self.model.useful), hidden, nothing)
        return self._whole_answer(excerpt, Excerpt.integer), excerpt.impossible

    def _alone(self) -> Vector:
        """The unknown that a region consists of, where it is one and its printed form leaves nothing open; else -1."""
        matrix, exact = self.model.matrix, self.printed[0] == self.printed[1]
        found = np.full(self.regions, -1)
        taken: set[int] = set()
        for region in np.flatnonzero((self.model.open_unknowns == 1) & exact & self.model.is_sum).tolist():
            inside = matrix.indices[matrix.indptr[region] : matrix.indptr[region + 1]]
            (unknown,) = inside[~self.model.closed[inside]].tolist()
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

    def _worth(self, less: Floats | float = 1.0) -> Floats:
        """What it costs to change each unknown by a person; of what is to be hidden then, divided by ``less``."""
        people, cost = np.full(self.size, ATOM_COST), self.cost / less
        dear = np.flatnonzero((self.unknown >= 0) & ~self.hidden)
        people[self.unknown[dear]] += cost[dear]
        return people

    def _price(self, adding: Floats, pushing: Floats, *, taking: Floats | None = None) -> None:
        """What every column costs: of the unknowns to add to and, where that differs, to take from; of the regions to
        push."""
        self.worth = adding
        taking = adding if taking is None else taking
        costs = np.zeros(self.highs.getNumCol())
        costs[self.pool.place[self.pool.known]] = adding[self.pool.known]
        costs[self.taking[self.takers]] = taking[self.takers]
        costs[self.up[self.pushed]] = costs[self.down[self.pushed]] = pushing[self.pushed]
        self.highs.changeColsCost(costs.size, np.arange(costs.size, dtype=np.int32), costs)

    def _settle(self, region: int) -> None:
        """The bounds, and the price, of a region between questions."""
        low, high = self.limits(region)
        stuck = self.hidden[region] or self._frozen or self.staying[region] or not self.movable[region]
        if self.unknown[region] < 0:
            self.highs.changeRowBounds(self.row[region], low, high)
            if self.movable[region]:
                self._push(region, 0.0 if stuck else highspy.kHighsInf)
            return
        unknown = int(self.unknown[region])
        if not stuck:
            low, high = -highspy.kHighsInf, highspy.kHighsInf
        self.worth[unknown] = ATOM_COST + (0.0 if self.hidden[region] else float(self.cost[region]))
        self.added[unknown], self.taken[unknown] = high, min(float(self.model.unknowns[unknown]), -low)
        for column, limit in self._columns(unknown):
            self.highs.changeColBounds(column, 0.0, limit)
            self.highs.changeColCost(column, float(self.worth[unknown]))

    def _columns(self, unknown: int) -> list[tuple[int, float]]:
        """The columns that change an unknown, with how many people at most."""
        places = (
            (int(self.pool.place[unknown]), float(self.added[unknown])),
            (int(self.taking[unknown]), float(self.taken[unknown])),
        )
        return [(column, limit) for column, limit in places if column >= 0]

    def _pin(self, region: int, change: int) -> None:
        """Ask for a change of exactly so many, until the region is settled again."""
        if self.unknown[region] < 0:
            self.highs.changeRowBounds(self.row[region], float(change), float(change))
            if self.movable[region]:
                self._push(region, 0.0)
            return
        unknown = int(self.unknown[region])
        if self.pool.place[unknown] < 0:
            self.pool.join(self.highs, np.array([unknown]), self.worth, self.added)
        for column, people in ((self.pool.place[unknown], max(change, 0)), (self.taking[unknown], max(-change, 0))):
            if column >= 0:
                self.highs.changeColBounds(int(column), float(people), float(people))

    def _push(self, region: int, limit: float) -> None:
        self.highs.changeColBounds(self.up[region], 0.0, limit)
        self.highs.changeColBounds(self.down[region], 0.0, limit)

    def _solve(self) -> Floats | None:
        self.highs.clearSolver()  # from no change at all it is less far than from the change before
        self._run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._change(np.array(self.highs.getSolution().col_value))

    def _change(self, values: Floats) -> Floats:
        """Of every unknown, from the values of the columns."""
        change = np.zeros(self.size)
        change[self.pool.known] = values[self.pool.place[self.pool.known]]
        change[self.takers] -= values[self.taking[self.takers]]
        return change

    def _fewer(self, found: Floats) -> Floats:
        """Another answer that hides less, if there is one. A programme counts how far regions are moved, and so prefers
        many a little to few a lot; asked again with what it moved far made cheaper, it moves fewer."""
        moved, lost = self._moved(found)
        if np.count_nonzero(moved) < 2:
            return found
        self._price(self._worth(1.0 + moved), self.cost / (1.0 + moved))
        other = self._solve()
        return other if other is not None and self._moved(other)[1] < lost else found

    def _moved(self, change: Floats | Vector) -> tuple[Floats, float]:
        """How far regions are moved that are not hidden, and what it costs to hide them."""
        moved = np.abs(self.model.matrix @ change) * (self.movable & ~self.hidden)
        moved[moved < WHOLE] = 0.0
        return moved, float(self.cost[moved > 0].sum())

    def _run(self) -> None:
        """Effort: steps of the simplex method times the number of unknowns and regions, which is the same on every
        machine, unlike time."""
        steps = self.pool.run(self.highs, self.worth, self.added)
        self.effort += steps * (self.pool.known.size + self.regions)

    def _rounded(self) -> Floats | None:
        """The last answer in whole people, by settling one unknown after the other; None if that takes too long."""
        people = np.concatenate([self.pool.place[self.pool.known], self.taking[self.takers]])
        values, settled = settle(self.highs, people, self._run)
        for column in settled:
            self.highs.changeColBounds(column, 0.0, self._limit(column))
        return None if values is None else self._change(values)

    def _limit(self, column: int) -> float:
        """How many people a column adds or takes at most."""
        taken = self.takers[self.taking[self.takers] == column]
        return float(self.taken[taken[0]] if taken.size else self.added[self.pool.place == column][0])

    def _whole(self, near: Floats) -> Vector | None:
        """The same in whole people: among the categories that the linear answer used, and only moving what it moved;
        then moving anything; then among all categories. Where nothing else may move, the first has to do."""
        moved = np.abs(self.model.matrix @ near) > WHOLE
        box, anything = self._box(np.abs(near) > WHOLE), np.ones(self.regions, dtype=bool)
        wider = () if self._frozen else ((box, anything), (self.pool.place >= 0, anything))
        for among, may_move in ((box, moved), *wider):
            found = self._asked(np.flatnonzero(among), may_move, Excerpt.integer)
            if found is not None:
                return found
        return None

    def _nearby(self, near: Neighbourhoods, region: int) -> Vector | None:
        """The cheapest of some whole changes in the neighbourhood of a region."""
        best, least = None, np.inf
        for asked, columns in enumerate(near.around(region), start=1):
            found = self._asked(columns, np.ones(self.regions, dtype=bool), Excerpt.settled)
            if found is not None:
                lost = self._moved(found)[1]
                if lost < least:
                    best, least = found, lost
            if least == 0 or (best is not None and asked >= _COMPARED):
                break
        return best

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

    def _asked(self, columns: Vector, may_move: Mask, ask: Callable[[Excerpt], Vector | None]) -> Vector | None:
        """The question asked of some unknowns only, when only some regions may move that are not hidden."""
        movable = self.movable & ~self.hidden & ~self.staying & may_move & (not self._frozen)
        return self._whole_answer(self._excerpt(columns, self.hidden, movable), ask)

    def _excerpt(self, columns: Vector, hidden: Mask, movable: Mask) -> Excerpt:
        """The question asked of some unknowns only, with these regions hidden and those movable at their cost."""
        low = np.where(hidden, self.free[0], self.printed[0])
        high = np.where(hidden, self.free[1], self.printed[1])
        pinned = list(self._pinned)
        low[pinned] = high[pinned] = list(self._pinned.values())
        return Excerpt(self.model, columns, movable & ~self.model.among(pinned), self.cost, low, high)

    def _whole_answer(self, excerpt: Excerpt, ask: Callable[[Excerpt], Vector | None]) -> Vector | None:
        found = ask(excerpt)
        self.effort += excerpt.effort
        return found if found is not None and self._holds(found) else None

    def _holds(self, change: Vector) -> bool:
        """A search that was cut short can leave half an answer."""
        rules, truth = self.model.rules, self.model.unknowns
        ruled = rules.rows @ (truth + change)
        return bool(
            (truth + change >= 0).all()
            and (ruled >= rules.low - WHOLE).all()
            and (ruled <= rules.high + WHOLE).all()
            and (self.model.matrix[list(self._pinned)] @ change == list(self._pinned.values())).all()
        )

    def _model(self, rows: sparse.csc_array) -> QuietHighs:
        """With nothing hidden yet."""
        rules = self.model.rules
        pushed = np.arange(self.pushed.size)
        pushing = sparse.csr_array(
            (np.ones(pushed.size), (self.row[self.pushed], pushed)), shape=(rows.shape[0], pushed.size)
        )
        known, takers = self.pool.known, self.takers
        truth = rules.rows @ self.model.unknowns
        highs = QuietHighs()
        highs.setOptionValue("simplex_iteration_limit", _STEPS)
        highs.setOptionValue("presolve", "off")
        highs.passModel(
            linear_programme(
                sparse.csr_array(sparse.hstack([rows[:, known], -rows[:, takers], -pushing, pushing])),
                np.concatenate([self.worth[known], self.worth[takers], np.tile(self.cost[self.pushed], 2)]),
                np.concatenate([self.added[known], self.taken[takers], np.full(2 * pushed.size, highspy.kHighsInf)]),
                np.concatenate([self.printed[0][self.rowed], rules.low - truth]),
                np.concatenate([self.printed[1][self.rowed], rules.high - truth]),
            )
        )
        return highs
