"""One door to every measure: its id and its inputs in, its answer out."""

from collections.abc import Mapping
from typing import Any

from equality.measures.catalogue import find
from equality.measures.checking import check
from equality.measures.registry import function_of


def evaluate(measure_id: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The measure's outputs under the names in the catalogue, with ``status`` (``estimated``, ``too few to say`` or
    ``undefined``) and ``reason``, text or None. What does not exist is None. Raises CannotMeasure, with every fault,
    for inputs that cannot be and for a measure that is not in the catalogue."""
    measure = find(measure_id)
    return function_of(measure.id)(**check(measure, inputs)).as_dict()
