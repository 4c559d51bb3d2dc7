"""The linear-programming library, silenced. Both the search and the attacker stand on it; they share nothing else."""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_Floats = NDArray[np.float64]
_Status = highspy.HighsModelStatus
ANSWERED = (_Status.kOptimal, _Status.kSolutionLimit, _Status.kInterrupt)


class QuietHighs(highspy.Highs):
    """HiGHS greets on standard output when its callbacks are enabled, which would spoil a command's JSON."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the binding has no annotations
        self.setOptionValue("threads", 1)
        self.setOptionValue("parallel", "off")
        self.setOptionValue("random_seed", 0)

    def run(self) -> highspy.HighsStatus:
        """Where the simplex method could not go on from the answer before, as happens when what is known leaves little
        room, it begins from the beginning."""
        ended = super().run()
        if self.getModelStatus() == _Status.kUnknown:
            self.clearSolver()
            ended = super().run()
        return ended

    def ray(self) -> _Floats | None:
        """What multiplies the rows of a programme without an answer to show that it has none."""
        _, there_is, found = self.getDualRay()  # type: ignore[attr-defined]  # the binding's annotations leave it out
        return np.array(found) if there_is else None

    def enableCallbacks(self) -> None:  # noqa: N802  # the library's name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # the binding has no annotations


def linear_programme(
    rows: sparse.csr_array, cost: _Floats, upper: _Floats, low: _Floats, high: _Floats, *, whole: int = 0
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


def steps_of(solver: highspy.Highs) -> int:
    """Steps of the simplex method that the last answer took."""
    return max(0, int(solver.getInfo().simplex_iteration_count))
