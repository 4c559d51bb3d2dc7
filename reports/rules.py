"""Rules for numbers of a report that are no counts of people: what they may not stand beside, what averages of pay they
may not give. Checked on ``report.json`` alone, by code that shares nothing with the side that decides what is shown."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, product
from math import inf

from equality.characteristics import VARIABLES
from equality.disclosure.attack import Broken, Rule
from equality.disclosure.exchange import Classification, people_of
from equality.disclosure.policy import AVERAGE_STEPS, Policy
from equality.disclosure.safe import Status
from equality.measures.shares import percent
from reports.reading import (
    HEADCOUNT,
    IN_GRADE,
    RATE,
    SENIOR_COUNT,
    SHARE,
    Block,
    Document,
    NotAReport,
    blocks_of,
    policy_of,
)
from reports.workforce import COLLECTION

_MEAN_GAP, _MEDIAN_GAP = "mean_gap", "median_gap"
_NOT_OF_COUNTS = (HEADCOUNT, _MEAN_GAP, _MEDIAN_GAP)
_EXACT = Decimal(0)  # a multiple of no step
# Measures whose number or interval follows from counts of people, or may not be shown without them, with the counts in
# their own table that they need.
_NEEDS = {
    "share": (HEADCOUNT,),
    "change": (HEADCOUNT,),
    "change_share": (HEADCOUNT,),
    "rate": (IN_GRADE, SENIOR_COUNT),
    "ratio": (IN_GRADE, SENIOR_COUNT),
    _MEAN_GAP: (HEADCOUNT,),
    _MEDIAN_GAP: (HEADCOUNT,),
}


def rules_broken(
    document: Document,
    versions: Sequence[Document] = (),
    collection: str = COLLECTION,
    policy: Policy | None = None,
) -> list[Broken]:
    """Every rule that a report breaks by itself, or with the ``versions`` of it that were published before. Raises
    NotAReport."""
    try:
        policy = policy or policy_of(document)
        blocks = blocks_of(document, collection)
        earlier = [blocks_of(version, collection) for version in versions]
        return [
            *chain.from_iterable(map(_told_of_hidden, blocks)),
            *chain.from_iterable(map(_not_of_rounded, blocks if not policy.exact else ())),
            *chain.from_iterable(_too_exact(block, policy) for block in blocks),
            *chain.from_iterable(_of_a_few(block, earlier, policy) for block in blocks),
        ]
    except (LookupError, TypeError, AttributeError) as wrong:
        raise NotAReport(f"This is not a report.json: {wrong!r}.") from wrong


def _told_of_hidden(block: Block) -> Iterator[Broken]:
    """Numbers and limits beside a symbol which says that they are hidden, or that follow from hidden counts."""
    for cell in block.said["cells"]:
        told = [part for part in ("value", "low", "high") if cell.get(part) is not None]
        if not told:
            continue
        key, measure = block.key(cell), cell["measure"]
        if cell["status"] is not None:
            yield _broken(Rule.LIMITS_OF_HIDDEN, block, cell, f"{' and '.join(told)} beside {cell['status']}")
        elif any((count, key) not in block.printed for count in _NEEDS.get(measure, ())):
            yield _broken(Rule.LIMITS_OF_HIDDEN, block, cell, f"{' and '.join(told)} of a count that is not printed")


def _not_of_rounded(block: Block) -> Iterator[Broken]:
    """Where counts are rounded, percentages that are not of the rounded ones, and whatever else would need exact
    ones."""
    counts = {block.key(cell): cell["value"] for cell in block.cells(HEADCOUNT)}
    for cell in block.said["cells"]:
        if cell["value"] is None or cell["measure"] in _NOT_OF_COUNTS:
            continue
        if cell["measure"] in (SHARE, RATE):
            part, whole = (counts.get(key) for key in block.part_and_whole(cell))
            if part is not None and whole and cell["value"] == percent(min(part, whole), whole, 0):
                continue
        yield _broken(Rule.NOT_OF_ROUNDED, block, cell, "what does not follow from rounded numbers")


def _too_exact(block: Block, policy: Policy) -> Iterator[Broken]:
    """Gaps printed so exactly that with one person more or less they would tell what that person is paid."""
    told = _Told.by(block)
    if told is None or told.comparator is None:
        return  # without both numbers another rule is broken
    for cell in block.cells(_MEAN_GAP, _MEDIAN_GAP):
        people = min(told.comparator, told.people.get(cell["dims"][told.dimension], told.comparator))
        numbers = [Decimal(str(cell[part])) for part in ("value", "low", "high") if cell.get(part) is not None]
        step = max((step for step in AVERAGE_STEPS if all(number % step == 0 for number in numbers)), default=_EXACT)
        if step < AVERAGE_STEPS[-1] and people * step < policy.pay_up_to * policy.dominance:
            yield _broken(Rule.AVERAGE_TOO_EXACT, block, cell, "more than so few people allow")


def _of_a_few(block: Block, earlier: Sequence[Sequence[Block]], policy: Policy) -> Iterator[Broken]:
    """Averages of fewer people than an average needs: printed, or left over where those of parts are taken from that of
    their whole, whichever versions print them."""
    ours = _Told.by(block)
    if ours is None:
        return
    least = policy.behind_average(special=VARIABLES[ours.dimension].special_category)
    for cell in block.cells(_MEAN_GAP):
        if cell["value"] is not None and ours.people.get(cell["dims"][ours.dimension], least) < least:
            yield _broken(Rule.AVERAGE_OF_FEW, block, cell, f"the pay of fewer than {least} people")
    before = [told for one in chain.from_iterable(earlier) if one.id == block.id and (told := _Told.by(one))]
    for version in (*before, ours):
        for whole, apart in product(version.averages, (1, least)):
            known = version.left_over(whole, before, apart) if version is not ours else set()
            for left in sorted(version.left_over(whole, (*before, ours), apart) - known):
                if left[0] < least and left[1] > 0:
                    cell = {"dims": {ours.dimension: whole}, "measure": _MEAN_GAP}
                    who = " to ".join(f"{end}" for end in dict.fromkeys(left))
                    yield _broken(Rule.AVERAGE_OF_FEW, block, cell, f"the pay of {who} people, less its parts")


@dataclass(frozen=True, eq=False)
class _Told:
    """What one table tells of pay: how many people each group is at least, and at most, of which groups an average, and
    how many people these are compared with."""

    dimension: str
    classification: Classification
    people: Mapping[str, int]
    most: Mapping[str, int]
    averages: frozenset[str]
    comparator: int | None

    @classmethod
    def by(cls, block: Block) -> "_Told | None":
        gaps = list(block.cells(_MEAN_GAP))
        if not gaps or len(block.dims) != 1:
            return None
        (name,) = block.dims
        limits = {code: ends for (measure, (code,)), ends in block.printed.items() if measure == HEADCOUNT}
        people = {code: least for code, (least, _) in limits.items()}
        not_compared = [c["dims"][name] for c in gaps if c["status"] == Status.NOT_APPLICABLE.value]
        return cls(
            dimension=name,
            classification=block.dimensions[name],
            people=people,
            most={code: most for code, (_, most) in limits.items()},
            averages=frozenset(cell["dims"][name] for cell in gaps if cell["value"] is not None),
            comparator=max((people[code] for code in not_compared if code in people), default=None),
        )

    def left_over(self, whole: str, versions: Sequence["_Told"], apart: int) -> set[tuple[float, float]]:
        """Of a whole, at least and at most so many people in no part whose average some version tells: of as many
        people, or fewer than so many ``apart``. Those of other parts are among them. One answer for every way in which
        rounded numbers may be of as many people, or not."""
        said = [(part, self.apart_from(one, part)) for one in versions for part in one.parts_of(whole)]
        surely = {part for part, distance in said if distance and distance[1] < apart}
        perhaps = {part for part, distance in said if distance and distance[0] < apart}
        doubtful = sorted(perhaps - surely)
        every = chain.from_iterable(combinations(doubtful, size) for size in range(len(doubtful) + 1))
        return set(chain.from_iterable(self._left_over(whole, surely.union(some)) for some in every))

    def parts_of(self, whole: str) -> list[str]:
        """Those whose average is told."""
        members = set(self.classification.members[whole])
        return [part for part in self.averages if members > set(self.classification.members[part])]

    def apart_from(self, other: "_Told", part: str) -> tuple[int, int] | None:
        """How many people a part has more or fewer in another version, at least and at most; None where either does not
        say."""
        if part not in self.people or part not in other.people:
            return None
        if other is self:
            return 0, 0
        ways = other.most[part] - self.people[part], self.most[part] - other.people[part]
        return max(0, -min(ways)), max(ways)

    def _left_over(self, whole: str, parts: Set[str]) -> Iterator[tuple[float, float]]:
        members = set(self.classification.members[whole])
        rest = members.difference(*(self.classification.members[part] for part in parts))
        if parts and rest:
            least, most = self._sum_of(rest)
            most = min(most, self.most[whole] - sum(self.people[part] for part in parts))
            least = max(least, self.people[whole] - sum(self.most[part] for part in parts))
            yield min(least, most), most

    def _sum_of(self, leaves: Set[str]) -> tuple[int, float]:
        """At least and at most so many people are in some leaves, as those say that are printed of their parts."""
        inside = {code: members for code in self.people if (members := self.classification.members[code]) <= leaves}
        largest = [code for code, members in inside.items() if not any(members < one for one in inside.values())]
        all_of_them = leaves <= frozenset[str]().union(*(inside[code] for code in largest))
        most = sum(self.most[code] for code in largest) if all_of_them else inf
        return sum(self.people[code] for code in largest), most


def _broken(rule: Rule, block: Block, cell: Document, what: str) -> Broken:
    said = f"The measure {cell['measure']} tells {what}."
    codes = dict(cell["dims"]) | block.where
    people = people_of(block.dimensions, block.period, codes)
    return Broken(rule, block.id, block.period, block.key(cell), said, people, codes)
