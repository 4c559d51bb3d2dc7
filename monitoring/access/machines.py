"""Machines: an account bound to one organisation that comes with a token. Tokens are stored hashed and expire."""

import secrets
from datetime import timedelta

from django.db import transaction
from knox.models import get_token_model

from monitoring.access.models import User
from monitoring.access.people import grant
from monitoring.audit.trail import Actor, record
from monitoring.organisations.models import Organisation

LIFETIME = timedelta(days=365)


@transaction.atomic
def issue_token(name: str, role: str, organisation: Organisation, *, by: Actor | None) -> str:
    """Register a machine with one role for one organisation and give its token, which is shown this once."""
    machine = User.objects.create_user(
        f"machine-{secrets.token_hex(6)}@{organisation.slug}.invalid", None, name=name, is_machine=True
    )
    grant(machine, role, organisation, by=by)
    _, token = get_token_model().objects.create(machine, LIFETIME)
    record("token.issued", machine.audit_name, by=by, organisation=organisation.slug, details={"role": role})
    return token
