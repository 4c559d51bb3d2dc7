"""How many people can share places where cliques meet, for the attacker: bounds that hold of every population."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.crossroads import Crossroads
from equality.disclosure.solver import QuietHighs, linear_programme
from equality.disclosure.worlds import Floats


@dataclass(frozen=True)
class Sharing:
    """People who share places, of a kind or more. ``room``: for how many of them there is room at each spot (over the
    unknowns); ``taken``: what those at each place take of it, a column for every kind and place. ``given``: over the
    unknowns, who is taken off their number."""

    room: sparse.csr_array
    taken: sparse.csr_array
    given: Floats

    @staticmethod
    def of(crossroads: Crossroads, groups: Sequence[int], *, outside: bool) -> "Sharing":
        """Those who are in all of some groups, one of every arm; or all who are ``outside`` of one at least, less
        everybody."""
        rooms = crossroads.rooms(outside=outside)
        places = np.arange(crossroads.places)
        kinds = 1 + max(max(room.kinds) for room in rooms)
        rows, taken = [], []
        for room in rooms:
            arm = crossroads.arms[room.arm]
            rows.append(room.rows(arm.members, groups[room.arm]))
            spots = np.tile(arm.spot, len(room.kinds))
            those = np.concatenate([kind * places.size + places for kind in room.kinds])
            shape = arm.members.spots, kinds * places.size
            taken.append(sparse.csr_array((np.ones(spots.size), (spots, those)), shape=shape))
        everybody = crossroads.arms[0].members.everybody.sum(axis=0)
        return Sharing(
            room=sparse.csr_array(sparse.vstack(rows)),
            taken=sparse.csr_array(sparse.vstack(taken)),
            given=everybody if outside else np.zeros(everybody.size),
        )


class Cuts:
    """The prices of room under which the populations met so far make least of those who share places. ``prices``: of
    being of each kind of people."""

    def __init__(self, sharing: Sharing) -> None:
        self.sharing = sharing
        priced, shares = sharing.taken.shape
        asked = sparse.csr_array(sparse.hstack([sharing.taken.T, sparse.csr_array((shares, 1))]))
        self.highs = QuietHighs()
        programme = linear_programme(
            asked,
            np.append(np.zeros(priced), 1.0),
            np.full(priced + 1, highspy.kHighsInf),
            np.ones(shares),
            np.full(shares, highspy.kHighsInf),
        )
        programme.col_lower_ = np.append(np.zeros(priced), -highspy.kHighsInf)
        self.highs.passModel(programme)
        self.prices = np.zeros(sharing.given.size)

    def add(self, populations: Floats) -> None:
        """(unknowns, populations)"""
        counts = np.asarray(self.sharing.room @ populations)
        number = counts.shape[1]
        cuts = sparse.csr_array(np.column_stack([-counts.T, np.ones(number)]))
        self.highs.addRows(
            number,
            -(self.sharing.given @ populations),
            np.full(number, highspy.kHighsInf),
            cuts.nnz,
            cuts.indptr[:-1].astype(np.int32),
            cuts.indices.astype(np.int32),
            cuts.data,
        )

    def solve(self) -> float:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("the linear programme over prices has no answer")
        prices = np.array(self.highs.getSolution().col_value)[:-1]
        self.prices = self.sharing.room.T @ prices - self.sharing.given
        return float(self.highs.getInfo().objective_function_value)
