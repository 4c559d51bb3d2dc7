"""Averages of pay: which may be shown.

Four rules. An average needs enough people behind it (more where the groups are special-category data), and none whose
pay is nearly all of it (the p% rule: the second highest paid must not know the highest closely). A gap is
shown only where the counts of its two groups are: gaps of parts and of their whole, together, would give the counts
away. Nor is it said that there is no gap because a group is nobody, or too few, where its count is hidden: the symbol
would tell of the count. And beside a whole, as many of its parts are kept back, the smallest first, as make those kept
back nobody, or enough people together: otherwise the whole, less the parts shown, is the pay of the few that are left.
Parts whose number is hidden do not count as people there, nor as nobody: what is kept back would tell of it. Nor does a
part that one person earns nearly alone: by itself it would follow from the whole.

The limits of a mean gap tell how far pay is spread in the two groups together. They are shown with the gap and never
without it, so that a spread, too, is of enough people. A median has none: its limits would be single salaries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from equality.disclosure.policy import Policy
from equality.disclosure.safe import Status
from equality.measures.pay import Pay, gap, mean_gap_interval
from equality.measures.shares import rounded


@dataclass(frozen=True, slots=True)
class SafeGap:
    """Mean and median gap in percent, and the limits of the mean gap; or the reason why there are none."""

    mean: float | None
    median: float | None
    status: Status | None = None
    low: float | None = None
    high: float | None = None


def safe_gaps(
    pay: Mapping[str, Pay | None],
    comparator: str,
    policy: Policy,
    *,
    special: bool,
    counts_shown: Collection[str],
    whole: str | None = None,
) -> dict[str, SafeGap]:
    """Gaps of every group against a comparator. ``pay``: code to exact pay, None for nobody. ``whole``: the code, if
    any, that sums all the others but the comparator. ``counts_shown``: codes whose number of people with pay is
    shown."""
    least = policy.behind_average(special=special)
    base = pay[comparator]
    few = {code for code in counts_shown if (summary := pay[code]) is None or summary.people < least}
    shown = {
        code
        for code, summary in pay.items()
        if summary is not None
        and summary.people >= least
        and not summary.is_dominated(policy.dominance)
        and code in counts_shown
    }
    if whole is not None and whole in shown:
        parts = {code: summary for code, summary in pay.items() if code not in {comparator, whole}}
        nobody = {code for code in few if pay[code] is None}
        shown -= _kept_back(parts, shown, nobody, few, least)
    found = {}
    for code, summary in pay.items():
        if code == comparator or (summary is None and code in counts_shown):
            found[code] = SafeGap(None, None, Status.NOT_APPLICABLE)
        elif not few.isdisjoint({code, comparator}):
            found[code] = SafeGap(None, None, Status.TOO_FEW)
        elif summary is None or base is None or code not in shown or comparator not in shown:
            found[code] = SafeGap(None, None, Status.CONFIDENTIAL)
        else:
            found[code] = _gap(summary, base)
    return found


def _kept_back(
    parts: Mapping[str, Pay | None],
    shown: Collection[str],
    nobody: Collection[str],
    few: Collection[str],
    least: int,
) -> set[str]:
    """Parts of a shown whole that must not be shown beside it. ``nobody``, ``few``: where the shown number says so."""
    found: set[str] = set()
    if all(code in shown or code in nobody for code in parts):
        return found
    left = sum(summary.people for code, summary in parts.items() if summary and code in few)
    for people, code in sorted((summary.people, code) for code, summary in parts.items() if summary and code in shown):
        if left >= least:
            break
        found.add(code)
        left += people
    return found


def _gap(group: Pay, comparator: Pay) -> SafeGap:
    limits = mean_gap_interval(group, comparator)
    low, high = (rounded(Fraction(limit), 1) for limit in limits) if limits else (None, None)
    return SafeGap(gap(group.mean, comparator.mean), gap(group.median, comparator.median), low=low, high=high)
