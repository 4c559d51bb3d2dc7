"""Counting: from sealed columns to exact tables, by one pass over small integers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from equality.characteristics import VARIABLES
from equality.grouping import Grouping, present
from equality.measures.pay import Pay, summarise
from equality.measures.pay_quarters import QUARTERS, quarter_of_each
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table
from monitoring.submissions.models import State, Submission
from monitoring.vault.datasets import Opened, open_columns
from monitoring.vault.models import SealedDataset

PAY = "hourly_pay"
REFERENCE = "person"  # a pseudonym
PAID, UNPAID = "GIVEN", "NOT_GIVEN"
PAY_QUARTERS = tuple(quarter.upper() for quarter in reversed(QUARTERS))  # the highest paid first, as reports print them
_SHARED_OUT_BY = ("sex", "ethnicity")
_PAY_DIMENSION = Dimension(
    code=PAY,
    label="Quarter of hourly pay",
    leaves=(*PAY_QUARTERS, UNPAID),
    groups={
        PAID: PAY_QUARTERS,
        DECLARED: PAY_QUARTERS,
        NOT_DECLARED: (UNPAID,),
        TOTAL: (*PAY_QUARTERS, UNPAID),
    },
    labels={
        "UPPER": "Upper quarter (highest paid)",
        "UPPER_MIDDLE": "Upper middle quarter",
        "LOWER_MIDDLE": "Lower middle quarter",
        "LOWER": "Lower quarter (lowest paid)",
        PAID: "All whose pay is given",
        UNPAID: "Pay not given",
        DECLARED: "Pay given",
        NOT_DECLARED: "Pay not given",
        TOTAL: "All people",
    },
    version="quarters of hourly pay (SI 2017/172)",
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

    def table(self, names: Sequence[str], among: NDArray[np.bool_] | None = None) -> Table:
        """Exact counts over the leaves of some dimensions; of the rows ``among``, if they are given."""
        dimensions = tuple(self.dimensions[name] for name in names)
        shape = tuple(len(dimension.leaves) for dimension in dimensions)
        cells = int(np.prod(shape))
        place = np.zeros(self.size, dtype=np.min_scalar_type(cells))  # small numbers are added up faster
        for name, length in zip(names, shape, strict=True):
            place *= place.dtype.type(length)
            place += self.leaf_of_rows(name).astype(place.dtype, copy=False)
        counted = place if among is None else place[among]
        return Table(dimensions, np.bincount(counted, minlength=cells).reshape(shape))

    def table_of(
        self,
        dimensions: Mapping[str, Dimension],
        names: Sequence[str],
        *,
        asked: Collection[str],
        among: NDArray[np.bool_] | None = None,
    ) -> Table:
        """Exact counts over dimensions of which only some were ``asked``: the others count as known of nobody."""
        table = self.table([name for name in names if name in asked], among)
        known = {dimension.code: dimension for dimension in table.dimensions}
        whole = tuple(known.get(name, dimensions[name]) for name in names)
        counts = np.zeros([len(dimension.leaves) for dimension in whole], dtype=np.int64)
        place = (slice(None) if d.code in known else d.position[d.groups[NOT_DECLARED][0]] for d in whole)
        counts[tuple(place)] = table.counts
        return Table(whole, counts)

    def pay(self, name: str, codes: Iterable[str]) -> dict[str, Pay | None]:
        """Exact pay of each code's people whose pay is given."""
        hourly, given = self._hourly
        leaves, dimension = self.leaf_of_rows(name), self.dimensions[name]
        return {code: summarise(hourly[given & np.isin(leaves, dimension.members(code))]) for code in codes}

    @cached_property
    def _hourly(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Hourly pay in ten-thousandths of a pound, nothing where it was not given; and whether it was."""
        column = self.opened.columns.column(PAY).combine_chunks()
        given: NDArray[np.bool_] = ~column.is_null().to_numpy(zero_copy_only=False)
        return column.fill_null(0).to_numpy(zero_copy_only=False), given

    @cached_property
    def _groupings(self) -> dict[str, Grouping]:
        codes: Mapping[str, list[str]] = self.opened.about["codes"]
        return {name: present(name, [*codes[name], *self.also.get(name, ())]) for name in self.variables}

    @cached_property
    def _leaves(self) -> dict[str, NDArray[np.unsignedinteger]]:
        """Variables that have been counted by, each as the position of its leaf for every row."""
        return {}

    def leaf_of_rows(self, name: str) -> NDArray[np.unsignedinteger]:
        """The position of each row's leaf."""
        if name not in self._leaves:
            self._leaves[name] = self._by_pay() if name == PAY else self._coded(name)
        return self._leaves[name]

    def _by_pay(self) -> NDArray[np.unsignedinteger]:
        hourly, given = self._hourly
        kinds = [self.leaf_of_rows(name)[given] for name in _SHARED_OUT_BY if name in self.variables]
        found = np.full(self.size, _PAY_DIMENSION.position[UNPAID], dtype=np.uint8)
        found[given] = len(QUARTERS) - 1 - quarter_of_each(hourly[given], *kinds)  # the highest paid are the first leaf
        return found

    def _coded(self, name: str) -> NDArray[np.unsignedinteger]:
        grouping = self._groupings[name]
        position = grouping.dimension.position
        leaf_of_code = [position[grouping.leaf_of[key]] for key in self.opened.about["codes"][name]]
        small = np.min_scalar_type(len(position))
        counted: NDArray[np.unsignedinteger] = np.array(leaf_of_code, dtype=small)[
            self.opened.columns.column(name).to_numpy()
        ]
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


def references_of(submission: Submission) -> pa.Array | None:
    """Who each row of an accepted submission is, by pseudonym; None where the sender gave no references. For
    following the same people from quarter to quarter, and for nothing else."""
    if submission.dataset is None or REFERENCE not in submission.dataset.columns:
        return None
    return open_columns(submission.dataset, [REFERENCE]).columns.column(REFERENCE).combine_chunks()


def keys_of(submission: Submission) -> Mapping[str, Sequence[str]]:
    """The keys that an accepted submission's columns hold."""
    if submission.dataset is None:
        raise NotAccepted("Only an accepted submission reaches figures.")
    codes: Mapping[str, Sequence[str]] = open_columns(submission.dataset, []).about["codes"]
    return codes


def _people(dataset: SealedDataset, also: Mapping[str, Sequence[str]]) -> People:
    columns = [name for name in dataset.columns if name in VARIABLES or name == PAY]
    return People(open_columns(dataset, columns), also)
