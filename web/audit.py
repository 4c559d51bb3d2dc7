"""The page for auditors: who did what, for their organisations."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring.access.asking import organisations_where
from monitoring.access.models import User
from monitoring.access.roles import Right
from monitoring.audit.models import Event
from web.access import needs


@needs(Right.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    slugs = organisations_where(request.user, Right.SEE_AUDIT).values_list("slug", flat=True)
    events = Event.objects.filter(organisation__in=list(slugs)).order_by("-number")
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    names = _names({event.actor for event in page})
    for event in page:
        event.by = names.get(event.actor, "")
    return render(request, "web/audit.html", {"title": "Audit", "page": page})


def _names(actors: set[str]) -> dict[str, str]:
    """The trail holds numbers of accounts; whose they are is looked up for the page, while the account is there."""
    numbers = {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}
    return {user.audit_name: str(user) for user in User.objects.filter(pk__in=numbers)}
