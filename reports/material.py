"""Everything that a quarterly report is composed from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from equality.disclosure.averages import SafeGap
from equality.disclosure.policy import Policy
from equality.disclosure.protection import Protected
from equality.disclosure.release import Within
from equality.disclosure.safe import SafeTable
from equality.quarters import Quarter
from equality.tables import TOTAL
from monitoring.figures.counting import People
from monitoring.inspections.models import Finding
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission
from reports.compared import BY_PAY
from reports.contents import Contents
from reports.workforce import gaps_of


@dataclass(frozen=True)
class Material:
    """``before``: numbers shown of the quarter before, or None.
    ``hidden_before``: people whose number of the quarter before is hidden. ``unlinked``: pairs of quarters between
    which nobody could be followed. ``beside``: names of organisations that share people with this one, and that
    something was published of in this quarter. ``versions``: of this report, published before."""

    organisation: Organisation
    quarter: Quarter
    policy: Policy
    findings: Sequence[Finding]
    submission: Submission | None = None
    people: People | None = None
    protected: Protected | None = None
    before: Mapping[Within, int] | None = None
    hidden_before: Collection[Within] = ()
    unlinked: Sequence[tuple[str, str]] = ()
    beside: Sequence[str] = ()
    versions: Sequence[Contents] = ()

    @cached_property
    def gaps(self) -> Mapping[str, Mapping[str, SafeGap]]:
        """Pay gaps that may be shown, by characteristic and group."""
        tables = {name: self.table(f"pay-by-{name}") for name in BY_PAY} if self.people else {}
        return {
            name: gaps_of(self.people, table, self.policy, self.versions)
            for name, table in tables.items()
            if self.people and table
        }

    @property
    def tables(self) -> list[SafeTable]:
        """The tables of the quarter that the report is about."""
        return self.protected.of_block(str(self.quarter)) if self.protected else []

    def table(self, table_id: str) -> SafeTable | None:
        """One of them, or of the quarter before; None where there is no such table."""
        return self.protected.tables.get(table_id) if self.protected else None

    @property
    def total(self) -> int | None:
        """Everybody, where that may be shown."""
        one_way = next((table for table in self.tables if len(table.codes) == 1), None)
        return one_way.cell(TOTAL).value if one_way else None
