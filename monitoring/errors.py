"""Requests that no view answered, or that ended in an error: each is answered by the room its address belongs to."""

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

_ROOMS = (("/api/", "api.problems.page"), ("/", "web.errors.page"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    page = next(page for prefix, page in _ROOMS if request.path.startswith(prefix))
    return import_string(page)(request, status)
