"""Who holds senior grades, from tables of which some numbers may not be shown."""

import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from equality.disclosure.safe import Cell as Printed
from equality.disclosure.safe import SafeTable
from equality.grouping import at_broad_level, present
from equality.measures.comparison import Group, Outcome, Sense, compare, compare_all
from equality.measures.conclusions import conclude
from equality.tables import DECLARED, MINORITY, NOT_DECLARED, SUMS, TOTAL
from reports.comparisons import senior_blocks
from reports.contents import Paragraph, Subheading, TableBlock

KEYS = {
    "sex": ["GSS:F", "NO_DECLARATION"],
    "ethnicity": ["HIGH_LEVEL_5:WHITE", "NO_DECLARATION"],
    "disability": ["DERIVED_EA2010:DISABLED", "NO_DECLARATION"],
}
CIVIL_SERVICE = present("grade", ["CIVIL_SERVICE:G7", "NO_DECLARATION"]).dimension
TO_BE_SENIOR = Outcome("be in a senior grade", Sense.FAVOURABLE)
HIDDEN = None


def by_grade(name, people, *, grade=CIVIL_SERVICE, grades_first=False):
    """A table of one characteristic by grade. ``people``: code → grade → number; HIDDEN is not shown, and what is not
    named is nobody. Everybody's grade is known unless NOT_DECLARED says otherwise; TOTAL follows unless given."""
    dimension = present(name, KEYS[name]).dimension
    groups = (*at_broad_level(dimension), *((MINORITY,) if MINORITY in dimension.groups else ()), *SUMS)
    columns = (*at_broad_level(grade), NOT_DECLARED, TOTAL)
    shown = {}
    for code in groups:
        row = dict.fromkeys(columns, 0) | people.get(code, {})
        if TOTAL not in people.get(code, {}):
            row[TOTAL] = sum(count or 0 for count in row.values())
        shown |= {(code, column): count for column, count in row.items() if count is not HIDDEN}
    codes, dimensions = {name: groups, "grade": columns}, (dimension, grade)
    if grades_first:
        shown = {(column, code): count for (code, column), count in shown.items()}
        codes, dimensions = dict(reversed(codes.items())), tuple(reversed(dimensions))
    table = SafeTable(f"{name}-by-grade", dimensions, codes, {key: Printed(count) for key, count in shown.items()})
    return {table.id: table}


def table_of(blocks, name):
    return next(block for block in blocks if isinstance(block, TableBlock) and block.id == f"senior-by-{name}")


def said(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def row(blocks, name, code):
    table = table_of(blocks, name)
    return {cell.measure: (cell.value, cell.status) for cell in table.cells if cell.dims == {name: code}}


UNKNOWN = {"G6/G7": HIDDEN, "EO": HIDDEN}
SEX = {"F": {"AA/AO": 60, "EO": 44, "G6/G7": 16}, "M": {"AA/AO": 30, "EO": 35, "G6/G7": 30, "SCS level": 5}}


class TestAComparison:
    @pytest.fixture(params=[False, True], ids=["grades across", "grades down"])
    def blocks(self, request):
        return senior_blocks(by_grade("sex", SEX, grades_first=request.param))

    def test_counts_those_whose_grade_is_known_and_those_in_a_senior_one(self, blocks):
        assert row(blocks, "sex", "F")["in_grade"] == (120, None)
        assert row(blocks, "sex", "F")["senior"] == (16, None)
        assert row(blocks, "sex", "M")["in_grade"] == (100, None)
        assert row(blocks, "sex", "M")["senior"] == (35, None)

    def test_gives_a_percentage_with_wilsons_interval(self, blocks):
        cell = table_of(blocks, "sex").find("rate", "F")
        low, high = proportion_confint(16, 120, method="wilson")

        assert cell.value == 13.3
        assert (cell.low, cell.high) == (round(100 * low, 1), round(100 * high, 1))

    def test_gives_the_ratio_to_the_reference_with_the_score_interval(self, blocks):
        cell = table_of(blocks, "sex").find("ratio", "F")
        low, high = confint_proportions_2indep(16, 120, 35, 100, compare="ratio", method="score", correction=False)

        assert cell.value == round((16 / 120) / (35 / 100), 2)
        assert (cell.low, cell.high) == (pytest.approx(low, abs=0.006), pytest.approx(high, abs=0.006))

    def test_has_no_ratio_of_the_reference_to_itself(self, blocks):
        assert row(blocks, "sex", "M")["ratio"] == (None, "[z]")

    def test_is_said_in_the_words_of_the_library(self, blocks):
        women, men = Group("women", 16, 120), Group("men", 35, 100)

        assert said(blocks) == [conclude(compare(women, men, TO_BE_SENIOR))]
        assert said(blocks)[0].startswith("Women were less likely than men to be in a senior grade")

    def test_stands_under_the_characteristic(self, blocks):
        assert blocks[0] == Subheading("Sex")
        assert table_of(blocks, "sex").title == "Senior grades by sex, compared with men"

    def test_leaves_out_those_who_did_not_declare(self, blocks):
        assert set(table_of(blocks, "sex").rows) == {"F", "M"}

    def test_leaves_out_those_whose_grade_is_not_known(self):
        people = {**SEX, "F": SEX["F"] | {NOT_DECLARED: 25}}

        assert row(senior_blocks(by_grade("sex", people)), "sex", "F")["in_grade"] == (120, None)


class TestHiddenNumbers:
    @pytest.mark.parametrize("hidden", [("G6/G7", "EO"), ("SCS level", "AA/AO"), (NOT_DECLARED,), (TOTAL,)])
    def test_a_row_that_needs_one_is_hidden_whole(self, hidden):
        blocks = senior_blocks(by_grade("sex", {**SEX, "F": SEX["F"] | dict.fromkeys(hidden, HIDDEN)}))

        assert row(blocks, "sex", "F") == dict.fromkeys(("in_grade", "senior", "rate", "ratio"), (None, "[c]"))
        assert all(
            cell.low is None and cell.high is None
            for cell in table_of(blocks, "sex").cells
            if "F" in cell.dims.values()
        )

    def test_of_a_grade_that_is_not_senior_hides_nothing(self):
        blocks = senior_blocks(by_grade("sex", {**SEX, "F": SEX["F"] | {"EO": HIDDEN, TOTAL: 120}}))

        assert row(blocks, "sex", "F")["senior"] == (16, None)

    @pytest.mark.parametrize("hidden", [("G6/G7",), ("G6/G7", "SCS level")])
    def test_of_senior_grades_hide_nothing_where_all_others_are_printed(self, hidden):
        blocks = senior_blocks(by_grade("sex", {**SEX, "M": SEX["M"] | dict.fromkeys(hidden, HIDDEN) | {TOTAL: 100}}))

        assert row(blocks, "sex", "M")["senior"] == (35, None)

    def test_of_the_reference_hide_every_ratio_and_leave_percentages(self):
        blocks = senior_blocks(by_grade("sex", {**SEX, "M": SEX["M"] | UNKNOWN}))

        assert row(blocks, "sex", "F")["rate"] == (13.3, None)
        assert row(blocks, "sex", "F")["ratio"] == (None, "[c]")
        assert row(blocks, "sex", "M")["rate"] == (None, "[c]")

    @pytest.mark.parametrize("code", ["F", "M"])
    def test_of_either_side_leave_a_sentence_without_a_number(self, code):
        blocks = senior_blocks(by_grade("sex", {**SEX, code: SEX[code] | UNKNOWN}))

        (sentence,) = said(blocks)
        assert sentence == (
            "Whether women and men differ in how likely they are to be in a senior grade cannot be said without giving "
            "a small number away [c]."
        )

    def test_of_both_sides_leave_no_table(self):
        people = {code: counts | UNKNOWN for code, counts in SEX.items()}
        blocks = senior_blocks(by_grade("sex", people))

        assert not [block for block in blocks if isinstance(block, TableBlock)]
        assert "[c]" in said(blocks)[0]


class TestFewPeople:
    def test_a_group_under_ten_has_counts_and_too_few_for_a_ratio(self):
        blocks = senior_blocks(by_grade("sex", {"F": {"G6/G7": 9}, "M": SEX["M"]}))

        assert row(blocks, "sex", "F")["senior"] == (9, None)
        assert row(blocks, "sex", "F")["ratio"] == (None, "[u]")
        assert said(blocks)[0].startswith("There are too few to say whether women and men differed")

    def test_a_group_of_nobody_has_no_percentage(self):
        blocks = senior_blocks(by_grade("sex", {"M": SEX["M"]}))

        assert row(blocks, "sex", "F")["rate"] == (None, "[z]")
        assert row(blocks, "sex", "F")["ratio"] == (None, "[z]")

    def test_a_reference_of_whom_nobody_is_senior_has_no_ratio_over_it(self):
        blocks = senior_blocks(by_grade("sex", {"F": {"G6/G7": 12, "EO": 30}, "M": {"EO": 40}}))

        assert row(blocks, "sex", "F")["ratio"] == (None, "[z]")
        assert "percentage points apart" in said(blocks)[0]


ETHNICITY = {
    "WHITE": {"EO": 400, "G6/G7": 100}, "ASIAN": {"EO": 90, "G6/G7": 10}, "BLACK": {"EO": 50, "G6/G7": 10},
    "MIXED": {"EO": 20, "G6/G7": 5}, "OTHER": {"EO": 12}, MINORITY: {"EO": 172, "G6/G7": 25},
}  # fmt: skip


class TestSeveralTogether:
    @pytest.fixture
    def tables(self):
        return by_grade("sex", SEX) | by_grade("ethnicity", ETHNICITY)

    def test_every_group_is_compared_with_white_people(self, tables):
        blocks = senior_blocks(tables)

        for code in ("ASIAN", "BLACK", "MIXED", MINORITY):
            known, senior = sum(ETHNICITY[code].values()), ETHNICITY[code]["G6/G7"]
            assert row(blocks, "ethnicity", code)["ratio"] == (round(senior / known / 0.2 + 1e-9, 2), None)
        assert table_of(blocks, "ethnicity").rows[-1] == MINORITY
        assert DECLARED not in table_of(blocks, "ethnicity").rows

    def test_the_sentence_is_of_ethnic_minorities_together_after_allowing_for_all_tests(self, tables):
        """Women; Asian, Black, Mixed, Other and all minorities: six tests of one section."""
        pairs = [(Group("women", 16, 120), Group("men", 35, 100), TO_BE_SENIOR)]
        pairs += [
            (Group("them", ETHNICITY[code].get("G6/G7", 0), sum(ETHNICITY[code].values())),
             Group("White people", 100, 500), TO_BE_SENIOR)
            for code in ("ASIAN", "BLACK", "MIXED", "OTHER")
        ]  # fmt: skip
        minority = Group("people from ethnic groups other than White", 25, 197)
        pairs.append((minority, Group("White people", 100, 500), TO_BE_SENIOR))
        together = compare_all(pairs)

        assert said(senior_blocks(tables)) == [conclude(together[0]), conclude(together[-1])]
        assert together[-1].test.together == 6

    def test_a_claim_that_one_test_bears_out_may_fall_when_there_are_six(self):
        """Alone p is under 0.05; beside five comparisons of groups that are alike it is not enough."""
        alike = {"EO": 400, "G6/G7": 100}
        sex = {"F": {"EO": 97, "G6/G7": 13}, "M": {"EO": 85, "G6/G7": 25}}
        same = dict.fromkeys(("WHITE", "ASIAN", "BLACK", "MIXED", "OTHER"), alike)
        ethnicity = same | {MINORITY: {"EO": 1600, "G6/G7": 400}}
        _, p = fisher_exact([[13, 97], [25, 85]])

        assert 0.03 < p < 0.05
        assert said(senior_blocks(by_grade("sex", sex)))[0].startswith("Women were less likely")
        assert (
            "may be chance after allowing for 6 comparisons"
            in said(senior_blocks(by_grade("sex", sex) | by_grade("ethnicity", ethnicity)))[0]
        )

    def test_no_ratio_stands_without_interval_counts_and_percentage(self, tables):
        for block in senior_blocks(tables):
            if isinstance(block, TableBlock):
                for cell in block.cells:
                    if cell.measure == "ratio" and cell.value is not None:
                        (code,) = cell.dims.values()
                        assert cell.low <= cell.value <= cell.high
                        assert all(block.find(m, code).value is not None for m in ("in_grade", "senior", "rate"))


class TestSeniority:
    @pytest.mark.parametrize(
        ("key", "senior", "junior"),
        [
            ("CIVIL_SERVICE:G7", {"G6/G7", "SCS level"}, {"AA/AO", "EO", "SEO/HEO"}),
            (
                "PROBATION_SERVICE:SPO",
                {"First-line manager", "Senior manager", "Executive"},
                {"Support", "Practitioner"},
            ),
            ("NHS_AFC:VSM", {"Bands 8a-8b", "Bands 8c-9 and VSM"}, {"Bands 1-4", "Bands 5-7"}),
        ],
    )
    def test_is_the_same_rung_of_every_ladder(self, key, senior, junior):
        grade = present("grade", [key, "NO_DECLARATION"]).dimension
        assert set(at_broad_level(grade)) == senior | junior

        for group in senior | junior:
            people = {"F": {group: 40}, "M": {group: 40}}
            found = row(senior_blocks(by_grade("sex", people, grade=grade)), "sex", "F")["senior"]
            assert found == ((40 if group in senior else 0), None)

    def test_of_a_ladder_that_nobody_has_placed_is_not_guessed(self):
        units = present("organisation_unit", ["UNIT:A", "UNIT:B"]).dimension

        assert senior_blocks(by_grade("sex", {"F": {}}, grade=units)) == []

    def test_without_tables_by_grade_nothing_is_said(self):
        assert senior_blocks({}) == []
