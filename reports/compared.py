"""Which groups of a characteristic a report compares, and what it calls them."""

from collections.abc import Mapping
from dataclasses import dataclass

from equality.tables import MINORITY


@dataclass(frozen=True)
class Compared:
    """``watched``: the code that a reader looks for first; ``are``: what those people are; ``people``: the same as a
    plural. ``comparator``: the code they are compared with; ``others``: its people."""

    watched: str
    are: str
    people: str
    comparator: str
    others: str


_NOT_WHITE = "from ethnic groups other than White"
COMPARED: Mapping[str, Compared] = {
    "sex": Compared("F", "women", "women", "M", "men"),
    "ethnicity": Compared(MINORITY, _NOT_WHITE, f"people {_NOT_WHITE}", "WHITE", "White people"),
    "disability": Compared("DISABLED", "disabled", "disabled people", "NOT_DISABLED", "people who are not disabled"),
}
BY_PAY = ("sex", "ethnicity")  # characteristics by which pay is compared
