"""Work out one measure of the catalogue."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from equality.measures import CannotMeasure, evaluate


class Command(BaseCommand):
    help = """Work out a measure, for example: measure wilson_ci '{"x": 15, "n": 148}'. Prints the answer as JSON."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="a measure of the catalogue: docs/methods, or /api/v1/measures/")
        parser.add_argument("inputs", help="its inputs, as a JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            inputs = json.loads(options["inputs"], object_pairs_hook=_each_name_once)
        except ValueError as fault:
            raise CommandError(f'NOT_JSON inputs: must be a JSON object, like {{"x": 15}} ({fault})') from None
        try:
            answer = evaluate(options["id"], inputs)
        except CannotMeasure as refused:
            raise CommandError("\n".join(map(str, refused.faults))) from None
        self.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1))


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name, none is taken. Raises ValueError."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name is given twice")
    return dict(pairs)
