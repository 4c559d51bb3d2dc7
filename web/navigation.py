"""What every page knows: the service's name, and where this person may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from monitoring.access.asking import rights_of
from monitoring.access.roles import Right

_PLACES = (
    ("Submissions", "submissions", {Right.SEE_SUBMISSIONS}),
    ("Inspections", "inspections", {Right.SEE_INSPECTIONS}),
    ("Reports in preparation", "drafts", {Right.SEE_DRAFTS}),
    ("People", "people", {Right.MANAGE_PEOPLE}),
    ("Audit", "audit", {Right.SEE_AUDIT}),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template. Error pages can come before anybody is known."""
    rights = rights_of(getattr(request, "user", None))
    places = [{"label": "Published reports", "address": reverse("home"), "name": "home"}]
    places += [
        {"label": label, "address": reverse(name), "name": name} for label, name, needed in _PLACES if needed & rights
    ]
    here = request.resolver_match.url_name if request.resolver_match else ""
    for place in places:
        place["here"] = place["name"] == here
    return {"service_name": settings.SERVICE_NAME, "development": settings.DEVELOPMENT, "places": places}
