"""Pages about the service itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web.access import open_to_everybody


@open_to_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html", {"title": "Accessibility statement"})


@open_to_everybody
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "web/cookies.html", {"title": "Cookies"})


@open_to_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html", {"title": "Privacy"})
