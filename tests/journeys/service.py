"""The service as an operator runs it: processes of its own, set up by the environment alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


class Service:
    """One installation. ``folder`` is its DATA_DIR; ``lease`` how long a silent worker keeps its job, in seconds."""

    def __init__(self, folder: Path, lease: int, **environment: str) -> None:
        passed_on = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {
            **passed_on,
            "DATA_DIR": str(folder),
            "JOB_LEASE_SECONDS": str(lease),
            "API_RATE_KNOWN": "100000/minute",
            **environment,
        }
        self.log = (folder / "processes.log").open("wb")
        self.address = ""

    def manage(self, *arguments: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def web_server(self) -> Iterator[None]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        server = self._start("gunicorn", "monitoring.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4")
        try:
            until(self._is_ready, "the web server is ready")
            yield
        finally:
            stop(server)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen]:
        process = self._start("celery", "-A", "monitoring", "worker", "--concurrency", "1", "--loglevel", "warning")
        try:
            yield process
        finally:
            stop(process)

    def caller(self, role: str, organisation: str) -> "Caller":
        return Caller(self.address, self.manage("issue_token", role, "--role", role, "--organisation", organisation))

    def close(self) -> None:
        self.log.close()

    def _start(self, program: str, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", program, *arguments],
            cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.address}/health/ready", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False


class Caller:
    """A program with a token."""

    def __init__(self, address: str, token: str) -> None:
        self.address = f"{address}/api/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> dict[str, Any]:
        return self._answer(self.session.get(f"{self.address}{path}", timeout=60))

    def post(self, path: str, said: dict[str, Any] | None = None, **files: Any) -> dict[str, Any]:
        if files:
            return self._answer(self.session.post(f"{self.address}{path}", data=said, files=files, timeout=60))
        return self._answer(self.session.post(f"{self.address}{path}", json=said or {}, timeout=60))

    @staticmethod
    def _answer(answer: requests.Response) -> dict[str, Any]:
        assert answer.ok, answer.text
        return answer.json()


def kill(process: subprocess.Popen) -> None:
    """kill -9, children and all: nothing of it gets to say goodbye."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            kill(process)


def until(happened: Callable[[], bool], what: str, pause: float = 0.02) -> None:
    """Wait for something; what it was is said where it does not come."""
    given_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < given_up, f"waited in vain until {what}"
        time.sleep(pause)
