"""Every file of a published report is read back as a reader would read it: each number with its row and column. All say
what ``report.json`` says, none says anything where it says [c], and all of them together give nothing away."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Any

import pytest
from django.test import override_settings
from lxml import etree, html
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from equality.disclosure.attack import Attacked, attack
from equality.disclosure.safe import Status
from reports.attacking import published_of
from reports.contents import ChartBlock, Contents, TableBlock
from reports.grids import OF_EVERYBODY, grid
from reports.publishing import file_of
from reports.reading import policy_of
from reports.rules import rules_broken
from reports.wording import INTERVAL, MEASURES, mid_sentence
from tests.factories import (
    accepted,
    as_csv,
    make_finding,
    make_inspection,
    make_organisation,
    make_published,
    staff,
)

pytestmark = pytest.mark.django_db

Place = tuple[str, str, tuple[str, ...]]  # table, measure, codes
RUNNING = re.DOTALL | re.MULTILINE  # head and foot of a page come before its words, which may go on from page to page
COLUMNS = ("person_ref", "sex", "age_band", "grade", "hourly_pay")
PARTS = ("value", "low", "high")


@dataclass(frozen=True)
class Said:
    """What stands in one cell. ``status``: the symbol that stands there instead."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    status: str | None = None


def _some(people: list[dict[str, str]]) -> list[dict[str, str]]:
    """Few columns, so that it does not take long."""
    return [{name: text for name, text in person.items() if name in COLUMNS} for person in people]


LAST_QUARTER = _some(staff(150))
THIS_QUARTER = _some(
    [
        *staff(3, age_band="60-64"),  # older than all others
        *staff(144)[3:],
        *({**person, "person_ref": f"N{number}"} for number, person in enumerate(staff(9, seed=5))),
    ]
)


Reading = dict[Place, Said]


@pytest.fixture(scope="module", params=["published-2026", "civil-service-2023", "controlled-5"])
def files(undone, request) -> dict[str, bytes]:
    """A published report with findings, and with a quarter before that nothing was published of. With exact numbers,
    rounded to the nearest, and rounded so that they add up."""
    with undone(), override_settings(REPORT_POLICY=request.param):
        organisation = make_organisation("north-east")
        inspectorate = make_organisation("hmi-probation", kind="inspectorate")
        accepted(organisation, as_csv(LAST_QUARTER), period="2026-Q2")
        accepted(organisation, as_csv(THIS_QUARTER))
        make_finding(make_inspection(organisation, inspectorate))
        report = make_published(organisation)
        read = {name: file_of(report, name) for name in report.files}
        assert report.state == "published", report.failure
    return read


@pytest.fixture(scope="module")
def document(files: Mapping[str, bytes]) -> dict[str, Any]:
    return json.loads(files["report.json"])


@pytest.fixture(scope="module")
def contents(document: dict[str, Any]) -> Contents:
    return Contents.from_json(document)


def tables_of(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (block for section in document["sections"] for block in section["blocks"] if block["type"] == "table")


def as_said(value: Any, low: Any, high: Any, status: Any) -> Said:
    numbers = (None if part in {None, ""} else float(part) for part in (value, low, high))
    return Said(*numbers, status or None)


def of_json(document: Mapping[str, Any], read: Callable[..., Reading] | None = None) -> Reading:
    """What a reader should find; the range of a rounded count in the data alone."""
    found = all_of_json(document)
    if read is of_csv or document["report"]["policy"]["form"] == "exact":
        return found
    return {
        place: replace(said, low=None, high=None) if place[1] == "headcount" else said for place, said in found.items()
    }


def all_of_json(document: Mapping[str, Any]) -> Reading:
    return {
        (table["id"], cell["measure"], tuple(cell["dims"][name] for name in table["dimensions"])): as_said(
            *(cell[part] for part in PARTS), cell["status"]
        )
        for table in tables_of(document)
        for cell in table["cells"]
    }


def of_csv(files: Mapping[str, bytes], contents: Contents) -> Reading:
    found = {}
    for name in files:
        if name.startswith("data/"):
            table = name.removeprefix("data/").removesuffix(".csv")
            for row in csv.DictReader(io.StringIO(files[name].decode())):
                codes = tuple(row[dimension] for dimension in contents.table(table).dimensions)
                found[table, row["measure"], codes] = as_said(*(row[part] for part in PARTS), row["status"])
    return found


def of_spreadsheet(files: Mapping[str, bytes], contents: Contents) -> Reading:
    """Ends of an interval are columns of their own."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(files["report.ods"]))
    found: Reading = {}
    for number, table in enumerate(contents.tables(), start=1):
        _, _, heads, *rows = workbook.get_sheet_by_name(f"{number} {table.id}"[:31]).to_python()
        found |= read_rows(table, contents, heads[1:], [(str(row[0]), row[1:]) for row in rows])
    return found


def of_page(files: Mapping[str, bytes], contents: Contents) -> Reading:
    page = html.fromstring(files["report.html"])
    found: Reading = {}
    for table in contents.tables():
        (element,) = page.xpath(f"//table[@id='table-{table.id}']")
        heads = [head.text_content().strip() for head in element.xpath(".//thead//th")]
        rows = [
            (row.xpath("./th")[0].text_content().strip(), [cell.text_content() for cell in row.xpath("./td")])
            for row in element.xpath(".//tbody/tr")
        ]
        found |= read_rows(table, contents, heads[1:], rows)
    return found


def of_pdf(files: Mapping[str, bytes], contents: Contents) -> Reading:
    """Its text has no tables: from the title of one on, every label is looked for, and as many numbers or symbols read
    after it as there are columns."""
    text = pdf_text(files["report.pdf"])
    found: Reading = {}
    for table in contents.tables():
        laid_out = grid(table, contents.dimensions)
        at = _found(_words(table.title), text, 0).end()
        rows = []
        for row in laid_out.rows:
            match = _found(rf"{_words(row.own)}((?:\s+{_TOKEN}){{{len(laid_out.heads)}}})(?=\s)", text, at)
            at = match.end()
            rows.append((row.label, re.findall(_TOKEN, match.group(1))))
        found |= read_rows(table, contents, list(laid_out.heads), rows)
    return found


_NUMBER = r"[+−]?\d[\d,]*(?:\.\d+)?"
_TOKEN = rf"(?:\[[cxzu]\]|{_NUMBER}(?:\s+to\s+{_NUMBER})?(?:%|\s+points)?)"


def _words(text: str) -> str:
    """A pattern for words that may be broken into lines anywhere between two."""
    return r"\s+".join(map(re.escape, text.split()))


def _found(pattern: str, text: str, at: int) -> re.Match[str]:
    match = re.compile(pattern).search(text, at)
    assert match, pattern
    return match


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def of_alt_texts(files: Mapping[str, bytes], contents: Contents) -> Reading:
    """What charts say to whoever does not see them."""
    alts = [element.text_content() for element in html.fromstring(files["report.html"]).xpath("//svg//desc")]
    blocks = [b for section in contents.sections for b in section.blocks if isinstance(b, ChartBlock)]
    found: Reading = {}
    for block, alt in zip(blocks, alts, strict=True):
        name, *_ = contents.table(block.table).dimensions
        dimension = contents.dimensions[name]
        for codes in block.places:
            code = codes[0]
            label = _words(dimension.short.get(code, dimension.labels[code]))
            match = _found(rf"[.;] {label} (?:(not shown)|({_TOKEN}) \(({_TOKEN})\))[.;]", alt, 0)
            hidden, value, limits = match.groups()
            found[block.table, block.measure, codes] = (
                Said(status="[c]") if hidden else Said(*numbers(value), *numbers(limits))
            )
    return found


def read_rows(table: TableBlock, contents: Contents, heads: list[str], rows: list[tuple[str, list[Any]]]) -> Reading:
    """The cells of a table from its labels and heads."""
    down = contents.dimensions[table.dimensions[0]]
    code_of = {down.labels[code]: code for code in table.rows}
    found: Reading = {}
    for label, texts in rows:
        if len(table.dimensions) == 2:
            across = contents.dimensions[table.dimensions[1]]
            first, *others = table.measures
            head_of = {code: across.short.get(code, across.labels[code]) for code in table.columns}
            columns = {head_of[code]: (first, code) for code in table.columns}
            for code, measure in product(table.columns, others):
                columns[f"{head_of[code]}: {mid_sentence(MEASURES[measure])}"] = measure, code
            under: dict[tuple[str, str], list[Any]] = {}
            for head, text in zip(heads, texts, strict=True):
                under.setdefault(columns.get(head) or list(under)[-1], []).append(text)
            for (measure, code), said in under.items():
                found[table.id, measure, (code_of[label], code)] = said_in(said)
            continue
        rate = next((rate for rate in OF_EVERYBODY if MEASURES[rate] == label and rate in table.measures), None)
        for measure, under in by_measure(table, heads, texts).items():
            if rate is None:
                found[table.id, measure, (code_of[label],)] = said_in(under)
            elif measure == OF_EVERYBODY[rate]:
                found[table.id, rate, ("_total",)] = said_in(under)
            else:
                assert {str(text) for text in under} == {"[z]"}
    return found


def by_measure(table: TableBlock, heads: list[str], texts: list[Any]) -> dict[str, list[Any]]:
    """What stands under each measure: its value, and its limits in the columns after it."""
    measure_of = {MEASURES[measure]: measure for measure in table.measures}
    found: dict[str, list[Any]] = {}
    for head, text in zip(heads, texts, strict=True):
        if head in measure_of:
            found[measure_of[head]] = []
        else:
            assert head.startswith(INTERVAL)
        found[list(found)[-1]].append(text)
    return found


def said_in(texts: list[Any]) -> Said:
    """A value or a symbol, and limits, each a number or a text."""
    value, *limits = texts
    symbol = str(value) if str(value) in {status.value for status in Status} else None
    ends = [number for limit in limits for number in numbers(limit)]
    low, high = ends or (None, None)
    return Said(None if symbol else numbers(value)[0], low, high, symbol)


def numbers(text: Any) -> list[float]:
    if not isinstance(text, str):
        return [float(text)]
    return [float(part.replace("−", "-").replace(",", "")) for part in re.findall(_NUMBER, text)]


READERS: tuple[Callable[..., Reading], ...] = (of_csv, of_spreadsheet, of_page, of_pdf, of_alt_texts)
IN_FULL = READERS[:-1]  # charts are of some tables


def without_gaps(reading: Reading) -> Reading:
    """Only a table that is drawn has places where the question does not arise."""
    return {place: said for place, said in reading.items() if said.status != "[z]"}


def disagreeing(reading: Reading, expected: Reading) -> list[Place]:
    return [place for place, said in without_gaps(reading).items() if expected.get(place) != said]


def told_of_hidden(reading: Reading, expected: Reading) -> list[Place]:
    """Places where the report says [c], and this reading says anything else."""
    hidden = (place for place, said in expected.items() if said.status == "[c]")
    return [place for place in hidden if place in reading and reading[place] != Said(status="[c]")]


class TestEveryFileSaysTheSame:
    @pytest.mark.parametrize("read", READERS)
    def test_as_report_json(self, files, contents, document, read):
        assert disagreeing(read(files, contents), of_json(document, read)) == []

    @pytest.mark.parametrize("read", IN_FULL)
    def test_of_every_cell(self, files, contents, document, read):
        assert without_gaps(read(files, contents)).keys() == without_gaps(of_json(document, read)).keys()

    @pytest.mark.parametrize("read", READERS)
    def test_and_no_number_where_one_is_hidden(self, files, contents, document, read):
        expected = of_json(document, read)
        reading = read(files, contents)

        assert told_of_hidden(reading, expected) == []
        least = 20 if policy_of(document).hides else 1  # rounded so that it adds up, a report hides next to nothing
        assert (
            sum(expected[place].status == "[c]" for place in reading if place in expected) >= (read in IN_FULL) * least
        )

    def test_alt_texts_are_of_charts_with_hidden_and_shown_values(self, files, contents):
        found = of_alt_texts(files, contents).values()

        assert {said.status for said in found} == {None, "[c]"}

    @pytest.mark.parametrize("leak", [Said(3), Said(0), Said(low=1, high=9, status="[c]"), Said(3, status="[c]")])
    def test_a_number_that_one_of_them_told_would_be_seen(self, files, contents, document, leak):
        expected = of_json(document)
        reading = of_page(files, contents)
        place = next(place for place, said in expected.items() if said.status == "[c]")
        reading[place] = leak

        assert told_of_hidden(reading, expected) == disagreeing(reading, expected) == [place]


class TestChartsAsDrawn:
    def test_have_bars_texts_and_intervals_of_what_is_shown_alone(self, files, contents):
        page = etree.fromstring(re.search(rb"<main>.*</main>", files["report.html"], re.DOTALL).group())
        drawings = page.iter("{http://www.w3.org/2000/svg}svg")
        blocks = [b for section in contents.sections for b in section.blocks if isinstance(b, ChartBlock)]

        for block, svg in zip(blocks, drawings, strict=True):
            cells = [contents.table(block.table).find(block.measure, *codes) for codes in block.places]
            shown = [cell for cell in cells if cell.value is not None]
            top = max(int(text.rstrip("%")) for text in texts_in(svg, "report-chart__tick"))
            ends = [end for cell in shown for end in (cell.value, cell.high or 0)]
            assert top == max(20, 20 * -(-max(ends) // 20))
            assert [numbers(text) or text for text in texts_in(svg, "report-chart__value")] == [
                cell.status if cell.value is None else [cell.value] for cell in cells
            ]
            assert len(of_class(svg, "report-chart__hidden")) == len(cells) - len(shown)
            assert [float(bar.get("width").rstrip("%")) for bar in of_class(svg, "report-chart__bar")] == [
                pytest.approx(max(80 * cell.value / top, 0.3), abs=0.01) for cell in shown
            ]
            lines = [group[0] for group in of_class(svg, "report-chart__limits")]
            assert [(line.get("x1"), line.get("x2")) for line in lines] == [
                (f"{80 * cell.low / top:.2f}%", f"{80 * cell.high / top:.2f}%") for cell in shown
            ]


def of_class(svg: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in svg.iter() if element.get("class") == name]


def texts_in(svg: etree._Element, name: str) -> list[str]:
    return [element.text for element in of_class(svg, name)]


class TestWords:
    def test_tell_no_number_of_people_that_no_table_tells(self, files, contents, document):
        """``17 of 175``: both stand in a table, or are what a number and its change say of the quarter before."""
        expected = of_json(document)
        counts = {
            said.value for (_, measure, _), said in expected.items() if measure in {"headcount", "in_grade", "senior"}
        }
        for (table, measure, codes), said in expected.items():
            if measure == "change" and said.value is not None:
                counts.add(expected[table, "headcount", codes].value - said.value)

        for text in (page_words(files), re.sub(r"\s+", " ", pdf_text(files["report.pdf"]))):
            pairs = re.findall(r"(?<!Page )\b(\d[\d,]*) (?:people )?of (?:all )?(\d[\d,]*)\b(?! numbers)", text)
            assert len(pairs) > 5
            for pair in pairs:
                assert set(chain.from_iterable(map(numbers, pair))) <= counts, pair

    def test_of_the_page_are_those_of_the_pdf(self, files):
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(files["report.pdf"])).pages]
        pdf = re.sub(r"\s+", "", "".join(re.sub(r"^.*Page \d+ of \d+$", "", page, flags=RUNNING) for page in pages))
        page = html.fromstring(files["report.html"])

        said = [element.text_content() for element in page.xpath("//main//p | //main//li[not(.//span)]")]
        missing = [text for text in said if text != "Back to contents" and re.sub(r"\s+", "", text) not in pdf]
        assert len(said) > 20
        assert missing == []


def page_words(files: Mapping[str, bytes]) -> str:
    return re.sub(r"\s+", " ", " ".join(html.fromstring(files["report.html"]).xpath("//main//text()")))


class TestProperties:
    def test_count_nobody(self, files, document):
        """Title, subject, author: the only numbers are those of the period."""
        pdf = PdfReader(io.BytesIO(files["report.pdf"]))
        of_pdf_file = [str(text) for name, text in pdf.metadata.items() if name not in {"/CreationDate", "/ModDate"}]
        outline = [entry.title for entry in flat(pdf.outline)]
        with zipfile.ZipFile(io.BytesIO(files["report.ods"])) as archive:
            meta = etree.fromstring(archive.read("meta.xml"))
            names = archive.namelist()
        of_ods_file = [
            text
            for element in meta.iter()
            for text in (element.text, *element.attrib.values())
            if text and element.tag.rpartition("}")[2] in {"title", "subject", "description", "keyword", "user-defined"}
        ]

        allowed = set(re.findall(r"\d+", document["report"]["period_label"]))
        for text in (*of_pdf_file, *outline, *of_ods_file):
            if not text.startswith("Info "):  # empty fields of every spreadsheet of this kind
                assert set(re.findall(r"\d+", text)) <= allowed, text
        statistic = [dict(element.attrib) for element in meta.iter() if element.tag.endswith("document-statistic")]
        assert all(set(one.values()) <= {"0", "1"} for one in statistic)
        assert not pdf.attachments
        assert {name.rpartition(".")[2] for name in names if "." in name} <= {"xml", "rdf", "png"}

    def test_file_names_are_those_of_the_tables(self, files, contents):
        tables = {f"data/{table.id}.csv" for table in contents.tables()}

        assert files.keys() == {"report.pdf", "report.html", "report.ods", "report.json"} | tables


def flat(outline: list[Any]) -> Iterator[Any]:
    for entry in outline:
        yield from flat(entry) if isinstance(entry, list) else [entry]


class TestEverythingTogether:
    def test_gives_nothing_away(self, files, contents, document):
        readings = [of_json(document), *(read(files, contents) for read in READERS)]

        attacked = attack_together(document, readings)

        assert (attacked.opened, attacked.broken) == ((), ())
        assert attacked.intervals
        for reading in readings[: 1 + len(IN_FULL)]:
            assert rules_broken(with_reading(document, reading)) == []

    def test_would_give_away_what_one_file_alone_tells(self, files, contents, document):
        """A number from 1 to 4 in the spreadsheet, hidden or rounded everywhere else."""
        place, true = next(small_and_not_told(document))
        leaking = of_spreadsheet(files, contents) | {place: Said(true)}

        attacked = attack_together(document, [of_json(document), of_page(files, contents), leaking])

        assert any(place[2] == one.key for one in attacked.broken)


def small_and_not_told(document: Mapping[str, Any]) -> Iterator[tuple[Place, int]]:
    """Numbers of those of a grade who did not declare their sex, as counted from the file that was sent."""
    said = of_json(document)
    for grade, group in {"AO": "AA/AO", "EO": "EO", "HEO": "SEO/HEO", "G7": "G6/G7"}.items():
        true = sum((person["sex"], person["grade"]) == ("UNKNOWN", grade) for person in THIS_QUARTER)
        place = ("sex-by-grade", "headcount", ("_not_declared", group))
        if said[place].value != true and 0 < true < 5:
            yield place, true


def attack_together(document: Mapping[str, Any], readings: list[Reading]) -> Attacked:
    """Readings as they would come from as many publications about the same people."""
    published = [published_of(with_reading(document, reading)) for reading in readings]
    tables = tuple(
        replace(table, id=f"{number} {table.id}") for number, one in enumerate(published) for table in one.tables
    )
    return attack(replace(published[0], tables=tables), exact=False)


def with_reading(document: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The report as it would be if this were all that it says."""
    said = deepcopy(dict(document))
    for table in tables_of(said):
        table["cells"] = [
            {
                "dims": dict(zip(table["dimensions"], codes, strict=True)),
                "measure": measure,
                **{part: whole(getattr(found, part)) for part in (*PARTS, "status")},
            }
            for (name, measure, codes), found in reading.items()
            if name == table["id"]
        ]
    return said


def whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else number
