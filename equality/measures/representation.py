"""Who declared, and what share of them a group is.

A *declaration* is an answer. ``Undeclared`` (prefers not to say) and ``unknown`` (no answer) are two codes, and neither
is a declaration: Civil Service Statistics leaves both out of the denominator of a share (opened: 56,860 of 397,260
declared is the published 14.3%)."""

from collections.abc import Mapping
from fractions import Fraction

from equality.measures.answers import Answer, answer
from equality.measures.rates import percent_with_interval

NOBODY = "There is nobody who was asked, so there is no declaration rate."


def declaration_rate(
    *, declared: Mapping[str, int], undeclared: int, unknown: int, threshold_pct: float = 60.0
) -> Answer:
    """Declared in percent of headcount, and whether that reaches the threshold for publishing: exactly 60 does, where
    HMPPS ("above 60 per cent") and the Ministry of Defence ("less than 60%" is hidden) leave it open."""
    answered = sum(declared.values())
    asked = answered + undeclared + unknown
    rate = Fraction(100 * answered, asked) if asked else None
    publishable = None if rate is None else rate >= Fraction(str(threshold_pct))
    return answer({"declaration_pct": rate, "publishable": publishable}, None if asked else NOBODY)


def representation_declared(*, group: int, declared_total: int) -> Answer:
    """A group in percent of those who declared."""
    return percent_with_interval(group, declared_total)
