"""Controlled rounding: every count to one of its two neighbouring multiples, so that tables still add up.

Cox (1987) showed that a two-way table always can be; three-way and linked tables cannot always. What does not fit is
left for the search to hide. Of the two multiples the one is taken that tells least beside what is known already: that a
number was printed as 0 before, or that somebody is there."""

import highspy
import numpy as np
from scipy import sparse

from equality.disclosure.model import Floats, Model, Vector
from equality.disclosure.policy import Policy
from equality.disclosure.solver import QuietHighs, linear_programme

_NODES = 200
_MISFIT = 10.0  # a region that does not fit costs as much as so many that are rounded the farther way
_OF_EVERYBODY = 100.0  # times that, where the region is everybody, who cannot be hidden


def controlled(model: Model, policy: Policy) -> list[int]:
    """The rounded count of every region: sums of rounded unknowns, which add up; a multiple that is not next to the
    count where none was found. Zero stays zero.

    The unknowns are rounded by an integer programme that keeps every printed region between its neighbouring
    multiples, and prefers the nearer one."""
    base = policy.base
    size, wanted = model.unknowns.size, np.flatnonzero(model.wanted)
    below = model.unknowns // base
    matrix = model.matrix[wanted]
    identity = sparse.eye_array(wanted.size, format="csr")
    same = np.flatnonzero((model.rules.low == 0) & (model.rules.high == 0))
    rules = model.rules.rows[same]
    none = sparse.csr_array((same.size, wanted.size))
    rows = sparse.csr_array(
        sparse.vstack([sparse.hstack([matrix, -identity, identity]), sparse.hstack([rules, none, none])])
    )
    settled = matrix @ below
    low, high = (neighbour[wanted] // base - settled for neighbour in _neighbours(model, policy))
    balance = -(rules @ below)
    # Rounding a person up to the base is worth as much as the count is near to it.
    part = (model.unknowns % base) / base
    misfit = np.where(model.among(model.everybody)[wanted], _OF_EVERYBODY, 1.0) * _MISFIT
    cost = np.concatenate([1.0 - 2.0 * part, misfit, misfit])
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
    found: list[int] = (base * np.rint(model.matrix @ (below + chosen)).astype(np.int64)).tolist()
    return found


def _stand_for(rounded: Vector, policy: Policy) -> tuple[Floats, Floats]:
    """What these multiples say: at least, at most."""
    limits = np.array([policy.stands_for(multiple) for multiple in rounded.tolist()], dtype=float).reshape(-1, 2)
    return limits[:, 0], limits[:, 1]


def _neighbours(model: Model, policy: Policy) -> tuple[Vector, Vector]:
    """The least and the greatest multiple that every region may be rounded to: the two beside its count, or the one of
    them that tells less beside what is known."""
    below = model.counts // policy.base * policy.base
    above = -(-model.counts // policy.base) * policy.base
    down, up = _harmless(model, policy, below), _harmless(model, policy, above)
    return np.where(up > down, above, below), np.where(down > up, below, above)


def _harmless(model: Model, policy: Policy, rounded: Vector) -> Vector:
    """How little these multiples tell of every region: 2, nothing that is not known; 1, nothing of a small number; 0,
    something of one."""
    low, high = _stand_for(rounded, policy)
    known = (low <= model.low) & (model.high <= high)
    low, high = np.maximum(low, model.low), np.minimum(high, model.high)
    safe = (low >= policy.threshold) | (high - low >= policy.width)
    return np.where(known, 2, np.where(safe, 1, 0))
