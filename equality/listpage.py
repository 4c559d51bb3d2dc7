"""The page "Which codes and wordings does the service understand?", made from the lists so that it cannot disagree with
them."""

from collections.abc import Iterator

from equality.characteristics import VARIABLES
from equality.codelists import CodeList, code_lists, variables
from equality.responses import SILENCES

_INTRODUCTION = """\
# Which codes and wordings does the service understand?

Every list the service knows, by the question it answers; senders may answer in those in **bold**. A code belongs to its
list and is written with it (`CJS_SDE_16_1:O1`); only the codes of a question's first list need no prefix. All codes,
with what they stand under, are at `/api/v1/code-lists/`.

- **Taken** are codes, labels in whatever case, spacing and punctuation, and known variants: `White - British`,
  `Asian/Asian British: Indian`, `a1 - Indian`. A bare code like `A1` is taken because every list reads it alike; `W1`
  and `O1` are not, because lists differ on codes of that letter. A label beside a code decides which list is meant; if
  it contradicts the code, neither is taken.
- **Asked about** is everything else, with the nearest three answers. What is not certain is never taken.
- **Broad answers** (*Asian*, *Mixed*) count in the broad groups, which hold exactly that.
- **No answer** is of five kinds: {silences}.
  None is a group, and none counts in a percentage. A question that does not apply is kept apart from all five.
- **From list to list** a code goes exactly, by losing detail, or as the usual one among several, and says which; or it
  is refused and says why. What an officer observed never mixes with what people say of themselves.

*In force* gives dates where they are known. *Source* names rows of `equality/lists/sources.csv`; `MEM` is memory, to be
confirmed. *Verified* says whether the list was read in its source, and how many of its codes were not.
"""
_HEADINGS = ("Code list", "System", "Version", "In force", "Source", "Verified")


def lines() -> Iterator[str]:
    """The page line by line."""
    yield from _INTRODUCTION.format(silences=", ".join(kind.label.lower() for kind in SILENCES)).splitlines()
    asked = [variable for variable in variables() if variable in VARIABLES]
    for variable in asked:
        yield from _table(VARIABLES[variable].label, _HEADINGS, [_cells(one) for one in code_lists(variable)])
    others = [one for variable in variables() if variable not in asked for one in code_lists(variable)]
    rows = [(one.variable.replace("_", " ").capitalize(), *_cells(one)) for one in others]
    yield from _table("Other lists", ("Of", *_HEADINGS), rows)


def _table(title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    for cells in (headings, ("---",) * len(headings), *rows):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _cells(one: CodeList) -> tuple[str, ...]:
    later = f"; followed by `{one.superseded_by}`" if one.superseded_by else ""
    return (
        f"**{one.label}**" if one.accepted else one.label,
        f"`{one.system}`",
        one.version,
        one.period + later,
        ", ".join(source.id for source in one.sources),
        _verified(one),
    )


def _verified(one: CodeList) -> str:
    unverified = sum(not category.verified for category in one.categories)
    if not one.verified:
        return "no"
    return f"yes, but {unverified} of {len(one.categories)} codes" if unverified else "yes"
