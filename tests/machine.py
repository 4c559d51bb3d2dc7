"""What this machine has of the services and programs that some tests need, and how to get the rest.

``python -m tests.machine`` prints a line for each that is missing, and fails where one of them is never to be left
out. Addresses can be named in the environment."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
RABBITMQ_URL = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")


@dataclass(frozen=True)
class Need:
    """``marker``: what tests that need it are marked with. ``everywhere``: a run that may leave nothing out has it."""

    marker: str
    name: str
    how: str
    is_there: Callable[[], bool]
    everywhere: bool = True


def chromium() -> str | None:
    """The path of a Chromium that can be driven."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return found or None


def real_data() -> Path | None:
    """A folder of real employers' published data, which the project does not hold."""
    folder = Path(os.environ["REAL_DATA"]) if os.environ.get("REAL_DATA") else None
    return folder if folder is not None and folder.is_dir() else None


def _answers(url: str, port: int) -> Callable[[], bool]:
    parts = urlsplit(url)

    def try_it() -> bool:
        try:
            with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=2):
                return True
        except OSError:
            return False

    return try_it


NEEDS = (
    Need(
        "postgresql",
        "PostgreSQL",
        "start one on 127.0.0.1:5432 that trusts postgres (Debian: postgresql), or name it: TEST_POSTGRESQL_URL",
        _answers(POSTGRESQL_URL, 5432),
    ),
    Need(
        "redis",
        "Redis",
        "start one on 127.0.0.1:6379 (Debian: redis-server), or name it: TEST_REDIS_URL",
        _answers(REDIS_URL, 6379),
    ),
    Need(
        "rabbitmq",
        "RabbitMQ",
        "start one on 127.0.0.1:5672 with its guest account (Debian: rabbitmq-server), or name it: TEST_RABBITMQ_URL",
        _answers(RABBITMQ_URL, 5672),
    ),
    Need(
        "chromium",
        "Chromium",
        "install it (Debian: chromium), or name its path: CHROMIUM",
        lambda: chromium() is not None,
    ),
    Need(
        "real_data",
        "real data",
        "fetch the City of Seattle's staff demographics of 2023 and name its folder: REAL_DATA",
        lambda: real_data() is not None,
        everywhere=False,
    ),
)


def missing() -> list[Need]:
    return [need for need in NEEDS if not need.is_there()]


if __name__ == "__main__":
    for need in missing():
        sys.stdout.write(f"NOT RUN: tests that need {need.name}. To run them, {need.how}.\n")
    sys.exit(any(need.everywhere for need in missing()))
