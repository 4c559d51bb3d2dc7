"""What the documentation says is so."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from docs import generate

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OURS = [name for name, app in get_commands().items() if app == "monitoring"]


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_links_to_what_is_there(self, page):
        for target in re.findall(r"\]\(([^)#]+)", text(page)):
            assert target.startswith("http") or (page.parent / target).exists(), target

    @pytest.mark.parametrize("page", [p for p in PAGES if p.parent == ROOT / "docs"], ids=lambda page: page.name)
    def test_is_titled_with_its_readers_question_and_can_be_reached(self, page):
        assert text(page).splitlines()[0].endswith("?")
        assert any(f"({page.name})" in text(other) or f"(docs/{page.name})" in text(other) for other in PAGES)

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_names_commands_that_are_there(self, page):
        for command in re.findall(r"manage\.py ([a-z_]+)", text(page)):
            assert command in get_commands(), command
        for recipe in re.findall(r"(?:^|`)make ([a-z]+)", text(page), re.MULTILINE):
            assert f"\n{recipe}:" in text(ROOT / "Makefile"), recipe

    @pytest.mark.parametrize(("page", "made"), generate.pages().items(), ids=lambda part: part[:30])
    def test_that_is_made_from_the_code_agrees_with_it(self, page, made):
        """Otherwise: make docs."""
        assert text(ROOT / "docs" / page) == made


class TestOperators:
    def test_are_told_of_every_setting(self):
        read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', text(ROOT / "monitoring" / "settings.py")))
        told = text(ROOT / "docs" / "operators.md")

        assert read
        assert not [name for name in read if f"`{name}`" not in told]

    @pytest.mark.parametrize("command", OURS)
    def test_are_told_of_every_command(self, command):
        assert any(f"`{command}`" in text(page) or f"manage.py {command}" in text(page) for page in PAGES)


class TestDecisions:
    def test_are_numbered_without_a_gap_and_listed(self):
        records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))

        assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
        listed = text(ROOT / "docs" / "decisions" / "README.md")
        for number, record in enumerate(records, start=1):
            assert text(record).startswith(f"# {number}. ")
            assert f"[{number}]({record.name})" in listed


class TestDependencies:
    def test_say_why_they_are_there(self):
        for line in re.findall(r'^  ".+[~=<>].+$', text(ROOT / "pyproject.toml"), re.MULTILINE):
            assert re.search(r"#\s+\S.{4,}", line), line

    def test_are_locked_with_their_digests(self):
        for name in ("requirements.lock", "requirements-dev.lock"):
            assert "--hash=sha256:" in text(ROOT / name)
            assert "://" not in text(ROOT / name)
