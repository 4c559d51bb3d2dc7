"""How open every count must stay: what a policy asks, given what would be printed and what is hidden."""

from dataclasses import dataclass

import numpy as np

from equality.disclosure.model import Floats, Mask, Model, Vector
from equality.disclosure.policy import Policy


@dataclass(frozen=True)
class Printing:
    """What would be printed of every region that is not hidden: at least ``low``, at most ``high``."""

    low: Floats
    high: Floats


def limits_of(model: Model, printing: Printing) -> tuple[Floats, Floats]:
    """What holds of a region that is not hidden: what would be printed of it, and what is known anyway."""
    low = np.where(model.wanted, np.maximum(printing.low, model.low), model.low)
    high = np.where(model.wanted, np.minimum(printing.high, model.high), model.high)
    return low, high


def bounds_of(model: Model, printing: Printing, hidden: Mask) -> tuple[Floats, Floats]:
    """What is known of every region when these are hidden: at least, at most."""
    low, high = limits_of(model, printing)
    return np.where(hidden, model.low, low), np.where(hidden, model.high, high)


@dataclass(frozen=True)
class Goals:
    """How wide every region must stay, in whole people. ``low``, ``high``: where ``must``, how far it must seem able
    to reach at least, one way and the other. Where ``wide``: it must be ``width`` wide, or beyond doubt at the
    threshold."""

    low: Vector
    high: Vector
    must: Mask
    wide: Mask
    width: Vector

    def missed(self, least: Vector, most: Vector) -> Mask:
        """Regions that do not stay open enough between these counts."""
        found: Mask = (self.must & ((least > self.low) | (most < self.high))) | (
            self.wide & (most - least < self.width)
        )
        return found


def goals_of(model: Model, policy: Policy, printing: Printing, hidden: Mask) -> Goals:
    """What the policy asks of every region, given which are hidden."""
    low, high = bounds_of(model, printing, hidden)
    told, others, movers = model.among(model.told), model.among(model.others), model.among(model.movers)
    open_ = (high > low) & ~model.empty & (model.wanted | told | (movers & (model.counts > 0)))
    small = open_ & are_small(model, policy)
    elsewhere = others & (model.counts == 0) & ~model.empty & (high > low)
    wide = open_ & ~small & (low < policy.threshold)
    width = np.where(wide, np.minimum(policy.width, high - low), 0)
    top = np.where(movers, model.counts, np.minimum(high, np.maximum(policy.threshold, low + policy.width)))
    return Goals(
        low=low.astype(np.int64),
        high=np.where(small, top, np.where(elsewhere, np.maximum(1, width), 0)).astype(np.int64),
        must=small | elsewhere,
        wide=wide & ~elsewhere,
        width=width.astype(np.int64),
    )


def cannot_be_printed(model: Model, policy: Policy, printing: Printing) -> Mask:
    """Regions whose printed form would not be true, or, beside what is known, would bound a small number too
    narrowly by itself."""
    low, high = limits_of(model, printing)
    untrue = (model.counts < printing.low) | (model.counts > printing.high)
    telling = (low < policy.threshold) & (high - low < np.minimum(policy.width, model.high - model.low))
    found: Mask = untrue | (telling & (printing.low < printing.high))
    return found


def are_small(model: Model, policy: Policy) -> Mask:
    """Regions whose counts may not be told."""
    counts = model.counts
    found: Mask = (counts > 0) & (counts < policy.threshold)
    return found | ((counts == 0) & model.special & ~model.empty) if policy.zeros else found
