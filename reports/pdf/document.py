"""Cover, contents with links, running header and footer, and the sections in order."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from xml.sax.saxutils import escape

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from equality.quarters import Quarter
from reports.charts import chart
from reports.contents import (
    Block,
    ChartBlock,
    Contents,
    Items,
    KeyFigures,
    Signpost,
    Statement,
    Subheading,
    TableBlock,
)
from reports.contents import Paragraph as Text
from reports.pdf import style
from reports.pdf.charts import bar_chart
from reports.pdf.fonts import BOLD, REGULAR, printable, register, width_of
from reports.pdf.tables import MOST_EMPTY, height_of, table_flowables
from reports.wording import written_day

_TILES = 3  # key figures in a row
_LONGEST_FINDING = style.HEIGHT * 0.5  # that is kept on one page
_MOST_TOGETHER = style.HEIGHT * 0.27  # of a heading, its texts and the beginning of what follows


def as_pdf(contents: Contents) -> bytes:
    """The PDF's bytes; the same contents give the same bytes."""
    register()
    buffer = io.BytesIO()
    document = _Document(buffer, contents)
    document.multiBuild(_story(contents), canvasmaker=_Canvas)
    return buffer.getvalue()


class _Canvas(Canvas):
    """Starts with the embedded font: the library's own default is never embedded."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named | {"initialFontName": REGULAR})


class _Heading(Paragraph):
    """A heading that the contents page links to."""

    def __init__(self, text: str, look: object, level: int, key: str) -> None:
        super().__init__(_safe(text), look)
        self.level, self.key, self.plain = level, key, printable(text)


class _Document(BaseDocTemplate):
    def __init__(self, buffer: io.BytesIO, contents: Contents) -> None:
        report = contents.report
        self.contents, self.pages = contents, 0
        super().__init__(
            buffer,
            pagesize=style.PAGE,
            leftMargin=style.MARGIN,
            rightMargin=style.MARGIN,
            topMargin=style.TOP,
            bottomMargin=style.BOTTOM,
            title=f"{report['title']}: {report['organisation_name']}, {report['period_label']}",
            author="HM Inspectorate of Probation",
            subject=f"{report['organisation_name']}, {report['period_label']}",
            keywords="race equality, diversity, workforce, inspection",
            creator="Equality monitoring",
            lang="en-GB",
            invariant=1,
        )
        frame = Frame(style.MARGIN, style.BOTTOM, style.WIDTH, style.HEIGHT, 0, 0, 0, 0, id="body")
        cover = Frame(style.MARGIN, 60, style.WIDTH, style.PAGE[1] - 140, 0, 0, 0, 0, id="cover")
        self.addPageTemplates(
            [PageTemplate("cover", [cover], onPage=self._cover), PageTemplate("page", [frame], onPage=self._page)]
        )

    def beforeDocument(self) -> None:  # noqa: N802  # the library's name
        """The file's date is its publication's; the library has no door for choosing it. A draft's is its quarter's
        end: what it says of, because the same contents must give the same bytes."""
        self.canv._doc._timeStamp.YMDhms = _moment(self.contents.report).timetuple()[:6]

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # the library's name
        if isinstance(flowable, _Heading):
            self.canv.bookmarkPage(flowable.key)
            self.canv.addOutlineEntry(flowable.plain, flowable.key, flowable.level, closed=flowable.level == 0)
            self.notify("TOCEntry", (flowable.level, _safe(flowable.plain), self.page, flowable.key))

    def afterPage(self) -> None:  # noqa: N802  # the library's name
        self.pages = max(self.pages, self.page)

    def _cover(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        width, height = style.PAGE
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.setFillColor(style.BLUE)
        canvas.rect(0, height * 0.42, width, height * 0.58, stroke=0, fill=1)
        canvas.setFillColor(style.WHITE)
        canvas.setFont(BOLD, 13)
        canvas.drawString(style.MARGIN, height - 24 * 2.83, "HM Inspectorate of Probation")
        canvas.setLineWidth(1.2)
        canvas.setStrokeColor(style.WHITE)
        canvas.line(style.MARGIN, height - 28 * 2.83, width - style.MARGIN, height - 28 * 2.83)

    def _page(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        report, (width, height) = self.contents.report, style.PAGE
        canvas.setFont(REGULAR, 8.5)
        canvas.setFillColor(style.QUIET)
        canvas.drawString(style.MARGIN, height - 15 * 2.83, printable(_fitting(report["organisation_name"], 300)))
        canvas.drawRightString(width - style.MARGIN, height - 15 * 2.83, _marking(report) or report["period_label"])
        canvas.setStrokeColor(style.RULE)
        canvas.setLineWidth(0.6)
        canvas.line(style.MARGIN, height - 17 * 2.83, width - style.MARGIN, height - 17 * 2.83)
        canvas.line(style.MARGIN, 16 * 2.83, width - style.MARGIN, 16 * 2.83)
        canvas.drawString(style.MARGIN, 12 * 2.83, f"{report['title']}, {report['period_label']}")
        canvas.drawRightString(width - style.MARGIN, 12 * 2.83, f"Page {self.page} of {self.pages or self.page}")


def _story(contents: Contents) -> list[Flowable]:
    story: list[Flowable] = [*_cover_story(contents), NextPageTemplate("page"), PageBreak(), *_contents_story()]
    for number, section in enumerate(contents.sections):
        drawn = [_flowables(block, contents, f"{_key(section.id)}-{at}") for at, block in enumerate(section.blocks)]
        heading = [Spacer(1, 14), _Heading(section.title, style.SECTION, 0, _key(section.id))]
        story.append(CondPageBreak(height_of(heading) + _least(section.blocks, drawn)) if number else PageBreak())
        story += heading
        for at, block in enumerate(section.blocks):
            goes_on = at > 0 and isinstance(section.blocks[at - 1], Subheading | Text | Signpost)
            announces = isinstance(block, Text) and isinstance(next(iter(section.blocks[at + 1 :]), None), Items)
            if isinstance(block, Subheading) or announces or (isinstance(block, Text | Items) and not goes_on):
                story.append(CondPageBreak(_least(section.blocks[at:], drawn[at:])))
            story += drawn[at]
    return story


def _key(section: str) -> str:
    """The name of the place that links to a section lead to."""
    return f"section-{section}"


def _least(blocks: Sequence[Block], drawn: Sequence[list[Flowable]]) -> float:
    """What stands on one page where that leaves little empty: headings and texts with the beginning of what follows
    them, so that nothing is parted from what it speaks of."""
    height = 0.0
    for block, flowables in zip(blocks, drawn, strict=True):
        needed = height_of([one for one in flowables if not isinstance(one, CondPageBreak)])
        if isinstance(block, Statement):
            return min(height + needed, _LONGEST_FINDING)
        if not isinstance(block, Subheading | Text | Signpost):
            height += min(needed, MOST_EMPTY)
            break
        height += needed
    return min(height, _MOST_TOGETHER)


def _cover_story(contents: Contents) -> list[Flowable]:
    report = contents.report
    lines = [
        Spacer(1, 120),
        Paragraph(_safe(report["title"]), style.COVER_TITLE),
        Spacer(1, 18),
        Paragraph(_safe(report["organisation_name"]), style.COVER_LINE),
        Paragraph(_safe(report["period_label"]), style.COVER_LINE),
        Spacer(1, 175),
        Paragraph(_safe(_standing(report)), style.COVER_NOTE),
    ]
    if report.get("correction"):
        lines += [Spacer(1, 8), Paragraph(_safe(report["correction"]["text"]), style.COVER_NOTE)]
    if report["synthetic"]:
        said = "Synthetic data: the organisation, its people and its inspections are made up. Nobody is real."
        lines += [Spacer(1, 8), Paragraph(f"<b>{said}</b>", style.COVER_NOTE)]
    return lines


def _standing(report: dict) -> str:
    if report["status"] != "published":
        return f"Version {report['version']}. Draft, not for publication."
    signed = report["signed_off"]
    return f"Version {report['version']}. Signed off by {signed['by']}. Published {written_day(_moment(report))}."


def _moment(report: dict) -> datetime:
    if report["status"] == "published":
        return datetime.fromisoformat(report["published_at"]).astimezone(UTC)
    return datetime.combine(Quarter.parse(report["period"]).last_day, time(), UTC)


def _marking(report: dict) -> str:
    marks = ["Draft, not for publication"] if report["status"] != "published" else []
    return ". ".join(marks + (["Synthetic data"] if report["synthetic"] else []))


def _contents_story() -> list[Flowable]:
    listed = TableOfContents(
        dotsMinLevel=-1,
        tableStyle=TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR),
                *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "TOP", "BOTTOM")),
            ]
        ),
    )
    listed.levelStyles = [style.CONTENTS_LINE, style.CONTENTS_SUB]
    return [Paragraph("Contents", style.CONTENTS_HEAD), listed]


def _flowables(block: Block, contents: Contents, key: str) -> list[Flowable]:
    match block:
        case Text():
            return [Paragraph(_safe(block.text), style.BODY)]
        case Signpost():
            link = f'<a href="#{_key(block.to)}" color="{style.LINK}">{_safe(block.link)}</a>'
            return [Paragraph(f"{_safe(block.text)} {link}", style.BODY)]
        case Subheading():
            return [_Heading(block.text, style.SUBHEADING, 1, key)]
        case Items():
            return [Paragraph(_safe(item), style.ITEM, bulletText="•") for item in block.items]
        case KeyFigures():
            return _key_figures(block)
        case Statement():
            return _statement(block)
        case TableBlock():
            return table_flowables(block, contents)
        case ChartBlock():
            drawn = chart(block, contents)
            caption = Paragraph(_safe(drawn.title), style.CAPTION)
            parts = [caption, bar_chart(drawn), Paragraph(_safe(drawn.alt), style.NOTE)]
            return [CondPageBreak(height_of(parts)), *parts]


def _key_figures(block: KeyFigures) -> list[Flowable]:
    """Tiles, three to a row."""
    looks = (style.FIGURE_VALUE, style.FIGURE_WHAT, style.FIGURE_NOTE)
    tiles = [[Paragraph(_safe(t), look) for t, look in zip(figure, looks, strict=True)] for figure in block.figures]
    while len(tiles) % _TILES:
        tiles.append([])
    rows = [tiles[at : at + _TILES] for at in range(0, len(tiles), _TILES)]
    table = Table(rows, colWidths=[style.WIDTH / _TILES] * _TILES, hAlign="LEFT")
    filled = [(at % _TILES, at // _TILES) for at in range(len(block.figures))]
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("INNERGRID", (0, 0), (-1, -1), 8, style.WHITE),
                *((f"{side}PADDING", (0, 0), (-1, -1), 12) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
                *(("BACKGROUND", place, place, style.PALE) for place in filled),
                *(("LINEABOVE", place, place, 3, style.BLUE) for place in filled if place[1] == 0),
            ]
        )
    )
    return [table, Spacer(1, 14)]


def _statement(block: Statement) -> list[Flowable]:
    lines: list[Flowable] = [Paragraph(_safe(block.text), style.STATEMENT)]
    lines += [
        Paragraph(f"<b>{_safe(name)}:</b> {_safe(value)}", style.FACT) for name, value in (*block.facts, *block.follows)
    ]
    return [CondPageBreak(min(height_of(lines), _LONGEST_FINDING)), *lines, Spacer(1, 8)]


def _safe(text: str) -> str:
    return escape(printable(text))


def _fitting(text: str, width: float) -> str:
    while width_of(text, REGULAR, 8.5) > width:
        text = text.rstrip("…")[:-1] + "…"
    return text
