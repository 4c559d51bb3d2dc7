import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.submissions.reading import open_file
from monitoring.submissions.sheets import without_blank_rows

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cc", "Cs"]), max_size=12)


def read(content: bytes):
    source = open_file(content, lambda heading: heading == "sex")
    return source, source.read(range(len(source.headings)), ())


def texts(sheet):
    return [[column.distinct[at] for at in column.index] for column in sheet.columns.values()]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_way_of_writing_reads_alike(separator, encoding, newline):
    lines = [["sex", "unité"], ["F", "Café £"], ["M", "Ŵ" if encoding != "cp1252" else "x"]]
    content = newline.join(separator.join(line) for line in lines).encode(encoding)

    source, sheet = read(content)

    assert source.headings == ["sex", "unité"]
    assert texts(sheet) == [["F", "M"], ["Café £", lines[2][1]]]


def test_windows_characters_far_down_the_file_are_understood():
    content = b"sex,unit\n" + b"F,North\n" * 20_000 + "F,Café\n".encode("cp1252")

    _, sheet = read(content)

    assert texts(sheet)[1][-1] == "Café"


class TestRowNumbers:
    def test_count_rows_and_not_lines(self):
        _, sheet = read(b'sex,unit\nF,"two\nlines"\nM,one\n')

        assert sheet.rows.tolist() == [2, 3]

    def test_pass_over_rows_that_do_not_fit(self):
        _, sheet = read(b"sex,unit\nF,a\nF\nM,b\nM,c,d\nF,e\n")

        assert sheet.rows.tolist() == [2, 4, 6]
        assert [problem.row for problem in sheet.problems] == [3, 5]

    def test_pass_over_blank_rows(self):
        _, sheet = read(b"sex,unit\nF,a\n\n,\nM,b\n")

        kept, blank = without_blank_rows(sheet)

        assert kept.rows.tolist() == [2, 5]
        assert blank == 2

    def test_begin_below_title_rows(self):
        source, sheet = read(b"Staff,\n,\nsex,unit\nF,a\n")

        assert source.header_row == 3
        assert sheet.rows.tolist() == [4]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=20), st.sampled_from(",;\t"))
def test_what_a_csv_writer_writes_is_read_back(rows, separator):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["sex", "unit"])
    writer.writerows(rows)

    _, sheet = read(text.getvalue().encode())

    assert texts(sheet) == [[one.strip() for one, _ in rows], [other.strip() for _, other in rows]]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_answered(content):
    from equality.quarters import Quarter
    from monitoring.submissions.checking import check
    from monitoring.submissions.cleaning import Context
    from monitoring.submissions.mapping import Mapping

    context = Context(Quarter.parse("2026-Q3"), "north-east")

    answer = check(
        content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=lambda r: [b"0" * 16] * len(r)
    )

    assert answer.refused
    assert answer.problems


TOKENS = st.sampled_from(
    ["sex", "age", "F", "ethnicity", "13", ",", ";", "\t", "\n", "\r", "\r\n", '"', '""', "=", "-", "é", "\ufeff", " ",
     "1990-01-01", "hourly_pay", "9e9", "NaN", "∞", '{"records":', "[", "]", "}"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_whatever_looks_a_little_like_a_file_is_answered(text, encoding):
    from equality.quarters import Quarter
    from monitoring.submissions.checking import check
    from monitoring.submissions.cleaning import Context
    from monitoring.submissions.mapping import Mapping

    context = Context(Quarter.parse("2026-Q3"), "north-east")

    answer = check(
        text.encode(encoding, "replace"),
        collection="workforce",
        mapping=Mapping(),
        context=context,
        pseudonyms=lambda references: [b"0" * 16] * len(references),
    )

    assert answer.refused != (answer.table is not None)
