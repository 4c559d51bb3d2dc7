"""What somebody types first, and what they are told where it does not work."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class TestACommandWithoutThePackages:
    def test_says_in_one_line_what_to_do(self):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "manage.py", "help"], cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert "make setup" in line
        assert ".venv/bin/python manage.py" in line


class TestMakeServe:
    def test_listens_where_it_is_told(self):
        for said, port in ((["PORT=8137"], "8137"), ([], "8000")):
            done = subprocess.run(
                ["make", "--dry-run", "serve", *said], cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True,
                text=True, check=True,
            )  # fmt: skip

            assert f"runserver {port}" in done.stdout
