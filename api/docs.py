"""The description of the interface for people: one page made from the OpenAPI document, without script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

_METHODS = ("get", "post", "put", "patch", "delete")


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, body and answers."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        _operation(path, method, said)
        for path, item in schema["paths"].items()
        for method, said in item.items()
        if method in _METHODS
    ]
    context = {"title": "For programs: the API", "about": schema["info"], "operations": operations}
    return render(request, "api/docs.html", context)


def _operation(path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": said["operationId"],
        "method": method.upper(),
        "path": path,
        "description": said.get("description", ""),
        "parameters": said.get("parameters", []),
        "bodies": list(said.get("requestBody", {}).get("content", {})),
        "answers": sorted(status for status in said["responses"] if status.startswith("2")),
    }
