"""The catalogue as pages of Markdown, one for each family."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from equality.measures.catalogue import Family, Input, Measure, families
from equality.measures.inputs import KINDS

_HEAD = "<!-- Written from equality/measures/definitions: change it there. -->"
_UNCONFIRMED = "**Not confirmed: this definition rests on memory.**"


def pages() -> dict[str, str]:
    """Name of each page to its text."""
    return {"measures.md": _contents()} | {_name(family): _page(family) for family in families()}


def _name(family: Family) -> str:
    return f"{family.code.replace('_', '-')}.md"


def _contents() -> str:
    """The list of all measures."""
    lines = [
        _HEAD,
        "",
        "# How is each measure worked out?",
        "",
        "Every measure has an id. `.venv/bin/python manage.py measure ID JSON` works one out,",
        "`equality.measures.evaluate` does the same from Python, and `GET /api/v1/measures/` lists them. One marked",
        "*not confirmed* rests on memory.",
        "",
        "An answer has the measure's outputs, a `status` (`estimated`, `too few to say` or `undefined`) and a reason.",
        "A number that does not exist is `null`, never 0. Inputs that cannot be are refused, with all faults at once.",
    ]
    for family in families():
        lines += ["", f"## [{family.title}]({_name(family)})", "", "| Id | Measure | Unit |", "|---|---|---|"]
        lines += [_row(f"`{m.id}`", m.name + _mark(m), m.unit) for m in family.measures]
    return "\n".join(lines) + "\n"


def _mark(measure: Measure) -> str:
    return "" if measure.status == "confirmed" else " *(not confirmed)*"


def _page(family: Family) -> str:
    lines = [_HEAD, "", f"# {family.title}", "", family.introduction]
    for measure in family.measures:
        lines += _section(measure)
    return "\n".join(lines) + "\n"


def _section(measure: Measure) -> Iterator[str]:
    yield from ("", f"## {measure.name}", "", f"`{measure.id}`", "")
    if measure.status != "confirmed":
        yield from (_UNCONFIRMED, "")
    yield from (measure.meaning, "", "    " + measure.formula, "")
    yield from _facts(measure)
    yield from ("", "| Input | Kind | Meaning |", "|---|---|---|")
    yield from (_row(f"`{one.name}`", _kind(one), one.meaning + _default(one)) for one in measure.inputs)
    yield from ("", "| Output | Unit | Meaning |", "|---|---|---|")
    yield from (_row(f"`{one.name}`", one.unit, one.meaning) for one in measure.outputs)
    yield from ("", f"**By hand.** {measure.example.text}", "", "```", *_commands(measure), "```")


def _facts(measure: Measure) -> Iterator[str]:
    yield f"- **Direction.** {measure.direction}"
    yield f"- **Interval.** {measure.interval}"
    yield f"- **Test.** {measure.test}"
    yield f"- **Minimum numbers.** {measure.minimum}"
    if measure.either:
        yield f"- **Give either** {' or '.join(_codes(names) for names in measure.either)}."
    if measure.within:
        yield f"- **Must hold.** {'; '.join(f'`{part}` is part of `{whole}`' for part, whole in measure.within)}."
    yield f"- **Source.** {measure.source}"
    if measure.unconfirmed:
        yield f"- **From memory.** {measure.unconfirmed}"
    yield f"- **Proved by.** {_codes(measure.vectors) if measure.vectors else 'the example below.'}"


def _commands(measure: Measure) -> Iterator[str]:
    """The example as it is asked for, and its answer."""
    yield f".venv/bin/python manage.py measure {measure.id} '{_json(measure.example.inputs)}'"
    yield _json(measure.example.answer)


def _kind(one: Input) -> str:
    return f"one of {', '.join(one.choices)}" if one.choices else KINDS[one.kind].words


def _default(one: Input) -> str:
    return "" if one.default is None else f" (if not given: `{json.dumps(one.default)}`)"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
