"""Numbers and statuses in words: one place, so that PDF, page and spreadsheet say the same."""

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
    "in_grade": "People whose grade is known",
    "senior": "In senior grades",
    "rate": "Percentage",
    "ratio": "Ratio",
    "interval": "95% interval",
    "findings": "Findings",
}
_PERCENT = {"share", "declaration_rate", "mean_gap", "median_gap", "rate"}
_NAMES = ("Welsh",)
SYMBOLS = {status.value: status.meaning for status in Status}


def number(value: float, measure: str) -> str:
    """A value as it is printed."""
    if measure in _PERCENT:
        return f"{value:,.1f}%".replace("-", "−")
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
    if cell.measure == "interval" and cell.low is not None:
        return f"{_limit(cell.low)} to {_limit(cell.high)}"
    return cell.status or "" if cell.value is None else number(cell.value, cell.measure)


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


def _signed(text: str, value: float) -> str:
    return f"+{text}" if value > 0 else text.replace("-", "−")


def _limit(value: float | None) -> str:
    return "no limit" if value is None else f"{value:g}".replace("-", "−")
