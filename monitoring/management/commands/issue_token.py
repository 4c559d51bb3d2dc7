"""Register a machine and print its token."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.access.machines import issue_token
from monitoring.access.people import CannotGrant
from monitoring.access.roles import ROLES
from monitoring.organisations.register import UnknownOrganisation, find


class Command(BaseCommand):
    help = "Register a machine with one role for one organisation. The token is printed once and stored hashed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the machine is, like 'payroll system'")
        parser.add_argument("--role", default="hr_submitter", choices=list(ROLES))
        parser.add_argument("--organisation", required=True, help="short name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = issue_token(options["name"], options["role"], find(options["organisation"]), by=None)
        except (CannotGrant, UnknownOrganisation) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(token)
