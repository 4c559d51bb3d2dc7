"""For load balancers: is the process alive, and can it do its work."""

from django.http import HttpRequest, JsonResponse

from monitoring import readiness
from web.access import open_to_everybody


@open_to_everybody
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@open_to_everybody
def ready(request: HttpRequest) -> JsonResponse:
    """Database and vault keys. Says which part is not ready, not why."""
    parts = readiness.parts()
    good = all(parts.values())
    said = {name: "ready" if fine else "not ready" for name, fine in parts.items()}
    return JsonResponse({"status": "ready" if good else "not ready", **said}, status=200 if good else 503)
