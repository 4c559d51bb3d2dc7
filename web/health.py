"""For load balancers: is the process alive, and can it do its work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from monitoring.vault.keyring import BadKeyRing, key_ring
from web.access import open_to_everybody


@open_to_everybody
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@open_to_everybody
def ready(request: HttpRequest) -> JsonResponse:
    """Database and vault keys. Says which part is not ready, not why."""
    parts = {"database": _database(), "vault_keys": _keys()}
    good = all(parts.values())
    said = {name: "ready" if fine else "not ready" for name, fine in parts.items()}
    return JsonResponse({"status": "ready" if good else "not ready", **said}, status=200 if good else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _keys() -> bool:
    try:
        key_ring()
    except BadKeyRing:
        return False
    return True
