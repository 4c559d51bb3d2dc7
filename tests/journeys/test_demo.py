"""``make demo``: what somebody sees who tries the service for the first time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.attacking import attack_report

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    def __init__(self, folder: Path) -> None:
        self.environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder / "data")}
        self.output = folder / "report"
        self.said = self.manage("demo", "--output", str(self.output))

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def report(self) -> dict:
        return json.loads((self.output / "report.json").read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo"))


class TestTheLastLines:
    def test_say_where_the_report_is_and_how_to_open_the_site(self, demo):
        assert f"{demo.output / 'report.pdf'}" in demo.said
        assert "make serve" in demo.said

    def test_name_an_account_for_every_role_and_the_password(self, demo):
        for who in ("hr@", "inspector@", "lead@", "analyst@", "chief@", "admin@", "auditor@"):
            assert who in demo.said
        assert "synthetic-inspectorate" in demo.said


class TestTheReport:
    def test_is_signed_published_and_says_that_it_is_synthetic(self, demo):
        about = demo.report["report"]

        assert (about["status"], about["synthetic"]) == ("published", True)
        assert about["signed_off"]["by"] == "Demo Chief Inspector"

    def test_says_so_wherever_it_shows(self, demo):
        pages = [page.extract_text() for page in PdfReader(demo.output / "report.pdf").pages]

        assert "Synthetic" in pages[0]
        assert all("Synthetic data" in page for page in pages[1:])
        assert "Synthetic data" in (demo.output / "report.html").read_text()

    def test_has_what_inspections_found(self, demo):
        found = next(s for s in demo.report["sections"] if s["id"] == "findings")
        statements = [block for block in found["blocks"] if block["type"] == "statement"]

        assert any("Recommendation" in name for s in statements for name, _ in s["follows"])
        assert any(name == "Good practice" for s in statements for name, _ in s["follows"])

    def test_gives_no_small_number_away(self, demo):
        attacked = attack_report(demo.report)

        assert len(attacked.intervals) > 50
        assert attacked.broken == ()


class TestTheRegions:
    def test_give_no_small_number_away_either(self, demo, tmp_path):
        """The smallest of them, which gives most away; publishing attacked them all."""
        period = demo.report["report"]["period"]
        demo.manage("report", "quarterly", "--organisation", "southvale", "--period", period, "--output", str(tmp_path))

        document = json.loads((tmp_path / "report.json").read_text())

        assert document["report"]["datasets"][0]["rows"] >= 500
        assert attack_report(document).broken == ()


class TestTheInstallation:
    def test_is_whole(self, demo):
        assert "whole" in demo.manage("verify_audit")
        assert "whole" in demo.manage("verify_vault")

    def test_keeps_no_staff_reference_outside_the_vault(self, demo):
        """References begin with the organisation's letters; what is left of them is a pseudonym, sealed."""
        data = Path(demo.environment["DATA_DIR"])

        assert not [path for path in data.rglob("*") if path.is_file() and b"HMI000" in path.read_bytes()]
