"""Error pages: what happened and what to do, and nothing of what was being worked on."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

# Status → (what happened, what to do).
_WORDS = {
    400: ("This request was not understood", "Go back, check what you entered, and try again."),
    403: (
        "You cannot do this",
        "Your roles do not include this for this organisation. Ask an administrator of the organisation.",
    ),
    404: (
        "Page not found",
        "If you typed the address, check it. The page may also belong to an organisation that you have no role for.",
    ),
    500: (
        "Sorry, there is a problem with the service",
        "Nothing was half done. Try again later; if it happens again, tell the service's operators the time.",
    ),
}


def page(request: HttpRequest, status: int) -> HttpResponse:
    """The page for a status."""
    title, advice = _WORDS[status]
    return _page(request, status, title, advice)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        "This form is out of date",
        "Nothing was changed. You may have signed in or out since. Open the page again and repeat the step.",
    )


def _page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    context = {"title": title, "advice": advice}
    if status >= 500:  # the database may be what is broken: nothing is asked of it
        content = render_to_string("web/error.html", {"service_name": settings.SERVICE_NAME, **context})
        return HttpResponse(content, status=status)
    return render(request, "web/error.html", context, status=status)
