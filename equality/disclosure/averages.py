"""Averages of pay: which may be shown, and how exactly.

Six rules.

- Enough people. An average needs so many people behind it, more where the groups are special-category data.
- No pay that is nearly all of it (the p% rule): the second highest paid must not know the highest closely.
- Numbers that are shown. A gap is shown only where the counts of its two groups are: gaps of parts and of their whole,
  together, would give the counts away. Nor is it said that there is no gap because a group is nobody, or too few, where
  its count is hidden: the symbol would tell of the count.
- Enough people left over. Beside a whole, as many of its parts are kept back, the smallest first, as make those kept
  back nobody, or enough people together: otherwise the whole, less the parts shown, is the pay of the few that are
  left. Parts whose number is hidden do not count as people there, nor as nobody: what is kept back would tell of it.
  Nor does a part that one person earns nearly alone: by itself it would follow from the whole.
- What was told stays told. Averages that an earlier version of the report gave are known beside those of this one,
  where they are of as many people, and nearly so where they are of a few more or less.
- No more exactly than people allow. Where one person more or less is all that two reports differ in, their averages
  give that pay, but for their rounding times their people. Gaps are rounded so that this is p% of the pay at least.

The limits of a mean gap tell how far pay is spread in the two groups together. They are shown with the gap and never
without it, so that a spread, too, is of enough people; they are drawn around the gap as it is printed, so that they
tell no more of it, and outwards, so that they hold its rounding. A median has none: its limits would be single
salaries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor

from equality.disclosure.policy import Policy
from equality.disclosure.safe import Status
from equality.measures.pay import Pay, gap, mean_gap_reach
from equality.measures.shares import rounded

_NOBODY = (0, 0)


@dataclass(frozen=True, slots=True)
class SafeGap:
    """Mean and median gap in percent, and the limits of the mean gap; or the reason why there are none. ``step``: they
    are printed to multiples of it."""

    mean: float | None
    median: float | None
    status: Status | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class ToldPay:
    """What one version of a report tells of pay: how many people a group is at least, and at most, where that is shown,
    and of which groups an average."""

    people: Mapping[str, tuple[int, int]]
    averages: frozenset[str]


def safe_gaps(
    pay: Mapping[str, Pay | None],
    comparator: str,
    policy: Policy,
    *,
    special: bool,
    people: Mapping[str, tuple[int, int]],
    whole: str | None = None,
    told: Sequence[ToldPay] = (),
) -> dict[str, SafeGap]:
    """Gaps of every group against a comparator. ``pay``: code to exact pay, None for nobody. ``whole``: the code, if
    any, that sums all the others but the comparator. ``people``: where the number of people with pay is shown, how many
    they are by that, at least, which alone decides, and at most. ``told``: earlier versions."""
    least = policy.behind_average(special=special)
    base = pay[comparator]
    few = {code for code, (certainly, _) in people.items() if certainly < least}
    shown = {
        code
        for code, summary in pay.items()
        if summary is not None and people.get(code, _NOBODY)[0] >= least and not summary.is_dominated(policy.dominance)
    }
    if whole is not None:
        shown -= _kept_back(ToldPay(people, frozenset(shown)), told, whole, set(pay) - {comparator, whole}, least)
    found = {}
    for code, summary in pay.items():
        if code == comparator or people.get(code) == _NOBODY:
            found[code] = SafeGap(None, None, Status.NOT_APPLICABLE)
        elif not few.isdisjoint({code, comparator}):
            found[code] = SafeGap(None, None, Status.TOO_FEW)
        elif summary is None or base is None or code not in shown or comparator not in shown:
            found[code] = SafeGap(None, None, Status.CONFIDENTIAL)
        else:
            step = policy.step_of_average(min(people[code][0], people[comparator][0]))
            found[code] = _gap(summary, base, Fraction(step))
    return found


def _kept_back(now: ToldPay, told: Sequence[ToldPay], whole: str, parts: Collection[str], least: int) -> set[str]:
    """What must not be shown beside what else is known: parts; or the whole, where parts were told that leave a few.
    What other versions tell is known of the same people, and of nearly the same nearly. What is kept back for one
    version is unknown beside the others too, so all are looked at until nothing more is."""
    found: set[str] = set()
    while more := _too_much(now, told, whole, parts, least, found):
        found |= more
    return found


def _too_much(
    now: ToldPay, told: Sequence[ToldPay], whole: str, parts: Collection[str], least: int, kept: Collection[str]
) -> set[str]:
    """What must be kept back besides what is ``kept`` already, for the first version that asks for it."""
    for version, apart, unsaid in product((*told, now), (least, 1), (True, False)):
        if whole not in version.averages or (version is now and whole in kept):
            continue
        for known, ours in _readings(now, told, version, set(parts) - set(kept), parts, apart, unsaid):
            others = [part for part in parts if part not in known | ours and version.people.get(part) != _NOBODY]
            left, found = _left_over(version.people, whole, parts, others, kept, least), set()
            for certainly, part in sorted((now.people[part][0], part) for part in ours) if others else ():
                if left >= least:
                    break
                found.add(part)
                left += certainly
            if others and left < least and version is now:
                found.add(whole)
            if found:
                return found
    return set()


def _readings(
    now: ToldPay,
    told: Sequence[ToldPay],
    version: ToldPay,
    shown: Collection[str],
    parts: Collection[str],
    apart: int,
    unsaid: bool,  # noqa: FBT001
) -> Iterator[tuple[set[str], set[str]]]:
    """Of which parts the average is known of a version's people: by what was told before, and only by what is
    ``shown`` now. As rounded numbers may be of the same people or not, there is one reading for every way they can be;
    first that which knows most."""
    ways = []
    for part in sorted(parts):
        before = [_tells(earlier, part, version, apart, unsaid) for earlier in told]
        surely, perhaps = (any(each) for each in zip(*before, strict=True)) if before else (False, False)
        now_surely, now_perhaps = _tells(now, part, version, apart, unsaid) if part in shown else (False, False)
        ways.append(
            [
                *([(part, True)] if perhaps else []),
                *([(part, False)] if now_perhaps and not surely else []),
                *([None] if not surely and not now_surely else []),
            ]
        )
    for chosen in product(*ways):
        known = [one for one in chosen if one is not None]
        yield {part for part, before in known if before}, {part for part, before in known if not before}


def _tells(told: ToldPay, part: str, version: ToldPay, apart: int, unsaid: bool) -> tuple[bool, bool]:  # noqa: FBT001
    """Is the average of a part told, of the people that another version is about, or of fewer than so many ``apart``:
    surely, and perhaps? ``unsaid``: also where that version does not say how many they are."""
    if part not in told.averages or told is version:
        return (part in told.averages,) * 2
    if part not in version.people:
        return unsaid, unsaid
    one, other = told.people[part], version.people[part]
    nearest = max(one[0] - other[1], other[0] - one[1])
    farthest = max(one[1] - other[0], other[1] - one[0])
    return farthest < apart, nearest < apart


def _left_over(
    people: Mapping[str, tuple[int, int]],
    whole: str,
    parts: Collection[str],
    others: Collection[str],
    kept: Collection[str],
    least: int,
) -> int:
    """How many people certainly are in those parts, ``others``, whose average is not known; not those of a part that
    one person earns nearly alone, which is known by being as large as others are that have one. What the whole is more
    than all its other parts may say it better than their own numbers."""
    counted = [part for part in others if part in people and (part in kept or people[part][0] < least)]
    singly = sum(people[part][0] for part in counted)
    if not people.keys() >= set(parts):
        return singly
    return max(singly, people[whole][0] - sum(people[part][1] for part in parts if part not in counted))


def _gap(group: Pay, comparator: Pay, step: Fraction) -> SafeGap:
    mean = _to(gap(group.mean, comparator.mean), step)
    median = _to(gap(group.median, comparator.median), step)
    low, high = _limits(mean, step, mean_gap_reach(group, comparator))
    return SafeGap(float(mean), float(median), low=low, high=high, step=float(step))


def _limits(printed: Fraction, step: Fraction, reach: float | None) -> tuple[float | None, float | None]:
    """Around a printed gap, as wide as its rounding asks."""
    if reach is None:
        return None, None
    most, least = (1 - float(printed + beyond) / 100 for beyond in (-step / 2, step / 2))
    low, high = 100 * (1 - most * reach), 100 * (1 - max(0.0, least) / reach)
    return float(floor(low / float(step)) * step), float(ceil(high / float(step)) * step)


def _to(value: Fraction, step: Fraction) -> Fraction:
    return Fraction(rounded(value / step, 0)) * step
