"""The quarterly report of one organisation: who works there, what they are paid, what inspections found."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from equality.characteristics import VARIABLES
from equality.codelists import code_lists
from equality.disclosure.averages import SafeGap
from equality.disclosure.policy import AVERAGE_STEPS, Policy
from equality.disclosure.protection import Protected
from equality.disclosure.release import Within
from equality.disclosure.safe import SafeTable, Status
from equality.quarters import Quarter
from equality.tables import TOTAL, Dimension
from monitoring.figures.counting import PAY, People
from monitoring.inspections.models import Finding
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import Submission
from reports import sentences
from reports.compared import BY_PAY, COMPARED
from reports.comparisons import senior_blocks
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
from reports.wording import SYMBOLS, counted, listed, mid_sentence, written_day
from reports.wording import people as so_many_people
from reports.workforce import (
    COLLECTION,
    GRADE,
    LEAST_ROUNDED,
    breakdown_of,
    categories_of,
    characteristics_of,
    gaps_of,
    one_way_block,
    pay_block,
    people_for_quarters,
    people_in,
    quarters_block,
    title_of,
    two_way_block,
)

CODE = "quarterly"
TITLE = "Race equality and diversity: quarterly report"
_TEXTS = tomllib.loads(Path(__file__).with_name("method.toml").read_text(encoding="utf-8"))
_WATCHED = ("ethnicity", "sex", "disability")  # what a reader looks for first
# Kinds of organisation whose staff are compared with the population of England and Wales.
_ENGLISH_AND_WELSH = {
    "inspectorate", "probation-region", "probation-delivery-unit", "youth-justice-service", "probation-service",
}  # fmt: skip
SYMBOLS_SECTION = "symbols"
_WHICH = "What the symbols mean"
_NAMED_SINGLY = 2  # grades of a group; more are better known by the name of the group
_CHARTED = ("ethnicity", "age_band", "disability")


@dataclass(frozen=True)
class Material:
    """Everything a quarterly report is composed from. ``before``: numbers shown of the quarter before, or None.
    ``hidden_before``: people whose number of the quarter before is hidden. ``unlinked``: pairs of quarters between
    which nobody could be followed. ``beside``: names of organisations that share people with this one, and that
    something was published of in this quarter. ``versions``: of this report, published before."""

    organisation: Organisation
    quarter: Quarter
    policy: Policy
    findings: Sequence[Finding]
    submission: Submission | None = None
    people: People | None = None
    protected: Protected | None = None
    before: Mapping[Within, int] | None = None
    hidden_before: Collection[Within] = ()
    unlinked: Sequence[tuple[str, str]] = ()
    beside: Sequence[str] = ()
    versions: Sequence[Contents] = ()

    @cached_property
    def gaps(self) -> Mapping[str, Mapping[str, SafeGap]]:
        """Pay gaps that may be shown, by characteristic and group."""
        tables = {name: _table(self, f"pay-by-{name}") for name in BY_PAY} if self.people else {}
        return {
            name: gaps_of(self.people, table, self.policy, self.versions)
            for name, table in tables.items()
            if self.people and table
        }


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
        Section("hidden", "What is not shown, and why", tuple(_hidden(material))),
        Section("quality", "Quality of the data", tuple(_quality(material))),
        Section(SYMBOLS_SECTION, "Symbols", (Items(tuple(_symbols())),)),
        Section("method", "How to read this report", tuple(_method(material))),
    ]
    summary = Section(SUMMARY, "At a glance", tuple(_summary(material, contents)))
    return Contents(contents.report, contents.dimensions, (summary, *sections))


def _table(material: Material, table_id: str) -> SafeTable | None:
    return material.protected.tables.get(table_id) if material.protected else None


def _tables(material: Material) -> list[SafeTable]:
    """The tables of the quarter that the report is about."""
    return material.protected.of_block(str(material.quarter)) if material.protected else []


def _total(material: Material) -> int | None:
    """Everybody, where that may be shown."""
    one_way = next((t for t in _tables(material) if len(t.codes) == 1), None) if material.protected else None
    return one_way.cell(TOTAL).value if one_way else None


def _datasets(material: Material) -> list[dict[str, Any]]:
    if material.submission is None:
        return []
    return [
        {
            "collection": COLLECTION,
            "submission": str(material.submission.pk),
            "sha256": material.submission.digest,
            "rows": material.people.size if material.people and not material.policy.exact else _total(material),
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
    total = _total(material)
    if total is not None:
        lines.append(f"{so_many_people(total)} were in post on {written_day(material.quarter.last_day)}.")
    for name in _WATCHED:
        table = _table(material, name)
        message = sentences.largest_message(table) if table else None
        if table and message:
            lines.append(f"{table.dimension(name).label}: {message}")
    for name in BY_PAY:
        table = _table(material, f"pay-by-{name}")
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
    base = material.policy.base
    rounded = "" if material.policy.exact else f"Numbers of people are rounded to the nearest multiple of {base}. "
    return Signpost(
        f"{rounded}Where no number can be given, a symbol such as {hidden} says why.{charts}", _WHICH, SYMBOLS_SECTION
    )


def _symbols() -> Iterator[str]:
    yield from (f"{symbol} {meaning}" for symbol, meaning in SYMBOLS.items())
    yield "0 nobody"


def _key_figures(material: Material) -> Iterator[tuple[str, str, str]]:
    total = _total(material)
    if total is not None:
        yield f"{total:,}", "people in post", f"on {written_day(material.quarter.last_day)}"
    for name in _WATCHED:
        table = _table(material, name)
        figure = sentences.key_figure(table) if table else None
        if figure:
            yield figure
    found = len(material.findings)
    yield f"{found:,}", "diversity finding" if found == 1 else "diversity findings", "in inspections"


def _workforce(material: Material) -> list[Block]:
    if material.people is None or material.protected is None:
        return [Paragraph(f"No workforce data were accepted for this quarter {Status.NOT_AVAILABLE.value}.")]
    blocks: list[Block] = [Paragraph(said) for said in _missing(material.people, material)]
    for name in characteristics_of(material.people):
        table = material.protected.tables[name]
        block = one_way_block(table, material.before, material.hidden_before)
        blocks += [Subheading(table.dimension(name).label), Paragraph(sentences.declaration(table))]
        if table.too_few:
            blocks.append(Paragraph(sentences.too_few_declared(table, material.policy)))
        blocks += [Paragraph(said) for said in _said_of(table, material) if said]
        blocks += [_chart(table, block)] if name in _CHARTED and not table.too_few else []
        blocks.append(block)
    return blocks


def _missing(people: People, material: Material) -> Iterator[str]:
    """What a reader will look for in vain. First in its section: alone at the end it would stand on a page of its
    own."""
    absent = [
        mid_sentence(variable.label)
        for variable in VARIABLES.values()
        if variable.characteristic and variable.code not in people.variables
    ]
    if absent:
        yield f"Not collected {Status.NOT_AVAILABLE.value}: {listed(absent)}."
    if not material.policy.exact:
        yield _TEXTS["no_changes"].format(base=material.policy.base)
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


def _chart(table: SafeTable, block: TableBlock) -> ChartBlock:
    (name,) = table.codes
    dimension = table.dimension(name)
    rows = tuple(code for code in block.rows if code in (dimension.broad or dimension.substantive))
    return ChartBlock(
        table=block.id,
        measure="share",
        title=f"{dimension.label}: share of those who declared, with 95% intervals",
        alt=sentences.chart_alt(block, {**dimension.labels, **dimension.short}, bar_places(rows)),
        rows=rows,
    )


def _breakdown_title(material: Material) -> str:
    by = breakdown_of(material.people) if material.people else None
    return f"By {mid_sentence(VARIABLES[by].label)}" if by else "By grade or department"


def _breakdowns(material: Material) -> list[Block]:
    if material.people is None or material.protected is None:
        return [Paragraph(f"No workforce data were accepted for this quarter {Status.NOT_AVAILABLE.value}.")]
    tables = [table for table in _tables(material) if len(table.codes) == 2 and PAY not in table.codes]
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
    blocks = senior_blocks(material.protected.tables) if material.protected else []
    if blocks and not material.policy.exact:
        return [Paragraph(_TEXTS["not_compared"])]
    return blocks or [Paragraph(f"There are no senior grades to compare groups in {Status.NOT_AVAILABLE.value}.")]


def _pay(material: Material) -> list[Block]:
    if material.people is None or material.protected is None or not material.people.has_pay:
        return [Paragraph(f"Pay was not collected {Status.NOT_AVAILABLE.value}.")]
    blocks: list[Block] = []
    for name in BY_PAY:
        table = _table(material, f"pay-by-{name}")
        if table is not None:
            gaps = material.gaps[name]
            message = sentences.pay_gap(table, gaps) or sentences.no_pay_gap(table, gaps, material.policy)
            blocks.append(Subheading(f"By {mid_sentence(table.dimension(name).label)}"))
            blocks += [Paragraph(message)] if message else []
            blocks += [pay_block(table, gaps), *_pay_quarters(material, name)]
    return blocks or [Paragraph("Too few people declared their sex or ethnic group to compare pay.")]


def _pay_quarters(material: Material, name: str) -> Iterator[Block]:
    table = _table(material, f"pay-quarters-by-{name}")
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
    yield ChartBlock(
        table=block.id,
        measure="share",
        title=f"{sentences.watched_people(name)} in each quarter of hourly pay: share of those who declared, with 95% "
        "intervals",
        alt=sentences.chart_alt(block, table.dimension(PAY).labels, bar_places(block.rows, watched)),
        rows=block.rows,
        column=watched,
    )
    yield block


def _of_pay(policy: Policy) -> str:
    exact, whole = (policy.people_for(step) for step in AVERAGE_STEPS[:2])
    return _TEXTS["pay"].format(pay=policy.pay, pay_special=policy.pay_special, exact=exact, whole=whole)


def _what_is_hidden(policy: Policy) -> str:
    hidden = _TEXTS["hidden"].format(most=policy.threshold - 1, width=policy.width)
    return f"{hidden}{_TEXTS['group'] * policy.group}{_TEXTS['zeros_hidden' if policy.zeros else 'zeros_shown']}"


def _rounded(policy: Policy) -> str:
    least, most = policy.printed(policy.base)
    return _TEXTS["rounded"].format(base=policy.base, least=least, most=most, needed=LEAST_ROUNDED)


def _hidden(material: Material) -> list[Block]:
    policy = material.policy
    blocks: list[Block] = [
        Paragraph(_what_is_hidden(policy)),
        *([Paragraph(_rounded(policy))] if not policy.exact else []),
        *([Paragraph(_TEXTS["movers"])] if policy.movers else []),
        *([Paragraph(_TEXTS["beside"].format(others=listed(list(material.beside))))] if material.beside else []),
        Paragraph(_of_pay(policy)),
    ]
    if material.protected is None:
        return blocks
    lines = [
        f"{title_of(table)}: {table.hidden} of {table.size} numbers" for table in _tables(material) if table.hidden
    ]
    blocks += (
        [Paragraph("Hidden in this report:"), Items(tuple(lines))]
        if lines
        else [Paragraph("Nothing had to be hidden.")]
    )
    if material.protected.everything_hidden:
        blocks.append(Paragraph("Only the number of people could be shown: the figures could not be protected singly."))
    elif material.protected.nearby:
        blocks.append(Paragraph(_TEXTS["nearby"]))
    return blocks


def _quality(material: Material) -> list[Block]:
    blocks: list[Block] = []
    if material.submission is not None:
        digest = material.submission.digest
        blocks.append(Paragraph(_TEXTS["origin"].format(day=written_day(material.quarter.last_day), digest=digest)))
    if material.people is not None and material.protected is not None:
        lines = [
            f"{t.dimension(name).label}: {sentences.declaration(t)} {categories_of(t)}"
            for name in characteristics_of(material.people)
            if (t := material.protected.tables[name])
        ]
        blocks += [Paragraph("How many declared, and by which list:"), Items(tuple(lines))]
    blocks.append(
        Paragraph("Findings are counted by the day on which they were observed. Withdrawn findings are left out.")
    )
    return blocks


def _grades(material: Material) -> str | None:
    """What the heads of columns of grades stand for, where a table has such columns."""
    if material.people is None or breakdown_of(material.people) != GRADE:
        return None
    dimension = material.people.dimensions[GRADE]
    systems = [one for one in code_lists(GRADE) if one.name == dimension.version]
    labels = {category.code: category.label for one in systems for category in one.categories}
    said = []
    for code in dimension.broad:
        inside = [labels.get(leaf, leaf) for leaf in dimension.groups[code]]
        meaning = " or ".join(inside) if len(inside) <= _NAMED_SINGLY else dimension.labels[code]
        if meaning != dimension.short[code]:
            said.append(f"{dimension.short[code]} means {meaning}")
    return f"Grades: {'; '.join(said)}." if said else None


def _method(material: Material) -> list[Block]:
    policy = material.policy
    grades = _grades(material)
    return [
        Subheading("Definitions"),
        Items((*_TEXTS["definitions"], *([grades] if grades else ()))),
        Subheading("Disclosure policy"),
        Paragraph(f"{policy.label}, {policy.dated}. {policy.source}."),
        Subheading("Sources of definitions"),
        Items(tuple(_TEXTS["sources"])),
    ]
