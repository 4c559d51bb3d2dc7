"""Rules for numbers that are no counts of people, on a report as somebody outside has it."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.disclosure.attack import Rule
from equality.disclosure.averages import ToldPay, safe_gaps
from equality.disclosure.policy import PUBLISHED
from equality.tables import MINORITY
from reports.attacking import attack_report
from reports.rules import rules_broken
from tests.equality.disclosure.test_averages import down, exactly_one, pay, up
from tests.factories.documents import block, cell, headcounts, report


class TestLimitsOfHidden:
    @pytest.mark.parametrize(
        "leak",
        [
            cell("share", None, "[c]", 1.2, 9.9, sex="F"),
            cell("share", 9.1, "[c]", sex="F"),
            cell("change", 2, "[c]", sex="F"),
            cell("headcount", None, "[c]", 0, 4, sex="F"),
            cell("mean_gap", None, "[c]", -1.5, 2.5, sex="F"),
        ],
    )
    def test_a_number_beside_a_symbol(self, leak):
        document = report(block("sex", ["sex"], [*headcounts(F=9), leak]))

        assert [(b.rule, b.table, b.key) for b in rules_broken(document)][:1] == [
            (Rule.LIMITS_OF_HIDDEN, "sex", ("F",)),
        ]

    def test_a_change_of_a_hidden_number(self):
        document = report(block("sex", ["sex"], [*headcounts(F=None), cell("change", 2, sex="F")]))

        assert [b.rule for b in rules_broken(document)] == [Rule.LIMITS_OF_HIDDEN]

    def test_an_honest_table_has_none(self):
        cells = [
            *headcounts(F=9, M=None),
            cell("share", 20.0, None, 10.1, 31.4, sex="F"),
            cell("share", None, "[c]", sex="M"),
        ]

        assert rules_broken(report(block("sex", ["sex"], cells))) == []


PARTS = ("ASIAN", "BLACK", "MIXED")
ETHNICITY = {
    "label": "Ethnicity",
    "leaves": ["WHITE", *PARTS],
    "groups": {MINORITY: [*PARTS], "_total": ["WHITE", *PARTS]},
}


def pay_gaps(people, gaps, step=1):
    """A table of pay gaps against White people. ``people``: how many, or at least and at most. ``gaps``: mean and median
    gap by code."""
    cells = []
    for code, count in people.items():
        low, high = (None, None) if isinstance(count, int) or count[0] == count[1] else count
        cells.append(cell("headcount", count if isinstance(count, int) else count[1], None, low, high, ethnicity=code))
    cells += [cell(measure, None, "[z]", ethnicity="WHITE") for measure in ("mean_gap", "median_gap")]
    for code, gap in gaps.items():
        cells.append(cell("mean_gap", gap, None, gap - 10 * step, gap + 10 * step, ethnicity=code))
        cells.append(cell("median_gap", gap, ethnicity=code))
    return report(block("pay-by-ethnicity", ["ethnicity"], cells), ethnicity=ETHNICITY)


def broken(document, versions=()):
    return {(one.rule, one.key[0]) for one in rules_broken(document, versions)}


class TestExactness:
    @pytest.mark.parametrize(
        ("people", "step", "exact"),
        [(40, 1, False), (40, 0.1, True), (299, 0.1, True), (300, 0.1, False), (29, 1, True), (29, 5, False)],
    )
    def test_is_as_the_people_allow(self, people, step, exact):
        document = pay_gaps({"WHITE": 900, "ASIAN": people}, {"ASIAN": 20 + step}, step)

        assert ((Rule.AVERAGE_TOO_EXACT, "ASIAN") in broken(document)) == exact

    def test_is_that_of_the_comparator_too(self):
        assert broken(pay_gaps({"WHITE": 200, "ASIAN": 900}, {"ASIAN": 7.3}, 0.1)) == {
            (Rule.AVERAGE_TOO_EXACT, "ASIAN"),
        }

    @pytest.mark.parametrize("part", ["value", "low", "high"])
    @pytest.mark.parametrize("measure", ["mean_gap", "median_gap"])
    def test_is_judged_by_every_number(self, part, measure):
        document = pay_gaps({"WHITE": 90, "ASIAN": 90}, {"ASIAN": 7})
        (said,) = (c for c in document["sections"][0]["blocks"][1]["cells"] if c["measure"] == measure and c["value"])
        said[part] = 7.3

        assert broken(document) == {(Rule.AVERAGE_TOO_EXACT, "ASIAN")}


class TestAveragesOfAFew:
    def test_are_not_printed(self):
        assert broken(pay_gaps({"WHITE": 90, "ASIAN": 29}, {"ASIAN": 5})) == {(Rule.AVERAGE_OF_FEW, "ASIAN")}

    @pytest.mark.parametrize(("mixed", "opened"), [(0, False), (29, True), (30, False)])
    def test_are_not_left_over(self, mixed, opened):
        people = {"WHITE": 90, "ASIAN": 40, "BLACK": 35, "MIXED": mixed, MINORITY: 75 + mixed}
        document = pay_gaps(people, dict.fromkeys(("ASIAN", "BLACK", MINORITY), 5))

        assert ((Rule.AVERAGE_OF_FEW, MINORITY) in broken(document)) == opened
        assert (
            (Rule.AVERAGE_OF_FEW, MINORITY) in {(b.rule, b.key[0]) for b in attack_report(document).broken}
        ) == opened

    PEOPLE: ClassVar = {"WHITE": 90, "ASIAN": 40, "BLACK": 35, "MIXED": 4, MINORITY: 79}
    OF_PARTS: ClassVar = pay_gaps(PEOPLE, {"ASIAN": 5, "BLACK": 6})
    OF_THE_WHOLE: ClassVar = pay_gaps(PEOPLE, {"ASIAN": 5, MINORITY: 5})

    @pytest.mark.parametrize("first", [True, False])
    def test_are_not_left_over_by_two_versions(self, first):
        documents = [self.OF_PARTS, self.OF_THE_WHOLE] if first else [self.OF_THE_WHOLE, self.OF_PARTS]

        assert broken(documents[0]) == broken(documents[1]) == set()
        assert broken(documents[1], documents[:1]) == {(Rule.AVERAGE_OF_FEW, MINORITY)}

    def test_a_version_that_adds_nothing_is_not_to_blame(self):
        """What two earlier versions gave away together is told already."""
        assert broken(self.OF_PARTS, [self.OF_PARTS, self.OF_THE_WHOLE]) == set()

    def test_parts_of_other_people_are_not_left_over(self):
        """Then 62 people from Black ethnic groups, now 35."""
        before = pay_gaps(self.PEOPLE | {"BLACK": 65, MINORITY: 109}, {"BLACK": 6})

        assert broken(pay_gaps(self.PEOPLE, {"ASIAN": 5, MINORITY: 5}), [before]) == set()

    @given(
        versions=st.lists(
            st.tuples(
                st.lists(st.sampled_from((0, 4, 28, 30, 31, 40)), min_size=3, max_size=3),
                st.sets(st.sampled_from((*PARTS, MINORITY)), max_size=2),
                st.lists(st.sampled_from((exactly_one, down, up)), min_size=4, max_size=4),
            ),
            min_size=1,
            max_size=3,
        )
    )
    def test_none_is_given_away_by_what_the_other_side_decides(self, versions):
        """The side that protects shares nothing with these rules but what is printed."""
        told, documents = [], []
        for sizes, hidden, ways in versions:
            people = {**dict(zip(PARTS, sizes, strict=True)), MINORITY: sum(sizes)}
            groups = {code: pay(size) if size else None for code, size in people.items()}
            printed = zip(people, ways, strict=True)
            numbers = {code: way(people[code]) for code, way in printed if code not in hidden}
            found = safe_gaps(
                {"WHITE": pay(90), **groups}, "WHITE", PUBLISHED,
                special=True, people={"WHITE": (90, 90), **numbers}, whole=MINORITY, told=told,
            )  # fmt: skip
            averages = {code: gap.mean for code, gap in found.items() if gap.mean is not None}
            documents.append(pay_gaps({"WHITE": 90, **numbers}, averages))
            told.append(ToldPay(numbers, frozenset(averages)))

            assert broken(documents[-1], documents[:-1]) == set()
