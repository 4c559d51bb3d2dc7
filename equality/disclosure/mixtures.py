"""How many people find room in the best mixture of some populations, as a linear programme."""

from collections.abc import Sequence

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.crossings import Crossing
from equality.disclosure.model import Floats
from equality.disclosure.solver import QuietHighs, linear_programme


class Mixture:
    """The most that find room in mixtures of some populations. ``prices``: what a person of each kind would be worth in
    another population, if one were added to those it was solved with."""

    def __init__(self, crossing: Crossing, groups: Sequence[int], *, without: bool) -> None:
        limits = crossing.without if without else crossing.together
        rows = limits.rows(groups)
        self.rows = sparse.csr_array(sparse.vstack(rows))
        size = self.rows.shape[1]
        self.given = rows[0].sum(axis=0) if without else np.zeros(size)
        many, columns = limits.taken.shape
        self.highs = QuietHighs()
        self.highs.passModel(
            linear_programme(
                limits.taken,
                -np.ones(columns),
                np.full(columns, np.inf),
                np.append(np.full(many - 1, -np.inf), 1.0),
                np.append(np.zeros(many - 1), 1.0),
            )
        )
        self.prices = np.zeros(size)

    def add(self, populations: Floats) -> None:
        """(unknowns, populations)"""
        counts = self.rows @ populations
        shares = sparse.csc_array(np.vstack([-counts, np.ones(counts.shape[1])]))
        number = counts.shape[1]
        self.highs.addCols(
            number,
            self.given @ populations,
            np.zeros(number),
            np.full(number, np.inf),
            shares.nnz,
            shares.indptr[:-1].astype(np.int32),
            shares.indices.astype(np.int32),
            shares.data,
        )

    def solve(self) -> float:
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("the linear programme over mixtures of populations has no answer")
        self.prices = self.rows.T @ -np.array(self.highs.getSolution().row_dual)[:-1] - self.given
        return -float(self.highs.getInfo().objective_function_value)
