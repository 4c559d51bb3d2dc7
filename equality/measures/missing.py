"""What missing answers could hide: how far a share or a gap would move if all who did not declare were in one group.

Nobody knows what they would have answered. A range that crosses no difference says that the figure stands on answers
that were not given."""

from fractions import Fraction

from equality.measures.answers import Answer, answer, undefined

NOBODY = "There is nobody, so there is no share."
NO_RATE = "A group has nobody in it, so there are no rates to compare."
NO_PAY = "A group has nobody or no pay, so there is no gap."


def missing_share_range(*, group: int, declared_total: int, not_declared: int) -> Answer:
    """The share of those who declared, and of everybody: with none of the others in the group, and with all of
    them."""
    asked = declared_total + not_declared
    if not asked:
        return undefined(NOBODY, "percent", "lowest", "highest")
    share = Fraction(100 * group, declared_total) if declared_total else None
    outputs = {
        "percent": share,
        "lowest": Fraction(100 * group, asked),
        "highest": Fraction(100 * (group + not_declared), asked),
    }
    return answer(outputs, None if declared_total else "Nobody declared, so there is no share of those who did.")


def missing_difference_range(
    *, events1: int, base1: int, events2: int, base2: int, events_missing: int, base_missing: int
) -> Answer:
    """The difference of two rates in percentage points: as declared; with everybody else in the first group, or in the
    second; and the furthest that they could bring it, those with the outcome in one group and those without in the
    other."""
    names = ("diff_pp", "all_in_first", "all_in_second", "lowest", "highest")
    if not (base1 and base2):
        return undefined(NO_RATE, *names)
    without = base_missing - events_missing
    cases = (
        (events1, base1, events2, base2),
        (events1 + events_missing, base1 + base_missing, events2, base2),
        (events1, base1, events2 + events_missing, base2 + base_missing),
        (events1, base1 + without, events2 + events_missing, base2 + events_missing),
        (events1 + events_missing, base1 + events_missing, events2, base2 + without),
    )
    return answer({name: _points(*case) for name, case in zip(names, cases, strict=True)})


def missing_pay_gap_range(
    *,
    group_n: int,
    group_total: Fraction,
    comparator_n: int,
    comparator_total: Fraction,
    missing_n: int,
    missing_total: Fraction,
) -> Answer:
    """The mean pay gap in percent: as declared; with everybody else in the group; with everybody else in the
    comparator."""
    names = ("gap_pct", "all_in_group", "all_in_comparator")
    if not (group_n and comparator_n and comparator_total):
        return undefined(NO_PAY, *names)
    group, comparator = group_total / group_n, comparator_total / comparator_n
    joined = (group_total + missing_total) / (group_n + missing_n)
    enlarged = (comparator_total + missing_total) / (comparator_n + missing_n)
    gaps = ((group, comparator), (joined, comparator), (group, enlarged))
    return answer({name: 100 * (base - paid) / base for name, (paid, base) in zip(names, gaps, strict=True)})


def _points(events1: int, base1: int, events2: int, base2: int) -> Fraction:
    return 100 * (Fraction(events1, base1) - Fraction(events2, base2))
