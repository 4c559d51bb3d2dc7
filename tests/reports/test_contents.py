import json

import pytest

from equality.grouping import present
from reports.charts import chart
from reports.contents import (
    Cell,
    ChartBlock,
    Contents,
    Items,
    Paragraph,
    Section,
    Statement,
    Subheading,
    TableBlock,
    in_printing_order,
    row_kind,
)
from reports.grids import grid
from reports.opendata import as_csv, defused
from reports.wording import cell_text, number

ethnicity = present("ethnicity", ["ONS_CENSUS2021_19:13", "DECLINED"]).dimension
broad = present("ethnicity", ["HIGH_LEVEL_5:WHITE"]).dimension


def table(**more):
    said = {
        "id": "ethnicity",
        "title": "Ethnic group",
        "population": {"collection": "workforce", "where": {}},
        "dimensions": ("ethnicity",),
        "measures": ("headcount", "share"),
        "rows": ("WHITE", "ASIAN", "_declared"),
        "cells": (
            Cell({"ethnicity": "WHITE"}, "headcount", 90),
            Cell({"ethnicity": "ASIAN"}, "headcount", None, "[c]"),
            Cell({"ethnicity": "_declared"}, "headcount", 0),
            Cell({"ethnicity": "WHITE"}, "share", 97.2),
            Cell({"ethnicity": "ASIAN"}, "share", None, "[u]"),
        ),
    }
    return TableBlock(**said | more)


def contents(*blocks):
    return Contents(
        {
            "organisation": "x",
            "period": "2026-Q3",
            "status": "draft",
            "title": "T",
            "policy": {"code": "p", "dated": "2026-11-01"},
        },
        {"ethnicity": broad},
        (Section("s", "S", tuple(blocks)),),
    )


class TestJson:
    def test_is_read_back_as_it_was_written(self):
        made = contents(
            Paragraph("p"),
            Subheading("h"),
            Items(("a", "b")),
            Statement("found", (("Theme", "x"),), (("Recommendation", "y"),)),
            table(),
            ChartBlock("ethnicity", "share", "t", "alt", ("WHITE", "ASIAN")),
        )

        assert Contents.from_json(json.loads(json.dumps(made.as_json()))) == made

    def test_the_signature_covers_what_is_said(self):
        made = contents(Paragraph("p"))

        assert made.body_digest() != contents(Paragraph("q")).body_digest()
        assert made.body_digest() != made.with_report(organisation="y").body_digest()

    def test_the_signature_does_not_cover_what_comes_after_it(self):
        made = contents(Paragraph("p"))
        published = made.with_report(status="published", signed_off={"by": "x"}, published_at="2026-11-23")

        assert made.body_digest() == published.body_digest()


class TestFiveStates:
    def test_are_printed_differently(self):
        printed = {
            cell_text(Cell({}, "headcount", 0)),
            cell_text(Cell({}, "headcount", None, "[c]")),
            cell_text(Cell({}, "headcount", None, "[u]")),
            cell_text(Cell({}, "headcount", None, "[x]")),
            cell_text(None),
        }

        assert printed == {"0", "[c]", "[u]", "[x]", "[z]"}


class TestWording:
    @pytest.mark.parametrize(
        ("value", "measure", "text"),
        [
            (13383, "headcount", "13,383"),
            (55.3, "share", "55.3%"),
            (-2.0, "mean_gap", "−2.0%"),
            (12, "change", "+12"),
            (-1200, "change", "−1,200"),
            (0, "change", "0"),
            (0.4, "change_share", "+0.4 points"),
            (13.2, "rate", "13.2%"),
            (1.2, "ratio", "1.20"),
            (1016, "in_grade", "1,016"),
        ],
    )
    def test_numbers_are_written_as_readers_expect(self, value, measure, text):
        assert number(value, measure) == text


class TestOrder:
    def test_groups_stand_above_their_leaves_and_everybody_last(self):
        codes = (*ethnicity.leaves, *ethnicity.groups)
        order = in_printing_order(ethnicity, codes)

        assert order[:2] == ("WHITE", "13")
        assert order[-1] == "_total"
        assert set(order) == set(codes)

    def test_a_group_alone_is_an_ordinary_row(self):
        assert row_kind(ethnicity, "WHITE", ("WHITE", "13")) == "group"
        assert row_kind(ethnicity, "13", ("WHITE", "13")) == "leaf"
        assert row_kind(ethnicity, "WHITE", ("WHITE", "ASIAN")) == "plain"
        assert row_kind(ethnicity, "_total", ("WHITE", "_total")) == "sum"


class TestGrid:
    def test_a_rate_of_everybody_is_a_row_of_its_own(self):
        cells = (*table().cells, Cell({"ethnicity": "_total"}, "declaration_rate", 88.0))
        laid_out = grid(table(cells=cells, measures=("headcount", "share", "declaration_rate")), {"ethnicity": broad})

        assert laid_out.heads == ("People", "Share of declared")
        assert laid_out.rows[-1].label == "Declaration rate"
        assert laid_out.rows[-1].texts == ("[z]", "88.0%")


class TestChart:
    def test_what_is_hidden_has_no_length_and_moves_no_axis(self):
        block = ChartBlock("ethnicity", "share", "t", "alt", ("WHITE", "ASIAN"))
        drawn = chart(block, contents(table(), block))

        assert drawn.bars[0].length == pytest.approx(0.972)
        assert drawn.bars[1].length is None
        assert drawn.bars[1].text == "[u]"
        assert drawn.bars[1].limits is None
        assert drawn.axis == (0, 20, 40, 60, 80, 100)

    def test_the_axis_holds_the_intervals(self):
        cells = (
            Cell({"ethnicity": "WHITE"}, "share", 38.0, None, 29.0, 48.0),
            Cell({"ethnicity": "ASIAN"}, "share", None, "[c]", 1.0, 99.0),
        )
        block = ChartBlock("ethnicity", "share", "t", "alt", ("WHITE", "ASIAN"))
        drawn = chart(block, contents(table(cells=cells), block))

        assert drawn.axis == (0, 20, 40, 60)
        assert drawn.bars[0].limits == (pytest.approx(29 / 60), pytest.approx(48 / 60))
        assert drawn.bars[0].end == pytest.approx(48 / 60)
        assert drawn.bars[1].limits is None

    def test_a_bar_without_an_interval_ends_with_its_value(self):
        block = ChartBlock("ethnicity", "share", "t", "alt", ("WHITE",))
        (bar,) = chart(block, contents(table(), block)).bars

        assert bar.limits is None
        assert bar.end == bar.length


class TestOpenData:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
    def test_what_looks_like_a_formula_is_marked_as_text(self, text):
        assert defused(text) == "'" + text

    def test_a_hidden_cell_is_empty_with_its_symbol(self):
        lines = as_csv(table(), contents(table())).decode().splitlines()

        assert (
            lines[0]
            == "organisation,period,ethnicity,ethnicity_label,measure,value,status,low,high,step,policy,policy_dated"
        )
        assert 'x,2026-Q3,ASIAN,"Asian, Asian British or Asian Welsh",headcount,,[c],,,,p,2026-11-01' in lines

    def test_an_interval_stands_beside_its_value_and_a_hidden_one_nowhere(self):
        cells = (
            Cell({"ethnicity": "WHITE"}, "share", 97.2, None, 92.2, 99.0),
            Cell({"ethnicity": "ASIAN"}, "share", None, "[c]"),
        )
        _, white, asian = as_csv(table(cells=cells), contents(table())).decode().splitlines()

        assert white.endswith(",share,97.2,,92.2,99.0,,p,2026-11-01")
        assert asian.endswith(",share,,[c],,,,p,2026-11-01")
