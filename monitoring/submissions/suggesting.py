"""What a wording or a code may have been meant for. Only what is near is suggested: a far guess leads astray, and
whoever takes it counts people in the wrong group."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from itertools import islice

from equality.characteristics import VARIABLES
from equality.codelists import by_key
from equality.listfiles import rows as list_rows
from equality.proposing import Proposal
from equality.recoding import nearest
from equality.wordings import plain

_SUGGESTED = 3
_LOOKED_AT = 40  # proposals, best first, of which the near ones are taken
_ALIKE = 0.84  # words of which a letter or two are wrong; "male" and "female" are further apart
_SHORTEST = 3  # letters of a word that says something by itself
_SILENT = ("UNKNOWN", "PNTS")  # as a mapping writes them
_NO_SUBJECT = {"and", "any", "not", "the"}  # words that stand in labels of every group


def answers(variable: str, wording: str) -> list[str]:
    """The answers near a wording, best first, each as a mapping writes it and with its label. Empty where none is."""
    words = plain(wording)
    hinted = {key for hint, key in _hints(variable) if f" {hint} " in f" {words} "}
    proposals = nearest(variable, wording, limit=_LOOKED_AT)
    near = (str(one) for one in proposals if one.key in hinted or _is_near(words, one))
    return list(islice(near, _SUGGESTED))


def codes(variable: str, written: str, wording: str) -> list[str]:
    """The codes near one that a mapping writes and no list has: by what it says as a wording, by its letters, and by
    the wording that it was written for."""
    choices = _codes(variable)
    spelt = (choices[found] for found in get_close_matches(written.upper(), choices, _SUGGESTED))
    near = dict.fromkeys([*answers(variable, written), *spelt, *answers(variable, wording)])
    return list(near)[:_SUGGESTED]


@cache
def _hints(variable: str) -> tuple[tuple[str, str], ...]:
    """Words, and the key of what they hint at."""
    fitting = (row for row in list_rows("hints.csv") if row["variable"] in {"", variable})
    return tuple((plain(row["words"]), row["key"]) for row in fitting)


@cache
def _codes(variable: str) -> Mapping[str, str]:
    """What a mapping may write, in capitals, and how it is suggested: the own list's codes alone or with its name,
    those of other lists with theirs."""
    own = VARIABLES[variable].systems[0]
    known = {key: str(Proposal(key, category.label)) for key, category in by_key(variable).items()}
    bare = {key.rpartition(":")[2]: told for key, told in known.items() if key.startswith(f"{own}:")}
    silent = dict(zip(_SILENT, _SILENT, strict=True))
    return {code.upper(): told for code, told in {**known, **bare, **silent}.items()}


def _is_near(words: str, proposal: Proposal) -> bool:
    """Whether it has the wording as its code, or shares a word with it that says something."""
    if plain(proposal.key.rpartition(":")[2]) in {words, words.partition(" ")[0]}:
        return True
    labelled, said = _telling(plain(proposal.label)), _telling(words)
    return any(one.startswith(other) or other.startswith(one) for one in said for other in labelled) or any(
        get_close_matches(one, labelled, 1, _ALIKE) for one in said
    )


def _telling(words: str) -> list[str]:
    return [word for word in words.split() if len(word) >= _SHORTEST and word not in _NO_SUBJECT]
