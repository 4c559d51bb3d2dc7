"""Crosswalks: from a code of one list to a code of another, with what is lost on the way, or a refusal that says why.

A crossing always starts from the code that came in, which is kept: going on from a code that has already been changed
would guess twice. What was observed never goes to what was declared, nor back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from equality.codelists import Basis, Category, CodeList, code_list, find, groups
from equality.listfiles import rows
from equality.meanings import Meaning, meaning, part_names

_NAMED = 4  # parts named in one sentence; of longer lists the number of others is said


class Kind(StrEnum):
    """How sure a crossing is, and what it keeps."""

    EXACT = "exact"  # both codes stand for the same people
    LOSES_DETAIL = "loses detail"  # the other code holds these people and more
    DEFAULT_OF_AMBIGUOUS = "default of ambiguous"  # the usual one among several that might be meant


class Refusal(StrEnum):
    """Why there is no crossing. The names never change."""

    OBSERVED_AND_DECLARED = "OBSERVED_AND_DECLARED"
    SEVERAL_ANSWERS = "SEVERAL_ANSWERS"
    NOTHING_IN_COMMON = "NOTHING_IN_COMMON"
    SPLITS = "SPLITS"
    WOULD_GUESS = "WOULD_GUESS"
    PATHS_DISAGREE = "PATHS_DISAGREE"


class NoCrossing(Exception):
    """A code has no place in another list. ``refusal`` names why; the message says what to do instead."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Crossing:
    """``came_in``: the category as it was sent. ``category``: where it goes. ``candidates``: every category that it
    might be, more than one only by default. ``loses``: what can no longer be told, in words, or empty. ``note``: what
    the reviewed crosswalk says of this very step. ``verified``: both codes, and what they stand for, were read in
    their sources."""

    variable: str
    came_in: Category
    category: Category
    kind: Kind
    candidates: tuple[Category, ...]
    loses: str
    note: str
    verified: bool


@cache
def cross(variable: str, system: str, code: str, to: str) -> Crossing:
    """Where a code of one list goes in another. Raises UnknownList, UnknownCode, NoCrossing."""
    source, target = code_list(variable, system), code_list(variable, to)
    came_in = find(variable, system, code)
    if source == target:
        return _crossing(variable, came_in, came_in, Kind.EXACT, (came_in,))
    _refuse_to_mix(source, target)
    stands_for = meaning(variable, system, code)
    verified = [category for category in target.categories if category.verified]
    for pool in (verified, target.categories):  # what nobody verified is gone to where nothing else will do
        found = _certain(variable, came_in, stands_for, pool)
        if found:
            return found
    return _usual(variable, came_in, stands_for, target)


def cross_by_way_of(variable: str, system: str, code: str, *path: str) -> Crossing:
    """The crossing to the last list of a path, where going step by step ends in the same place as going straight. A
    step may guess only while nothing has been lost or guessed. Raises UnknownList, UnknownCode, NoCrossing."""
    at, unchanged = find(variable, system, code), True
    for to in path:
        step = cross(variable, at.system, at.code, to)
        if step.kind is Kind.DEFAULT_OF_AMBIGUOUS and not unchanged:
            raise NoCrossing(
                Refusal.WOULD_GUESS,
                f"From {at.system}:{at.code} to {to} there are several candidates, and detail was lost before. Go "
                f"straight from {system}:{code} instead.",
            )
        at, unchanged = step.category, unchanged and step.kind is Kind.EXACT
    straight = cross(variable, system, code, at.system)
    if straight.category != at:
        raise NoCrossing(
            Refusal.PATHS_DISAGREE,
            f"By way of {', '.join(path[:-1])} the code ends in {at.system}:{at.code}, straight in {at.system}:"
            f"{straight.category.code}. Go straight from {system}:{code} instead.",
        )
    return straight


def _refuse_to_mix(source: CodeList, target: CodeList) -> None:
    if (source.basis is Basis.OBSERVED) != (target.basis is Basis.OBSERVED):
        raise NoCrossing(
            Refusal.OBSERVED_AND_DECLARED,
            f"{source.system} and {target.system} do not mix: one holds what an officer saw, the other what people say "
            "of themselves. Report them apart.",
        )
    if source.several_answers or target.several_answers:
        raise NoCrossing(
            Refusal.SEVERAL_ANSWERS,
            f"In {source.system} or {target.system} one person may give several answers, so that no single code says "
            "where the person belongs. Report them apart.",
        )


def _certain(variable: str, came_in: Category, stands_for: Meaning, pool: Sequence[Category]) -> Crossing | None:
    """The category that stands for the same people, or the narrowest that holds them all."""
    means = {category: meaning(variable, category.system, category.code) for category in pool}
    equal = [category for category in pool if means[category].equals(stands_for)]
    if equal:
        return _crossing(variable, came_in, equal[0], Kind.EXACT, equal[:1])
    holding = [category for category in pool if means[category].covers(stands_for)]
    narrowest = [c for c in holding if all(means[c].parts <= means[other].parts for other in holding)]
    if narrowest:
        return _crossing(variable, came_in, narrowest[0], Kind.LOSES_DETAIL, narrowest[:1])
    return None


def _usual(variable: str, came_in: Category, stands_for: Meaning, target: CodeList) -> Crossing:
    """The category that holds what the code usually means, among several that hold some of it."""
    touching = [
        category
        for category in target.categories
        if meaning(variable, target.system, category.code).parts & stands_for.parts
    ]
    usual = [c for c in touching if stands_for.usual in meaning(variable, target.system, c.code).parts]
    if len(usual) == 1:
        return _crossing(variable, came_in, usual[0], Kind.DEFAULT_OF_AMBIGUOUS, touching)
    which = f"{came_in.system}:{came_in.code}"
    if touching:
        raise NoCrossing(
            Refusal.SPLITS,
            f"{which} has no one place in {target.system}, where its people belong to several codes "
            f"({_listed([c.code for c in touching])}). Use a coarser list that holds them together.",
        )
    raise NoCrossing(
        Refusal.NOTHING_IN_COMMON,
        f"{target.system} has nothing that is known to stand for {which}. Report the two lists apart.",
    )


def _crossing(variable: str, came_in: Category, to: Category, kind: Kind, candidates: Iterable[Category]) -> Crossing:
    means = [meaning(variable, category.system, category.code) for category in (came_in, to)]
    said = (
        _lost(variable, came_in, to, kind, candidates),
        _moved(variable, came_in, to),
        _worked_out(variable, came_in, to),
    )
    return Crossing(
        variable=variable,
        came_in=came_in,
        category=to,
        kind=kind,
        candidates=tuple(candidates),
        loses=" ".join(filter(None, said)),
        note=_notes().get((came_in.system, came_in.code, to.system), "") if variable == "ethnicity" else "",
        verified=came_in.verified and to.verified and all(mean.verified for mean in means),
    )


def _lost(variable: str, came_in: Category, to: Category, kind: Kind, candidates: Iterable[Category]) -> str:
    if kind is Kind.EXACT:
        return ""
    if kind is Kind.DEFAULT_OF_AMBIGUOUS:
        labels = list(dict.fromkeys(category.label for category in candidates))
        return f"It may be any of: {_listed(labels)}. It counts as {to.label}."
    before, after = (meaning(variable, category.system, category.code).parts for category in (came_in, to))
    if before == after:
        return f"{came_in.label} is a part of {to.label}: which part can no longer be told."
    return f"It can no longer be told apart from: {_listed(part_names(variable, after - before))}."


def _listed(names: Sequence[str]) -> str:
    shown, more = names[:_NAMED], len(names) - _NAMED
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _moved(variable: str, came_in: Category, to: Category) -> str:
    """A category that one list prints under another group than the other list."""
    here, there = (category.listed_under or category.group for category in (came_in, to))
    if not here or not there or here == there:
        return ""
    short = {group.code: group.short for group in groups(variable)}
    return (
        f"{came_in.label} moves from {short[here]} to {short[there]}: totals of these groups cannot be compared "
        "between the two lists."
    )


def _worked_out(variable: str, came_in: Category, to: Category) -> str:
    """An answer that goes to a list which is worked out from other answers, or back."""
    here, there = (code_list(variable, category.system).basis for category in (came_in, to))
    if here is there:
        return ""
    return f"The answer is {here} in one list and {there} in the other: the two need not agree for everybody."


@cache
def _notes() -> dict[tuple[str, str, str], str]:
    return {
        (row["from_system"], row["from_code"], row["to_system"]): row["note"] for row in rows("ethnicity_crosswalk.csv")
    }
