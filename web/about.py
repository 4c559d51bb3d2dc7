"""Pages about the service itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring.access.models import Grant
from web.access import for_people_signed_in, open_to_everybody


@open_to_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html", {"title": "Accessibility statement"})


@open_to_everybody
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "web/cookies.html", {"title": "Cookies"})


@open_to_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html", {"title": "Privacy"})


@for_people_signed_in
def work(request: HttpRequest) -> HttpResponse:
    """Where somebody lands who signs in: what they can do, and for whom."""
    grants = Grant.objects.filter(user=request.user).select_related("organisation")
    return render(request, "web/work.html", {"title": "Your work", "grants": grants})
