"""What a reader is told in words, drawn from safe tables alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from equality.disclosure.averages import SafeGap
from equality.disclosure.safe import SafeTable
from equality.measures.shares import percent
from equality.tables import ASKED, DECLARED, MINORITY, TOTAL
from reports.contents import TableBlock
from reports.wording import mid_sentence, people


def declaration(table: SafeTable) -> str:
    """How many declared a characteristic."""
    (name,) = table.codes
    label = mid_sentence(table.dimension(name).label)
    asked = table.cell(ASKED if ASKED in table.codes[name] else TOTAL).value
    declared = table.cell(DECLARED).value
    if asked is None or declared is None:
        return f"How many people declared their {label} cannot be shown without giving a small number away."
    return f"{people(declared)} of {asked:,} ({percent(declared, asked)}%) declared their {label}."


def too_few_declared(table: SafeTable, least: int) -> str:
    """Why a characteristic is not split."""
    (name,) = table.codes
    label = mid_sentence(table.dimension(name).label)
    return f"Fewer than {least}% declared their {label}, so it is not split further: the rest could change the picture."


def largest_message(table: SafeTable) -> str | None:
    """The share that a reader looks for first: ethnic minorities, women, disabled people."""
    found = _watched_share(table)
    if found is None:
        return None
    part, whole, words = found
    return f"{percent(part, whole)}% of those who declared ({part:,} of {whole:,}) are {words.who}."


def key_figure(table: SafeTable) -> tuple[str, str, str] | None:
    """The same share as a figure to be set large: value, what it is, what it rests on."""
    found = _watched_share(table)
    if found is None:
        return None
    part, whole, words = found
    return f"{percent(part, whole)}%", words.who, f"{part:,} of {whole:,} who declared"


@dataclass(frozen=True)
class _Watched:
    code: str
    who: str


_WATCHED = {
    "ethnicity": _Watched(MINORITY, "from ethnic groups other than White"),
    "sex": _Watched("F", "women"),
    "disability": _Watched("DISABLED", "disabled"),
}


def _watched_share(table: SafeTable) -> tuple[int, int, _Watched] | None:
    """(people, people who declared, words), where both numbers may be shown."""
    (name,) = table.codes
    words = _WATCHED.get(name)
    if words is None or words.code not in table.codes[name]:
        return None
    part, whole = table.cell(words.code).value, table.cell(DECLARED).value
    return (part, whole, words) if part is not None and whole else None


def pay_gap(name: str, gaps: Mapping[str, SafeGap]) -> str | None:
    """The gap that a reader looks for first."""
    code, who, whom = (
        ("F", "Women", "men") if name == "sex" else (MINORITY, "People of ethnic minorities", "White people")
    )
    gap = gaps.get(code)
    if gap is None or gap.mean is None or gap.median is None:
        return None
    return (
        f"{who} are paid {_less_or_more(gap.mean)} an hour on average (mean) than {whom}, "
        f"and {_less_or_more(gap.median)} at the median."
    )


def chart_alt(table: TableBlock, labels: Mapping[str, str], rows: tuple[str, ...]) -> str:
    """A bar chart in one sentence: every bar with its value, or that it is not shown."""
    said = []
    for code in rows:
        cell = table.find("share", code)
        value = f"{cell.value}%" if cell and cell.value is not None else "not shown"
        said.append(f"{labels[code]} {value}")
    return f"Bar chart. {'; '.join(said)}. The figures are in the table."


def _less_or_more(gap: float) -> str:
    if gap == 0:
        return "the same"
    return f"{abs(gap)}% {'less' if gap > 0 else 'more'}"
