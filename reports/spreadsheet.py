"""The OpenDocument spreadsheet: a cover, a list of tables, notes, and one sheet for every table, read from the top
left."""

import io

from odfdo import Cell as OdfCell
from odfdo import Document, Element, Row, Style
from odfdo import Table as Sheet

from reports.contents import Cell, Contents, Items, KeyFigures, Paragraph, Statement, TableBlock
from reports.grids import Grid, Limits, grid
from reports.opendata import defused
from reports.reading import policy_of
from reports.wording import symbols

_HEAD, _TITLE, _SUM = "report-head", "report-title", "report-sum"


def as_ods(contents: Contents) -> bytes:
    """The spreadsheet's bytes, following the Analysis Function's advice: no merged cells, no empty rows inside a
    table, one table a sheet, symbols explained."""
    document = Document("spreadsheet")
    document.body.clear()
    for style in (
        Style("table-cell", name=_TITLE, bold=True),
        Style("table-cell", name=_HEAD, bold=True, border_bottom="0.06pt solid #000000"),
        Style("table-cell", name=_SUM, bold=True),
    ):
        document.insert_style(style, automatic=True)
    names = {table.id: _sheet_name(number, table) for number, table in enumerate(contents.tables(), start=1)}
    document.body.append(_sheet("Cover", _cover(contents)))
    document.body.append(_sheet("Tables", [["Sheet", "Table"], *([names[t.id], t.title] for t in contents.tables())]))
    document.body.append(_sheet("Notes", _notes(contents)))
    document.body.append(_sheet("Findings", _statements(contents)))
    ranges = Element.from_tag("table:database-ranges")
    for table in contents.tables():
        laid_out = grid(table, contents.dimensions)
        document.body.append(_table_sheet(names[table.id], table, laid_out))
        ranges.append(_range(names[table.id], laid_out))
    document.body.append(ranges)
    _describe(document, contents)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _sheet_name(number: int, table: TableBlock) -> str:
    return f"{number} {table.id}"[:31]


def _cover(contents: Contents) -> list[list[str]]:
    report = contents.report
    rows = [
        [report["title"]],
        [report["organisation_name"]],
        [report["period_label"]],
        [f"Version {report['version']}, {report['status']}"],
    ]
    if report["synthetic"]:
        rows.append(["Synthetic: this organisation and its people are made up."])
    if report.get("correction"):
        rows.append([report["correction"]["text"]])
    blocks = [block for section in contents.sections for block in section.blocks]
    return rows + [list(figure) for block in blocks if isinstance(block, KeyFigures) for figure in block.figures]


def _notes(contents: Contents) -> list[list[str]]:
    meanings = symbols(policy_of({"report": contents.report}))
    rows = [["Symbol", "Meaning"], *([symbol, meaning] for symbol, meaning in meanings.items())]
    for section in contents.sections:
        if section.id in {"hidden", "quality", "method"}:
            rows.append([section.title])
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    rows.append([block.text])
                elif isinstance(block, Items):
                    rows += [[item] for item in block.items]
    return rows


def _statements(contents: Contents) -> list[list[str]]:
    """Every finding in words: a row each, with what follows from it."""
    found = [block for s in contents.sections for block in s.blocks if isinstance(block, Statement)]
    heads = [name for name, _ in found[0].facts] if found else []
    rows = [["Finding", *heads, "What follows"]]
    for block in found:
        follows = "; ".join(f"{name}: {text}" for name, text in block.follows)
        rows.append([block.text, *(value for _, value in block.facts), follows])
    return rows


def _sheet(name: str, rows: list[list[str]]) -> Sheet:
    sheet = Sheet(name)
    for number, texts in enumerate(rows):
        sheet.append_row(_row([OdfCell(defused(text), style=_TITLE if number == 0 else None) for text in texts]))
    return sheet


def _table_sheet(name: str, table: TableBlock, laid_out: Grid) -> Sheet:
    sheet = Sheet(name)
    sheet.append_row(_row([OdfCell(table.title, style=_TITLE)]))
    sheet.append_row(_row([OdfCell(table.note or "Symbols are explained in the sheet Notes.")]))
    sheet.append_row(_row([OdfCell(head, style=_HEAD) for head in _heads(laid_out)]))
    for row in laid_out.rows:
        style = _SUM if row.kind in {"sum", "group"} else None
        cells = [OdfCell(defused(row.label), style=style)]
        for cell, text in zip(row.cells, row.texts, strict=True):
            cells += [OdfCell(value, style=style) for value in _values(cell, text)]
        sheet.append_row(_row(cells))
    return sheet


def _heads(laid_out: Grid) -> list[str]:
    """An interval is two columns, so that both its ends are numbers."""
    heads = [laid_out.corner]
    for column, head in enumerate(laid_out.heads):
        heads += [f"{head}: lower end", f"{head}: upper end"] if laid_out.is_interval(column) else [head]
    return heads


def _values(cell: Cell | Limits | None, text: str) -> list[float | str]:
    """Numbers where there are any, else the symbol that is printed."""
    if isinstance(cell, Limits):
        ends = (cell.of.low, cell.of.high) if cell.of is not None else (None, None)
        return [text if end is None else end for end in ends]
    return [text if cell is None or cell.value is None else cell.value]


def _row(cells: list[OdfCell]) -> Row:
    row = Row()
    row.extend_cells(cells)
    return row


def _range(name: str, laid_out: Grid) -> Element:
    """Tells a screen reader where the table is and that its first row is a header."""
    last = f"{_letters(len(_heads(laid_out)))}{len(laid_out.rows) + 3}"
    found = Element.from_tag("table:database-range")
    found.set_attribute("table:name", "table_" + "".join(c if c.isalnum() else "_" for c in name))
    found.set_attribute("table:target-range-address", f"'{name}'.A3:'{name}'.{last}")
    found.set_attribute("table:contains-header", "true")
    return found


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _describe(document: Document, contents: Contents) -> None:
    document.language = "en-GB"
    document.meta.title = f"{contents.report['title']}: {contents.report['organisation_name']}"
    document.meta.subject = contents.report["period_label"]
    document.meta.language = "en-GB"
