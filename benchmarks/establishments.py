"""Synthetic staff of the kind that disclosure control is measured on: ethnicity by Census 2021 shares, nine grades,
sex and disability, with the gradients that real workforces show. No real person is in them."""

from collections.abc import Mapping
from functools import cache, partial

import numpy as np

from equality.disclosure.release import Release, TableSpec, involved_in, linked
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table

# Percent of residents of England and Wales, Census 2021 (ONS, TS021), rounded; the order of the 19 groups.
_ETHNICITY = {
    "WHITE": {"BRI": 74.4, "IRI": 0.9, "GYP": 0.1, "ROM": 0.2, "OWH": 6.2},
    "MIXED": {"WBC": 0.9, "WBA": 0.4, "WAS": 0.8, "OMI": 0.8},
    "ASIAN": {"IND": 3.1, "PAK": 2.7, "BAN": 1.1, "CHI": 0.7, "OAS": 1.6},
    "BLACK": {"AFR": 2.5, "CAR": 1.0, "OBL": 0.5},
    "OTHER": {"ARA": 0.6, "ANY": 1.5},
}
_GRADES = (4, 27, 26, 17, 10, 9, 4.5, 2, 0.5)
_PER_GRADE = -0.13  # log-odds of an ethnic minority, a grade up
_WOMEN, _FEWER = 0.56, 0.012
_DISABLED, _SILENT = 0.16, 0.14


def dimension(code: str, leaves: tuple[str, ...], groups: dict[str, tuple[str, ...]], silent: str = "") -> Dimension:
    """A dimension; ``silent`` is the leaf of those who did not declare."""
    answers = tuple(leaf for leaf in leaves if leaf != silent)
    sums = {DECLARED: answers, NOT_DECLARED: (silent,) if silent else (), TOTAL: leaves}
    labels = {name: name for name in (*leaves, *groups, *sums)}
    return Dimension(code, code, leaves, {**groups, **sums}, labels)


_LEAVES = tuple(leaf for group in _ETHNICITY.values() for leaf in group)
DIMENSIONS = {
    "ethnicity": dimension("ethnicity", _LEAVES, {group: tuple(inside) for group, inside in _ETHNICITY.items()}),
    "grade": dimension("grade", tuple(f"G{n}" for n in range(1, 10)), {}),
    "sex": dimension("sex", ("F", "M"), {}),
    "disability": dimension("disability", ("YES", "NO", "UNKNOWN"), {}),
}
_GROUPS = tuple(_ETHNICITY)


def staff(people: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Positions of leaves, a column for each dimension."""
    rng = np.random.default_rng(seed)
    shares = np.array([share for group in _ETHNICITY.values() for share in group.values()])
    grade = rng.choice(9, people, p=np.array(_GRADES) / sum(_GRADES))
    white = np.array([leaf in _ETHNICITY["WHITE"] for leaf in _LEAVES])
    tilt = np.exp(np.outer(np.arange(9) - 2.0, np.where(white, 0.0, _PER_GRADE))) * shares
    tilt /= tilt.sum(axis=1, keepdims=True)
    ethnicity = (rng.random(people)[:, None] > np.cumsum(tilt, axis=1)[grade]).sum(axis=1).clip(max=18)
    sex = (rng.random(people) > _WOMEN - _FEWER * (grade - 2)).astype(int)
    disabled = rng.random(people) < _DISABLED - 0.01 * (grade - 2)
    disability = np.where(rng.random(people) < _SILENT, 2, np.where(disabled, 0, 1))
    return {"ethnicity": ethnicity, "grade": grade, "sex": sex, "disability": disability}


def six_tables() -> list[TableSpec]:
    """19 groups by grade, by sex, by disability; grade by sex by disability; 5 groups by grade and sex, and by sex and
    disability; all margins."""
    detailed, broad = (*_LEAVES, TOTAL), (*_GROUPS, TOTAL)
    full = {name: (*DIMENSIONS[name].leaves, TOTAL) for name in ("grade", "sex", "disability")}
    return [
        TableSpec("ethnicity-by-grade", {"ethnicity": detailed, "grade": full["grade"]}),
        TableSpec("ethnicity-by-sex", {"ethnicity": detailed, "sex": full["sex"]}),
        TableSpec("ethnicity-by-disability", {"ethnicity": detailed, "disability": full["disability"]}),
        TableSpec("grade-by-sex-by-disability", full),
        TableSpec("groups-by-grade-by-sex", {"ethnicity": broad, "grade": full["grade"], "sex": full["sex"]}),
        TableSpec(
            "groups-by-sex-by-disability", {"ethnicity": broad, "sex": full["sex"], "disability": full["disability"]}
        ),
    ]


def cube() -> list[TableSpec]:
    """Ethnicity by grade by sex by disability with all margins: 3,000 cells and more."""
    codes = {name: (*d.leaves, TOTAL) for name, d in DIMENSIONS.items()}
    codes["ethnicity"] = (*_LEAVES, *_GROUPS, TOTAL)
    return [TableSpec("cube", codes)]


def release(people: dict[str, np.ndarray], tables: list[TableSpec], block: str = "main") -> Release:
    """The tables with their exact counts."""
    sets = linked(involved_in(tables), DIMENSIONS)
    return Release(DIMENSIONS, tables, sets, {block: cache(partial(count, people))})


def count(
    people: Mapping[str, np.ndarray], names: tuple[str, ...], among: Mapping[str, Dimension] = DIMENSIONS
) -> Table:
    """Exact counts over the leaves of some dimensions."""
    dimensions = tuple(among[name] for name in names)
    shape = tuple(len(d.leaves) for d in dimensions)
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, tuple(people[name] for name in names), 1)
    return Table(dimensions, counts)
