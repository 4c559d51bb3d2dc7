"""Register an organisation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from monitoring.organisations.register import CannotAdd, UnknownOrganisation, add_organisation, find


class Command(BaseCommand):
    help = "Register an organisation, for example: add_organisation north-east 'North East' --kind probation-region"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name: small letters, digits and hyphens")
        parser.add_argument("name")
        parser.add_argument("--kind", required=True, help="inspectorate, probation-region, youth-justice-service, ...")
        parser.add_argument("--parent", help="short name of the organisation it is part of")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            parent = find(options["parent"]) if options["parent"] else None
            organisation = add_organisation(
                options["slug"], options["name"], kind=options["kind"], parent=parent, at=timezone.now(), by=None
            )
        except (CannotAdd, UnknownOrganisation) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Registered {organisation.name} as {organisation.slug}.")
