"""Whether this process can do its work: what a load balancer asks before it sends anybody here."""

from django.db import DatabaseError, connection

from monitoring.vault.keyring import BadKeyRing, key_ring


def parts() -> dict[str, bool]:
    """Every part that work needs, and whether it is ready. Why not is in the logs."""
    return {"database": _database(), "vault_keys": _keys()}


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
