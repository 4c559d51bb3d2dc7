"""Where the facts of the lists come from, and whether anybody opened it."""

from dataclasses import dataclass
from functools import cache

from equality.listfiles import rows


@dataclass(frozen=True, slots=True)
class Source:
    """One row of ``sources.csv``. ``date`` as the source gives it (``n.d.``: it gives none). ``access``: how much of
    it was read."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    access: str


@cache
def sources() -> dict[str, Source]:
    """Every source by its id."""
    return {
        row["source_id"]: Source(
            row["source_id"], row["title"], row["publisher"], row["date"], row["url"], row["access"]
        )
        for row in rows("sources.csv")
    }


def named(ids: str) -> tuple[Source, ...]:
    """The sources of a ``;``-separated column. Raises KeyError for one that is not in the list."""
    return tuple(sources()[one] for one in ids.split(";"))
