"""Random populations and sets of tables, for what must hold whoever is counted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from equality.disclosure.protection import Protected
from equality.disclosure.release import Release, TableSpec, linked
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table


def dimension(name: str, leaves: int, *, grouped: bool, silent: int = 1) -> Dimension:
    """A variable with so many answers and kinds of silence, and perhaps a group of the first two answers."""
    answers = tuple(f"{name}{number}" for number in range(leaves))
    quiet = tuple(f"{name}-silent{number}" for number in range(silent))
    groups = {f"{name}-group": answers[:2]} if grouped and leaves > 2 else {}
    groups |= {DECLARED: answers, NOT_DECLARED: quiet, TOTAL: (*answers, *quiet)}
    every = (*answers, *quiet)
    return Dimension(name, name, every, groups, {code: code for code in (*every, *groups)})


@st.composite
def populations(draw: st.DrawFn, most_people: int = 120) -> Release:
    """Two to four variables, skewed, sometimes all alike; one to four linked tables."""
    count = draw(st.integers(2, 4))
    dimensions = {
        name: dimension(name, draw(st.integers(2, 5)), grouped=draw(st.booleans()), silent=draw(st.integers(1, 2)))
        for name in "abcd"[:count]
    }
    people = draw(st.integers(0, most_people))
    skew = draw(st.floats(0.3, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    rows = {name: _skewed(rng, len(d.leaves), people, skew) for name, d in dimensions.items()}
    pairs = draw(
        st.lists(
            st.lists(st.sampled_from(list(dimensions)), min_size=1, max_size=2, unique=True).map(tuple),
            min_size=1,
            max_size=4,
            unique_by=frozenset,
        )
    )
    return release_of(dimensions, rows, pairs)


def release_of(
    dimensions: Mapping[str, Dimension], rows: Mapping[str, np.ndarray], tables: list[tuple[str, ...]]
) -> Release:
    """Tables with every code and margin of their variables, counted from rows of leaf positions."""
    specs = [
        TableSpec(
            "-".join(names),
            {name: tuple(dict.fromkeys((*dimensions[name].leaves, *dimensions[name].groups))) for name in names},
        )
        for names in tables
    ]
    used = {name: dimensions[name] for spec in specs for name in spec.involved}
    return Release(used, specs, [count(dimensions, rows, names) for names in linked(specs)])


def count(dimensions: Mapping[str, Dimension], rows: Mapping[str, np.ndarray], names: tuple[str, ...]) -> Table:
    shape = tuple(len(dimensions[name].leaves) for name in names)
    place = np.ravel_multi_index([rows[name] for name in names], shape)
    return Table(
        tuple(dimensions[name] for name in names), np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)
    )


def document_of(release: Release, protected: Protected) -> dict[str, Any]:
    """What a reader has: report.json of these tables."""
    tables = [
        {
            "type": "table",
            "id": table.id,
            "population": {"collection": "workforce", "where": {}},
            "dimensions": list(table.codes),
            "measures": ["headcount"],
            "cells": [
                {
                    "dims": dict(zip(table.codes, key, strict=True)),
                    "measure": "headcount",
                    "value": protected.tables[table.id].cell(*key).value,
                    "status": protected.tables[table.id].cell(*key).status,
                }
                for key in table.cells()
            ],
        }
        for table in release.tables
    ]
    dimensions = {
        name: {"leaves": list(d.leaves), "groups": {code: list(leaves) for code, leaves in d.groups.items()}}
        for name, d in release.dimensions.items()
    }
    return {"dimensions": dimensions, "sections": [{"blocks": tables}]}


def _skewed(rng: np.random.Generator, leaves: int, people: int, skew: float) -> np.ndarray:
    weights = (1 + np.arange(leaves)) ** -skew
    return rng.choice(leaves, people, p=weights / weights.sum())
