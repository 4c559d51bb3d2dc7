"""Numbers and statuses in words: one place, so that PDF, page and spreadsheet say the same."""

from datetime import date

from equality.disclosure.policy import Policy
from equality.disclosure.safe import Status
from reports.contents import Cell

MEASURES = {
    "headcount": "People",
    "share": "Share of declared",
    "declaration_rate": "Declaration rate",
    "change": "Change in people",
    "change_share": "Change in share",
    "mean_gap": "Mean hourly pay gap",
    "median_gap": "Median hourly pay gap",
    "in_grade": "Grade known",
    "senior": "In senior grades",
    "rate": "Percentage",
    "ratio": "Ratio",
    "findings": "Findings",
}
_PERCENT = {"share", "declaration_rate", "mean_gap", "median_gap", "rate"}
INTERVAL = "95% interval"
_NAMES = ("Welsh",)
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SYMBOLS = {status.value: status.meaning for status in Status}


def symbols(policy: Policy) -> dict[str, str]:
    """What stands where there is no number, and what a zero means."""
    return {**SYMBOLS, "0": zero(policy)}


def zero(policy: Policy) -> str:
    """What a printed zero means."""
    return f"nobody, or fewer than {policy.most_in_zero + 1} people" if policy.most_in_zero else "nobody"


def number(value: float, measure: str, step: float | None = None) -> str:
    """A value as it is printed; a multiple of ``step``, where it has one."""
    if measure in _PERCENT:
        return f"{value:,.{decimals(step)}f}%".replace("-", "−")
    if measure == "ratio":
        return f"{value:.2f}"
    if measure == "change":
        return _signed(f"{value:,.0f}", value)
    if measure == "change_share":
        return _signed(f"{value:,.1f}", value) + " points"
    return f"{value:,.0f}"


def cell_text(cell: Cell | None) -> str:
    """A cell as it is printed: a number, or the symbol that stands for none. A cell that is not there does not
    apply."""
    if cell is None:
        return Status.NOT_APPLICABLE.value
    return cell.status or "" if cell.value is None else number(cell.value, cell.measure, cell.step)


def interval_text(cell: Cell | None) -> str:
    """The limits of a cell as they are printed, with the decimals of its value; or the symbol that stands for none."""
    if cell is not None and cell.status is not None:
        return cell.status
    if cell is None or cell.low is None or cell.high is None:
        return Status.NOT_APPLICABLE.value
    return between(cell.low, cell.high, cell.measure, cell.step)


def between(low: float, high: float, measure: str, step: float | None = None) -> str:
    """``8.0 to 17.4%``; with signs where the measure has them."""
    if measure == "change_share":
        return " to ".join(_signed(f"{limit:.1f}", limit) for limit in (low, high))
    digits, unit = (2, "") if measure == "ratio" else (decimals(step), "%")
    return f"{low:.{digits}f} to {high:.{digits}f}{unit}".replace("-", "−")


def decimals(step: float | None) -> int:
    """How many a percentage is printed with that is a multiple of ``step``."""
    return 1 if step is None or step < 1 else 0


def mid_sentence(label: str) -> str:
    """A label as it stands inside a sentence; names keep their capital."""
    return label if label.startswith(_NAMES) else label[:1].lower() + label[1:]


def people(count: float) -> str:
    return f"{count:,.0f} {'person' if count == 1 else 'people'}"


def listed(names: list[str]) -> str:
    """``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def in_words(count: int) -> str:
    """``five``; figures from ten."""
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text.replace("-", "−")


def written_day(day: date) -> str:
    """``30 September 2026``."""
    return f"{day.day} {day:%B %Y}"
