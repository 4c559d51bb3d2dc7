"""What a wording might mean: the nearest answers, for a person to choose from. A proposal is never taken."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from equality.characteristics import VARIABLES
from equality.codelists import GROUP, by_key
from equality.listfiles import rows
from equality.wordings import plain, sense

_EMPTY_WORDS = {"and", "any", "the", "of", "a", "not"}
_BROAD = ("HIGH_LEVEL_5", GROUP)
_SILENT = {"UNKNOWN": "No declaration made, not specified, not known", "PNTS": "Prefer not to say"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category that might be meant: its ``SYSTEM:CODE`` as a mapping file writes it, and its label."""

    key: str
    label: str

    def __str__(self) -> str:
        return f"{self.key} ({self.label})"


def nearest(variable: str, wording: str, limit: int = 3) -> tuple[Proposal, ...]:
    """The answers most like a wording, best first: categories that have the wording as their code, what its words hint
    at (``lists/hints.csv``), then broad groups, the variable's own list and the kinds of non-response by likeness. Of
    those that mean the same, the first; but every list that has a bare code like W1, because one has to be named."""
    wanted = plain(wording)
    coded = _with_code(variable, wanted)
    hinted = [proposal for words, proposal in _hints(variable) if f" {words} " in f" {wanted} "]
    alike = sorted(_proposable(variable), key=lambda proposal: -_likeness(wanted, proposal))
    lists_to_name = coded if _has_number(wanted) else []
    others = _one_of_each_meaning(variable, [*coded, *hinted, *alike])
    return tuple(dict.fromkeys((*lists_to_name, *others)))[:limit]


def _one_of_each_meaning(variable: str, proposals: list[Proposal]) -> list[Proposal]:
    known = by_key(variable)
    meant = {(sense(known[one.key]) if one.key in known else ("key", one.key)): one for one in reversed(proposals)}
    firsts = set(meant.values())
    return [one for one in proposals if one in firsts]


def _with_code(variable: str, wanted: str) -> list[Proposal]:
    """Of ``w4 roma``, every category with the code W4."""
    first = wanted.partition(" ")[0]
    codes = {wanted, first} if _has_number(first) else {wanted}
    found = [c for c in by_key(variable).values() if plain(c.code) in codes and c.system != GROUP]
    return [Proposal(category.key, category.label) for category in found]


def _has_number(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


@cache
def _hints(variable: str) -> tuple[tuple[str, Proposal], ...]:
    """(plain words, what they hint at), more words before fewer."""
    labels = _SILENT | {key: category.label for key, category in by_key(variable).items()}
    found = [
        (plain(row["words"]), Proposal(row["key"], labels[row["key"]]))
        for row in rows("hints.csv")
        if row["variable"] in {"", variable}
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0].split())))


@cache
def _proposable(variable: str) -> tuple[Proposal, ...]:
    question = VARIABLES[variable]
    broad = {"HIGH_LEVEL_5"} if variable == "ethnicity" else {GROUP}
    systems = broad | set(question.systems if question.plain_codes else question.systems[:1])
    answers = [Proposal(key, c.label) for key, c in by_key(variable).items() if c.system in systems]
    return (*answers, *(Proposal(key, label) for key, label in _SILENT.items()))


def _likeness(wanted: str, proposal: Proposal) -> float:
    """0 to 1.1: shared words weigh more than shared letters, words that name no group weigh nothing, and a broad
    group is preferred to a narrow one that fits as well."""
    label = plain(proposal.label)
    left, right = set(wanted.split()) - _EMPTY_WORDS, set(label.split()) - _EMPTY_WORDS
    words = sum(any(_same_stem(one, other) for other in right) for one in left) / len(left) if left else 0.0
    broad = 0.1 if words and proposal.key.startswith(_BROAD) else 0.0
    return 0.7 * words + 0.3 * SequenceMatcher(None, wanted, label).ratio() + broad


def _same_stem(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= 4 and one[:shorter] == other[:shorter])
