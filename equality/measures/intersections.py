"""Where characteristics meet: women of one ethnic group, disabled people of one sex.

Cells are small. Each shows its number, its percentage only from a least number on, and whether it differs from
everybody else only after all cells of the table were tested together."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from equality.measures.answers import Answer, by_group
from equality.measures.whole_tables import compare_table

HIDDEN = "A percentage is not shown where a cell has too few people."

Cells = Mapping[str, Mapping[str, int]]


def intersectional_percent(*, cells: Cells, min_n: int = 30) -> Answer:
    """Yes in percent of yes and no, cell by cell, with the number of people."""
    found = {name: _percent(cell, min_n) for name, cell in cells.items()}
    return by_group(found, hidden=[cell["percent"] is None for cell in found.values()], why=HIDDEN)


def intersectional_comparison(*, cells: Cells, min_n: int = 30) -> Answer:
    """Each cell against everybody outside it, with p-values adjusted over the table (Benjamini and Hochberg). None for
    cells that are too small."""
    yes = np.array([cell["yes"] for cell in cells.values()])
    people = yes + np.array([cell["no"] for cell in cells.values()])
    table = compare_table(yes, people, yes.sum() - yes, people.sum() - people, hidden=people < min_n)
    numbers = np.where(table.too_few, np.nan, (table.difference, *table.difference_limits, table.p_adjusted))
    found = {
        name: {"n": int(n), "diff_pp": 100 * diff, "low": 100 * low, "high": 100 * high, "p_adjusted": p}
        for name, n, (diff, low, high, p) in zip(cells, people, numbers.T, strict=True)
    }
    return by_group(found, hidden=list(table.too_few), why=HIDDEN)


def _percent(cell: Mapping[str, int], least: int) -> dict[str, int | Fraction | None]:
    people = cell["yes"] + cell["no"]
    return {"n": people, "percent": Fraction(100 * cell["yes"], people) if people >= max(least, 1) else None}
