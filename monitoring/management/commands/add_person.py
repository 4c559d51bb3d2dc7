"""Give a person an account and a role."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.access.people import CannotGrant, add_person, grant
from monitoring.access.roles import ROLES
from monitoring.organisations.register import UnknownOrganisation, find


class Command(BaseCommand):
    help = (
        "Give a person a role for an organisation. A first password is read from the environment variable PASSWORD; "
        "without it the person sets one through 'Forgotten password'."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--organisation", required=True, help="short name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organisation = find(options["organisation"])
            person = add_person(options["email"], name=options["name"], password=os.environ.get("PASSWORD"), by=None)
            grant(person, options["role"], organisation, by=None)
        except (CannotGrant, UnknownOrganisation) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{ROLES[options['role']].label} for {organisation.name}.")
