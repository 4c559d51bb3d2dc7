"""Structured logs that hold ids and names of acts, and nothing else.

Only the fields listed in ``FIELDS`` are written, so that a value that slips into a call does not slip into a log. The
text of an exception is left out for the same reason: its type and place are kept."""

import logging.config
import sys
import time
import traceback
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, WrappedLogger

FIELDS = frozenset(
    {"event", "level", "timestamp", "logger", "request", "user", "method", "route", "status", "milliseconds", "job",
     "kind", "submission", "report", "organisation", "act", "task", "raised", "place", "count", "step"}
)  # fmt: skip


def configure(*, development: bool, level: str) -> None:
    """Send every log line through one door: readable in development, one JSON object a line in production."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_place,
        _only_known_fields,
    ]
    renderer = structlog.dev.ConsoleRenderer(colors=False) if development else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [_drop_arguments, *shared],
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            # Our own line says which request it was and how it went; theirs would be words without what they are about.
            "loggers": {"django.server": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": level},
        }
    )


def _drop_arguments(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Other people's log lines: the words of the program, without what they were about."""
    record = line.get("_record")
    if record is not None:
        line["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    return line


def _exception_place(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The type of an exception and where it rose, in place of its words."""
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[0] is not None:
        last = traceback.extract_tb(found[2])[-1]
        line["raised"], line["place"] = found[0].__name__, f"{last.filename}:{last.lineno}"
    return line


def _only_known_fields(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    return {key: value for key, value in line.items() if key in FIELDS or key.startswith("_")}


class RequestLog:
    """One line a request: who (an id), what (the name of the route, not its address) and how it went."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("request")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=str(uuid.uuid4()))
        response = self.get_response(request)
        user = getattr(request, "user", None)
        self.log.info(
            "request",
            user=getattr(user, "pk", None),
            method=request.method,
            route=getattr(request.resolver_match, "view_name", None),
            status=response.status_code,
            milliseconds=round(1000 * (time.monotonic() - started)),
        )
        return response
