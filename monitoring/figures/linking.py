"""Following the same people from one quarter to another: who joined, who left, and what those who stayed did not
change. A reader is assumed to know how many joined and left."""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from equality.disclosure.release import Flow
from monitoring.figures.counting import People

# What a reader takes for granted that nobody changes from quarter to quarter.
STEADY = ("ethnicity", "sex")


@dataclass(frozen=True)
class Stayers:
    """Two quarters of the same organisation, linked person by person. ``came``: rows of the end that are not in the
    start; ``went``: rows of the start that are not in the end. ``steady``: variables of ``STEADY`` in which indeed
    nobody who stayed changed: answers that were given meanwhile, or corrected, are changes too."""

    start: People
    end: People
    came: NDArray[np.bool_]
    went: NDArray[np.bool_]
    steady: tuple[str, ...]

    def flow(self, start: str, end: str) -> Flow:
        """What links the two blocks of these names in a release."""
        came, went = int(self.came.sum()), int(self.went.sum())
        return Flow(
            start=start,
            end=end,
            joiners=(came, came),
            leavers=(went, went),
            fixed=self.steady,
            joined=cache(partial(self.end.table, among=self.came)),
            left=cache(partial(self.start.table, among=self.went)),
        )


def stayers(start: People, end: People, before: pa.Array | None, after: pa.Array | None) -> Stayers | None:
    """Link two quarters by the references of their rows; None where either has none, or names somebody twice, or
    nothing is steady."""
    if before is None or after is None or _repeats(before) or _repeats(after):
        return None
    place = pc.index_in(after, value_set=before)
    stayed = place.is_valid().to_numpy(zero_copy_only=False)
    was = place.fill_null(0).to_numpy(zero_copy_only=False)[stayed]
    went = np.ones(len(before), dtype=bool)
    went[was] = False
    steady = tuple(
        name
        for name in STEADY
        if name in start.variables
        and name in end.variables
        and (start.leaf_of_rows(name)[was] == end.leaf_of_rows(name)[stayed]).all()
    )
    return Stayers(start, end, ~stayed, went, steady) if steady else None


def _repeats(references: pa.Array) -> bool:
    return bool(references.null_count) or len(pc.unique(references)) < len(references)
