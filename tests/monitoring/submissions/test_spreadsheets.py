"""What a spreadsheet may cost is found out before it is opened."""

import io
import zipfile
from datetime import date

import pytest

from equality.quarters import Quarter
from monitoring.submissions import spreadsheets
from monitoring.submissions.checking import check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.mapping import Mapping
from monitoring.submissions.problems import Unreadable
from monitoring.submissions.reading import open_file
from tests.factories.workbooks import ods, xlsx

ROWS = [["sex", "age", "start"], ["F", 40, "2020-01-01"], ["M", 31.0, None]]
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'


def read(content: bytes):
    source = open_file(content, lambda heading: heading in {"sex", "age"})
    return source, source.read(range(len(source.headings)), ())


def refused(content: bytes) -> set[str]:
    with pytest.raises(Unreadable) as answer:
        read(content)
    return {problem.code for problem in answer.value.problems}


@pytest.mark.parametrize("make", [xlsx, ods], ids=["xlsx", "ods"])
class TestReading:
    def test_cells_are_read_as_the_sheet_shows_them(self, make):
        source, sheet = read(make(ROWS))

        assert source.headings == ["sex", "age", "start"]
        assert [[c.distinct[at] for at in c.index] for c in sheet.columns.values()] == [
            ["F", "M"], ["40", "31"], ["2020-01-01", ""],
        ]  # fmt: skip
        assert sheet.rows.tolist() == [2, 3]

    def test_headings_below_a_title_are_found(self, make):
        source, sheet = read(make([["Staff of the region"], [None], *ROWS]))

        assert source.header_row == 3
        assert sheet.rows.tolist() == [4, 5]

    def test_an_empty_sheet_is_said_to_be_empty(self, make):
        assert refused(make([[None]])) == {"FILE_EMPTY"}

    def test_an_entity_bomb_is_refused(self, make):
        assert refused(make(ROWS, head=BOMB)) == {"FILE_UNSAFE"}

    def test_an_entity_bomb_behind_a_long_comment_is_refused(self, make):
        assert refused(make(ROWS, head=f"<!--{'x' * 2_000_000}-->{BOMB}")) == {"FILE_UNSAFE"}

    def test_broken_xml_is_answered(self, make):
        broken = "<c" if make is xlsx else "<table:table-row"
        content = make(sheet=broken) if make is xlsx else make(table=broken)

        assert refused(content) == {"FILE_UNREADABLE"}


class TestSize:
    def test_two_cells_far_apart_are_too_large_a_sheet(self):
        """Readers hold the rectangle between the first and the last cell."""
        far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

        assert refused(xlsx(sheet=far)) == {"SHEET_TOO_LARGE"}

    def test_so_many_cells_are_too_large_a_sheet(self, monkeypatch):
        monkeypatch.setattr(spreadsheets, "MAX_CELLS", 10_000)
        row = '<row r="{0}">' + "".join(f'<c r="{chr(65 + n)}{{0}}"><v>1</v></c>' for n in range(20)) + "</row>"

        assert refused(xlsx(sheet="".join(row.format(n) for n in range(1, 502)))) == {"SHEET_TOO_LARGE"}

    def test_cells_without_a_place_are_counted_too(self, monkeypatch):
        monkeypatch.setattr(spreadsheets, "MAX_CELLS", 50)

        assert refused(xlsx(sheet="<row>" + "<c><v>1</v></c>" * 60 + "</row>")) == {"SHEET_TOO_LARGE"}

    def test_a_filled_row_repeated_a_million_times_is_too_large_a_sheet(self):
        row = (
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" '
            'office:value="1" table:number-columns-repeated="1000"/></table:table-row>'
        )

        assert refused(ods(table=row)) == {"SHEET_TOO_LARGE"}

    def test_a_million_blank_rows_before_a_filled_one_are_too_large_a_sheet(self):
        cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
        blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
        rows = f"<table:table-row>{cell.format(10)}</table:table-row>{blank}<table:table-row>{cell.format(1)}</table:table-row>"

        assert refused(ods(table=rows)) == {"SHEET_TOO_LARGE"}

    def test_blank_rows_after_the_last_filled_one_cost_nothing(self):
        blank = (
            '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        )
        cell = '<table:table-cell office:value-type="string"><text:p>sex</text:p></table:table-cell>'
        row = f"<table:table-row>{cell}</table:table-row>"

        source, _ = read(ods(table=row + row + blank))

        assert source.headings == ["sex"]

    def test_an_archive_that_unpacks_without_end_is_refused(self, monkeypatch):
        monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", 2**20)
        content = xlsx(ROWS, **{"xl/media/bomb.bin": bytes(2**22)})
        assert len(content) < 2**16

        assert refused(content) == {"FILE_UNSAFE"}

    def test_an_archive_of_very_many_parts_is_refused(self, monkeypatch):
        monkeypatch.setattr(spreadsheets, "MAX_PARTS", 5)

        assert refused(xlsx(ROWS, **{"xl/a.xml": b"<a/>"})) == {"FILE_UNSAFE"}


class TestOtherArchives:
    def test_a_zip_of_something_else_is_not_a_table(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("letter.txt", "Dear all")

        assert refused(buffer.getvalue()) == {"FILE_NOT_A_TABLE"}

    def test_an_archive_cut_short_is_answered(self):
        assert refused(xlsx(ROWS)[:-40]) == {"FILE_UNREADABLE"}

    def test_a_part_that_is_protected_by_a_password_is_answered(self):
        content = bytearray(xlsx(ROWS))
        central = content.index(b"PK\x01\x02")
        content[central + 8] |= 1

        assert refused(bytes(content)) == {"FILE_ENCRYPTED"}

    def test_an_old_excel_file_is_not_a_table(self):
        assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)) == {"FILE_NOT_A_TABLE"}


class TestDates:
    def test_a_day_in_a_cell_is_a_day(self):
        _, sheet = read(ods([["sex", "start"], ["F", date(2020, 5, 1)]]))

        assert sheet.columns[1].distinct[sheet.columns[1].index[0]] == "2020-05-01"


class TestText:
    @pytest.mark.parametrize("size", [2**20, 2**24 + 2**20])
    def test_a_cell_of_a_megabyte_or_more_is_answered_in_its_row(self, size):
        content = b"sex,job_role\nF," + b"x" * size + b"\n" + b"M,y\n" * 10

        context = Context(Quarter.parse("2026-Q3"), "north-east")
        answer = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=list)

        assert [(p.code, p.row) for p in answer.problems if p.severity == "error"] == [("CELL_TOO_LONG", 2)]
