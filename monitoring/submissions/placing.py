"""From the sender's headings to the columns of the layout."""

import json
import re
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher

from monitoring.submissions.layout import Column, Reads, columns, is_characteristic
from monitoring.submissions.mapping import Mapping
from monitoring.submissions.problems import Problem, problem

_CERTAIN = 0.6  # from here on a column is near, and values are looked at as if the nearest one were meant
_SHORTEST = 3  # letters of a word that says something by itself
# Headings of columns that say who somebody is, as _plain writes them.
_IDENTIFYING = re.compile(
    r"\bsurname|\bforename|\binitials\b|\bnickname|^names?$|\bname of (employee|officer|person|staff)\b"
    r"|\b(first|last|middle|given|family|full|maiden|birth|legal|preferred|known|display) ?names?\b"
    r"|\b(colleague|employee|manager|member|officer|people|person|staff|user|worker)( s)? ?names?\b"
    r"|\bline manager\b|\bnext of kin\b|\be ?mails?\b|\baddress|\bhome post ?code\b"
    r"|\b(tele)?phone|\bmobile( (no|number))?$|\bnational insurance\b|\bni (no|number)\b|\bnino\b"
    r"|\bnhs (no|number)\b|\bpassport|\bbank account"
)


def recogniser(collection: str, mapping: Mapping) -> Callable[[str], bool]:
    """Whether a text is a heading that is looked for: the way to find the row of headings."""
    return lambda heading: mapping.names(heading) or _named(heading, collection) is not None


def place_headings(
    headings: list[str], collection: str, mapping: Mapping
) -> tuple[dict[int, Column], dict[int, Column], list[Problem]]:
    """(placed, guessed, problems) by position. A guess is never taken: it lets the answer say which of its values
    could not be placed either."""
    placed: dict[int, Column] = {}
    guessed: dict[int, Column] = {}
    problems: list[Problem] = []
    twice = {heading for heading, times in Counter(headings).items() if heading and times > 1}
    problems += [problem("HEADING_TWICE", column=heading, count=headings.count(heading)) for heading in sorted(twice)]
    identifying: list[str] = []
    for at, heading in enumerate(headings):
        if heading in mapping.ignored or heading in twice:
            continue
        column = _placed(heading, collection, mapping)
        if column is not None:
            placed[at] = column
        elif _IDENTIFYING.search(_plain(heading)):
            identifying.append(heading)
        elif heading:
            near = nearest_columns(heading, collection)
            names = [column.name for _, column in near]
            told = {"heading": _quoted(heading), "name": _quoted(names[0] if names else "COLUMN")}
            problems.append(problem("HEADING_NOT_PLACED", column=heading, nearest=names, **told))
            if near and near[0][0] >= _CERTAIN and near[0][1].reads is Reads.ANSWER:
                guessed[at] = near[0][1]
    # A mapping has one such list, so that every advice shows the whole of it.
    left_out = _quoted([*sorted(mapping.ignored), *identifying])
    problems += [problem("HEADING_IDENTIFIES_PEOPLE", column=heading, headings=left_out) for heading in identifying]
    absent = [heading for heading in mapping.columns if heading not in headings]
    problems += [problem("MAPPING_HEADING_ABSENT", column=heading) for heading in absent]
    return placed, guessed, problems + _as_a_whole(placed, guessed)


def _as_a_whole(placed: dict[int, Column], guessed: dict[int, Column]) -> list[Problem]:
    names = Counter(column.name for column in placed.values())
    problems = [problem("COLUMN_TWICE", column=name, count=times) for name, times in names.items() if times > 1]
    if len(names.keys() & {"age", "age_band", "date_of_birth"}) > 1:
        problems.append(problem("AGE_TWICE"))
    if not any(is_characteristic(column) for column in [*placed.values(), *guessed.values()]):
        problems.append(problem("NO_CHARACTERISTIC"))
    if "person_ref" not in names:
        problems.append(problem("NO_PERSON_REF"))
    return problems


def nearest_columns(heading: str, collection: str, limit: int = 3) -> list[tuple[float, Column]]:
    """(likeness, column), best first: those that are like it as a whole or share a word with it. Empty where none
    is."""
    wanted = _plain(heading)
    near = []
    for column in columns(collection).values():
        known = [_plain(name) for name in (column.name, column.label, *column.synonyms)]
        likeness = max(_likeness(wanted, name) for name in known)
        if likeness >= _CERTAIN or any(_telling(wanted) & _telling(name) for name in known):
            near.append((likeness, column))
    return sorted(near, key=lambda pair: -pair[0])[:limit]


def _placed(heading: str, collection: str, mapping: Mapping) -> Column | None:
    if heading in mapping.columns:
        return columns(collection)[mapping.columns[heading]]
    return _named(heading, collection)


def _named(heading: str, collection: str) -> Column | None:
    """The column of exactly this name or label, whatever the case and spacing."""
    wanted = _plain(heading)
    for column in columns(collection).values():
        if wanted and wanted in {_plain(name) for name in (column.name, column.label, *column.also)}:
            return column
    return None


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def _quoted(written: str | list[str]) -> str:
    """A heading, or a list of them, as a mapping file writes it."""
    return json.dumps(written, ensure_ascii=False)


def _telling(text: str) -> set[str]:
    return {word for word in text.split() if len(word) >= _SHORTEST and word != "the"}


def _likeness(wanted: str, known: str) -> float:
    left, right = set(wanted.split()), set(known.split())
    words = len(left & right) / max(len(left), len(right)) if left and right else 0.0
    return max(words, SequenceMatcher(None, wanted, known).ratio())
