"""Benchmarks: the population that a group of people is compared with, with its basis and its limits in words.

A benchmark is no fact beyond its basis: who is in it, how its numbers came about, and whether anybody verified them go
wherever it goes. Census 2021 comes with the service; others are read by ``equality.benchmarkfiles``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from equality.codelists import code_list, find
from equality.crosswalks import Crossing, Kind, NoCrossing, Refusal, cross
from equality.listfiles import rows
from equality.responses import NON_RESPONSES, Response
from equality.sources import sources

CENSUS_DAY = date(2021, 3, 21)  # CENSUS-DAY

_NOT_VERIFIED = "Not verified: not to be relied on as a fact."


class UnknownBenchmark(LookupError):
    """There is no benchmark of this variable for this area in this code list."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A population by category.

    ``counts``: people by code of the list; zero means nobody. ``silent``: those who did not answer or were not asked,
    by kind. ``population``: who is in it. ``basis``: how the numbers came about (``published``,
    ``sum_of_local_authorities``, or a loader's own words). ``limits``: what has to be said beside every figure.
    """

    area_code: str
    area: str
    variable: str
    system: str
    counts: Mapping[str, int]
    silent: Mapping[Response, int]
    reference_date: date
    population: str
    basis: str
    source: str
    verified: bool
    limits: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """People whose category is known: what shares are of."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        return self.known + sum(self.silent.values())

    @property
    def caption(self) -> str:
        """What a table or chart says of it: area, date, population, list, and that it is not verified where so."""
        day = self.reference_date
        said = [
            f"{self.area}, {day.day} {day:%B %Y}",
            self.population[:1].lower() + self.population[1:],
            code_list(self.variable, self.system).name,
        ]
        return "; ".join(said if self.verified else [*said, "not verified"])

    def share(self, code: str) -> float | None:
        """Percent of the people whose category is known; None where there are none. Raises KeyError."""
        return 100 * self.counts[code] / self.known if self.known else None


def benchmarks(variable: str | None = None) -> tuple[Benchmark, ...]:
    """Every benchmark of Census 2021, or those of one variable."""
    return tuple(one for one in _census().values() if variable in {None, one.variable})


def benchmark(variable: str, area_code: str, system: str) -> Benchmark:
    """One benchmark of Census 2021. Raises UnknownBenchmark."""
    found = _census().get((variable, area_code, system))
    if found is None:
        there = ", ".join(sorted({one.system for one in benchmarks(variable) if one.area_code == area_code})) or "none"
        raise UnknownBenchmark(f"{area_code} has no benchmark of {variable} in {system}. Lists there are: {there}.")
    return found


def regrouped(given: Benchmark, system: str) -> Benchmark:
    """A benchmark in another code list, by adding up; what has to be said of that joins its limits. Codes of the list
    that nothing goes to have no count, not zero. Raises UnknownList, NoCrossing where people would have to be guessed
    apart."""
    counts: dict[str, int] = defaultdict(int)
    said = [*given.limits, f"Added up from the list {code_list(given.variable, given.system).name}."]
    verified = given.verified
    for code, count in given.counts.items():
        crossing = _without_a_guess(given, code, system)
        counts[crossing.category.code] += count
        said += [crossing.note, crossing.loses if crossing.kind is Kind.EXACT else ""]
        verified = verified and crossing.verified
    ordered = {c.code: counts[c.code] for c in code_list(given.variable, system).categories if c.code in counts}
    limits = tuple(dict.fromkeys(cautions(said, verified=verified)))
    return replace(given, system=system, counts=ordered, verified=verified, limits=limits)


def _without_a_guess(given: Benchmark, code: str, system: str) -> Crossing:
    crossing = cross(given.variable, given.system, code, system)
    if crossing.kind is Kind.DEFAULT_OF_AMBIGUOUS:
        raise NoCrossing(
            Refusal.WOULD_GUESS,
            f"{given.system}:{code} may belong to several codes of {system}, and a count cannot be guessed apart. Use "
            "a coarser list.",
        )
    return crossing


def cautions(said: Iterable[str], *, verified: bool) -> tuple[str, ...]:
    """Limits in words; a benchmark that nobody verified says so among them."""
    return tuple(limit for limit in (*said, "" if verified else _NOT_VERIFIED) if limit)


def counted(variable: str, system: str, numbers: Mapping[str, int]) -> tuple[dict[str, int], dict[Response, int]]:
    """Numbers by code of a list (or by kind of response) as answers and silence. Raises UnknownCode."""
    answers: dict[str, int] = {}
    silent: dict[Response, int] = defaultdict(int)
    for code, number in numbers.items():
        kind = Response(code) if code in set(NON_RESPONSES) else find(variable, system, code).response
        if kind is Response.DECLARED:
            answers[code] = number
        else:
            silent[kind] += number
    return answers, dict(silent)


@cache
def _census() -> dict[tuple[str, str, str], Benchmark]:
    listed: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in (*_ethnicity_rows(), *_other_rows()):
        listed[row["variable"], row["geography_code"], row["code_system"]].append(row)
    return {key: _benchmark(key, found) for key, found in listed.items()}


def _ethnicity_rows() -> Iterable[dict[str, str]]:
    systems = {"19": ("ONS_CENSUS2021_19", "census2021_code"), "5": ("HIGH_LEVEL_5", "group5")}
    for name in ("ethnicity", "ethnicity_pfa_probation_region"):
        for row in rows(f"benchmark_census2021_{name}.csv"):
            if row["detail"] in systems:
                system, column = systems[row["detail"]]
                yield row | {
                    "variable": "ethnicity",
                    "code_system": system,
                    "code": row[column],
                    "population_base": "All usual residents",
                }


def _other_rows() -> Iterable[dict[str, str]]:
    """Subtotals have no code and are left out; the total is what the others add up to."""
    for row in rows("benchmark_census2021_other_characteristics.csv"):
        if row["code"] not in {"", "TOTAL"}:
            yield row | {"geography_level": ""}


def _benchmark(key: tuple[str, str, str], found: list[dict[str, str]]) -> Benchmark:
    variable, area_code, system = key
    counts, silent = counted(variable, system, {row["code"]: int(row["count"]) for row in found})
    first, source = found[0], sources()[found[0]["source"]]
    verified = all(row["verified"] == "yes" for row in found)
    return Benchmark(
        area_code=area_code,
        area=first["geography"],
        variable=variable,
        system=system,
        counts=counts,
        silent=silent,
        reference_date=CENSUS_DAY,
        population=first["population_base"],
        basis=first["basis"],
        source=f"{source.title} ({source.publisher}, {source.date})",
        verified=verified,
        limits=cautions(_limits(first), verified=verified),
    )


def _limits(row: dict[str, str]) -> tuple[str, ...]:
    said = {
        "basis": row["basis"],
        "population": row["population_base"],
        "variable": row["variable"],
        "level": row["geography_level"],
    }
    return tuple(
        limit["limit"] for limit in rows("benchmark_limits.csv") if said[limit["applies_to"]] == limit["value"]
    )
