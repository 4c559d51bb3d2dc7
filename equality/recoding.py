"""From a sender's wording to a category. What is not certain is proposed, never taken."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, Category, by_key, categories, non_response_codes, silent_kinds

_EMPTY_WORDS = {"or", "and", "any", "the", "of", "a", "not"}
_SEPARATORS = re.compile(r"[^a-z0-9+]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category that might be meant: its ``SYSTEM:CODE`` as a mapping file writes it, and its label."""

    key: str
    label: str

    def __str__(self) -> str:
        return f"{self.key} ({self.label})"


def place(variable: str, wording: str) -> str | None:
    """The key of the category that a wording certainly means, or None.

    Taken, in this order: nothing (no declaration), a non-response code or wording, a code of the variable's own list,
    ``SYSTEM:CODE``, a code that only one accepted system has (where the variable allows bare foreign codes), a broad
    group's code, and a label on which every accepted system agrees. Case, spacing and punctuation of labels do not
    matter.
    """
    text = wording.strip()
    if not text:
        return "NO_DECLARATION"
    return _non_response(variable, text) or _code(variable, text) or _label(variable, text)


def place_code(variable: str, code: str) -> str | None:
    """The key that a mapping file's value names, or None: a code, ``SYSTEM:CODE``, or a non-response code."""
    text = code.strip()
    return _non_response(variable, text) or _code(variable, text)


def nearest(variable: str, wording: str, limit: int = 3) -> tuple[Proposal, ...]:
    """The answers most like a wording, best first: broad groups, the variable's own list, the kinds of non-response,
    and categories of other systems that have the wording as their code."""
    wanted = _plain(wording)
    same_code = [Proposal(key, c.label) for key, c in by_key(variable).items() if c.code.casefold() == wanted]
    others = sorted(_proposable(variable), key=lambda proposal: -_likeness(wanted, proposal))
    return tuple(dict.fromkeys([*same_code, *others]))[:limit]


def _non_response(variable: str, text: str) -> str | None:
    kind = non_response_codes().get(text.lower())
    return kind.value if kind in silent_kinds(variable) else None


def _code(variable: str, text: str) -> str | None:
    question, known = VARIABLES[variable], by_key(variable)
    if text in known:
        return text
    for other in categories(variable):
        if f"{other.system}:{other.code}" == text:  # a foreign code for "not answered"
            return _non_response(variable, other.key)
    if question.systems and f"{question.systems[0]}:{text}" in known:
        return f"{question.systems[0]}:{text}"
    if f"{GROUP}:{text}" in known:
        return f"{GROUP}:{text}"
    if question.plain_codes:
        matches = [key for key, category in known.items() if category.code == text]
        if len(matches) == 1:
            return matches[0]
    return None


def _label(variable: str, text: str) -> str | None:
    wanted = _plain(text)
    matches = [category for category in categories(variable) if _plain(category.label) == wanted]
    if not matches:
        return None
    return matches[0].key if len({_meaning(category) for category in matches}) == 1 else None


def _meaning(category: Category) -> tuple[str, str]:
    if category.own:
        return ("own", category.own)
    return ("group", category.group) if category.group else ("key", category.key)


@cache
def _proposable(variable: str) -> tuple[Proposal, ...]:
    question = VARIABLES[variable]
    broad = {"HIGH_LEVEL_5"} if variable == "ethnicity" else {GROUP}
    systems = broad | set(question.systems if question.plain_codes else question.systems[:1])
    answers = [Proposal(key, c.label) for key, c in by_key(variable).items() if c.system in systems]
    silent = [
        Proposal("UNKNOWN", "No declaration made, not specified, not known"),
        Proposal("PNTS", "Prefer not to say"),
    ]
    return (*answers, *silent)


def _plain(text: str) -> str:
    return _SEPARATORS.sub(" ", text.casefold()).strip()


def _likeness(wanted: str, proposal: Proposal) -> float:
    """0 to 1.1: shared words weigh more than shared letters, words that name no group weigh nothing, and a broad
    group is preferred to a narrow one that fits as well."""
    label = _plain(proposal.label)
    left, right = set(wanted.split()) - _EMPTY_WORDS, set(label.split()) - _EMPTY_WORDS
    words = sum(any(_same_stem(one, other) for other in right) for one in left) / len(left) if left else 0.0
    broad = 0.1 if words and proposal.key.startswith((GROUP, "HIGH_LEVEL_5")) else 0.0
    return 0.7 * words + 0.3 * SequenceMatcher(None, wanted, label).ratio() + broad


def _same_stem(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= 4 and one[:shorter] == other[:shorter])
