"""What a report says of how many people there are, read as somebody outside reads it."""

from decimal import Decimal

import pytest

from equality.disclosure.attack import Contradictory, Rule
from equality.disclosure.exchange import Exact, Link, Percent, Range, Suppressed
from reports.attacking import attack_report, in_words, published_of
from reports.reading import NotAReport
from tests.factories.documents import SEX, block, cell, headcounts, report

GRADE = {
    "leaves": ["EO", "HEO", "G6", "G7", "UNKNOWN"],
    "groups": {
        "G6/G7": ["G6", "G7"], "_declared": ["EO", "HEO", "G6", "G7"], "_not_declared": ["UNKNOWN"],
        "_total": ["EO", "HEO", "G6", "G7", "UNKNOWN"],
    },
}  # fmt: skip


def printed(document):
    return {
        (table.id, table.block, *one.key): one.printed
        for table in published_of(document).tables
        for one in table.cells
        if not table.id.startswith("list of")
    }


class TestCounts:
    def test_shown_and_hidden(self):
        found = printed(report(block("sex", ["sex"], headcounts(F=None, M=27, _total=40))))

        assert found == {
            ("sex", "2026-Q1", "F"): Suppressed(),
            ("sex", "2026-Q1", "M"): Exact(27),
            ("sex", "2026-Q1", "_total"): Exact(40),
        }

    @pytest.mark.parametrize("status", ["[x]", "[u]", "[z]"])
    def test_that_are_not_there_say_nothing(self, status):
        assert printed(report(block("sex", ["sex"], [cell("headcount", None, status, sex="F")]))) == {}

    def test_as_ranges(self):
        cells = [cell("headcount", 5, None, 3, 7, sex="F"), cell("headcount", None, None, 0, 4, sex="M")]

        assert list(printed(report(block("sex", ["sex"], cells))).values()) == [Range(3, 7), Range(0, 4)]

    def test_of_some_people(self):
        document = report(block("few", ["sex"], headcounts(F=9), where={"grade": "EO"}), grade=GRADE)

        (table,) = published_of(document).tables

        assert table.codes(("F",)) == {"sex": "F", "grade": "EO"}

    def test_of_other_collections_are_not_people(self):
        assert published_of(report(block("sex", ["sex"], headcounts(F=9), collection="findings"))).tables == ()


NOW_IS = {"report": {"period": "2026-Q2"}}


class TestTogetherWithOthers:
    """A change from the quarter before tells what that quarter's own report hid."""

    BEFORE = report(block("sex", ["sex"], headcounts(F=None, M=None, DECLINED=0, _total=40)))
    NOW = (
        report(
            block(
                "sex",
                ["sex"],
                [
                    *headcounts(F=None, M=42, DECLINED=0, _total=None),
                    cell("change", 5, sex="M"),
                    cell("share", None, "[c]", sex="F"),
                ],
            )
        )
        | NOW_IS
    )

    def test_a_change_opens_what_an_earlier_report_hid(self):
        assert attack_report(self.NOW).opened == attack_report(self.BEFORE).opened == ()

        opened = attack_report(self.NOW, others=[self.BEFORE], margins=False).opened

        assert [(one.block, one.key, one.low, one.high) for one in opened] == [("2026-Q1", ("F",), 3, 3)]

    # Five women, then one leaver; nothing says so but who is known to have left.
    FIVE = report(block("sex", ["sex"], headcounts(F=5, M=40, DECLINED=0, _total=45)))
    FOUR = report(block("sex", ["sex"], headcounts(F=None, M=None, DECLINED=0, _total=44))) | NOW_IS
    ONE_LEFT = Link("2026-Q1", "2026-Q2", joiners=(0, 0), leavers=(1, 1), fixed=("sex",))
    WOMEN = ("2026-Q2", frozenset({("sex", frozenset({"F"}))}))
    MEN = ("2026-Q2", frozenset({("sex", frozenset({"M"}))}))

    def test_who_left_opens_what_nothing_printed_does(self):
        assert attack_report(self.FOUR, others=[self.FIVE]).opened == ()

        opened = attack_report(self.FOUR, others=[self.FIVE], links=[self.ONE_LEFT]).opened

        assert {(one.block, one.key, one.low, one.high) for one in opened} == {("2026-Q2", ("F",), 4, 5)}

    def test_that_the_one_who_joined_is_a_woman_follows_from_two_totals(self):
        before = report(block("sex", ["sex"], headcounts(F=20, M=30, DECLINED=0, _total=50)))
        now = report(block("sex", ["sex"], headcounts(F=21, M=30, DECLINED=0, _total=51))) | NOW_IS
        one_joined = Link("2026-Q1", "2026-Q2", joiners=(1, 1), leavers=(0, 0), fixed=("sex",))

        found = attack_report(now, others=[before], links=[one_joined])

        assert [(one.rule, in_words(now, one)) for one in found.broken] == [
            (Rule.MOVERS, "in no table, joiners 2026-Q1 to 2026-Q2 (Sex: Women)")
        ]

    def test_what_nothing_is_printed_of_is_not_linked(self):
        assert attack_report(self.FOUR, links=[self.ONE_LEFT]).opened == ()

    @pytest.mark.parametrize(("known", "left_out"), [((4, 5), True), ((5, 5), True), ((3, 5), False), ((4, 6), False)])
    def test_who_was_given_away_before_is_left_out_where_nothing_narrower_follows(self, known, left_out):
        given_away = {self.WOMEN: known}

        found = attack_report(self.FOUR, others=[self.FIVE], links=[self.ONE_LEFT], given_away=given_away)

        assert [one.key for one in found.opened] == [one.key for one in found.broken] == ([] if left_out else [("F",)])

    def test_others_who_were_given_away_before_change_nothing(self):
        given_away = {self.MEN: (4, 5)}

        found = attack_report(self.FOUR, others=[self.FIVE], links=[self.ONE_LEFT], given_away=given_away)

        assert [one.key for one in found.opened] == [("F",)]

    def test_who_is_given_away_under_another_name_is_left_out(self):
        """Nobody declined: women, and women with those who declined, are the same people."""
        women = ("2026-Q2", frozenset({("sex", frozenset({"F", "DECLINED"}))}))

        found = attack_report(self.FOUR, others=[self.FIVE], links=[self.ONE_LEFT], given_away={women: (4, 5)})

        assert found.opened == ()

    def test_a_small_number_that_is_public_is_not_printed_again(self):
        """What an earlier report printed cannot be taken back; this one does not repeat it."""
        shown = report(block("sex", ["sex"], headcounts(F=3, M=37, DECLINED=0, _total=40)))
        hidden = report(block("sex", ["sex"], headcounts(F=None, M=None, DECLINED=0, _total=40)))
        before = {("2026-Q1", frozenset({("sex", frozenset({"F"}))})): (3, 3)}

        kept = attack_report(hidden, others=[shown], given_away=before)
        repeated = attack_report(shown, others=[shown], given_away=before)

        assert kept.broken == ()
        assert [(one.rule, one.key) for one in repeated.broken] == [(Rule.SMALL_PRINTED, ("F",))]

    def test_a_dimension_that_the_report_does_not_have_excuses_nobody_else(self):
        of_one_office = ("2026-Q2", frozenset({("sex", frozenset({"F"})), ("office", frozenset({"north"}))}))

        found = attack_report(self.FOUR, others=[self.FIVE], links=[self.ONE_LEFT], given_away={of_one_office: (4, 4)})

        assert [one.key for one in found.broken] == [("F",)]

    def test_a_small_number_that_is_printed_is_not_excused_by_another_name_of_the_same_people(self):
        """Nobody answered X: women, and those of F or X, are the same people."""
        sex = SEX | {"leaves": ["F", "X", "M"], "groups": {"FX": ["F", "X"], "_total": ["F", "X", "M"]}}
        cells = headcounts(F=3, X=0, FX=None, M=40, _total=43)
        both = ("2026-Q1", frozenset({("sex", frozenset({"F", "X"}))}))

        found = attack_report(report(block("sex", ["sex"], cells), sex=sex), given_away={both: (3, 3)})

        assert Rule.SMALL_PRINTED in {one.rule for one in found.broken}

    def test_answers_that_nothing_tells_apart_can_be_named(self):
        sex = SEX | {"leaves": ["F", "M", "X"], "groups": {"_total": ["F", "M", "X"]}}
        document = report(block("sex", ["sex"], headcounts(F=40, _total=43)), sex=sex)

        found = attack_report(document, given_away={self.WOMEN: (3, 3)})

        assert [in_words(document, one) for one in found.broken] == ["in no table (Sex: Men or X)"]

    def test_two_reports_may_give_one_name_to_tables_of_other_dimensions(self):
        before = report(
            block("staff", ["sex"], headcounts(F=20, M=20, DECLINED=0, _total=40)),
            block("more", ["grade"], [cell("headcount", 3, grade="EO")]),
            grade=GRADE,
        )
        now = report(block("staff", ["grade"], [cell("headcount", None, "[c]", grade="EO")]), grade=GRADE)

        found = attack_report(now, others=[before], given_away={self.WOMEN: (3, 3)})

        broken = [(one.rule, one.codes) for one in found.broken if one.table]
        assert broken == [(Rule.SMALL_PRINTED, {"grade": "EO"})]

    def test_what_others_print_in_other_categories_is_left_out(self):
        before = self.BEFORE | {"dimensions": {"sex": SEX | {"leaves": ["F", "M", "X", "DECLINED"]}}}

        assert attack_report(self.NOW, others=[before]).opened == ()


class TestPercentages:
    def test_a_share_is_of_those_who_declared(self):
        cells = [*headcounts(F=None, _total=40), cell("share", 7.5, sex="F")]

        found = printed(report(block("sex", ["sex"], cells, share_of="sex")))

        assert found["sex", "2026-Q1", "F"] == Percent(Decimal("7.5"), 1, ("_declared",))
        assert found["sex", "2026-Q1", "_declared"] == Suppressed()

    def test_a_declaration_rate_is_of_those_who_were_asked(self):
        sex = SEX | {"groups": SEX["groups"] | {"_asked": ["F", "M"]}}
        cells = [cell("declaration_rate", 91.0, sex="_total")]

        plain = printed(report(block("sex", ["sex"], cells)))
        asked = printed(report(block("sex", ["sex"], cells), sex=sex))

        assert plain["sex", "2026-Q1", "_declared"] == Percent(Decimal("91.0"), 1, ("_total",))
        assert asked["sex", "2026-Q1", "_declared"] == Percent(Decimal("91.0"), 1, ("_asked",))

    def test_open_what_they_are_of(self):
        cells = [*headcounts(F=None, M=None, _declared=40, _total=40), cell("share", 7.5, sex="F")]

        attacked = attack_report(report(block("sex", ["sex"], cells, share_of="sex")))

        assert {(i.key, i.low, i.high) for i in attacked.opened if i.table} == {(("F",), 3, 3)}


class TestTheQuarterBefore:
    def test_follows_from_a_count_and_its_change(self):
        cells = [*headcounts(F=12, M=27), cell("change", 3, sex="F"), cell("change", None, "[x]", sex="M")]

        found = printed(report(block("sex", ["sex"], cells)))

        assert found["sex", "2025-Q4", "F"] == Exact(9)
        assert ("sex", "2025-Q4", "M") not in found

    def test_a_small_number_of_it_is_seen(self):
        cells = [*headcounts(F=12), cell("change", 10, sex="F")]

        (broken,) = attack_report(report(block("sex", ["sex"], cells)), margins=False).broken

        assert (broken.rule, broken.block, broken.key) == (Rule.SMALL_PRINTED, "2025-Q4", ("F",))


class TestSeniorGrades:
    def document(self, *cells):
        by_grade = [
            cell("headcount", value, None if value is not None else "[c]", sex="F", grade=grade)
            for grade, value in {"EO": 20, "HEO": 10, "G6/G7": None, "_total": None}.items()
        ]
        return report(
            block("sex-by-grade", ["sex", "grade"], by_grade), block("senior-by-sex", ["sex"], list(cells)), grade=GRADE
        )

    def test_are_people_of_several_grades(self):
        attacked = attack_report(self.document(cell("in_grade", 33, sex="F"), cell("senior", 3, sex="F")))

        assert {(b.rule, b.table, b.key) for b in attacked.broken if b.table} == {
            (Rule.SMALL_PRINTED, "senior-by-sex", ("F", "senior grades")),
        }

    def test_their_rate_opens_what_is_hidden(self):
        cells = [cell("in_grade", 33, sex="F"), cell("senior", None, "[c]", sex="F"), cell("rate", 9.1, sex="F")]

        attacked = attack_report(self.document(*cells))

        assert {(i.table, i.low, i.high) for i in attacked.opened if i.table} == {("sex-by-grade", 3, 3)}
        assert Rule.LIMITS_OF_HIDDEN in {b.rule for b in attacked.broken}


class TestListedUnits:
    def test_are_known_to_hold_somebody(self):
        """Two units and two people: each has one."""
        unit = {"leaves": ["North", "South"], "groups": {"_declared": ["North", "South"], "_total": ["North", "South"]}}
        cells = [
            cell("headcount", None, "[c]", organisation_unit="North"),
            cell("headcount", None, "[c]", organisation_unit="South"),
            cell("headcount", 6, None, organisation_unit="_total"),
        ]

        attacked = attack_report(report(block("units", ["organisation_unit"], cells), organisation_unit=unit))

        assert {(i.key, i.low, i.high) for i in attacked.opened} == {(("North",), 1, 5), (("South",), 1, 5)}


class TestWhatCannotBeUsed:
    def test_is_said(self):
        with pytest.raises(NotAReport):
            published_of({"report": {"period": "2026-Q1"}, "sections": []})

    def test_contradicts_itself(self):
        with pytest.raises(Contradictory):
            attack_report(report(block("sex", ["sex"], headcounts(F=9, M=9, DECLINED=0, _total=19))))


class TestInWords:
    def test_names_the_table_and_the_labels(self):
        document = report(block("sex", ["sex"], headcounts(F=None, M=27, _declared=30)))

        attacked = attack_report(document)

        assert in_words(document, attacked.opened[0]) == "sex (Sex: Women)"
        assert in_words(document, attacked.broken[0]) == "sex (Sex: Women)"

    def test_names_the_quarter_where_it_is_another(self):
        before = report(block("sex", ["sex"], headcounts(F=None, M=27, _declared=30)))
        now = report(block("sex", ["sex"], headcounts(F=10, M=27, DECLINED=0, _total=37))) | NOW_IS

        opened = attack_report(now, others=[before]).opened

        assert {in_words(now, one) for one in opened} == {"sex, 2026-Q1 (Sex: Women)"}
