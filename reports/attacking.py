"""What the numbers of a report say about how many people there are, as somebody outside reads it, for the attacker.

Reads ``report.json`` alone. Numbers that are no counts of people have rules of their own (``reports.rules``): pay gaps
are about pounds, and rest on counts that are cells of their own; ratios and changes of shares are functions of counts
that the same report prints."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from equality.characteristics import VARIABLES
from equality.disclosure.attack import Attacked, Broken, Interval, attack
from equality.disclosure.exchange import (
    MAIN,
    Exact,
    ExchangePolicy,
    Form,
    Key,
    Link,
    Mode,
    People,
    Percent,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Rounded,
    Suppressed,
    people_of,
)
from equality.disclosure.policy import Form as PrintedAs
from equality.disclosure.policy import Policy
from equality.disclosure.safe import Status
from equality.disclosure.targets import Knowledge, answers_of_nobody
from equality.measures.pay_quarters import beyond_a_quarter
from equality.quarters import Quarter
from equality.tables import DECLARED, TOTAL
from monitoring.figures.counting import PAID, PAY
from reports.reading import (
    ALL_SENIOR,
    HEADCOUNT,
    IN_GRADE,
    RATE,
    SENIOR_COUNT,
    SHARE,
    Block,
    Document,
    NotAReport,
    blocks_of,
    dimensions_of,
    period_of,
    policy_of,
    special_answers,
)
from reports.rules import rules_broken
from reports.workforce import COLLECTION, GRADE

_CHANGE = "change"
_MODES = {PrintedAs.NEAREST: Mode.NEAREST, PrintedAs.CONTROLLED: Mode.ADJACENT}


def attack_report(
    document: Document,
    *,
    others: Sequence[Document] = (),
    versions: Sequence[Document] = (),
    links: Sequence[Link] = (),
    given_away: Mapping[People, tuple[int, int]] | None = None,
    collection: str = COLLECTION,
    policy: Policy | None = None,
    knows: Knowledge = (),
    exact: bool = False,
    margins: bool = True,
) -> Attacked:
    """Everything that a report gives away about the people of one collection, together with ``others`` about other
    quarters of the same organisation and what ``links`` says of who joined and left. Raises NotAReport, and as
    ``attack`` does.

    ``versions``: of the report, published before; for rules about pay, whether or not their counts of people agree with
    its own. ``given_away``: people whose number earlier releases and joiners give away already, with the
    interval that these leave. They are left out as long as nothing narrower follows and this report does not print
    it."""
    published = published_together(document, others, links, collection, policy)
    found = attack(published, knows=knows, exact=exact, margins=margins)
    if given_away:
        found = _without(found, published, published_of(document, collection, policy), given_away)
    return replace(found, broken=(*found.broken, *rules_broken(document, versions, collection, policy)))


def published_together(
    document: Document,
    others: Sequence[Document] = (),
    links: Sequence[Link] = (),
    collection: str = COLLECTION,
    policy: Policy | None = None,
) -> Published:
    """The counts of a report and of others of the same organisation. Raises NotAReport."""
    own = published_of(document, collection, policy)
    return _with(own, [published_of(other, collection, policy) for other in others], links)


def published_of(document: Document, collection: str = COLLECTION, policy: Policy | None = None) -> Published:
    """The counts of people of one collection that a report prints, hides or lets follow. Raises NotAReport.

    The changes from the quarter before make a second block, named by that quarter: what was then is what is now less
    the change."""
    try:
        policy = policy or policy_of(document)
        dimensions = dimensions_of(document)
        blocks = blocks_of(document, collection)
        tables = [*chain.from_iterable(_tables(block, policy) for block in blocks), *_listed(blocks)]
        tables += [] if policy.exact else _rows(document, blocks, collection)
        for table in tables:
            for cell in table.cells:
                people_of(dimensions, table.block, table.codes(cell.key))  # names and codes that no dimension has
        return Published(
            dimensions=dimensions,
            tables=tuple(tables),
            portions=tuple(chain.from_iterable(map(_equal_quarters, blocks))),
            policy=ExchangePolicy.of(policy),
            special=special_answers(dimensions),
        )
    except (LookupError, TypeError, AttributeError, ValueError) as wrong:
        raise NotAReport(f"This is not a report.json: {wrong!r}.") from wrong


def _with(published: Published, others: Sequence[Published], links: Sequence[Link]) -> Published:
    """Also what others print in the same categories, and what links the quarters that something is printed of. In other
    categories the changes say nothing of it."""
    alike = (
        table
        for other in others
        for table in other.tables
        if all(other.dimensions[name] == published.dimensions.get(name) for name in (*table.dims, *table.where))
    )
    tables = (*published.tables, *alike)
    portions = (
        portion
        for other in others
        for portion in other.portions
        if all(other.dimensions[name] == published.dimensions.get(name) for name in portion.part)
    )
    blocks = {table.block for table in tables}
    between = (
        replace(link, fixed=tuple(name for name in link.fixed or () if name in published.dimensions))
        for link in links
        if {link.start, link.end} <= blocks
    )
    known = (*published.portions, *portions)
    return replace(published, tables=tables, links=tuple(between), portions=known)


def _without(
    found: Attacked, published: Published, own: Published, given_away: Mapping[People, tuple[int, int]]
) -> Attacked:
    """What was found, less what was known before."""
    named = _naming(published)
    printed = set(map(named, own.exactly))
    before: dict[People, tuple[int, int]] = {}
    for one, (least, most) in given_away.items():  # where two are one, the wider
        known_least, known_most = before.get(named(one), (least, most))
        before[named(one)] = min(least, known_least), max(most, known_most)

    def people(one: Interval | Broken) -> People:
        return named(one.people)

    def is_known(one: Interval) -> bool:
        low, high = before.get(people(one), (-1, -1))
        return one.low <= low and high <= one.width + one.low

    known = {people(one) for one in found.opened if is_known(one)}
    known |= {people for people, (low, high) in before.items() if low == high}
    known -= printed
    return replace(
        found,
        intervals=tuple(one for one in found.intervals if one.safe or people(one) not in known),
        margins_opened=tuple(one for one in found.margins_opened if people(one) not in known),
        broken=tuple(one for one in found.broken if people(one) not in known),
    )


def _naming(published: Published) -> Callable[[People], People]:
    """A function that gives the same people one name: without answers of which a table prints that nobody gave
    them."""
    nobody = answers_of_nobody(published)
    every = {name: frozenset(classification.leaves) for name, classification in published.dimensions.items()}

    def named(people: People) -> People:
        block, within = people
        some = {name: leaves - nobody.get((block, name), frozenset()) for name, leaves in within}
        alive = {name: leaves - nobody.get((block, name), frozenset()) for name, leaves in every.items()}
        return block, frozenset((name, leaves) for name, leaves in some.items() if leaves != alive.get(name))

    return named


def in_words(document: Document, opened: Interval | Broken, names: Mapping[str, str] | None = None) -> str:
    """The table and labels of a cell, as a person who looks for it would name it; the quarter where it is another than
    the report's. ``names``: of blocks that are no quarters."""
    where = opened.table or "in no table"
    if opened.block != period_of(document):
        where += f", {(names or {}).get(opened.block, opened.block)}"
    inside = dict(opened.people[1])
    named = (
        _labelled(document["dimensions"][name], name, code, inside.get(name, ())) for name, code in opened.codes.items()
    )
    return f"{where} ({', '.join(named)})"


def _labelled(dimension: Document, name: str, code: str, leaves: Collection[str]) -> str:
    """By its code or, where several answers have none together, by theirs."""
    known = code in dimension["leaves"] or code in dimension["groups"]
    labels = dimension.get("labels", {})
    said = " or ".join(labels.get(one, one) for one in ([code] if known else sorted(leaves)))
    return f"{dimension.get('label', name)}: {said}"


def _tables(block: Block, policy: Policy) -> Iterator[PrintedTable]:
    """What one table says, as tables of counts. Percentages of rounded numbers follow from these (``reports.rules``)
    and tell nothing else."""
    if block.id.startswith("senior-by-"):
        yield from _senior(block, policy)
        return
    cells = [PrintedCell(block.key(cell), form) for cell in block.cells(HEADCOUNT) if (form := _form(cell, policy))]
    percentages = _percentages(block) if policy.exact else ()
    yield _table(block, block.period, block.dims, [*cells, *percentages])
    earlier = list(_earlier(block))
    if earlier:
        yield _table(block, _before(block.period), block.dims, earlier)


def _table(block: Block, period: str, dims: Key, cells: Sequence[PrintedCell]) -> PrintedTable:
    """With every denominator, hidden where it is not printed."""
    there = {cell.key for cell in cells}
    asked = dict.fromkeys(cell.printed.of for cell in cells if isinstance(cell.printed, Percent))
    hidden = [PrintedCell(key, Suppressed()) for key in asked if key not in there]
    return PrintedTable(block.id, period, dims, (*cells, *hidden), block.where)


def _form(cell: Document, policy: Policy) -> Form | None:
    """What a count's cell says. Nothing where there is no number to hide: not available, not applicable, too few. Where
    numbers are rounded, a multiple was."""
    if cell.get("low") is not None or cell.get("high") is not None:
        return Range(int(cell.get("low") or 0), None if cell.get("high") is None else int(cell["high"]))
    if cell["value"] is not None:
        count, mode = int(cell["value"]), _MODES.get(policy.form)
        return Rounded(count, policy.base, mode) if mode and count % policy.base == 0 else Exact(count)
    return Suppressed() if cell["status"] == Status.CONFIDENTIAL.value else None


def _percentages(block: Block) -> Iterator[PrintedCell]:
    for cell in block.cells(SHARE, RATE):
        if cell["value"] is not None:
            part, whole = block.part_and_whole(cell)
            yield PrintedCell(part, _percent(cell["value"], whole))


def _percent(value: float, of: Key) -> Percent:
    """One decimal is printed; more where a number has more."""
    said = Decimal(str(value))
    exponent = said.as_tuple().exponent
    return Percent(said, max(1, -exponent) if isinstance(exponent, int) else 1, of)


def _earlier(block: Block) -> Iterator[PrintedCell]:
    """Counts of the quarter before that follow from a count and its change."""
    for cell in block.cells(_CHANGE):
        least, most = block.printed.get((HEADCOUNT, block.key(cell)), (None, None))
        if cell["value"] is not None and least is not None and least == most:
            yield PrintedCell(block.key(cell), Exact(int(least - cell["value"])))


def _before(period: str) -> str:
    return "before" if period == MAIN else str(Quarter.parse(period).previous)


def _senior(block: Block, policy: Policy) -> Iterator[PrintedTable]:
    """Of every group, the people whose grade is known and those in a senior one; and the latter in percent."""
    (name,) = block.dims
    if GRADE not in block.dimensions:
        return
    dims = (name, GRADE)
    cells = []
    for cell in block.cells(IN_GRADE, SENIOR_COUNT, "rate"):
        known, senior = (cell["dims"][name], DECLARED), (cell["dims"][name], ALL_SENIOR)
        if cell["measure"] == "rate":
            if cell["value"] is not None:
                cells.append(PrintedCell(senior, _percent(cell["value"], known)))
        elif form := _form(cell, policy):
            cells.append(PrintedCell(known if cell["measure"] == IN_GRADE else senior, form))
    yield _table(block, block.period, dims, cells)


def _listed(blocks: Sequence[Block]) -> Iterator[PrintedTable]:
    """Units that a report lists were taken from its data, so that each holds somebody."""
    for block in blocks[:1]:
        for name, classification in block.dimensions.items():
            if name in VARIABLES and not VARIABLES[name].systems:
                units = classification.groups.get(DECLARED, ())
                cells = tuple(PrintedCell((unit,), Range(1, None)) for unit in units)
                yield PrintedTable(f"list of {name}", block.period, (name,), cells)


def _rows(document: Document, blocks: Sequence[Block], collection: str) -> Iterator[PrintedTable]:
    """How many rows the file had that a report was made from: as many as there are people, whatever is rounded."""
    for said in document["report"].get("datasets", ()):
        if said["collection"] == collection and blocks:
            name = blocks[0].dims[0]
            yield PrintedTable("datasets", blocks[0].period, (name,), (PrintedCell((TOTAL,), Exact(said["rows"])),))


def _equal_quarters(block: Block) -> Iterator[Portion]:
    """Whoever reads a table by quarters of pay knows that these are equally large, as far as whole people allow."""
    if PAY in block.dims:
        for quarter, (less, more) in beyond_a_quarter().items():
            part, whole = {PAY: quarter.upper()}, {PAY: PAID}
            yield Portion(block.period, part, whole, Decimal("0.25"), *(Decimal(float(n)) for n in (less, more)))
