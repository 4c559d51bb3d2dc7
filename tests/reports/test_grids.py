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
