"""Controlled rounding: every count to one of its two neighbouring multiples, so that tables still add up.

Cox (1987) showed that a two-way table always can be; three-way and linked tables cannot always. What does not fit is
left for the search to hide."""

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.model import Model, Vector
from equality.disclosure.solver import QuietHighs, linear_programme

_NODES = 200
_MISFIT = 10.0  # a region that does not fit costs as much as so many that are rounded the farther way


def controlled(model: Model, base: int) -> Vector:
    """The rounded count of every region: sums of rounded unknowns, which add up; a multiple that is not next to the
    count where none was found. Zero stays zero.

    The unknowns are rounded by an integer programme that keeps every printed region between its neighbouring
    multiples, and prefers the nearer one."""
    size, wanted = model.unknowns.size, np.flatnonzero(model.wanted)
    below = model.unknowns // base
    matrix = model.matrix[wanted]
    counts = model.counts[wanted]
    identity = sparse.eye_array(wanted.size, format="csr")
    same = np.flatnonzero((model.rules.low == 0) & (model.rules.high == 0))
    rules = model.rules.rows[same]
    none = sparse.csr_array((same.size, wanted.size))
    rows = sparse.csr_array(
        sparse.vstack([sparse.hstack([matrix, -identity, identity]), sparse.hstack([rules, none, none])])
    )
    settled = matrix @ below
    low, high = counts // base - settled, -(-counts // base) - settled
    balance = -(rules @ below)
    # Rounding a person up to the base is worth as much as the count is near to it.
    part = (model.unknowns % base) / base
    cost = np.concatenate([1.0 - 2.0 * part, np.full(2 * wanted.size, _MISFIT)])
    upper = np.concatenate([np.where(part > 0, 1.0, 0.0), np.full(2 * wanted.size, highspy.kHighsInf)])
    solver = QuietHighs()
    solver.setOptionValue("mip_max_nodes", _NODES)
    solver.setOptionValue("mip_rel_gap", 0.05)
    solver.passModel(
        linear_programme(rows, cost, upper, np.concatenate([low, balance]), np.concatenate([high, balance]), whole=size)
    )
    solver.run()
    values = np.array(solver.getSolution().col_value)
    chosen = np.rint(values[:size]).astype(np.int64) if values.size else np.zeros(size, dtype=np.int64)
    found: Vector = base * np.rint(model.matrix @ (below + chosen)).astype(np.int64)
    return found
