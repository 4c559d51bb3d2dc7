"""Who may open a page. Every view says so with one of these; a test refuses a view that says nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from monitoring.access.asking import rights_of
from monitoring.access.roles import Right

View = Callable[..., HttpResponse]


def open_to_everybody(view: View) -> View:
    """A page that needs no account."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def for_people_signed_in(view: View) -> View:
    """A page for anybody who has signed in."""
    return _guarded(view, frozenset())


def needs(*rights: Right) -> Callable[[View], View]:
    """A page for people who have one of these rights somewhere; for whose data, the view asks."""
    return lambda view: _guarded(view, frozenset(rights))


def _guarded(view: View, rights: frozenset[Right]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if rights and not rights & rights_of(request.user):
            raise PermissionDenied
        return view(request, *arguments, **named)

    guarded.needs = rights  # type: ignore[attr-defined]
    return guarded
