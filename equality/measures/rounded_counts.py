"""Counts as Civil Service Statistics prints them: small ones replaced by ``c``, the rest to the nearest five.

This is presentation, cell by cell. It protects nobody where totals are printed too: what is published passes through
``equality.disclosure``."""

from equality.measures.answers import Answer, answer

HIDDEN = "c"
NOTHING = "There are no counts."


def suppress_and_round(*, counts: list[int], min_n: int = 5, round_to: int = 5, hide_zero: bool = True) -> Answer:
    """Counts under ``min_n`` as ``c``, zero too for special-category data; others to the nearest ``round_to``, halves
    up, which the source leaves open."""
    out = [HIDDEN if _is_small(count, min_n, hide_zero=hide_zero) else nearest(count, round_to) for count in counts]
    return answer({"out": out})


def nearest(count: int, step: int) -> int:
    """The nearest multiple of ``step``; halfway goes up."""
    return (2 * count + step) // (2 * step) * step


def _is_small(count: int, least: int, *, hide_zero: bool) -> bool:
    return count < least and (count > 0 or hide_zero)
