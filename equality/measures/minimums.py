"""When two groups are too few to say anything: one rule for every comparison.

Either base under 10, or fewer than 5 events in both together. The rule is this service's own."""

import numpy as np
from numpy.typing import NDArray

from equality.measures.arrays import TwoGroups

BASE = 10
EVENTS = 5
NEEDED = f"a comparison needs at least {BASE} in each group and {EVENTS} events between them"
RULE = f"The numbers are too few to say: {NEEDED}."


def are_too_few(counts: TwoGroups) -> NDArray[np.bool_]:
    """Which comparisons rest on too few people or events."""
    return np.asarray(
        (counts.base1 < BASE) | (counts.base2 < BASE) | (counts.events1 + counts.events2 < EVENTS), dtype=bool
    )


def too_few(counts: TwoGroups) -> str | None:
    """Why one comparison may not be relied on; None where it may."""
    return RULE if are_too_few(counts).any() else None
