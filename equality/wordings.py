"""Wordings that are known to mean a category: labels of the accepted lists, and the variants of
``lists/known_wordings.csv``, alone or under the heading of a broad group (``lists/headings.csv``)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, Category, by_key, categories
from equality.listfiles import rows
from equality.responses import Response, non_response_codes

_SEPARATORS = re.compile(r"[^a-z0-9+]+")
_OR = re.compile(r"\bor ")
_BROAD = ("HIGH_LEVEL_5:", f"{GROUP}:")

Sense = tuple[str, str]  # what a key means: an own code, a broad group, or itself alone


def plain(text: str) -> str:
    """A wording without case, spacing, punctuation and accents: ``White: Irish`` is ``white irish``."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return _SEPARATORS.sub(" ", "".join(letter for letter in letters if not unicodedata.combining(letter))).strip()


def joined(text: str) -> str:
    """A plain wording however its names are joined: ``asian or asian british`` is ``asian asian british``, as
    ``Asian/Asian British`` is."""
    return _OR.sub("", text)


def sense(category: Category) -> Sense:
    """Two categories of one sense may stand for each other where people are counted."""
    if category.own:
        return ("own", category.own)
    return ("group", category.group) if category.group else ("key", category.key)


def labelled(variable: str, words: str) -> str | None:
    """The key that a plain wording means as a label or known variant, where every accepted list agrees on it. Names
    joined otherwise than in the list are understood where nothing is lost by it."""
    found = _senses(variable, plain).get(words)
    if found:
        return _the_only(found)
    key = _the_only(_senses(variable, _plain_and_joined).get(joined(words), {}))
    whole = key is not None and (key.startswith(_BROAD) or _sense_of(variable, key)[0] == "own")
    return key if whole else None


def under_heading(variable: str, words: str) -> str | None:
    """The key of the own list for a heading and an answer under it (``white irish``), or None. An answer of another
    group than its heading is none."""
    wanted = joined(words)
    for heading, broad in _headings(variable):
        answer = wanted.removeprefix(f"{heading} ")
        found = _in_groups(variable, answer, broad) if answer != wanted else set()
        if len(found) == 1:
            kind, own = found.pop()
            return f"{VARIABLES[variable].systems[0]}:{own}" if kind == "own" else None
    return None


@cache
def _senses(variable: str, form: Callable[[str], str]) -> Mapping[str, Mapping[Sense, str]]:
    """Wording in one form to every sense it has, each with the first key of that sense."""
    known: dict[str, dict[Sense, str]] = defaultdict(dict)
    for category in categories(variable):
        known[form(category.label)].setdefault(sense(category), category.key)
    for wording, key, under in _variants(variable):
        if not under:
            known[form(wording)].setdefault(_sense_of(variable, key), key)
    return known


def _plain_and_joined(text: str) -> str:
    return joined(plain(text))


def _the_only(found: Mapping[Sense, str]) -> str | None:
    return next(iter(found.values())) if len(found) == 1 else None


def _in_groups(variable: str, answer: str, broad: frozenset[str]) -> set[Sense]:
    known = by_key(variable)
    listed = _senses(variable, _plain_and_joined).get(answer, {})
    said = {
        _sense_of(variable, key)
        for wording, key, under in _variants(variable)
        if under in broad and _plain_and_joined(wording) == answer
    }
    return said | {meant for meant, key in listed.items() if key in known and known[key].group in broad}


@cache
def _variants(variable: str) -> tuple[tuple[str, str, str], ...]:
    """(wording, key, the group it must stand under or empty)."""
    silent = non_response_codes()
    return tuple(
        (row["wording"], row["key"] if row["variable"] else silent[row["key"].lower()].value, row["under"])
        for row in rows("known_wordings.csv")
        if row["variable"] in {"", variable}
    )


@cache
def _headings(variable: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """(heading, groups under it), the longest first."""
    found = [
        (_plain_and_joined(row["wording"]), frozenset(row["groups"].split("|")))
        for row in rows("headings.csv")
        if row["variable"] == variable
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _sense_of(variable: str, key: str) -> Sense:
    return ("key", key) if key in Response.__members__ else sense(by_key(variable)[key])
