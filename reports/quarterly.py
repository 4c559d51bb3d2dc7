"""The quarterly report of one organisation: who works there, what they are paid, what inspections found."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from equality.characteristics import VARIABLES
from equality.disclosure.safe import SafeTable, Status
from equality.tables import Dimension
from monitoring.figures.counting import PAY
from reports import method, sentences
from reports.compared import BY_PAY, COMPARED
from reports.comparisons import by_senior_grades, senior_blocks
from reports.contents import (
    SUMMARY,
    Block,
    ChartBlock,
    Contents,
    Items,
    KeyFigures,
    Paragraph,
    Section,
    Signpost,
    Subheading,
    TableBlock,
    bar_places,
)
from reports.findings import dimensions as finding_dimensions
from reports.findings import finding_blocks
from reports.material import Material
from reports.wording import counted, listed, mid_sentence, symbols, written_day
from reports.wording import people as so_many_people
from reports.workforce import (
    COLLECTION,
    breakdown_of,
    characteristics_of,
    one_way_block,
    pay_block,
    people_for_quarters,
    people_in,
    quarters_block,
    two_way_block,
)

CODE = "quarterly"
TITLE = "Race equality and diversity: quarterly report"
_WATCHED = ("ethnicity", "sex", "disability")  # what a reader looks for first
# Kinds of organisation whose staff are compared with the population of England and Wales.
_ENGLISH_AND_WELSH = {
    "inspectorate", "probation-region", "probation-delivery-unit", "youth-justice-service", "probation-service",
}  # fmt: skip
SYMBOLS_SECTION = "symbols"
_WHICH = "What the symbols mean"
_CHARTED = ("ethnicity", "age_band", "disability")


def compose(material: Material, facts: Mapping[str, Any]) -> Contents:
    """The contents of a draft. ``facts``: version, correction and the like, which the caller knows."""
    contents = Contents(
        report={
            "code": CODE,
            "title": TITLE,
            "organisation": material.organisation.slug,
            "organisation_name": material.organisation.name,
            "period": str(material.quarter),
            "period_label": material.quarter.label,
            "status": "draft",
            "synthetic": material.organisation.synthetic,
            "datasets": _datasets(material),
            "policy": material.policy.as_dict(),
            **facts,
        },
        dimensions=_dimensions(material),
    )
    sections = [
        Section("workforce", "Who works here", tuple(_workforce(material))),
        Section("breakdown", _breakdown_title(material), tuple(_breakdowns(material))),
        Section("senior", "Who holds senior grades", tuple(_senior(material))),
        Section("pay", "Pay", tuple(_pay(material))),
        Section("findings", "What inspections found", tuple(finding_blocks(material.findings, material.policy))),
        Section("hidden", "What is not shown, and why", tuple(method.what_is_hidden(material))),
        Section("quality", "Quality of the data", tuple(method.quality(material))),
        Section(SYMBOLS_SECTION, "Symbols", (_symbols(material),)),
        Section("method", "How to read this report", tuple(method.how_to_read(material))),
    ]
    summary = Section(SUMMARY, "At a glance", tuple(_summary(material, contents)))
    return Contents(contents.report, contents.dimensions, (summary, *sections))


def _datasets(material: Material) -> list[dict[str, Any]]:
    if material.submission is None:
        return []
    return [
        {
            "collection": COLLECTION,
            "submission": str(material.submission.pk),
            "sha256": material.submission.digest,
            "rows": material.people.size if material.people and not material.policy.exact else material.total,
        }
    ]


def _dimensions(material: Material) -> dict[str, Dimension]:
    used = {}
    if material.people and material.protected:
        names = {name for table in material.protected.tables.values() for name in (*table.codes, *table.where)}
        used = {name: dimension for name, dimension in material.people.dimensions.items() if name in names}
    return {**used, **finding_dimensions()}


def _summary(material: Material, contents: Contents) -> list[Block]:
    lines = []
    total = material.total
    if total is not None:
        policy, day = material.policy, written_day(material.quarter.last_day)
        rounded = f" All numbers of people are rounded {method.rounded_to(policy)}." if policy.rounds else ""
        lines.append(f"{so_many_people(total)} were in post on {day}.{rounded}")
    for name in _WATCHED:
        table = material.table(name)
        message = sentences.largest_message(table) if table else None
        if table and message:
            lines.append(f"{table.dimension(name).label}: {message}")
    for name in BY_PAY:
        table = material.table(f"pay-by-{name}")
        message = sentences.pay_gap(table, material.gaps[name]) if table else None
        lines += [message] if message else []
    found = len(material.findings)
    lines.append(
        f"{counted(found, 'diversity finding was', 'diversity findings were')} recorded in inspections."
        if found
        else "No diversity findings were recorded in inspections."
    )
    blocks: list[Block] = [KeyFigures(tuple(_key_figures(material))), Items(tuple(lines)), _signpost(material)]
    if contents.report.get("correction"):
        blocks.insert(0, Paragraph(contents.report["correction"]["text"]))
    if material.organisation.synthetic:
        blocks.insert(0, Paragraph("This organisation, its people and its inspections are synthetic. Nobody is real."))
    return blocks


def _signpost(material: Material) -> Signpost:
    """The symbols are explained near the end, and met long before."""
    charts = " A hatched bar in a chart is a number that is hidden, not zero." if material.protected else ""
    hidden = Status.CONFIDENTIAL.value
    said = f"Where no number can be given, a symbol such as {hidden} says why.{charts}"
    return Signpost(said, _WHICH, SYMBOLS_SECTION)


def _symbols(material: Material) -> Items:
    return Items(tuple(f"{symbol} {meaning}" for symbol, meaning in symbols(material.policy).items()))


def _key_figures(material: Material) -> Iterator[tuple[str, str, str]]:
    total = material.total
    if total is not None:
        rounded = f", {method.rounded_to(material.policy)}" if material.policy.rounds else ""
        yield f"{total:,}", "people in post", f"on {written_day(material.quarter.last_day)}{rounded}"
    for name in _WATCHED:
        table = material.table(name)
        figure = sentences.key_figure(table) if table else None
        if figure:
            yield figure
    found = len(material.findings)
    yield f"{found:,}", "diversity finding" if found == 1 else "diversity findings", "in inspections"


def _workforce(material: Material) -> list[Block]:
    if material.people is None or material.protected is None:
        return [Paragraph(f"No workforce data were accepted for this quarter {Status.NOT_AVAILABLE.value}.")]
    blocks: list[Block] = [Paragraph(said) for said in _missing(material, material.people.variables)]
    for name in characteristics_of(material.people):
        table = material.protected.tables[name]
        block = one_way_block(table, material.before, material.hidden_before)
        blocks += [Subheading(table.dimension(name).label), Paragraph(sentences.declaration(table))]
        if table.too_few:
            blocks.append(Paragraph(sentences.too_few_declared(table, material.policy)))
        blocks += [Paragraph(said) for said in _said_of(table, material) if said]
        if name in _CHARTED and not table.too_few:
            blocks += _chart_of_groups(table, block)
        blocks.append(block)
    return blocks


def _missing(material: Material, collected: Collection[str]) -> Iterator[str]:
    """What a reader will look for in vain. First in its section: alone at the end it would stand on a page of its
    own."""
    absent = [
        mid_sentence(variable.label)
        for variable in VARIABLES.values()
        if variable.characteristic and variable.code not in collected
    ]
    if absent:
        yield f"Not collected {Status.NOT_AVAILABLE.value}: {listed(absent)}."
    if not material.policy.exact:
        yield method.no_changes(material.policy)
    elif material.before is None:
        yield "There are no figures of the quarter before to compare with."


def _said_of(table: SafeTable, material: Material) -> Iterator[str | None]:
    """What may be concluded about a characteristic; nothing where it may not be said."""
    compared = material.organisation.kind in _ENGLISH_AND_WELSH
    share = sentences.against_benchmark(table) if compared else sentences.largest_message(table)
    yield " ".join(said for said in (share, sentences.unknown_answers(table)) if said)
    if material.before is not None:
        quarter = material.quarter
        yield sentences.change(table, material.before, partial(people_in, table), quarter.label, quarter.previous.label)


def _chart_of_groups(table: SafeTable, block: TableBlock) -> Iterator[ChartBlock]:
    (name,) = table.codes
    dimension = table.dimension(name)
    rows = tuple(code for code in block.rows if code in (dimension.broad or dimension.substantive))
    yield from _chart(block, dimension.label, {**dimension.labels, **dimension.short}, rows)


def _chart(
    block: TableBlock, what: str, labels: Mapping[str, str], rows: tuple[str, ...], column: str = ""
) -> Iterator[ChartBlock]:
    """Of shares; none where every bar would be a gap, and the picture would say no more than the words before it."""
    places = bar_places(rows, column)
    cells = [block.find("share", *codes) for codes in places]
    if any(cell is not None and cell.value is not None for cell in cells):
        title = f"{what}: share of those who declared, with 95% intervals"
        alt = sentences.chart_alt(block, labels, places)
        yield ChartBlock(table=block.id, measure="share", title=title, alt=alt, rows=rows, column=column)


def _breakdown_title(material: Material) -> str:
    by = breakdown_of(material.people) if material.people else None
    return f"By {mid_sentence(VARIABLES[by].label)}" if by else "By grade or department"


def _breakdowns(material: Material) -> list[Block]:
    if material.people is None or material.protected is None:
        return [Paragraph(f"No workforce data were accepted for this quarter {Status.NOT_AVAILABLE.value}.")]
    tables = [table for table in material.tables if len(table.codes) == 2 and PAY not in table.codes]
    by = breakdown_of(material.people)
    blocks: list[Block] = []
    if by is None:
        blocks.append(Paragraph(f"Neither grade nor department was collected {Status.NOT_AVAILABLE.value}."))
    for table in tables:
        labels = [table.dimension(name).label for name in table.codes if name != by]
        blocks += [
            Subheading(" and ".join([labels[0], *(mid_sentence(label) for label in labels[1:])])),
            two_way_block(table),
        ]
    return blocks


def _senior(material: Material) -> list[Block]:
    """Without data, without tables by grade, or without a grade that counts as senior nobody is compared."""
    tables = material.protected.tables if material.protected else {}
    if not by_senior_grades(tables):
        return [Paragraph(f"There are no senior grades to compare groups in {Status.NOT_AVAILABLE.value}.")]
    return senior_blocks(tables) if material.policy.exact else [Paragraph(method.not_compared())]


def _pay(material: Material) -> list[Block]:
    if material.people is None or material.protected is None or not material.people.has_pay:
        return [Paragraph(f"Pay was not collected {Status.NOT_AVAILABLE.value}.")]
    blocks: list[Block] = []
    for name in BY_PAY:
        table = material.table(f"pay-by-{name}")
        if table is not None:
            gaps = material.gaps[name]
            message = sentences.pay_gap(table, gaps) or sentences.no_pay_gap(table, gaps, material.policy)
            blocks.append(Subheading(f"By {mid_sentence(table.dimension(name).label)}"))
            blocks += [Paragraph(message)] if message else []
            blocks += [pay_block(table, gaps), *_pay_quarters(material, name)]
    return blocks or [Paragraph("Too few people declared their sex or ethnic group to compare pay.")]


def _pay_quarters(material: Material, name: str) -> Iterator[Block]:
    table = material.table(f"pay-quarters-by-{name}")
    if table is None:
        needed = people_for_quarters(name, material.policy)
        yield Paragraph(
            f"Quarters of pay are split by {mid_sentence(VARIABLES[name].label)} for {needed} people or more "
            f"{Status.TOO_FEW.value}."
        )
        return
    block, watched = quarters_block(table), COMPARED[name].watched
    message = sentences.pay_quarters(table)
    if message:
        yield Paragraph(message)
    what = f"{sentences.watched_people(name)} in each quarter of hourly pay"
    yield from _chart(block, what, table.dimension(PAY).labels, block.rows, watched)
    yield block
