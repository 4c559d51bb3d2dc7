"""Attack what was printed, as somebody who reasons perfectly would."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from equality.disclosure.attack import Attacked, Broken, Contradictory, Interval, Step, attack, because
from equality.disclosure.exchange import Published
from equality.disclosure.exchange_faults import BadDocument, Fault, fault
from equality.disclosure.exchange_published import read_published
from equality.disclosure.worlds import TooLarge
from reports.attacking import attack_report, published_of, published_together
from reports.parts import attack_parts, every_way
from reports.reading import Document, NotAReport, organisation_of, period_of

OPENED, REFUSED = 1, 2
_EXPLAINED = 10  # opened counts for which the printed cells that open them are named


class Command(BaseCommand):
    help = """Print what a PUBLISHED.json or report.json gives away: the narrowest interval of every hidden count, every
    rule that is broken, and people whom no table counts whose number follows; of a report also together with others.
    Exits with 0 where every rule holds, 1 where something is open, 2 where the documents cannot be used or contradict
    each other."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("published", help="a PUBLISHED.json or report.json, or - for standard input")
        parser.add_argument(
            "--also",
            action="append",
            default=[],
            metavar="REPORT",
            help="another version of the report, or one about another quarter; may be repeated",
        )
        parser.add_argument(
            "--part",
            action="append",
            default=[],
            metavar="REPORT",
            help="a report about a part of its organisation in the same quarter, to be taken from it; may be repeated",
        )
        parser.add_argument(
            "--verdict",
            action="store_true",
            help="whether each count is safe, without its narrowest interval: an interval printed as safe may be wider",
        )
        parser.add_argument("--no-margins", action="store_true", help="leave out people whom no table counts")
        parser.add_argument(
            "--member",
            metavar="TABLE:CODE,CODE",
            help="attack as the only member of a cell, who knows to be its only one; BLOCK/TABLE where several have it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        said = [_read(path) for path in (options["published"], *options["also"], *options["part"])]
        if faults := [found for found in said if isinstance(found, Fault)]:
            self._refuse([one.as_dict() for one in faults])
        first, *others = (text for text in said if isinstance(text, str))
        also, parts = others[: len(options["also"])], others[len(options["also"]) :]
        asked = {"exact": not options["verdict"], "margins": not options["no_margins"], "member": options["member"]}
        try:
            answer = _attacked_reports(first, also, parts, **asked) if others else _attacked(first, **asked)
        except BadDocument as refused:
            self._refuse([one.as_dict() for one in refused.faults])
        except _NoSuchCell as refused:
            self._refuse([fault("NO_SUCH_CELL", "--member", str(refused)).as_dict()])
        except Contradictory as refused:
            self._refuse([_contradiction(refused)])
        except NotAReport as refused:
            self._refuse([fault("NOT_A_REPORT", options["published"]).as_dict() | {"what": str(refused)}])
        except TooLarge as refused:
            few = "fewer combinations of codes.", "Leave out tables, or dimensions."
            self._refuse([Fault("TOO_LARGE", options["published"], str(refused), *few).as_dict()])
        self.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1))
        if not all(part["holds"] for part in (answer, *answer.get("taken", []))):
            sys.exit(OPENED)

    def _refuse(self, faults: list[dict[str, Any]]) -> NoReturn:
        self.stderr.write(json.dumps({"faults": faults}, ensure_ascii=False, indent=1))
        sys.exit(REFUSED)


def _read(path: str) -> str | Fault:
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return fault("NOT_UTF8", path)
    except OSError as wrong:
        return fault("NOT_READ", path, more=f"{wrong.strerror}.")


class _NoSuchCell(LookupError):
    """No table has the cell that somebody is said to be the only member of. Says which tables there are."""


def _attacked(text: str, *, exact: bool, margins: bool, member: str | None) -> dict[str, Any]:
    """One document by itself."""
    document = _report_in(text)
    if document is not None:
        return _attacked_report(document, [], exact=exact, margins=margins, member=member)
    published = read_published(text)
    knows = [_only_member(published, member)] if member else []
    return _said(published, attack(published, knows=knows, exact=exact, margins=margins))


def _attacked_report(
    document: Document, also: Sequence[Document], *, exact: bool, margins: bool, member: str | None
) -> dict[str, Any]:
    """A report together with others of its organisation."""
    published = published_together(document, also)
    knows = [_only_member(published, member)] if member else []
    versions = [other for other in also if period_of(other) == period_of(document)]
    found = attack_report(document, others=also, versions=versions, knows=knows, exact=exact, margins=margins)
    return _said(published, found)


def _attacked_reports(first: str, also: Sequence[str], parts: Sequence[str], **asked: Any) -> dict[str, Any]:
    """A report together with others of its organisation; and ``taken``, what follows where parts are taken from it.
    Raises BadDocument where they are not what they are given as."""
    places = ["document", *_places("--also", also), *_places("--part", parts)]
    read = [_report_in(text) for text in (first, *also, *parts)]
    if faults := [fault("ONLY_REPORTS", place) for place, one in zip(places, read, strict=True) if one is None]:
        raise BadDocument(faults)
    report, *others = (document for document in read if document is not None)
    same, of_parts = others[: len(also)], others[len(also) :]
    faults = [*_no_reports(places, [report, *others])]
    faults = faults or [*_not_its_own(report, same), *_not_its_parts(report, of_parts)]
    if faults:
        raise BadDocument(faults)
    taken = []
    for way in every_way(report, of_parts):
        found = attack_parts(report, way)
        named = {"whole": way.whole[0], "parts": list(way.parts)}
        # Where more people are in the parts than in the whole, or they contradict each other, nobody can take them.
        taken.append(named | (_said(*found) if found else {"holds": True, "possible": False}))
    return _attacked_report(report, same, **asked) | {"taken": taken}


def _no_reports(places: Sequence[str], documents: Sequence[Document]) -> Iterator[Fault]:
    for place, document in zip(places, documents, strict=True):
        try:
            published_of(document)
        except NotAReport as wrong:
            yield fault("NOT_A_REPORT", place, more=str(wrong))


def _not_its_own(report: Document, others: Sequence[Document]) -> Iterator[Fault]:
    for place, other in zip(_places("--also", others), others, strict=True):
        if organisation_of(other) != organisation_of(report):
            yield fault("OTHER_ORGANISATION", place)


def _not_its_parts(report: Document, parts: Sequence[Document]) -> Iterator[Fault]:
    taken = {organisation_of(report)}
    for place, part in zip(_places("--part", parts), parts, strict=True):
        if organisation_of(part) in taken or period_of(part) != period_of(report):
            yield fault("NOT_A_PART", place)
        taken.add(organisation_of(part))


def _places(option: str, given: Sequence[Any]) -> list[str]:
    return [f"{option} {number}" for number in range(1, len(given) + 1)]


def _only_member(published: Published, member: str) -> tuple[str, Mapping[str, str], int]:
    """What somebody knows who is the only one of a cell."""
    named, _, codes = member.partition(":")
    key = tuple(codes.split(","))
    for table in published.tables:
        if named in {table.id, f"{table.block}/{table.id}"} and any(cell.key == key for cell in table.cells):
            return table.block, table.codes(key), 1
    tables = ", ".join(sorted({table.id for table in published.tables}))
    raise _NoSuchCell(f"tables: {tables}")


def _report_in(text: str) -> Mapping[str, Any] | None:
    """A report.json: it has a report and sections. Anything else is for the reader of the exchange format to judge."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and {"report", "sections"} <= said.keys() else None


def _said(published: Published, found: Attacked) -> dict[str, Any]:
    return {
        "holds": not found.broken,
        "broken": [_broken(one) for one in found.broken],
        "intervals": [_interval(one) for one in found.intervals],
        "margins": {
            "tried": found.margins_tried,
            "all": found.margins_all,
            "opened": [_interval(one) for one in found.margins_opened],
        },
        "because": [_because(published, one) for one in found.opened[:_EXPLAINED]],
        "solved": vars(found.solved),
    }


def _broken(broken: Broken) -> dict[str, Any]:
    return {
        "rule": broken.rule.value,
        "table": broken.table or None,
        "block": broken.block,
        "key": list(broken.key),
        "what": broken.what,
    }


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "table": interval.table or None,
        "block": interval.block,
        "key": list(interval.key),
        "codes": dict(interval.codes),
        "low": interval.low,
        "high": interval.high,
        "safe": interval.safe,
        "proved": interval.proved,
        "rule": interval.rule.value if interval.rule else None,
    }


def _because(published: Published, interval: Interval) -> dict[str, Any]:
    """The printed cells that, so many times added up, give a count away."""
    reason = because(published, interval)
    named = {"table": interval.table or None, "block": interval.block, "key": list(interval.key)}
    return named | {"at_least": _steps(reason.at_least), "at_most": _steps(reason.at_most)}


def _steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"times": one.times, "table": one.table, "block": one.block, "key": list(one.key)} for one in steps]


def _contradiction(refused: Contradictory) -> dict[str, Any]:
    cells = [{"table": cell.table, "block": cell.block, "key": list(cell.key)} for cell in refused.cells]
    return fault("CONTRADICTORY", "").as_dict() | {"cells": cells}
