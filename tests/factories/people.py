"""Organisations, people and machines."""

from datetime import UTC, datetime
from itertools import count

from monitoring.access.machines import issue_token
from monitoring.access.models import User
from monitoring.access.people import add_person, grant
from monitoring.organisations.models import Organisation
from monitoring.organisations.register import add_organisation

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)
PASSWORD = "a long enough password"


def make_organisation(slug: str, *, kind: str = "probation-region", parent: Organisation | None = None) -> Organisation:
    name = slug.replace("-", " ").title()
    return add_organisation(slug, name, kind=kind, at=_AT, by=None, parent=parent)


def make_user(role: str, *organisations: Organisation) -> User:
    user = add_person(
        f"{role}-{next(_numbers)}@example.gov.uk", name=role.replace("_", " "), password=PASSWORD, by=None
    )
    for organisation in organisations:
        grant(user, role, organisation, by=None)
    return user


def make_token(role: str, organisation: Organisation) -> str:
    return issue_token("a machine", role, organisation, by=None)
