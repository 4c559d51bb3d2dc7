"""Measures of equality, each with its definition, source, interval, test and edge cases.

    from equality.measures import evaluate
    evaluate("wilson_ci", {"x": 15, "n": 148})

``evaluate`` answers for every measure of the catalogue. Reports use the same measures over whole arrays:
``proportions`` and its neighbours; ``comparison.compare`` for two groups, ``whole_tables`` for many, ``conclusions``
for the sentence.
Measures are computed from exact counts and exact pay; rounding comes last, and halves go up, as published figures do.

Importing this package reads no file and loads no statistics: measures come with the first question."""

from equality.measures.evaluation import evaluate
from equality.measures.faults import CannotMeasure, Fault

__all__ = ["CannotMeasure", "Fault", "evaluate"]
