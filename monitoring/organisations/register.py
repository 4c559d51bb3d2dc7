"""Adding organisations."""

import re
from datetime import datetime

from django.db import transaction

from monitoring.audit.trail import Actor, record
from monitoring.organisations.models import Organisation

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CannotAdd(ValueError):
    """The organisation was not added; the message says what was expected."""


class UnknownOrganisation(LookupError):
    """No organisation has this short name."""


@transaction.atomic
def add_organisation(
    slug: str,
    name: str,
    *,
    kind: str,
    at: datetime,
    by: Actor | None,
    parent: Organisation | None = None,
    synthetic: bool = False,
) -> Organisation:
    """Register an organisation. Raises CannotAdd for a short name that is malformed or taken, or a missing name."""
    kind = kind.strip().lower().replace("_", "-").replace(" ", "-")
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise CannotAdd("A short name has small letters, digits and single hyphens, like greater-manchester.")
    if not _SLUG.fullmatch(kind) or len(kind) > 40:
        raise CannotAdd("A kind is a word such as inspectorate, probation-region or youth-justice-service.")
    if not name.strip():
        raise CannotAdd("An organisation needs a name.")
    if Organisation.objects.filter(slug=slug).exists():
        raise CannotAdd("An organisation with this short name is registered already. Choose another short name.")
    organisation = Organisation.objects.create(
        slug=slug, name=name.strip(), kind=kind, parent=parent, synthetic=synthetic, added_at=at
    )
    record("organisation.added", f"organisation:{slug}", by=by, organisation=slug, details={"kind": kind})
    return organisation


def find(slug: str) -> Organisation:
    """The organisation with a short name. Raises UnknownOrganisation."""
    try:
        return Organisation.objects.get(slug=slug)
    except Organisation.DoesNotExist:
        raise UnknownOrganisation(
            "No organisation has this short name. Register it first: manage.py add_organisation SLUG NAME --kind KIND"
        ) from None
