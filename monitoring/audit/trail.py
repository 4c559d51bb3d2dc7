"""Writing and verifying the chain of events."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection
from django.utils import timezone

from monitoring.audit.models import Event, Head

START = "0" * 64
OPERATOR = "operator"  # somebody at the command line of the service itself


class Actor(Protocol):
    """Whoever acts: a user of the service, or nobody, which means an operator."""

    @property
    def audit_name(self) -> str: ...


class OutsideTransaction(RuntimeError):
    """An event was recorded apart from the act it describes."""


@dataclass(frozen=True)
class Fault:
    """Where the chain does not hold, and how."""

    number: int
    what: str


def record(
    act: str, subject: str, *, by: Actor | None, organisation: str = "", details: dict[str, Any] | None = None
) -> Event:
    """Append one event, inside the transaction of the act. Raises OutsideTransaction anywhere else."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{act} must be recorded in the transaction that does it")
    head, _ = Head.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0, "digest": START})
    event = Event(
        number=head.number + 1,
        at=timezone.now(),
        actor=by.audit_name if by is not None else OPERATOR,
        act=act,
        subject=subject,
        organisation=organisation,
        details=details or {},
        previous=head.digest,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    head.number, head.digest = event.number, event.digest
    head.save()
    return event


def digest_of(event: Event) -> str:
    """SHA-256 over everything the event says, and over the event before it."""
    said = {
        "number": event.number,
        "at": _moment(event.at),
        "actor": event.actor,
        "act": event.act,
        "subject": event.subject,
        "organisation": event.organisation,
        "details": event.details,
        "previous": event.previous,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify() -> Iterator[Fault]:
    """Every place where an event was changed, left out, moved, or cut off the end."""
    expected, before = 1, START
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            yield Fault(expected, f"events {expected} to {event.number - 1} are missing")
        if event.digest != digest_of(event):
            yield Fault(event.number, "the event was changed after it was written")
        elif event.previous != before and event.number == expected:
            yield Fault(event.number, "the event does not follow the one before it")
        expected, before = event.number + 1, event.digest
    head = Head.objects.filter(pk=1).first()
    last = (head.number, head.digest) if head else (0, START)
    if last != (expected - 1, before):
        yield Fault(expected, f"the chain should end with event {last[0]}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
