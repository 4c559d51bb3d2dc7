"""Pages of the documentation that are made from the code, so that they cannot disagree with it: ``make docs``."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from equality import listpage
from equality.measures import pages as methods
from monitoring.submissions.layout import WORKFORCE, Column, Reads, is_characteristic
from monitoring.submissions.problems import KINDS

HERE = Path(__file__).parent
_HOW = {
    Reads.UNIT: "your own name of it",
    Reads.DATE: "a date: 2026-09-30 or 30/09/2026",
    Reads.YES_NO: "yes or no",
    Reads.REFERENCE: "anything that is the same person's every quarter",
    Reads.TEXT: "text",
}


def columns() -> Iterator[str]:
    yield "# Which columns can I send?"
    yield ""
    yield "Headings are found whatever their case and spacing. Other headings go through a [mapping](hr.md)."
    yield "At least one **characteristic** is needed; everything else is optional. Only what a report needs is kept."
    yield ""
    yield "| Column | What it is | How to fill it | Kept |"
    yield "|---|---|---|---|"
    for column in WORKFORCE:
        name = f"**`{column.name}`**" if is_characteristic(column) else f"`{column.name}`"
        kept = "as a pseudonym" if column.reads is Reads.REFERENCE else "yes" if column.kept else _not_kept(column)
        yield f"| {name} | {column.label} | {_how(column)} | {kept} |"
    yield ""
    yield "Pay is in pounds an hour before tax, without overtime. A person with several contracts may have several"
    yield "rows where `contract_ref` is given, and is counted once. Rows of people who are not paid, not on payroll,"
    yield "agency workers or leavers are left out of the headcount where these columns say so."


def problems() -> Iterator[str]:
    yield "# What does this code mean, and how do I mend it?"
    yield ""
    yield "Codes never change. An *error* must be mended; a *warning* or *info* is for you to know."
    yield ""
    yield "| Code | | What happened | What to do |"
    yield "|---|---|---|---|"
    for code, kind in sorted(KINDS.items()):
        yield f"| `{code}` | {kind.severity.value} | {_plain(kind.message)} | {_plain(kind.advice)} |"


_LINES: dict[str, Callable[[], Iterator[str]]] = {
    "columns.md": columns,
    "problems.md": problems,
    "code-lists.md": listpage.lines,
}


def pages() -> dict[str, str]:
    """Path below this folder → text."""
    found = {name: "\n".join(lines()) + "\n" for name, lines in _LINES.items()}
    return found | {f"methods/{name}": text for name, text in methods.pages().items()}


def _how(column: Column) -> str:
    match column.reads:
        case Reads.ANSWER:
            return f"a code or label of: {', '.join(f'`{system}`' for system in column.question.systems)}"
        case Reads.NUMBER:
            return f"a number from {column.low:g} to {column.high:g}"
        case Reads.AGE:
            return f"whole years, {column.low:g} to {column.high:g}"
        case _:
            return _HOW[column.reads]


def _not_kept(column: Column) -> str:
    return "as an age group" if is_characteristic(column) else "checked only"


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("{", "*").replace("}", "*")


if __name__ == "__main__":
    for page, text in pages().items():
        (HERE / page).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{page}\n")
