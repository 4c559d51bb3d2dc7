"""The data files of ``equality/lists``: each row with its source and whether it was verified there."""

import csv
import io
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Every row of one list file, as text. The file must exist: a missing list is a broken installation."""
    text = resources.files("equality").joinpath("lists", name).read_text(encoding="utf-8-sig")
    return tuple(csv.DictReader(io.StringIO(text)))
