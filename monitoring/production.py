"""What must be set before anybody's data may come near. Commands, the web server and workers all refuse to start
without it, and say everything that is missing at once."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from equality.disclosure.policy import policies
from monitoring.development_keys import DEVELOPMENT_KEY_ID

_WHERE = "Set it in the environment of the web server, the workers and the command line alike."


@register(Tags.security)
def production_is_safe(**_: Any) -> list[Error | checks.Warning]:
    """In production (DEBUG=0), on every start: what is missing or unsafe, all at once."""
    return [] if settings.DEVELOPMENT else [*_keys(), *_services()]


@register(Tags.security)
def reports_are_protected(**_: Any) -> list[Error]:
    """In every mode: reports print counts and hide small ones, or multiples; they have no words for other ranges."""
    known = [
        code
        for code, one in policies().items()
        if one.audience == "published" and one.confirmed and (one.exact or one.rounds)
    ]
    if settings.REPORT_POLICY in known:
        return []
    hint = f"Use one of: {', '.join(known)}. {_WHERE}"
    return [Error("REPORT_POLICY is no policy for reports.", hint=hint, id="equality.E005")]


def require_safe() -> None:
    """For processes that run no checks of their own accord. Raises ImproperlyConfigured."""
    found_now = [*production_is_safe(), *reports_are_protected()]
    faults = [found for found in found_now if isinstance(found, Error)]
    if faults:
        raise ImproperlyConfigured("\n".join(f"{fault.id}: {fault.msg} {fault.hint}" for fault in faults))


def _keys() -> Iterator[Error]:
    if len(_secret_key()) < 50:
        yield Error(
            "SECRET_KEY is missing or short.", hint=f"Use 50 random characters or more. {_WHERE}", id="equality.E001"
        )
    if not settings.VAULT_KEYS:
        yield Error(
            "VAULT_KEYS is missing: data could not be sealed.",
            hint=f"Write it as name:base64-of-32-bytes, newest first, separated by commas. {_WHERE}",
            id="equality.E002",
        )
    elif any(part.strip().startswith(f"{DEVELOPMENT_KEY_ID}:") for part in settings.VAULT_KEYS.split(",")):
        yield Error(
            "VAULT_KEYS holds the development key.",
            hint=f"Make a key for this service and keep it in its secret store. {_WHERE}",
            id="equality.E003",
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS must name the hosts of the service.", hint=_WHERE, id="equality.E004")


def _services() -> Iterator[checks.Warning]:
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield checks.Warning(
            "The embedded database serves one machine.", hint=f"DATABASE_URL. {_WHERE}", id="equality.W001"
        )
    if not settings.CELERY_BROKER_URL:
        yield checks.Warning(
            "Checks and reports run inside web requests.", hint=f"CELERY_BROKER_URL. {_WHERE}", id="equality.W002"
        )
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        yield checks.Warning("Rate limits are kept per process.", hint=f"CACHE_URL. {_WHERE}", id="equality.W003")


def _secret_key() -> str:
    """Django refuses to read an empty one."""
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:
        return ""
