"""Giving people access, and taking it away."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from monitoring.access.models import Grant, User
from monitoring.access.roles import ROLES
from monitoring.audit.trail import Actor, record
from monitoring.organisations.models import Organisation


class CannotGrant(ValueError):
    """Access was not given; the message says why."""


@transaction.atomic
def add_person(email: str, *, name: str = "", password: str | None = None, by: Actor | None) -> User:
    """The account of an e-mail address, made where there is none. Without a password the person sets one by e-mail.
    Raises CannotGrant for what is no address, and for a password that anybody could guess."""
    try:
        validate_email(email)
    except ValidationError:
        raise CannotGrant("An e-mail address was expected, like name@example.gov.uk.") from None
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    if password is not None:
        _check_password(password, User(email=email, name=name))
    user = User.objects.create_user(email, password, name=name)
    record("person.added", user.audit_name, by=by)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise CannotGrant(" ".join(weak.messages)) from None


@transaction.atomic
def grant(user: User, role: str, organisation: Organisation, *, by: Actor | None) -> Grant:
    """Give a role for an organisation; asking twice gives it once. Raises CannotGrant.

    A machine belongs to one organisation only.
    """
    if role not in ROLES:
        raise CannotGrant(f"There is no such role. Choose one of: {', '.join(ROLES)}.")
    if user.is_machine and user.grants.exclude(organisation=organisation).exists():
        raise CannotGrant("A machine is bound to one organisation. Register another for this one.")
    given, fresh = Grant.objects.get_or_create(user=user, role=role, organisation=organisation)
    if fresh:
        record("role.granted", user.audit_name, by=by, organisation=organisation.slug, details={"role": role})
    return given


@transaction.atomic
def revoke(given: Grant, *, by: Actor | None) -> None:
    """Take a role away. A machine has one organisation, and without a role no token."""
    record(
        "role.revoked",
        given.user.audit_name,
        by=by,
        organisation=given.organisation.slug,
        details={"role": given.role},
    )
    given.delete()
    if given.user.is_machine and not given.user.grants.exists():
        given.user.auth_token_set.all().delete()
