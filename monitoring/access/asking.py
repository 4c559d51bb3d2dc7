"""Asking whether somebody may, apart from doing it, so that a page can ask without trying.

Forgetting fails closed: nobody in particular may nothing, and a query for no rights returns nothing.
"""

from monitoring.access.models import Grant, User
from monitoring.access.roles import Right, roles_with
from monitoring.organisations.models import Organisation, OrganisationQuerySet


class NotAllowed(PermissionError):
    """The person's roles do not include this for this organisation."""


def organisations_where(user: User | None, right: Right) -> OrganisationQuerySet:
    """The organisations for which somebody has a right."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Organisation.objects.none()
    granted = Grant.objects.filter(user=user, role__in=roles_with(right)).values_list("organisation", flat=True)
    return Organisation.objects.covered_by(set(granted))


def organisations_of(user: User | None) -> OrganisationQuerySet:
    """The organisations for which somebody has any role at all."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Organisation.objects.none()
    granted = Grant.objects.filter(user=user).values_list("organisation", flat=True)
    return Organisation.objects.covered_by(set(granted))


def may(user: User | None, right: Right, organisation: Organisation) -> bool:
    return organisations_where(user, right).filter(pk=organisation.pk).exists()


def require(user: User | None, right: Right, organisation: Organisation) -> None:
    """Raises NotAllowed."""
    if not may(user, right, organisation):
        raise NotAllowed("Your roles do not include this for this organisation. Ask an administrator of it.")


def rights_of(user: User | None) -> frozenset[Right]:
    """Everything somebody may do for at least one organisation: what a menu shows."""
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    held = set(Grant.objects.filter(user=user).values_list("role", flat=True))
    return frozenset(right for right in Right if held & set(roles_with(right)))
