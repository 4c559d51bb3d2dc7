"""Every error in one shape: problem details (RFC 9457), with a code that never changes."""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from monitoring.access.asking import NotAllowed
from monitoring.organisations.register import UnknownOrganisation

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger("api")


class Refused(exceptions.APIException):
    """The domain said no. ``problems``: every fault, each with its code, place and advice."""

    def __init__(self, status: int, code: str, detail: str, problems: list[dict[str, Any]] | None = None) -> None:
        super().__init__(detail, code)
        self.status_code, self.problem_code, self.problems = status, code, problems or []


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None lets what nobody expected be loud."""
    match error:
        case NotAllowed() | PermissionDenied():
            error = exceptions.PermissionDenied(str(error) or None)
        case Http404() | UnknownOrganisation():
            error = exceptions.NotFound()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    response = Response(_details(error), status=error.status_code, content_type=MEDIA_TYPE)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.status_code = HTTPStatus.UNAUTHORIZED
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(error, exceptions.Throttled) and error.wait is not None:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


def page(request: HttpRequest, status: int) -> JsonResponse:
    """The answer where no endpoint gave one."""
    phrase = HTTPStatus(status).phrase
    code = phrase.upper().replace(" ", "_")
    details = {"type": "about:blank", "title": phrase, "status": status, "code": code, "detail": _ADVICE[status]}
    return JsonResponse({**details, "problems": []}, status=status, content_type=MEDIA_TYPE)


_ADVICE = {
    400: "The request was not understood. Compare it with the description at /api/v1/docs/.",
    403: "This is not allowed.",
    404: "There is no such address. The description at /api/v1/docs/ lists them all.",
    500: "There is a problem with the service. Nothing was half done. Try again later.",
}


def _details(error: exceptions.APIException) -> dict[str, Any]:
    status = HTTPStatus(error.status_code)
    details: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    if isinstance(error, exceptions.ValidationError):
        faults = _faults(error.get_full_details())
        return {**details, "code": "INVALID", "detail": "Some values were not understood.", "problems": faults}
    if isinstance(error, Refused):
        return {**details, "code": error.problem_code, "detail": str(error.detail), "problems": error.problems}
    return {**details, "code": str(error.get_codes()).upper(), "detail": str(error.detail), "problems": []}


def _faults(said: Any, place: str = "") -> list[dict[str, Any]]:
    """Flatten DRF's nested answer into a list of faults, each with where it is."""
    if isinstance(said, dict) and {"message", "code"} <= said.keys():
        return [{"code": str(said["code"]).upper(), "field": place or None, "message": str(said["message"])}]
    if isinstance(said, dict):
        return [f for key, part in said.items() for f in _faults(part, f"{place}.{key}".strip("."))]
    return [fault for part in said for fault in _faults(part, place)]


def describe_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Schema hook: every operation can answer with problem details."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _SCHEMA
    for path in result.get("paths", {}).values():
        for operation in path.values():
            for status in ("400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"):
                operation["responses"].setdefault(
                    status,
                    {
                        "description": HTTPStatus(int(status)).phrase,
                        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                )
    return result


_SCHEMA = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail", "problems"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Never changes."},
        "detail": {"type": "string"},
        "problems": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    },
}
