"""How one report presents a variable: the finest detail that every answer supports, and its groups.

A report uses one presentation of a variable throughout and names its list, so that two tables of it can be added.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, Category, by_key, groups, list_name
from equality.responses import NON_RESPONSES, Response, silent_kinds
from equality.tables import ASKED, DECLARED, MINORITY, NOT_DECLARED, TOTAL, Dimension

UNIT = "UNIT"

_WHITE = "WHITE"
_SUM_LABELS = {
    MINORITY: "All ethnic groups other than White",
    DECLARED: "All declared",
    NOT_DECLARED: "Not declared",
    TOTAL: "All people",
    ASKED: "All asked",
}
_SHORT = {MINORITY: "Other than White", DECLARED: "Declared", NOT_DECLARED: "Not declared", TOTAL: "All"}


@dataclass(frozen=True)
class Grouping:
    """A dimension, and the leaf of it that each stored key counts in."""

    dimension: Dimension
    leaf_of: Mapping[str, str]


def present(variable: str, keys: Iterable[str]) -> Grouping:
    """Present a variable whose data hold these keys (``SYSTEM:CODE`` or a kind of non-response).

    In order of preference: the variable's own list where every answer has an exact equal there; the sender's system
    where all answers come from one; the broad groups. Raises ValueError where answers of several systems share none.
    """
    silent = [kind.value for kind in silent_kinds(variable)]
    declared = [key for key in dict.fromkeys(keys) if key not in silent]
    leaf_of, labels, parents, version = _declared_leaves(variable, declared)
    leaves = (*labels, *silent)
    labels = labels | {kind: Response(kind).label for kind in silent}
    return Grouping(
        Dimension(
            code=variable,
            label=VARIABLES[variable].label,
            leaves=leaves,
            groups=_groups(variable, parents, leaves, silent),
            labels=labels | _group_labels(variable) | _SUM_LABELS,
            version=version,
            short={group.code: group.short for group in groups(variable)} | _SHORT,
            occupied=not VARIABLES[variable].systems,
        ),
        leaf_of | {kind: kind for kind in silent},
    )


def at_broad_level(dimension: Dimension) -> tuple[str, ...]:
    """The codes of a coarse table: broad groups where the presentation has them, its leaves otherwise."""
    return dimension.broad or dimension.substantive


Leaves = tuple[dict[str, str], dict[str, str], dict[str, str], str]


def _declared_leaves(variable: str, keys: list[str]) -> Leaves:
    """(stored key → leaf, leaf → label, leaf → group, version) of the answers that were given."""
    if not VARIABLES[variable].systems:
        return _own_names(keys)
    known = by_key(variable)
    found = [known[key] for key in keys]
    own = VARIABLES[variable].systems[0]
    if all(category.own for category in found):
        return _from_system(variable, own, {c.key: c.own for c in found})
    systems = {category.system for category in found}
    if len(systems) == 1:
        return _from_system(variable, found[0].system, {c.key: c.code for c in found})
    if all(category.group for category in found):
        labels = {group.code: group.label for group in groups(variable)}
        return {c.key: c.group for c in found}, labels, {}, list_name(variable, GROUP)
    raise ValueError(f"the answers to {variable} come from code systems with nothing in common: {sorted(systems)}")


def _from_system(variable: str, system: str, leaf_of: dict[str, str]) -> Leaves:
    """The whole list is shown, so that an empty category is seen as empty and a listed one tells nothing."""
    listed = [c for c in by_key(variable).values() if c.system == system]
    return leaf_of, {c.code: c.label for c in listed}, _parents(listed), list_name(variable, system)


def _parents(listed: list[Category]) -> dict[str, str]:
    """Leaf → group, unless grouping would only repeat the leaves."""
    parents = {c.code: c.group for c in listed if c.group}
    return parents if len(set(parents.values())) < len(parents) else {}


def _own_names(keys: list[str]) -> Leaves:
    """The sender's own names (departments), in alphabetical order, under codes made from them."""
    leaf_of: dict[str, str] = {}
    labels: dict[str, str] = {}
    for key in sorted(keys, key=str.casefold):
        name = key.removeprefix(f"{UNIT}:")
        stem = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")[:40] or "UNIT"
        code = stem
        while code in labels or code in NON_RESPONSES:
            code = f"{stem}_{len(labels)}"
        leaf_of[key], labels[code] = code, name
    return leaf_of, labels, {}, "the sender's own names"


def _groups(
    variable: str, parents: dict[str, str], leaves: tuple[str, ...], silent: list[str]
) -> dict[str, tuple[str, ...]]:
    broad = {
        group.code: members
        for group in groups(variable)
        if (members := tuple(leaf for leaf in leaves if parents.get(leaf) == group.code))
    }
    sums = {
        DECLARED: tuple(leaf for leaf in leaves if leaf not in silent),
        NOT_DECLARED: tuple(silent),
        TOTAL: leaves,
    }
    white = broad.get(_WHITE, (_WHITE,) if _WHITE in leaves else ())
    if variable == "ethnicity" and white:
        sums[MINORITY] = tuple(leaf for leaf in sums[DECLARED] if leaf not in white)
    if Response.NOT_APPLICABLE.value in silent:
        sums[ASKED] = tuple(leaf for leaf in leaves if leaf != Response.NOT_APPLICABLE.value)
    return broad | sums


def _group_labels(variable: str) -> dict[str, str]:
    return {group.code: group.label for group in groups(variable)}
