"""PDF, page, spreadsheet, CSV and JSON are read back and must say the same."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from reportlab.graphics.shapes import Line, Rect, String

from monitoring.organisations.models import Organisation
from reports.charts import chart
from reports.contents import ChartBlock, Contents, Items, Paragraph, Section, Statement, Subheading
from reports.drawing import draw, draw_all
from reports.grids import Limits, grid
from reports.page import as_fragment
from reports.pdf import as_pdf
from reports.pdf.charts import bar_chart
from reports.pdf.style import BOTTOM, HEIGHT, INK
from reports.wording import between
from tests.factories import (
    accepted,
    as_csv,
    make_draft,
    make_finding,
    make_inspection,
    make_organisation,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def contents(undone):
    with undone():
        organisation, inspectorate = (
            make_organisation("north-east"),
            make_organisation("hmi-probation", kind="inspectorate"),
        )
        Organisation.objects.filter(pk=organisation.pk).update(name="Rhanbarth Tŷ Gŵyr")
        accepted(organisation, as_csv(staff(380)), period="2026-Q2")
        accepted(organisation, as_csv(staff(400, seed=3)))
        make_finding(
            make_inspection(organisation, inspectorate),
            statement="=HYPERLINK is not a formula here, and ŵ and ŷ are letters.",
            recommendation="Ask everybody.",
        )
        return Contents.from_json(make_draft(organisation).contents)


@pytest.fixture(scope="module")
def files(contents):
    return draw_all(contents)


def written(number: float | None) -> str:
    return "" if number is None else str(number)


def numbers(cell, text):
    """What the spreadsheet holds of a printed cell: a number, both ends of an interval, or the symbol."""
    if isinstance(cell, Limits):
        ends = (cell.of.low, cell.of.high) if cell.of else (None, None)
        return [text if end is None else end for end in ends]
    return [text if cell is None or cell.value is None else cell.value]


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


class TestAgreement:
    def test_json_is_the_contents(self, contents, files):
        assert Contents.from_json(json.loads(files["report.json"])) == contents

    def test_every_csv_cell_is_a_json_cell(self, contents, files):
        for table in contents.tables():
            rows = list(csv.DictReader(io.StringIO(files[f"data/{table.id}.csv"].decode())))

            assert [
                tuple(row[name] for name in ("measure", "value", "status", "low", "high", "step")) for row in rows
            ] == [
                (c.measure, written(c.value), c.status or "", written(c.low), written(c.high), written(c.step))
                for c in table.cells
            ]

    def test_every_spreadsheet_cell_is_what_the_page_prints(self, contents, files):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(files["report.ods"]))
        assert workbook.sheet_names[:4] == ["Cover", "Tables", "Notes", "Findings"]
        for number, table in enumerate(contents.tables(), start=1):
            sheet = workbook.get_sheet_by_name(f"{number} {table.id}"[:31]).to_python()
            laid_out = grid(table, contents.dimensions)
            assert sheet[0][0] == table.title
            for row, printed in zip(laid_out.rows, sheet[3:], strict=True):
                assert printed == [
                    row.label,
                    *(number for pair in zip(row.cells, row.texts, strict=True) for number in numbers(*pair)),
                ]

    def test_heads_of_the_spreadsheet_are_those_of_the_page_and_name_both_ends_of_an_interval(self, contents, files):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(files["report.ods"]))
        heads = {
            table.id: workbook.get_sheet_by_name(f"{number} {table.id}"[:31]).to_python()[2]
            for number, table in enumerate(contents.tables(), start=1)
        }

        assert heads["sex-by-grade"] == ["Sex", "AA/AO", "EO", "HEO/SEO", "G7/G6", "SCS", "Not declared", "All"]
        assert heads["pay-by-sex"] == [
            "Sex", "People", "Mean hourly pay gap", "95% interval: lower end", "95% interval: upper end",
            "Median hourly pay gap",
        ]  # fmt: skip
        assert heads["sex"] == [
            "Sex", "People", "Share of declared", "95% interval of share: lower end", "95% interval of share: upper end",
            "Change in people", "Change in share", "95% interval of change: lower end", "95% interval of change: upper end",
        ]  # fmt: skip
        assert all(len(row) == len(set(row)) for row in heads.values())

    def test_every_kind_of_interval_is_printed(self, contents, files):
        """Otherwise agreement about intervals would be about nothing."""
        found = {cell.measure for table in contents.tables() for cell in table.cells if cell.low is not None}

        assert found == {"share", "declaration_rate", "change_share", "mean_gap", "rate", "ratio"}
        page, pdf = files["report.html"].decode(), re.sub(r"\s+", "", pdf_text(files["report.pdf"]))
        for table in contents.tables():
            for cell in table.cells:
                if cell.low is not None:
                    text = between(cell.low, cell.high, cell.measure, cell.step)
                    assert f">{text}</td>" in page
                    assert re.sub(r"\s+", "", text) in pdf

    def test_the_page_and_the_pdf_print_every_number(self, contents, files):
        page, pdf = files["report.html"].decode(), re.sub(r"\s+", "", pdf_text(files["report.pdf"]))
        for table in contents.tables():
            for row in grid(table, contents.dimensions).rows:
                for text in row.texts:
                    assert text in page
                    assert re.sub(r"\s+", "", text) in pdf

    def test_page_and_pdf_say_the_finding_and_what_follows(self, files):
        for text in (files["report.html"].decode(), pdf_text(files["report.pdf"])):
            assert "ŵ and ŷ are letters" in text.replace("\n", " ")
            assert "Ask everybody." in text


class TestPdf:
    def test_every_font_is_embedded(self, files):
        fonts = {}
        for page in PdfReader(io.BytesIO(files["report.pdf"])).pages:
            for font in page["/Resources"]["/Font"].values():
                found = font.get_object()
                fonts[found["/BaseFont"]] = "/FontFile2" in found["/FontDescriptor"].get_object()

        assert fonts
        assert all(fonts.values()), fonts

    def test_has_title_language_bookmarks_and_contents_with_links(self, contents, files):
        reader = PdfReader(io.BytesIO(files["report.pdf"]))
        links = [a for page in reader.pages for a in page.get("/Annots", []) if a.get_object()["/Subtype"] == "/Link"]

        assert contents.report["title"] in reader.metadata.title
        assert reader.trailer["/Root"]["/Lang"] == "en-GB"
        assert len(links) >= len(contents.sections)
        assert reader.outline[0].title == "At a glance"

    def test_numbers_its_pages_and_heads_them(self, files):
        reader = PdfReader(io.BytesIO(files["report.pdf"]))
        count = len(reader.pages)

        for number, page in enumerate(reader.pages[1:], start=2):
            text = page.extract_text()
            assert f"Page {number} of {count}" in text
            assert "Draft, not for publication" in text
            assert "Rhanbarth Tŷ Gŵyr" in text

    def everywhere(self, contents, table):
        """Texts of the pages of a report, with a table at every height of a page: an item of a list instead of a
        paragraph above it moves it by less than a row."""
        for paragraphs in range(14, 26):
            for items in range(0, 9, 2):
                above = (*(Paragraph("A line."),) * (paragraphs - items), *(Items(("An item.",)),) * items)
                section = Section("s", "S", (*above, table))
                pages = PdfReader(io.BytesIO(as_pdf(replace(contents, sections=(section,))))).pages
                yield [page.extract_text() for page in pages]

    def test_a_short_table_is_on_one_page_wherever_it_begins(self, contents):
        table = contents.table("pay-by-sex")
        for pages in self.everywhere(contents, table):
            (page,) = [text for text in pages if table.title in text]
            assert all(label in page for label in ("Mean hourly pay", "Female", "Male"))

    def test_a_long_table_is_split_with_its_head_and_no_part_of_it_is_a_row_or_two(self, contents):
        table = contents.table("disability")
        labels = [row.label for row in grid(table, contents.dimensions).rows]
        split = 0
        for pages in self.everywhere(contents, table):
            (first,) = [number for number, text in enumerate(pages) if table.title in text]
            assert all(label in pages[first] for label in (table.note, *labels[:4]))
            (last,) = [text for text in pages if "Declaration rate" in text]
            assert all(text in last for text in ("Share of", *labels[-4:]))
            split += last != pages[first]
        assert split

    def test_what_announces_a_list_stands_above_its_beginning(self, contents):
        parted = (Paragraph("These are hidden:"), Items(("The first.", "The second.", "The third.")))
        for paragraphs in range(20, 34):
            section = Section("s", "S", (*(Paragraph("A line."),) * paragraphs, *parted))
            pages = PdfReader(io.BytesIO(as_pdf(replace(contents, sections=(section,))))).pages
            (page,) = [text for page in pages if "These are hidden" in (text := page.extract_text())]
            assert "The first." in page

    def test_a_finding_is_on_one_page_with_its_heading(self, contents):
        facts = tuple((f"Fact {number}", "what it is") for number in range(12))
        parted = (Subheading("Area for improvement"), Statement("Interpreters were not booked in time.", facts))
        for paragraphs in range(20, 34):
            section = Section("s", "S", (*(Paragraph("A line."),) * paragraphs, *parted))
            pages = PdfReader(io.BytesIO(as_pdf(replace(contents, sections=(section,))))).pages
            (page,) = [text for page in pages[2:] if "Area for improvement" in (text := page.extract_text())]
            assert all(said in page for said in ("Interpreters", "Fact 11"))

    def test_no_page_before_the_last_is_half_empty(self, contents):
        """Nothing is kept together that leaves so much."""
        for page in PdfReader(io.BytesIO(as_pdf(contents))).pages[2:-1]:
            heights: list[float] = []

            def note(text, drawing, line, *_, heights=heights):
                if text.strip():
                    heights.append(drawing[5] + line[5])

            page.extract_text(visitor_text=note)
            assert min(height for height in heights if height > BOTTOM - 10) < BOTTOM + HEIGHT / 2

    def test_the_summary_leads_to_the_symbols(self, files):
        reader = PdfReader(io.BytesIO(files["report.pdf"]))
        (summary,) = [page for page in reader.pages if "What the symbols mean" in page.extract_text()]
        (target,) = {link.get_object()["/Dest"][0].idnum for link in summary["/Annots"]}
        (page,) = [page for page in reader.pages if page.indirect_reference.idnum == target]

        assert "hidden so that nobody can work out a small number" in page.extract_text()

    def test_a_label_that_is_broken_anyway_leaves_room_to_the_heads(self, contents):
        """The longest label takes two lines in any case; then no head should need a third."""
        (page,) = [
            page.extract_text()
            for page in PdfReader(io.BytesIO(as_pdf(contents))).pages
            if contents.table("ethnicity").title in page.extract_text()
        ]

        assert "95% interval\n of change\n" in page
        assert "Change in\n people\n" in page

    def test_the_same_contents_give_the_same_bytes(self, contents, files):
        assert as_pdf(contents) == files["report.pdf"]

    def test_a_letter_the_font_lacks_is_shown_as_a_square_and_not_dropped(self, contents):
        odd = contents.with_report(organisation_name="Office 漢")

        assert "Office □" in pdf_text(as_pdf(odd))


class TestPage:
    def test_stands_alone(self, files):
        page = files["report.html"].decode()

        assert "<script" not in page
        assert not re.search(r"(src|href)=\"(?!#)", page)
        assert page.count("<h1") == 1

    def test_every_chart_has_a_title_a_description_and_a_table(self, contents, files):
        page = files["report.html"].decode()
        svgs = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

        assert svgs
        for svg in svgs:
            assert 'role="img"' in svg
            assert "<title" in svg
            assert "<desc" in svg

    def test_the_contents_list_leads_to_every_section(self, contents, files):
        page = files["report.html"].decode()
        nav = re.search(r"<nav.*?</nav>", page, re.DOTALL).group()

        assert re.findall(r'href="#([^"]+)"', nav) == [section.id for section in contents.sections]
        assert all(f'id="{target}"' in page for target in set(re.findall(r'href="#([^"]+)"', page)))

    def test_a_single_section_has_no_way_back_to_contents(self, contents):
        assert "#contents" not in as_fragment(replace(contents, sections=contents.sections[:1]))


class TestCharts:
    def test_a_bar_is_as_long_as_its_value(self, contents):
        block = chart_of(contents)
        values = [contents.table(block.table).find(block.measure, code).value for code in block.rows]

        lengths = bars(contents)

        assert [length / lengths[0] for length in lengths] == pytest.approx([v / values[0] for v in values], abs=0.01)

    def test_what_is_hidden_has_a_pattern_and_no_length(self, contents):
        block = chart_of(contents)
        table = contents.table(block.table)
        cells = [
            replace(cell, value=None, status="[c]") if cell == table.find(block.measure, block.rows[1]) else cell
            for cell in table.cells
        ]
        sections = [
            replace(s, blocks=[replace(b, cells=tuple(cells)) if b is table else b for b in s.blocks])
            for s in contents.sections
        ]
        hidden = replace(contents, sections=tuple(sections))

        assert len(bars(hidden)) == len(bars(contents)) - 1
        assert len(whiskers(hidden)) == len(whiskers(contents)) - 1
        marks = [as_fragment(one).count('class="report-chart__hidden"') for one in (contents, hidden)]
        assert marks[1] == marks[0] + 1

    def test_an_interval_is_a_line_from_its_lower_to_its_upper_end(self, contents):
        block = chart_of(contents)
        cells = [contents.table(block.table).find(block.measure, code) for code in block.rows]
        scale = bars(contents)[0] / cells[0].value

        assert whiskers(contents) == [
            (pytest.approx(cell.low * scale, abs=0.02), pytest.approx(cell.high * scale, abs=0.02)) for cell in cells
        ]

    def test_the_pdf_draws_the_same_line_and_the_value_after_it(self, contents):
        block = chart_of(contents)
        drawn = chart(block, contents)
        shapes = bar_chart(drawn).contents
        lengths = [shape.width for shape in shapes if isinstance(shape, Rect)]
        left = min(shape.x for shape in shapes if isinstance(shape, Rect))
        lines = [s for s in shapes if isinstance(s, Line) and s.strokeColor == INK and s.y1 == s.y2]

        scale = lengths[0] / drawn.bars[0].length
        assert [(line.x1, line.x2) for line in lines] == [
            tuple(pytest.approx(left + limit * scale) for limit in bar.limits) for bar in drawn.bars
        ]
        for bar, line in zip(drawn.bars, lines, strict=True):
            (value,) = {shape.x for shape in shapes if isinstance(shape, String) and shape.text == bar.text}
            assert value > line.x2


def chart_of(contents):
    return next(b for section in contents.sections for b in section.blocks if isinstance(b, ChartBlock))


def bars(contents):
    svg = re.search(r"<svg.*?</svg>", as_fragment(contents), re.DOTALL).group()
    return [float(width) for width in re.findall(r'report-chart__bar"[^>]* width="([\d.]+)%"', svg)]


def whiskers(contents):
    svg = re.search(r"<svg.*?</svg>", as_fragment(contents), re.DOTALL).group()
    return [
        (float(low), float(high))
        for low, high in re.findall(r'report-chart__limits"><line x1="([\d.]+)%" x2="([\d.]+)%"', svg)
    ]


class TestOneDrawing:
    def test_is_the_same_as_among_all(self, contents, files):
        assert {name: draw(contents, name) for name in ("report.pdf", "report.html", "report.json")} == {
            name: files[name] for name in ("report.pdf", "report.html", "report.json")
        }

    def test_of_another_name_is_refused(self, contents):
        with pytest.raises(KeyError):
            draw(contents, "data/ethnicity.csv")


class TestSpreadsheet:
    def test_a_statement_that_looks_like_a_formula_is_text(self, contents, files):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(files["report.ods"]))
        cells = [
            cell
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).to_python()
            for cell in row
        ]

        texts = [cell for cell in cells if isinstance(cell, str)]

        assert any("HYPERLINK" in text for text in texts)
        assert not any(text.startswith(("=", "@")) for text in texts)

    def test_is_in_english_and_has_a_title(self, contents, files):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(files["report.ods"])) as archive:
            styles, meta = archive.read("styles.xml").decode(), archive.read("meta.xml").decode()

        assert 'fo:language="en"' in styles
        assert contents.report["title"] in meta

    def test_tables_have_a_range_with_a_header(self, files):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(files["report.ods"])) as archive:
            assert 'table:contains-header="true"' in archive.read("content.xml").decode()


class TestDraftAndSynthetic:
    def test_a_draft_says_so_everywhere(self, files):
        assert "not for publication" in files["report.html"].decode()
        assert "not for publication" in pdf_text(files["report.pdf"])

    def test_synthetic_data_say_so_everywhere(self, contents):
        made = draw_all(contents.with_report(synthetic=True))
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(made["report.ods"]))

        assert "Synthetic" in made["report.html"].decode()
        assert "Synthetic data" in pdf_text(made["report.pdf"])
        assert any("Synthetic" in row[0] for row in workbook.get_sheet_by_name("Cover").to_python())
