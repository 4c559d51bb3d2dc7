"""What inspections found, as tables and statements. Findings are about organisations' work; their numbers count
findings, not people, and are shown as they are."""

from collections.abc import Sequence
from datetime import date

from equality.characteristics import characteristics
from equality.disclosure.policy import Policy
from equality.tables import TOTAL, Dimension
from equality.vocabulary import DIRECTION, EVIDENCE, EXTENT, SEVERITY, THEME, words
from monitoring.inspections.models import Finding
from reports.contents import Block, Cell, Paragraph, Statement, Subheading, TableBlock
from reports.wording import counted, listed, written_day

COLLECTION = "findings"
_DIRECTION, _THEME, _CHARACTERISTIC = "direction", "theme", "characteristic"


def dimensions() -> dict[str, Dimension]:
    """The variables that findings are counted by."""
    return {
        _DIRECTION: _dimension(_DIRECTION, "Direction", words(DIRECTION)),
        _THEME: _dimension(_THEME, "Theme", words(THEME)),
        _CHARACTERISTIC: _dimension(
            _CHARACTERISTIC, "Characteristic", {code: c.label for code, c in characteristics().items()}
        ),
    }


def finding_blocks(findings: Sequence[Finding], policy: Policy) -> list[Block]:
    """Findings by characteristic and by theme, each by direction, and then every finding in words."""
    if not findings:
        return [Paragraph("No diversity findings were recorded for this quarter.")]
    blocks: list[Block] = [
        Paragraph(
            f"{counted(len(findings), 'finding was', 'findings were')} recorded. A finding may concern several "
            "characteristics and then counts under each of them."
        ),
        _table("findings-by-characteristic", _CHARACTERISTIC, findings),
        _table("findings-by-theme", _THEME, findings),
    ]
    for direction, label in words(DIRECTION).items():
        chosen = [finding for finding in findings if finding.direction == direction]
        if chosen:
            blocks.append(Subheading(f"{label}: what was found"))
            blocks += [_statement(finding, policy) for finding in chosen]
    return blocks


def _dimension(code: str, label: str, labels: dict[str, str]) -> Dimension:
    leaves = tuple(labels)
    return Dimension(code, label, leaves, {TOTAL: leaves}, {**labels, TOTAL: "All findings"}, short={TOTAL: "All"})


def _codes(finding: Finding, name: str) -> set[str]:
    """The codes of one variable that a finding counts under, the total among them."""
    if name == _CHARACTERISTIC:
        return {tag.code for tag in finding.characteristics.all()} | {TOTAL}
    return {getattr(finding, name), TOTAL}


def _table(table_id: str, name: str, findings: Sequence[Finding]) -> TableBlock:
    rows, columns = (*dimensions()[name].leaves, TOTAL), (*words(DIRECTION), TOTAL)
    tagged = [(_codes(finding, name), _codes(finding, _DIRECTION)) for finding in findings]
    cells = tuple(
        Cell(
            {name: row, _DIRECTION: column},
            "findings",
            sum(row in left and column in right for left, right in tagged),
        )
        for row in rows
        for column in columns
    )
    return TableBlock(
        id=table_id,
        title=f"Findings by {name} and direction",
        population={"collection": COLLECTION},
        dimensions=(name, _DIRECTION),
        measures=("findings",),
        rows=rows,
        columns=columns,
        cells=cells,
    )


def _statement(finding: Finding, policy: Policy) -> Statement:
    labels = [characteristics()[tag.code].label for tag in finding.characteristics.all()]
    facts = [
        ("Characteristics", listed(labels)),
        ("Theme", words(THEME)[finding.theme]),
        ("Severity", words(SEVERITY)[str(finding.severity)]),
        ("Extent", words(EXTENT)[finding.extent] + _cases(finding, policy)),
        ("Evidence", listed([words(EVIDENCE)[code] for code in finding.evidence])),
        ("Responsible", finding.responsible.name),
        ("Inspection", finding.inspection.title),
    ]
    follows = [("Recommendation" + _due(r.due_date), r.text) for r in finding.recommendations.all()]
    follows += [("Good practice", practice.text) for practice in finding.good_practice.all()]
    return Statement(finding.statement, tuple(facts), tuple(follows))


def _cases(finding: Finding, policy: Policy) -> str:
    """The n of N behind an extent, unless one of the two sides is a small number of people."""
    if finding.cases is None or finding.cases_seen is None:
        return ""
    sides = (finding.cases, finding.cases_seen - finding.cases)
    if any(0 < side < policy.threshold for side in sides):
        return ""
    return f" ({finding.cases:,} of {finding.cases_seen:,} cases)"


def _due(day: date | None) -> str:
    return f", due by {written_day(day)}" if day else ""
