"""Protect the tables of one document, by themselves."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from equality.disclosure.exchange import published_document
from equality.disclosure.exchange_faults import BadDocument, fault
from equality.disclosure.exchange_wanted import read_wanted
from equality.disclosure.facts import Contradiction
from equality.disclosure.standalone import publish
from equality.disclosure.witnesses import CannotProtect


class Command(BaseCommand):
    help = "Print what may be published of RELEASE.json, as PUBLISHED.json. Exits with 2 where nothing may."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("release", help="a RELEASE.json, or - for standard input")
        parser.add_argument("--price", action="store_true", help="say on standard error what it costs each table")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["release"]
        try:
            text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
            published, protected = publish(read_wanted(text))
        except BadDocument as refused:
            self._refuse([one.as_dict() for one in refused.faults])
        except OSError as wrong:
            self._refuse([fault("NOT_READ", path, more=f"{wrong.strerror}.").as_dict()])
        except UnicodeDecodeError:
            self._refuse([fault("NOT_UTF8", path).as_dict()])
        except Contradiction as wrong:
            self._refuse([fault("CONTRADICTORY", "", more=str(wrong)).as_dict()])
        except CannotProtect as wrong:
            self._refuse([fault("CANNOT_PROTECT", "", more=str(wrong)).as_dict()])
        self.stdout.write(published_document(published))
        for region, (low, high) in protected.exposed.items():
            people = {name: sorted(leaves) for name, leaves in sorted(region.within)}
            self.stderr.write(f"EXPOSED by earlier releases: {region.block} {people}: {low} to {high}")
        if protected.everything_hidden:
            self.stderr.write(
                "EVERYTHING HIDDEN but the number of people and what is public already: no proof was found soon enough "
                "that less would do"
            )
        elif protected.nearby:
            self.stderr.write(
                "MORE HIDDEN than need be, perhaps: too many combinations of categories to look among all"
            )
        if protected.members:
            number = len({region for _, region in protected.members})
            self.stderr.write(f"KNOWN TO A MEMBER of another cell more closely than the policy allows: {number} cells")
        if options["price"]:
            for table, price in protected.prices.items():
                why = f"small: {price.small}; to protect others: {price.others}"
                self.stderr.write(f"{table}: {price.hidden} of {price.cells} cells hidden ({why})")

    def _refuse(self, faults: list[dict[str, str]]) -> None:
        self.stderr.write(json.dumps({"faults": faults}, ensure_ascii=False, indent=1))
        sys.exit(2)
