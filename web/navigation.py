"""What every page knows: the service's name, and where this person may go."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from monitoring.access.asking import rights_of
from monitoring.access.roles import Right


class Place(NamedTuple):
    """An entry of the menu. ``needs``: one of these rights, or nobody sees it. ``within``: how the addresses of its
    pages begin."""

    label: str
    name: str
    about: str
    within: tuple[str, ...]
    needs: frozenset[Right] = frozenset()


_PLACES = (
    Place("Published reports", "home", "What everybody can read", ("/reports/",)),
    Place(
        "Submissions",
        "submissions",
        "Workforce data: what was sent, what the check found, what is accepted",
        ("/submissions/",),
        frozenset({Right.SEE_SUBMISSIONS}),
    ),
    Place(
        "Inspections",
        "inspections",
        "Diversity findings, and what follows from them",
        ("/inspections/", "/findings/"),
        frozenset({Right.SEE_INSPECTIONS}),
    ),
    Place(
        "Reports in preparation",
        "drafts",
        "Ask for a report, read the draft, sign it off, publish it",
        ("/drafts/",),
        frozenset({Right.SEE_DRAFTS}),
    ),
    Place("People", "people", "Who has access, people and machines", ("/people/",), frozenset({Right.MANAGE_PEOPLE})),
    Place("Audit", "audit", "Who did what", ("/audit/",), frozenset({Right.SEE_AUDIT})),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template. Error pages can come before anybody is known."""
    rights = rights_of(getattr(request, "user", None))
    places = [
        {
            "label": place.label,
            "about": place.about,
            "address": reverse(place.name),
            "here": request.path == reverse(place.name),
            "within": request.path.startswith(place.within),
        }
        for place in _PLACES
        if not place.needs or place.needs & rights
    ]
    return {"service_name": settings.SERVICE_NAME, "development": settings.DEVELOPMENT, "places": places}
