"""Counting: from sealed columns to exact tables, by one pass over small integers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equality.characteristics import VARIABLES
from equality.grouping import Grouping, present
from equality.measures.pay import Pay, summarise
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table
from monitoring.submissions.models import State, Submission
from monitoring.vault.datasets import Opened, open_columns
from monitoring.vault.models import SealedDataset

PAY = "hourly_pay"
_PAY_DIMENSION = Dimension(
    code=PAY,
    label="Hourly pay",
    leaves=("GIVEN", "NOT_GIVEN"),
    groups={DECLARED: ("GIVEN",), NOT_DECLARED: ("NOT_GIVEN",), TOTAL: ("GIVEN", "NOT_GIVEN")},
    labels={"GIVEN": "Pay given", "NOT_GIVEN": "Pay not given", TOTAL: "All people"},
    version="given or not",
)


class NotAccepted(LookupError):
    """There is no accepted submission to count."""


@dataclass(frozen=True)
class People:
    """The people of one dataset, as columns of codes. ``also``: keys of other quarters that the presentation should
    hold too, so that quarters can be compared."""

    opened: Opened
    also: Mapping[str, Sequence[str]]

    @property
    def size(self) -> int:
        return self.opened.rows

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Variables that this dataset holds, in the order of the catalogue."""
        return tuple(name for name in VARIABLES if name in self.opened.columns.column_names)

    @property
    def has_pay(self) -> bool:
        return PAY in self.opened.columns.column_names

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        found = {name: grouping.dimension for name, grouping in self._groupings.items()}
        return found | ({PAY: _PAY_DIMENSION} if self.has_pay else {})

    def table(self, names: Sequence[str]) -> Table:
        """Exact counts over the leaves of some dimensions."""
        dimensions = tuple(self.dimensions[name] for name in names)
        shape = tuple(len(dimension.leaves) for dimension in dimensions)
        place = np.zeros(self.size, dtype=np.int64)
        for name, length in zip(names, shape, strict=True):
            place *= length
            place += self._leaf_of_rows(name)
        return Table(dimensions, np.bincount(place, minlength=int(np.prod(shape))).reshape(shape))

    def pay(self, name: str, codes: Iterable[str]) -> dict[str, Pay | None]:
        """Exact pay of each code's people whose pay is given."""
        column = self.opened.columns.column(PAY).combine_chunks()
        given = ~column.is_null().to_numpy(zero_copy_only=False)
        hourly = column.fill_null(0).to_numpy(zero_copy_only=False)
        leaves, dimension = self._leaf_of_rows(name), self.dimensions[name]
        return {code: summarise(hourly[given & np.isin(leaves, dimension.members(code))]) for code in codes}

    @cached_property
    def _groupings(self) -> dict[str, Grouping]:
        codes: Mapping[str, list[str]] = self.opened.about["codes"]
        return {name: present(name, [*codes[name], *self.also.get(name, ())]) for name in self.variables}

    def _leaf_of_rows(self, name: str) -> NDArray[np.uint16]:
        column = self.opened.columns.column(name)
        if name == PAY:
            missing: NDArray[np.uint16] = column.is_null().to_numpy().astype(np.uint16)
            return missing
        grouping = self._groupings[name]
        position = grouping.dimension.position
        leaf_of_code = np.array(
            [position[grouping.leaf_of[key]] for key in self.opened.about["codes"][name]], dtype=np.uint16
        )
        counted: NDArray[np.uint16] = leaf_of_code[column.to_numpy()]
        return counted


def people_of(submission: Submission, also: Mapping[str, Sequence[str]] | None = None) -> People:
    """The people of an accepted submission, every counted column and no reference. Raises NotAccepted for any other
    state."""
    if submission.state != State.ACCEPTED or submission.dataset is None:
        raise NotAccepted("Only an accepted submission reaches figures.")
    return _people(submission.dataset, also or {})


def candidates_of(submission: Submission) -> People:
    """The people of a checked submission, for its own sender to see what accepting would count. For previews
    alone."""
    if submission.state != State.CHECKED or submission.dataset is None:
        raise NotAccepted("Only a checked submission can be previewed.")
    return _people(submission.dataset, {})


def keys_of(submission: Submission) -> Mapping[str, Sequence[str]]:
    """The keys that an accepted submission's columns hold."""
    if submission.dataset is None:
        raise NotAccepted("Only an accepted submission reaches figures.")
    codes: Mapping[str, Sequence[str]] = open_columns(submission.dataset, []).about["codes"]
    return codes


def _people(dataset: SealedDataset, also: Mapping[str, Sequence[str]]) -> People:
    columns = [name for name in dataset.columns if name in VARIABLES or name == PAY]
    return People(open_columns(dataset, columns), also)
