"""How a table is laid out for whoever draws it."""

import pytest

from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension
from reports.contents import Cell, TableBlock
from reports.grids import grid

LABELS = {"A": "Asian", "I": "Asian: Indian", "C": "Chinese", "?": "No declaration", TOTAL: "All people"}


@pytest.fixture
def rows():
    leaves = ("I", "C", "?")
    groups = {"A": ("I", "C"), DECLARED: ("I", "C"), NOT_DECLARED: ("?",), TOTAL: leaves}
    dimension = Dimension("ethnicity", "Ethnic group", leaves, groups, LABELS)
    cells = tuple(Cell({"ethnicity": code}, "headcount", 20) for code in LABELS)
    table = TableBlock("ethnicity", "People", {}, ("ethnicity",), ("headcount",), tuple(LABELS), cells)
    return {row.label: row for row in grid(table, {"ethnicity": dimension}).rows}


class TestALeafBelowItsGroup:
    def test_has_the_start_that_repeats_the_group_apart(self, rows):
        assert (rows["Asian: Indian"].group, rows["Asian: Indian"].own) == ("Asian: ", "Indian")

    def test_keeps_its_label_whole_where_nothing_is_repeated(self, rows):
        assert (rows["Chinese"].group, rows["Chinese"].own) == ("", "Chinese")


class TestAnyOtherRow:
    @pytest.mark.parametrize("label", ["Asian", "No declaration", "All people"])
    def test_keeps_its_label_whole(self, rows, label):
        assert (rows[label].group, rows[label].own) == ("", label)


DECLARED_ALONE = Dimension(
    "sex", "Sex", ("F", "M"), {DECLARED: ("F", "M"), NOT_DECLARED: (), TOTAL: ("F", "M")},
    {"F": "Female", "M": "Male", DECLARED: "All declared", TOTAL: "All people"},
)  # fmt: skip


def laid_out(*cells, measures=("headcount", "share")):
    """A table of women, men and everybody with these (code, measure, value, status, low, high)."""
    made = tuple(Cell({"sex": code}, *rest) for code, *rest in cells)
    table = TableBlock("sex", "Sex", {}, ("sex",), measures, ("F", "M", TOTAL), made)
    return grid(table, {"sex": DECLARED_ALONE})


class TestIntervals:
    def test_stand_in_a_column_beside_their_measure(self):
        made = laid_out(
            ("F", "headcount", 60), ("F", "share", 60.0, None, 50.2, 69.0), ("M", "share", 0.0, None, 0.0, 8.0)
        )

        assert made.heads == ("People", "Share of declared", "95% interval")
        assert [row.texts for row in made.rows] == [
            ("60", "60.0%", "50.2 to 69.0%"),
            ("[z]", "0.0%", "0.0 to 8.0%"),
            ("[z]", "[z]", "[z]"),
        ]

    def test_of_what_is_hidden_are_its_symbol_whatever_limits_are_given(self):
        made = laid_out(("F", "share", 60.0, None, 50.2, 69.0), ("M", "share", None, "[c]", 1.0, 2.0))

        assert made.rows[1].texts[1:] == ("[c]", "[c]")

    def test_of_what_has_no_limits_do_not_apply(self):
        made = laid_out(("F", "share", 60.0, None, 50.2, 69.0), ("M", "share", 40.0))

        assert made.rows[1].texts[1:] == ("40.0%", "[z]")

    def test_say_whose_they_are_where_two_measures_have_some(self):
        made = laid_out(
            ("F", "rate", 13.2, None, 8.3, 20.4), ("F", "ratio", 1.2, None, 0.6, 2.4), measures=("rate", "ratio")
        )

        assert made.heads == ("Percentage", "95% interval of percentage", "Ratio", "95% interval of ratio")
        assert made.rows[0].texts == ("13.2%", "8.3 to 20.4%", "1.20", "0.60 to 2.40")

    def test_of_changes_and_gaps_have_their_signs(self):
        made = laid_out(
            ("F", "change_share", 0.5, None, -6.7, 7.9), ("M", "change_share", -2.0, None, -4.0, 0.0),
            ("F", "mean_gap", 4.5, None, -3.8, 12.2), measures=("change_share", "mean_gap"),
        )  # fmt: skip

        assert made.rows[0].texts == ("+0.5 points", "−6.7 to +7.9", "4.5%", "−3.8 to 12.2%")
        assert made.rows[1].texts[:2] == ("−2.0 points", "−4.0 to 0.0")

    def test_of_everybody_stand_in_the_last_row(self):
        made = laid_out(
            ("F", "share", 60.0, None, 50.2, 69.0), (TOTAL, "declaration_rate", 90.0, None, 83.0, 94.3),
            measures=("headcount", "share", "declaration_rate"),
        )  # fmt: skip

        assert made.rows[-1].label == "Declaration rate"
        assert made.rows[-1].texts == ("[z]", "90.0%", "83.0 to 94.3%")

    @pytest.mark.parametrize(
        "cell", [("F", "share", None, "[c]"), ("F", "headcount", 60, None, 55, 65)], ids=["hidden", "range of a count"]
    )
    def test_make_no_column_where_nothing_has_one(self, cell):
        made = laid_out(cell)

        assert made.heads == ("People", "Share of declared")
        assert not any(made.is_interval(column) for column in range(2))

    def test_are_told_from_measures(self):
        made = laid_out(("F", "share", 60.0, None, 50.2, 69.0))

        assert [made.is_interval(column) for column in range(3)] == [False, False, True]


class TestTwoDimensionsWithAnotherMeasure:
    def test_it_has_a_column_after_the_counts_with_its_interval(self):
        cells = [Cell({"pay": "UPPER", "sex": code}, "headcount", count) for code, count in (("F", 28), ("M", 26))]
        cells.append(Cell({"pay": "UPPER", "sex": "F"}, "share", 51.9, None, 38.9, 64.6))
        dimension = Dimension("pay", "Hourly pay", ("UPPER",), {DECLARED: ("UPPER",)}, {"UPPER": "Upper quarter"})
        table = TableBlock(
            "quarters", "Quarters", {}, ("pay", "sex"), ("headcount", "share"), ("UPPER",), tuple(cells), ("F", "M")
        )

        made = grid(table, {"pay": dimension, "sex": DECLARED_ALONE})

        assert made.heads == ("Female", "Male", "Female: share of declared", "95% interval")
        assert [row.texts for row in made.rows] == [("28", "26", "51.9%", "38.9 to 64.6%")]
        assert [made.is_interval(column) for column in range(4)] == [False, False, False, True]
