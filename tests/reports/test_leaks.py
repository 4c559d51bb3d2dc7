"""Ways to give a small number away by mistake. Each is planted here, and each is caught: by the attacker, or because
what would have to know the number has nothing but the printed table to draw from.

Beside most plants stands the same without the leak, which passes: what is refused is the leak and nothing else."""

import io
import json
import pickle
import re
import zipfile
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from pypdf import PdfReader

from equality.disclosure.attack import Attacked, Contradictory, Rule, attack
from equality.disclosure.averages import safe_gaps
from equality.disclosure.certificate import counted_in
from equality.disclosure.exchange import (
    Classification,
    Exact,
    ExchangePolicy,
    PrintedCell,
    PrintedTable,
    Published,
    Suppressed,
)
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import MAIN, Region, Release, Told, involved_in, linked
from equality.disclosure.safe import Cell as SafeCell
from equality.disclosure.safe import SafeTable, Status
from equality.grouping import present
from equality.measures.pay import Pay
from equality.quarters import Quarter
from equality.responses import NON_RESPONSES
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Table
from monitoring.figures.counting import PAY, UNPAID, People
from monitoring.figures.releasing import Quarters, release
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission
from monitoring.vault.datasets import Opened
from reports import sentences
from reports.attacking import attack_report
from reports.charts import Bar, chart
from reports.contents import ChartBlock, Contents, TableBlock
from reports.drawing import draw_all
from reports.grids import grid
from reports.material import Material
from reports.page import as_fragment
from reports.percentages import limits_of_share
from reports.quarterly import compose
from reports.workforce import gaps_of, one_way_block, pay_block, people_in, plan
from tests.equality.disclosure.test_averages import exactly
from tests.factories.populations import dimension, published_of, release_of

QUARTER = "2026-Q3"
SYSTEMS = {"sex": "GSS", "disability": "GROUP", "grade": "CIVIL_SERVICE"}
FIRST = {"sex": "GSS:F", "disability": "GROUP:DISABLED", "grade": "CIVIL_SERVICE:AO"}
LEAVES = {name: present(name, [key]).dimension.leaves for name, key in FIRST.items()}
POUND = 10_000
Row = tuple[str, str, str, bool]  # sex, disability, grade, whether pay is given
# Three women and hardly any disabled people are in small cells.
STAFF: dict[Row, int] = {
    ("F", "NOT_DISABLED", "AO", True): 38, ("F", "DISABLED", "AO", True): 7, ("F", "DECLINED", "AO", True): 6,
    ("F", "NOT_DISABLED", "EO", True): 20, ("F", "DISABLED", "EO", True): 2, ("F", "NOT_DISABLED", "HEO", True): 3,
    ("F", "NOT_DISABLED", "G7", True): 11, ("F", "NOT_DISABLED", "G7", False): 3,
    ("M", "NOT_DISABLED", "AO", True): 30, ("M", "DISABLED", "AO", True): 6, ("M", "DECLINED", "EO", True): 5,
    ("M", "NOT_DISABLED", "EO", True): 16, ("M", "NOT_DISABLED", "HEO", True): 24, ("M", "DISABLED", "HEO", True): 1,
    ("M", "NOT_DISABLED", "G7", True): 7, ("M", "DISABLED", "G7", False): 1,
    ("DECLINED", "NOT_DISABLED", "AO", True): 6, ("DECLINED", "DECLINED", "EO", True): 2,
}  # fmt: skip
# Of each characteristic one answer was given by three people.
FEW: dict[Row, int] = {
    ("F", "NOT_DISABLED", "AO", True): 60, ("F", "DISABLED", "AO", True): 2, ("M", "DISABLED", "EO", True): 1,
    ("M", "DECLINED", "AO", True): 2, ("DECLINED", "NOT_DISABLED", "EO", True): 7,
}  # fmt: skip


def people_of(counts: dict[Row, int]) -> People:
    """People as they come out of the vault, made without one."""
    rows = [row for row, count in counts.items() for _ in range(count)]
    keys = {
        name: [leaf if leaf in NON_RESPONSES else f"{SYSTEMS[name]}:{leaf}" for leaf in leaves]
        for name, leaves in LEAVES.items()
    }
    columns = {
        name: pa.array([leaves.index(row[at]) for row in rows], pa.int32())
        for at, (name, leaves) in enumerate(LEAVES.items())
    }
    columns[PAY] = pa.array([20 * POUND if row[3] else None for row in rows], pa.int64())
    return People(Opened(pa.table(columns), len(rows), {"codes": keys}), {})


def protected_alone(people: People) -> Protected:
    return release(Quarters({QUARTER: people}, {}, {}, frozenset(), ()), plan(people, PUBLISHED, QUARTER), PUBLISHED)


def report_on(people: People, protected: Protected) -> Contents:
    """The report about people of whom this may be shown."""
    material = Material(
        organisation=Organisation(slug="north-east", name="North East", kind="probation-region"),
        quarter=Quarter.parse(QUARTER),
        policy=PUBLISHED,
        findings=[],
        submission=Submission(pk=UUID(int=1), digest="0" * 64),
        people=people,
        protected=protected,
    )
    return compose(material, {"version": 1, "correction": None})


def _only(leaf):
    """The people of one leaf of dimension ``a``."""
    return Region(MAIN, frozenset({("a", frozenset({leaf}))}))


@pytest.fixture(scope="module")
def people() -> People:
    return people_of(STAFF)


@pytest.fixture(scope="module")
def protected(people: People) -> Protected:
    return protected_alone(people)


@pytest.fixture(scope="module")
def contents(people: People, protected: Protected) -> Contents:
    return report_on(people, protected)


@pytest.fixture(scope="module")
def few() -> Protected:
    return protected_alone(people_of(FEW))


@dataclass(frozen=True)
class Draft:
    """A report to plant something in, with the truth at hand."""

    said: dict
    people: People

    def table(self, table: str) -> dict:
        blocks = (block for section in self.said["sections"] for block in section["blocks"])
        return next(block for block in blocks if block["type"] == "table" and block["id"] == table)

    def cell(self, table: str, measure: str, **dims: str) -> dict:
        cells = self.table(table)["cells"]
        return next(cell for cell in cells if (cell["measure"], cell["dims"]) == (measure, dims))

    def hidden(self, table: str) -> list[dict]:
        return [
            cell for cell in self.table(table)["cells"] if (cell["measure"], cell["status"]) == ("headcount", "[c]")
        ]

    def small(self, table: str) -> list[dict]:
        return [cell for cell in self.hidden(table) if 0 < self.true(cell) < PUBLISHED.threshold]

    def true(self, cell: dict) -> int:
        return self.people.table(tuple(cell["dims"])).count(**cell["dims"])

    def show(self, cell: dict) -> None:
        cell["value"], cell["status"] = self.true(cell), None

    def attacked(self, **more: Any) -> Attacked:
        return attack_report(self.said, **more)

    def opened(self, **more: Any) -> set[tuple[str, ...]]:
        return {(one.table, *one.key) for one in self.attacked(**more).opened}

    def rules(self) -> set[tuple[Rule, str, tuple[str, ...]]]:
        return {(one.rule, one.table, one.key) for one in self.attacked().broken}


@pytest.fixture
def draft(contents: Contents, people: People) -> Draft:
    return Draft(deepcopy(contents.as_json()), people)


@pytest.fixture
def few_draft(few: Protected) -> Draft:
    people = people_of(FEW)
    return Draft(deepcopy(report_on(people, few).as_json()), people)


def known(*tables: PrintedTable, **dimensions: Classification) -> Attacked:
    return attack(Published(dimensions, tables, ExchangePolicy(5, 5)))


def printed(table: str, dims: tuple[str, ...], cells: dict[tuple[str, ...], int | None], **more: Any) -> PrintedTable:
    forms = (PrintedCell(key, Suppressed() if count is None else Exact(count)) for key, count in cells.items())
    return PrintedTable(table, MAIN, dims, tuple(forms), **more)


class TestWithoutALeak:
    """What the plants are planted in."""

    @pytest.mark.parametrize("which", ["draft", "few_draft"])
    def test_nothing_can_be_worked_out_of_the_report(self, request, which):
        attacked = request.getfixturevalue(which).attacked()

        assert (attacked.broken, attacked.opened) == ((), ())

    def test_there_is_something_to_hide_and_something_more_to_protect_it(self, draft):
        for table in ("sex-by-grade", "disability-by-grade"):
            assert 0 < len(draft.small(table)) < len(draft.hidden(table))


class TestNumbersInTables:
    def test_margins_left_in(self, draft):
        """Without what was hidden to protect them, small numbers are what is left of their row and column."""
        small = draft.small("sex-by-grade")
        for cell in draft.hidden("sex-by-grade"):
            if cell not in small:
                draft.show(cell)

        assert {("sex-by-grade", *cell["dims"].values()) for cell in small} <= draft.opened()

    def test_a_small_number_left_in(self, draft):
        cell = draft.small("sex-by-grade")[0]
        draft.show(cell)

        assert (Rule.SMALL_PRINTED, "sex-by-grade", tuple(cell["dims"].values())) in draft.rules()

    def test_a_number_hidden_in_one_table_and_shown_in_another(self, draft):
        """How many have a grade is hidden in the first table, and shown in the second: so it is shown."""
        everybody = draft.cell("sex-by-grade", "headcount", sex=TOTAL, grade="SEO/HEO")
        everybody["value"], everybody["status"] = None, "[c]"

        assert not draft.opened()
        for cell in draft.hidden("sex-by-grade"):
            if cell["dims"] == {"sex": "M", "grade": "SEO/HEO"}:
                draft.show(cell)

        assert ("sex-by-grade", "F", "SEO/HEO") in draft.opened()

    def test_a_zero_printed_for_what_is_hidden(self, draft):
        """It contradicts the rest, or says that the number is small."""
        for cell in draft.hidden("sex-by-grade"):
            cell["value"], cell["status"] = 0, None

        with pytest.raises(Contradictory):
            draft.attacked()

    def test_the_whole_of_a_group_in_one_cell(self):
        """Everybody of a group gave one answer to a special question: where the policy says so, that stays open."""
        dimensions = {name: dimension(name, 2, grouped=False, silent=0) for name in "ab"}
        rows = {"a": np.repeat([0, 1], [9, 20]), "b": np.repeat([0, 0, 1], [9, 8, 12])}
        everybody = replace(release_of(dimensions, rows, [("a", "b")]), special=frozenset("b"))
        plain, careful = (
            protect(everybody, replace(PUBLISHED, group=careful)).tables["a-b"].cell("a0", "b0")
            for careful in (False, True)
        )

        assert plain.value == 9
        assert careful.status is Status.CONFIDENTIAL

    def test_broad_and_detailed_groups_that_overlap(self):
        """Each table by itself hides nothing; a group less the group within it is three people."""
        grade = Classification(
            ("AO", "EO", "HEO", "G7"), {"junior": ("AO", "EO"), "all but managers": ("AO", "EO", "HEO")}
        )
        broad = printed("broad", ("grade",), {("all but managers",): 43, ("G7",): 9})
        other = printed("other", ("grade",), {("junior",): 40})

        assert known(broad, grade=grade).broken == known(other, grade=grade).broken == ()
        assert [(one.codes, one.low, one.high) for one in known(broad, other, grade=grade).opened] == [
            ({"grade": "HEO"}, 3, 3)
        ]

    def test_the_rest_of_a_population_that_a_table_is_about(self):
        """Of 40 women pay is given for 37; pay is not given for three."""
        dimensions = {"sex": Classification(("F", "M")), PAY: Classification(("GIVEN", "NOT_GIVEN"))}
        everybody = printed("sex", ("sex",), {("F",): 40, ("M",): 30})
        paid = printed("pay", ("sex",), {("F",): 37, ("M",): 30}, where={PAY: "GIVEN"})

        (found,) = [one for one in known(everybody, paid, **dimensions).opened if one.codes.get("sex") == "F"]

        assert (dict(found.codes), found.low, found.high) == ({"sex": "F", PAY: "NOT_GIVEN"}, 3, 3)

    def test_the_rest_of_a_population_is_protected_with_it(self, draft, people):
        """Pay is not given for three women and a man."""
        without = people.table(("sex", PAY)).count(**{"sex": "F", PAY: "NOT_GIVEN"})
        assert 0 < without < PUBLISHED.threshold
        assert len(draft.hidden("pay-by-sex")) == 2

        for cell in draft.hidden("pay-by-sex"):
            sex = cell["dims"]["sex"]
            cell["value"], cell["status"] = people.table(("sex", PAY)).count(**{"sex": sex, PAY: "GIVEN"}), None

        assert ("", "NOT_GIVEN", "F") in draft.opened()

    def test_tables_that_were_protected_one_by_one(self):
        """Each is safe alone; the second shows what the first hid to protect a small number."""
        dimensions = {name: dimension(name, 3, grouped=False, silent=0) for name in "ab"}
        rows = {"a": np.repeat([0, 1, 2], [30, 7, 3]), "b": np.tile([0, 1], 20)}
        first = replace(release_of(dimensions, rows, [("a",)]), hidden_before=frozenset({_only("a1")}))
        shorter = replace(first.tables[0], id="second", codes={"a": ("a0", "a1")})
        second = replace(first, tables=[shorter], hidden_before=frozenset({_only("a0")}))
        both = replace(first, tables=[*first.tables, *second.tables])

        apart = published_of(first, [protect(first, PUBLISHED), protect(second, PUBLISHED)])
        together = published_of(first, protect(both, PUBLISHED))

        assert {one.key for one in attack(apart).opened} >= {("a2",)}
        assert attack(together).opened == ()

    def test_an_insider_who_knows_one_of_the_hidden_numbers(self, draft):
        cell = next(cell for cell in draft.hidden("sex-by-grade") if cell["dims"] == {"sex": "M", "grade": "SEO/HEO"})

        assert not draft.opened()
        assert ("sex-by-grade", "F", "SEO/HEO") in draft.opened(knows=[(QUARTER, cell["dims"], draft.true(cell))])


class TestNumbersThatFollowFromCounts:
    def test_the_percentage_of_a_hidden_count(self, few_draft):
        few_draft.cell("disability", "headcount", disability=DECLARED).update(value=70, status=None)
        few_draft.cell("disability", "share", disability="DISABLED").update(value=4.3, status=None)

        assert ("disability", "DISABLED") in few_draft.opened()
        assert (Rule.LIMITS_OF_HIDDEN, "disability", ("DISABLED",)) in few_draft.rules()

    def test_a_share_of_a_hidden_whole(self, few_draft):
        """67 people alone leave five to two groups; 67 as 95.7% of those who declared leave three and two."""
        few_draft.cell("disability", "headcount", disability="NOT_DISABLED").update(value=67, status=None)
        assert few_draft.cell("disability", "headcount", disability=DECLARED)["status"] == "[c]"
        assert ("disability", "DISABLED") not in few_draft.opened()

        few_draft.cell("disability", "share", disability="NOT_DISABLED").update(value=95.7, status=None)

        assert {("disability", "DISABLED"), ("disability", NOT_DECLARED)} <= few_draft.opened()

    def test_no_share_is_made_of_a_whole_that_is_hidden(self, protected):
        table = protected.tables["disability"]
        hidden = replace(table, shown={key: cell for key, cell in table.shown.items() if key != (DECLARED,)})

        block = one_way_block(hidden, None)

        told = [cell for cell in block.cells if cell.measure in {"share", "declaration_rate"}]
        assert {(cell.value, cell.low, cell.high, cell.status) for cell in told} == {(None, None, None, "[c]")}

    def test_the_declaration_rate_of_a_hidden_number(self, few_draft):
        """97.2% of 72: two did not declare."""
        few_draft.cell("disability", "declaration_rate", disability=TOTAL).update(value=97.2, status=None)
        everybody = few_draft.cell("disability", "headcount", disability=TOTAL)

        assert everybody["value"] == 72
        assert ("disability", NOT_DECLARED) in few_draft.opened()

    def test_the_interval_of_a_hidden_share(self, few_draft):
        low, high = limits_of_share(3, 70)
        few_draft.cell("disability", "share", disability="DISABLED").update(low=low, high=high)

        assert (Rule.LIMITS_OF_HIDDEN, "disability", ("DISABLED",)) in few_draft.rules()

    @pytest.mark.parametrize(("measure", "sex"), [("share", "F"), ("declaration_rate", TOTAL)])
    def test_a_number_left_beside_the_symbol_that_stands_for_it(self, draft, measure, sex):
        draft.cell("sex", measure, sex=sex)["status"] = "[c]"

        assert (Rule.LIMITS_OF_HIDDEN, "sex", (sex,)) in draft.rules()

    def test_an_interval_would_give_both_counts(self):
        """Why it is looked for: no other two counts have these limits."""
        pairs = [(part, whole) for whole in range(1, 200) for part in range(whole + 1)]

        assert [pair for pair in pairs if limits_of_share(*pair) == limits_of_share(3, 70)] == [(3, 70)]

    def test_a_ratio_of_a_hidden_count(self, draft):
        for measure in ("in_grade", "senior", "rate"):
            draft.cell("senior-by-sex", measure, sex="F").update(value=None, status="[c]", low=None, high=None)

        assert draft.cell("senior-by-sex", "ratio", sex="F")["value"] is not None
        assert (Rule.LIMITS_OF_HIDDEN, "senior-by-sex", ("F",)) in draft.rules()

    @pytest.mark.parametrize("measure", ["mean_gap", "median_gap"])
    def test_a_pay_gap_of_a_hidden_count(self, draft, measure):
        draft.cell("pay-by-sex", measure, sex="F").update(value=4.2, status=None)

        assert draft.cell("pay-by-sex", "headcount", sex="F")["status"] == "[c]"
        assert (Rule.LIMITS_OF_HIDDEN, "pay-by-sex", ("F",)) in draft.rules()

    def test_last_quarters_number_beside_its_change(self, draft):
        """90 women now, 88 more than then: two then."""
        draft.cell("sex", "headcount", sex="F")
        draft.table("sex")["cells"].append(
            {"dims": {"sex": "F"}, "measure": "change", "value": 88, "status": None, "low": None, "high": None}
        )

        assert (Rule.SMALL_PRINTED, "sex", ("F",)) in draft.rules()

    def test_the_change_of_a_hidden_number(self, few_draft):
        few_draft.table("disability")["cells"].append(
            {"dims": {"disability": "DISABLED"}, "measure": "change", "value": 1, "status": None}
        )

        assert (Rule.LIMITS_OF_HIDDEN, "disability", ("DISABLED",)) in few_draft.rules()

    def test_no_change_is_made_of_a_hidden_number(self, few):
        table = few.tables["disability"]
        before = {people_in(table, code): 9 for code in table.codes["disability"]}

        block = one_way_block(table, before)

        for code in table.codes["disability"]:
            for measure in ("change", "change_share"):
                cell = block.find(measure, code)
                if cell and table.cell(code).value is None:
                    assert (cell.value, cell.low, cell.high, cell.status) == (None, None, None, "[c]")
        assert any(cell.value is not None for cell in block.cells if cell.measure == "change")


class TestAveragesOfPay:
    @pytest.mark.parametrize("special", [False, True])
    def test_of_three_people_are_hidden_even_where_their_number_is_not(self, special):
        """Mean and median of three are two of their salaries away from the third."""
        groups = {"M": Pay(90, Fraction(20), Fraction(19), 1.0), "F": Pay(3, Fraction(15), Fraction(16), 1.0)}

        found = safe_gaps(groups, "M", PUBLISHED, special=special, people=exactly({"M": 90, "F": 3}))["F"]

        assert (found.mean, found.median, found.low, found.high) == (None,) * 4
        assert found.status is Status.TOO_FEW

    def test_of_three_people_are_in_no_drawing(self, people, protected):
        table = protected.tables["pay-by-sex"]
        shown = replace(table, shown={("F",): SafeCell(3), ("M",): SafeCell(90)})
        three = people_of({("F", "NOT_DISABLED", "AO", True): 3, ("M", "NOT_DISABLED", "AO", True): 90})

        gaps = gaps_of(three, shown, PUBLISHED)

        assert [cell.value for cell in pay_block(shown, gaps).cells if "gap" in cell.measure] == [None] * 4
        assert sentences.pay_gap(shown, gaps) is None

    def test_that_nobody_has_pay_is_not_said_where_their_number_is_hidden(self):
        """[z] beside [c] would say that the hidden number is 0, and so what it protects."""
        groups = {"M": Pay(90, Fraction(20), Fraction(19), 1.0), "F": None}

        hidden = safe_gaps(groups, "M", PUBLISHED, special=False, people=exactly({"M": 90}))["F"]
        shown = safe_gaps(groups, "M", PUBLISHED, special=False, people=exactly({"M": 90, "F": 0}))["F"]

        assert hidden.status is Status.CONFIDENTIAL
        assert shown.status is Status.NOT_APPLICABLE


class TestCharts:
    @pytest.fixture
    def drawn(self, contents):
        """A chart whose longest bar is hidden."""
        table = contents.table("disability")
        cells = tuple(
            replace(cell, value=None, status="[c]", low=None, high=None)
            if (cell.measure, cell.dims["disability"]) == ("share", "NOT_DISABLED")
            else cell
            for cell in table.cells
        )
        return with_table(contents, replace(table, cells=cells))

    def test_neither_axis_nor_other_bars_depend_on_a_hidden_value(self, contents, drawn):
        (shown, hidden), axis = bars_of(drawn)

        assert bars_of(contents)[1] == tuple(range(0, 101, 20))
        assert axis == (0, 20)
        assert (hidden.length, hidden.limits, hidden.text) == (None, None, "[c]")
        assert shown.length == pytest.approx(9.7 / 20)

    def test_a_hidden_bar_is_no_zero_and_has_no_size_of_its_own(self, drawn):
        svg = re.search(r"<svg.*?</svg>", as_fragment(drawn), re.DOTALL).group()

        (rect,) = re.findall(r'<rect class="report-chart__hidden"[^>]*>', svg)
        assert 'width="1.5em"' in rect
        assert svg.count('class="report-chart__bar"') == 1
        assert "158" not in svg
        assert "90.3" not in svg.partition("</desc>")[2]

    def test_the_alt_text_says_that_a_value_is_hidden_and_nothing_of_it(self, drawn):
        table = drawn.table("disability")
        labels = drawn.dimensions["disability"].labels

        alt = sentences.chart_alt(table, labels, [("DISABLED",), ("NOT_DISABLED",)])

        assert alt.startswith(
            "Bar chart, with 95% intervals in brackets. Disabled 9.7% (6.2 to 15.0%); Not disabled not shown."
        )

    def test_an_interval_that_was_left_beside_a_symbol_is_neither_drawn_nor_told(self, contents):
        table = contents.table("disability")
        left = [replace(cell, value=None, status="[c]") if cell.measure == "share" else cell for cell in table.cells]
        assert any(cell.low is not None for cell in left if cell.measure == "share")
        planted = replace(table, cells=tuple(left))
        changed = with_table(contents, planted)

        assert {bar.limits for bar in bars_of(changed)[0]} == {None}
        texts = [text for row in grid(planted, contents.dimensions).rows[:2] for text in row.texts[1:]]
        assert set(texts) == {"[c]"}
        alt = sentences.chart_alt(planted, contents.dimensions["disability"].labels, [("DISABLED",), ("NOT_DISABLED",)])
        assert not re.search(r"\d", alt.replace("95%", ""))


def with_table(contents: Contents, table: TableBlock) -> Contents:
    sections = tuple(
        replace(s, blocks=tuple(table if isinstance(b, TableBlock) and b.id == table.id else b for b in s.blocks))
        for s in contents.sections
    )
    return replace(contents, sections=sections)


def bars_of(contents: Contents) -> tuple[tuple[Bar, ...], tuple[int, ...]]:
    block = next(b for section in contents.sections for b in section.blocks if isinstance(b, ChartBlock))
    drawn = chart(block, contents)
    return drawn.bars, drawn.axis


class TestSentences:
    def test_with_a_hidden_number_are_left_out(self, few):
        """Three disabled people and two who did not declare."""
        table = few.tables["disability"]

        assert table.cell("DISABLED").status is Status.CONFIDENTIAL
        for said in (
            sentences.largest_message,
            sentences.key_figure,
            sentences.against_benchmark,
            sentences.unknown_answers,
        ):
            assert said(table) is None
        assert not re.search(r"\d", sentences.declaration(table))

    def test_of_a_change_need_all_four_numbers(self, protected):
        table = protected.tables["disability"]
        every = {people_in(table, code): 150 for code in ("DISABLED", DECLARED)}

        def said(before):
            return sentences.change(table, before, lambda code: people_in(table, code), "now", "then")

        assert said(every)
        for code in ("DISABLED", DECLARED):
            assert said({key: count for key, count in every.items() if key != people_in(table, code)}) is None
            hidden = replace(table, shown={key: cell for key, cell in table.shown.items() if key != (code,)})
            assert sentences.change(hidden, every, lambda code: people_in(table, code), "now", "then") is None

    def test_and_everything_else_in_words_hold_no_number_of_a_report_where_all_are_hidden(self, people, protected):
        """Nothing is shown: then no words tell a number, whatever they are composed from."""
        nothing = replace(protected, tables={name: replace(t, shown={}) for name, t in protected.tables.items()})

        said = report_on(people, nothing).as_json()

        words = [
            json.dumps({name: part for name, part in block.items() if name not in {"title", "cells"}})
            for section in said["sections"]
            if section["id"] not in {"hidden", "method", "quality", "symbols"}
            for block in section["blocks"]
            if block["type"] != "table"
        ]
        told = {int(number) for text in words for number in re.findall(r"\d+", text.replace("95%", ""))}
        assert told <= {0}  # inspections found nothing
        assert said["report"]["datasets"][0]["rows"] is None
        assert {cell["value"] for cell in Draft(said, people).table("sex")["cells"]} == {None}


class TestWhatIsBesideTheTables:
    def test_the_number_of_rows_is_everybody_and_goes_where_everybody_is_hidden(self, contents, people, protected):
        hidden = replace(
            protected,
            tables={
                name: replace(t, shown={key: cell for key, cell in t.shown.items() if set(key) != {TOTAL}})
                for name, t in protected.tables.items()
            },
        )

        assert contents.report["datasets"][0]["rows"] == people.size
        assert report_on(people, hidden).report["datasets"][0]["rows"] is None
        assert str(people.size) not in json.dumps(report_on(people, hidden).as_json()["sections"][0])

    def test_rows_columns_and_cells_stand_in_an_order_that_no_number_changes(self, contents):
        """The same tables of people among whom all that was rare is common."""
        turned = dict(zip(STAFF, reversed(STAFF.values()), strict=True))
        others = people_of(turned)

        order = [
            [(t.id, t.rows, t.columns, [(c.measure, c.dims) for c in t.cells]) for t in one.tables()]
            for one in (contents, report_on(others, protected_alone(others)))
        ]

        assert [table for table in order[0] if not table[0].startswith("senior")] == [
            table for table in order[1] if not table[0].startswith("senior")
        ]

    def test_which_numbers_are_small_and_which_protect_them_is_not_told(self, contents, protected):
        """Nobody outside learns the price by kind, or sees a second symbol."""
        price = protected.prices["sex-by-grade"]
        assert price.small
        assert price.others

        said = contents.as_json()
        symbols = {cell["status"] for cell in Draft(said, None).table("sex-by-grade")["cells"]}
        assert symbols == {None, "[c]"}
        assert f"{price.hidden} of {price.cells} numbers" in json.dumps(said)
        assert not {"small", "others", "certificate", "prices"} & keys_in(said)

    def test_a_table_that_may_be_shown_never_held_the_rest(self, protected, people):
        """The bytes of what is handed on have nothing at a hidden cell: no number, and no place for one."""
        table = protected.tables["sex-by-grade"]
        back = pickle.loads(pickle.dumps(table))

        hidden = {key for key in product(*table.codes.values()) if table.cell(*key).status}
        assert hidden
        assert not hidden & back.shown.keys()
        assert vars(back).keys() == {field.name for field in fields(SafeTable)}
        with pytest.raises(ValueError, match="either"):
            SafeCell(3, Status.CONFIDENTIAL)


def keys_in(said: Any) -> set[str]:
    if isinstance(said, dict):
        return {*said} | {key for part in said.values() for key in keys_in(part)}
    return {key for part in said for key in keys_in(part)} if isinstance(said, list) else set()


@pytest.fixture(scope="module")
def twins(people, protected):
    tables = plan(people, PUBLISHED, QUARTER)
    sets = linked(involved_in(tables), people.dimensions)
    ((_, true),) = counted_in(Release(people.dimensions, tables, sets, {QUARTER: people.table}))
    found = []
    for witness in protected.certificate.witnesses:
        counts = true.counts.copy()
        for _, place, change in witness:
            counts[place] += change
        found.append(people_of(rows_of(Table(true.dimensions, counts))))
    return found


class TestPeopleWhoCannotBeToldApart:
    """Witnesses of the certificate are other people of whom the same is shown. What is written about them is the same,
    to the last byte of every file: nothing looked at more than what is shown."""

    def test_are_other_people(self, people, twins):
        true = people.table(("sex", "grade")).counts.tolist()

        assert len(twins) > 5
        assert any(twin.table(("sex", "grade")).counts.tolist() != true for twin in twins)
        assert {twin.size for twin in twins} == {people.size}

    def test_have_the_same_report(self, contents, protected, twins):
        for twin in twins:
            assert report_on(twin, protected).as_json() == contents.as_json()

    def test_have_the_same_files_of_the_same_size(self, contents, protected, twins):
        files, others = (draw_all(one) for one in (contents, report_on(twins[-1], protected)))

        assert files.keys() == others.keys()
        for name in files:
            assert comparable(files[name]) == comparable(others[name]), name
        assert {name: len(content) for name, content in files.items()} == {
            name: len(content) for name, content in others.items()
        }

    def test_have_the_same_document_properties_which_name_the_report_and_count_nothing(self, contents):
        files = draw_all(contents)
        pdf = PdfReader(io.BytesIO(files["report.pdf"])).metadata
        with zipfile.ZipFile(io.BytesIO(files["report.ods"])) as archive:
            meta = archive.read("meta.xml").decode()

        allowed = f"{contents.report['title']} {contents.report['organisation_name']} {contents.report['period_label']}"
        for name, text in pdf.items():
            if name not in {"/CreationDate", "/ModDate", "/Producer", "/Creator"}:
                assert not set(re.findall(r"\d+", str(text))) - set(re.findall(r"\d+", allowed)), name
        assert "document-statistic" not in meta or not re.search(r'cell-count="[1-9]', meta)
        assert not {str(count) for count in (3, 22, 36)} & set(re.findall(r">(\d+)<", meta))

    def test_would_be_told_apart_by_anything_that_looks_at_them(self, contents, protected, twins, monkeypatch):
        """The comparison is worth something: a report that told how many women are in one grade would differ."""

        found = set()
        for twin in twins:
            count = twin.table(("sex", "grade")).count(sex="F", grade="SEO/HEO")
            monkeypatch.setattr(sentences, "declaration", lambda _, count=count: f"{count} people")
            found.add(json.dumps(report_on(twin, protected).as_json()))

        assert len(found) > 1


def rows_of(counts: Table) -> dict[Row, int]:
    """The people who have these joint counts."""
    found: Counter[Row] = Counter()
    for place, people in np.ndenumerate(counts.counts):
        at = {d.code: d.leaves[number] for d, number in zip(counts.dimensions, place, strict=True)}
        found[at["sex"], at["disability"], at["grade"], at[PAY] != UNPAID] += int(people)
    return found


def comparable(content: bytes) -> Any:
    """A file without the moment at which it was packed."""
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: _DATES.sub(b"", archive.read(name)) for name in archive.namelist()}


_DATES = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?")


@pytest.fixture(scope="module")
def first():
    dimensions = {"a": dimension("a", 3, grouped=False, silent=0)}
    whole = release_of(dimensions, {"a": np.repeat([0, 1, 2], [30, 7, 3])}, [("a",)])
    whole = replace(whole, hidden_before=frozenset({_only("a1")}))
    return whole, protect(whole, PUBLISHED)


class TestCorrections:
    """Version 1 was of three tables; version 2 leaves out what made some hiding necessary."""

    def second(self, whole, protected=None):
        spec = replace(whole.tables[0], id="again", codes={"a": ("a0", "a1")})
        told = protected.told if protected else {}
        hidden = {region: Told() for region in protected.hidden} if protected else {}
        before = whole.hidden_before if protected else frozenset({_only("a0")})
        return protect(replace(whole, tables=[spec], told={**hidden, **told}, hidden_before=before), PUBLISHED)

    def test_that_show_what_the_first_version_hid_give_it_away(self, first):
        whole, protected = first

        careless = published_of(whole, [protected, self.second(whole)])

        assert protected.tables["a"].cell("a1").status is Status.CONFIDENTIAL
        assert self.second(whole).tables["again"].cell("a1").value == 7
        assert ("a2",) in {one.key for one in attack(careless).opened}

    def test_are_protected_together_with_the_first_version(self, first):
        whole, protected = first

        again = self.second(whole, protected)

        assert again.tables["again"].cell("a1").status is Status.CONFIDENTIAL
        assert attack(published_of(whole, [protected, again])).opened == ()
