"""Inspected cases: how many were judged sufficient, and the rating that follows.

Percentage bands are dated data (``rating_bands.toml``), because standards and questions change; those there are from
memory and not confirmed by the inspectorate."""

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from equality.measures.answers import Answer, answer
from equality.measures.faults import CannotMeasure, Fault
from equality.measures.rates import percent_with_interval

NOT_CONFIRMED = "The bands are from memory and not confirmed by the inspectorate."


@dataclass(frozen=True, slots=True)
class Bands:
    """Ratings and the least percentage of each, highest first, as they applied from a day on."""

    version: str
    applies_from: date
    confirmed: bool
    source: str
    least: tuple[tuple[str, int], ...]

    def rating(self, percent: Fraction) -> str:
        """The rating of one percentage, unrounded: 64.9 has not reached 65."""
        return next(rating for rating, least in self.least if percent >= least)


@cache
def all_bands() -> tuple[Bands, ...]:
    """Every version of the bands, oldest first."""
    text = resources.files("equality.measures").joinpath("rating_bands.toml").read_text(encoding="utf-8")
    return tuple(_bands(version) for version in tomllib.loads(text)["versions"])


def hmip_percent_sufficient(*, yes: int, no: int, not_applicable: int = 0) -> Answer:
    """Yes in percent of yes and no: questions that do not apply to a case leave the denominator."""
    found = percent_with_interval(yes, yes + no, name="percent_sufficient")
    outputs = {**found.outputs, "n": yes + no, "not_applicable": not_applicable}
    return Answer(outputs, found.status, found.reason)


def hmip_rating(*, key_question_pcts: list[float], bands: str = "") -> Answer:
    """The rating of a standard: that of its lowest key question. Inspectors may depart from it near a boundary. Raises
    CannotMeasure for a version of the bands that is not there."""
    chosen = _version(bands)
    lowest = min(Fraction(str(percent)) for percent in key_question_pcts)
    outputs = {
        "rating": chosen.rating(lowest),
        "lowest_pct": lowest,
        "bands": chosen.version,
        "confirmed": chosen.confirmed,
    }
    return answer(outputs, None if chosen.confirmed else NOT_CONFIRMED)


def _version(name: str) -> Bands:
    """The bands of that name, or the latest."""
    known = {bands.version: bands for bands in all_bands()}
    if name and name not in known:
        raise CannotMeasure(Fault("NAME_NOT_LISTED", "bands", f"must be one of {', '.join(known)}, or empty"))
    return known[name] if name else all_bands()[-1]


def _bands(version: dict[str, Any]) -> Bands:
    least = tuple((rating, percent) for rating, percent in version.pop("least"))
    return Bands(least=least, **version)
