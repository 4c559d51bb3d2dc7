"""What a process of the service does where settings are missing or unsafe: each is started for real."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DEBUG": "0",
    "SECRET_KEY": "a-secret-of-more-than-fifty-characters-that-nobody-guesses-0123456789",
    "VAULT_KEYS": "2026:" + base64.b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "equality.example.gov.uk",
}
EVERYTHING = SAFE | {
    "DATABASE_URL": "postgres://somebody@db.example/equality",
    "CELERY_BROKER_URL": "redis://broker.example/0",
    "CACHE_URL": "redis://cache.example/1",
}


def started(tmp_path: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """(exit status, everything said) of a process in an environment that holds nothing else."""
    kept = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


class TestTheCheck:
    def test_says_everything_that_is_missing_at_once_and_where_to_set_it(self, tmp_path):
        status, said = started(tmp_path, "manage.py", "check", "--deploy", DEBUG="0")

        assert status == 1
        for name in ("SECRET_KEY", "VAULT_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"):
            assert name in said
        assert "Set it in the environment" in said

    def test_finds_nothing_where_everything_is_set(self, tmp_path):
        status, said = started(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **EVERYTHING)

        assert (status, "no issues" in said) == (0, True), said

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"SECRET_KEY": "short"}, "equality.E001"),
            ({"VAULT_KEYS": ""}, "equality.E002"),
            ({"VAULT_KEYS": "development:" + base64.b64encode(bytes(32)).decode()}, "equality.E003"),
            (
                {"VAULT_KEYS": f"{SAFE['VAULT_KEYS']},development:{base64.b64encode(bytes(32)).decode()}"},
                "equality.E003",
            ),
            ({"ALLOWED_HOSTS": "*"}, "equality.E004"),
            ({"REPORT_POLICY": "nhs-hospital"}, "equality.E005"),
            ({"REPORT_POLICY": "ranges-5"}, "equality.E005"),
            ({"REPORT_POLICY": "nothing"}, "equality.E005"),
        ],
    )
    def test_refuses_each_unsafe_value_by_its_code(self, tmp_path, change, code):
        status, said = started(tmp_path, "manage.py", "check", **EVERYTHING | change)

        assert (status, code in said) == (1, True)
        assert SAFE["VAULT_KEYS"] not in said


class TestUnsafeSettings:
    """No process comes up with them."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("-c", "import monitoring.wsgi"),
            ("-m", "celery", "-A", "monitoring", "worker", "--pool", "solo"),
            ("manage.py", "verify_vault"),
        ],
        ids=["web server", "worker", "command"],
    )
    def test_are_refused_by(self, tmp_path, arguments):
        status, said = started(tmp_path, *arguments, DEBUG="0")

        assert status != 0
        assert "VAULT_KEYS is missing" in said

    def test_the_demonstration_is_refused(self, tmp_path):
        status, said = started(tmp_path, "manage.py", "demo", **SAFE)

        assert (status, "development mode only" in said) == (1, True)


class TestDevelopment:
    def test_makes_its_own_keys_and_keeps_them(self, tmp_path):
        ask = ("manage.py", "shell", "-v", "0", "-c", "from django.conf import settings; print(settings.VAULT_KEYS)")

        first, second = started(tmp_path, *ask), started(tmp_path, *ask)

        assert first == second
        assert first[1].startswith("development:")
        assert (tmp_path / "development-keys.json").stat().st_mode & 0o077 == 0

    def test_a_command_says_what_to_do_where_tables_are_missing(self, tmp_path):
        status, said = started(tmp_path, "manage.py", "verify_audit")

        assert (status, said.strip().endswith("Run first: manage.py migrate")) == (1, True)
        assert "Traceback" not in said

    def test_answers_only_on_this_machine(self, tmp_path):
        _, said = started(
            tmp_path, "manage.py", "shell", "-v", "0", "-c",
            "from django.conf import settings; print(settings.ALLOWED_HOSTS, settings.DEBUG)",
        )  # fmt: skip

        assert said.strip() == "['localhost', '127.0.0.1', '[::1]'] False"
