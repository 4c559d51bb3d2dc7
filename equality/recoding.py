"""From a sender's wording to a category. What is not certain is proposed, never taken."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, Category, by_key, categories
from equality.proposing import Proposal, nearest
from equality.responses import Response, non_response_codes, silent_kinds
from equality.wordings import labelled, plain, under_heading

__all__ = ["Proposal", "nearest", "place", "place_code"]

_LETTER_AND_NUMBER = re.compile(r"[A-Z]+[0-9]+")


def place(variable: str, wording: str) -> str | None:
    """The key of the category that a wording certainly means, or None.

    Taken, in this order: nothing (no declaration); a non-response code or wording; a code of the variable's own list,
    ``SYSTEM:CODE``, a broad group's code, and a code that only one accepted list has where the variable allows bare
    foreign codes; a label or known variant on which every accepted list agrees; a bare code that several accepted
    lists share in one meaning; an answer under the heading of its broad group; a code and the label of that code.
    Case, spacing and punctuation of labels do not matter, nor the case of a code with a number in it. A label beside
    a code that contradicts it decides nothing.
    """
    text = wording.strip()
    if not text:
        return Response.NO_DECLARATION.value
    words = plain(text)
    return (
        _non_response(variable, text)
        or _codes(variable).get(text.upper() if _LETTER_AND_NUMBER.fullmatch(text.upper()) else text)
        or _labelled(variable, words)
        or _shared_codes(variable).get(words)
        or under_heading(variable, words)
        or _code_and_label(variable, words)
    )


def place_code(variable: str, code: str) -> str | None:
    """The key that a mapping file's value names, or None: a code, ``SYSTEM:CODE``, or a non-response code."""
    text = code.strip()
    return _non_response(variable, text) or _codes(variable).get(text)


def _non_response(variable: str, text: str) -> str | None:
    kind = non_response_codes().get(text.lower())
    return kind.value if kind in silent_kinds(variable) else None


@cache
def _codes(variable: str) -> Mapping[str, str]:
    """Everything that is taken for a code, and the key it names; where several name one, the later line wins."""
    question, known = VARIABLES[variable], by_key(variable)
    plain_codes = [(c.code, key) for key, c in known.items() if question.plain_codes]
    once = {code: key for code, key in plain_codes if [other for other, _ in plain_codes].count(code) == 1}
    broad = {c.code: key for key, c in known.items() if c.system == GROUP}
    own = {c.code: key for key, c in known.items() if c.system in question.systems[:1]}
    foreign_silence = {
        f"{c.system}:{c.code}": c.key
        for c in categories(variable)
        if c.response is not Response.DECLARED and c.response in silent_kinds(variable)
    }
    return once | broad | own | foreign_silence | {key: key for key in known}


def _labelled(variable: str, words: str) -> str | None:
    """What a label means, unless it is a kind of silence that the question cannot have."""
    key = labelled(variable, words)
    return key if key and _may_be_said(variable, key) else None


@cache
def _shared_codes(variable: str) -> Mapping[str, str]:
    """Bare codes of a letter and a number (A1) on which every accepted list agrees that has them, two at least.

    Codes of one letter stand together: where the lists disagree on one of them (W9 with and without Roma, O9 with and
    without Arab), the sender is asked which list it is for all of them, so that they go to the same one."""
    lists: dict[str, list[Category]] = defaultdict(list)
    for category in by_key(variable).values():
        if _LETTER_AND_NUMBER.fullmatch(category.code):
            lists[category.code].append(category)
    disputed = {code.rstrip("0123456789") for code, found in lists.items() if not _agreed(found)}
    return {
        code.lower(): found[0].key
        for code, found in lists.items()
        if len(found) > 1 and code.rstrip("0123456789") not in disputed
    }


def _code_and_label(variable: str, words: str) -> str | None:
    """``a1 indian`` or ``higher executive officer heo``: the categories that have this code and this label, where they
    are one."""
    tokens = words.split()
    for code, label in ((tokens[0], tokens[1:]), (tokens[-1], tokens[:-1])) if len(tokens) > 1 else ():
        fitting = [c for c in _by_code(variable).get(code, ()) if _is_called(variable, c, " ".join(label))]
        if fitting and _agreed(fitting) and _may_be_said(variable, fitting[0].key):
            return fitting[0].key
    return None


@cache
def _by_code(variable: str) -> Mapping[str, Sequence[Category]]:
    found: dict[str, list[Category]] = defaultdict(list)
    for category in categories(variable):
        found[plain(category.code)].append(category)
    return found


def _is_called(variable: str, category: Category, words: str) -> bool:
    if words == plain(category.label):
        return True
    key = _labelled(variable, words) or under_heading(variable, words)
    if key is None or category.response is not Response.DECLARED:
        return key == category.key
    return key in by_key(variable) and bool(category.own) and by_key(variable)[key].own == category.own


def _agreed(found: Sequence[Category]) -> bool:
    """Whether categories of several lists mean exactly the same; one alone agrees with itself."""
    return len({category.own or category.key for category in found}) == 1


def _may_be_said(variable: str, key: str) -> bool:
    return key not in Response.__members__ or Response(key) in silent_kinds(variable)
