"""What each code stands for, in the smallest parts that any list of its variable knows.

Two codes of different lists can be compared only by what they stand for. An ethnic group stands for groups of Census
2021, an age group for years of age, an area for local authorities, and any other answer for codes of the variable's
own list; a code that nothing is known about stands for itself alone. Silence stands for the kinds of response it may
mean."""

from dataclasses import dataclass
from functools import cache

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, Category, code_list, code_lists, find
from equality.listfiles import rows
from equality.responses import Response, may_mean

OLDEST = 130  # an open age group ends here

Parts = frozenset[str]

_CENSUS = "ONS_CENSUS2021_19"
_FIVE = "HIGH_LEVEL_5"
_COUNTRIES = {"E92000001": "E", "W92000004": "W", "K04000001": "EW"}  # area code: first letters of its authorities


@dataclass(frozen=True, slots=True)
class Meaning:
    """``parts`` that the code stands for. ``whole``: for all of them, and not for some kind among them (Roman Catholic
    is not the whole of Christian). ``usual``: the part that it counts as by default, or empty. ``verified``: what it
    stands for was read and not inferred."""

    parts: Parts
    whole: bool = True
    usual: str = ""
    verified: bool = True

    def covers(self, other: "Meaning") -> bool:
        """Whether everybody whom the other stands for has a place in this one."""
        return self.whole and other.parts <= self.parts

    def equals(self, other: "Meaning") -> bool:
        """Whether both stand for the same people."""
        return self.whole and other.whole and self.parts == other.parts


@cache
def meaning(variable: str, system: str, code: str) -> Meaning:
    """What a code stands for. Raises UnknownList, UnknownCode."""
    category = find(variable, system, code)
    if category.response is not Response.DECLARED:
        return Meaning(frozenset(may_mean(variable, system, code)))
    match variable:
        case "ethnicity":
            return _ethnic_groups(category)
        case "age_band":
            return _ages(category)
        case "area":
            return _authorities(category)
        case _:
            return _by_own_list(variable, category)


def part_names(variable: str, parts: Parts) -> tuple[str, ...]:
    """The parts in words, in the order of the lists."""
    if variable == "age_band" and all(part.isdigit() for part in parts):
        return (_years(parts),)
    labels = _part_labels(variable)
    return tuple(labels[part] for part in labels if part in parts)


def _ethnic_groups(category: Category) -> Meaning:
    """Parts are codes of Census 2021, by the columns of ``ethnicity.csv``."""
    system = _FIVE if category.system == GROUP else category.system
    row = next(r for r in rows("ethnicity.csv") if (r["code_system"], r["code"]) == (system, category.code))
    candidates = row["ambiguous_census2021_candidates"] or row["census2021_code"]
    parts = frozenset(candidates.split("|")) if candidates else _census_groups_in(row["group5"])
    return Meaning(parts, row["whole"] == "yes", row["census2021_code"], category.verified)


@cache
def _census_groups_in(group: str) -> Parts:
    return frozenset(c.code for c in code_list("ethnicity", _CENSUS).categories if c.group == group)


def _ages(category: Category) -> Meaning:
    row = next(r for r in rows("age_bands.csv") if (r["band_set"], r["code"]) == (category.system, category.code))
    years = range(int(row["min_age"]), int(row["max_age"] or OLDEST) + 1)
    return Meaning(frozenset(map(str, years)), verified=category.verified)


def _authorities(category: Category) -> Meaning:
    """Parts are upper-tier local authorities. Which police force areas a probation region holds is inferred."""
    code = category.code
    match category.system:
        case "regions":
            parts = _held("region_code", {code}) or _in_country(code)
        case "police_force_areas":
            parts = _held("police_force_area_code", {code})
        case "probation_regions" | "probation_delivery_units":
            parts = _held("police_force_area_code", _forces_of(category.parent or code))
        case _:
            parts = frozenset()
    return Meaning(
        parts or frozenset({category.key}),
        whole=category.system != "probation_delivery_units",
        verified=category.verified and not category.system.startswith("probation"),
    )


def _held(column: str, codes: set[str]) -> Parts:
    listed = rows("local_authorities_upper_tier_2023.csv")
    return frozenset(f"local_authorities:{row['code']}" for row in listed if row[column] in codes)


def _in_country(code: str) -> Parts:
    letters = tuple(_COUNTRIES.get(code, ""))
    return frozenset(c.key for c in code_list("area", "local_authorities").categories if c.code.startswith(letters))


def _forces_of(region: str) -> set[str]:
    return {row["code"] for row in rows("police_force_areas.csv") if row["probation_region_code"] == region}


def _by_own_list(variable: str, category: Category) -> Meaning:
    """Parts are codes of the variable's own list: as ``meanings.csv`` says, by the same label, or by the group."""
    said = _said().get((variable, category.system, category.code))
    if said:
        return said
    own = _own(variable)
    same = [c.code for c in own if c == category] or [
        c.code for c in own if c.label.casefold() == category.label.casefold()
    ]
    if same:
        return Meaning(frozenset(same[:1]), verified=category.verified)
    group = frozenset(c.code for c in own if category.group and c.group == category.group)
    if group:
        return Meaning(group, whole=_alone_in_its_group(variable, category), verified=category.verified)
    return Meaning(_members_elsewhere(variable, category) or frozenset({category.key}), verified=category.verified)


def _own(variable: str) -> tuple[Category, ...]:
    return code_list(variable, VARIABLES[variable].systems[0]).categories if variable in VARIABLES else ()


def _alone_in_its_group(variable: str, category: Category) -> bool:
    listed = code_list(variable, category.system).categories
    return [c for c in listed if c.group == category.group] == [category]


def _members_elsewhere(variable: str, category: Category) -> Parts:
    """Of a broad group that the own list does not know: the codes of other lists that belong to it."""
    listed = (c for one in code_lists(variable) for c in one.categories if c.system != GROUP)
    return frozenset(c.key for c in listed if category.system == GROUP and c.group == category.code)


@cache
def _said() -> dict[tuple[str, str, str], Meaning]:
    return {
        (row["variable"], row["code_system"], row["code"]): Meaning(
            frozenset(row["stands_for"].split("|")), whole=row["whole"] == "yes"
        )
        for row in rows("meanings.csv")
    }


@cache
def _part_labels(variable: str) -> dict[str, str]:
    labels = {c.code: c.label for c in _own(variable) if c.response is Response.DECLARED}
    labels |= {c.key: c.label for one in code_lists(variable) for c in one.categories}
    return labels | {kind.value: kind.label for kind in Response}


def _years(parts: Parts) -> str:
    ages = sorted(map(int, parts))
    if ages[-1] == OLDEST:
        return f"ages {ages[0]} and over"
    return f"age {ages[0]}" if len(ages) == 1 else f"ages {ages[0]} to {ages[-1]}"
