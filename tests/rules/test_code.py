"""What every file of the project keeps to."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LISTED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
OURS = [path for name in _LISTED if (path := ROOT / name).suffix == ".py" and path.exists() and "vendor" not in name]
PRODUCT = [
    path for path in OURS if path.relative_to(ROOT).parts[0] in {"equality", "monitoring", "reports", "api", "web"}
]
_VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "services"}
# Where catching everything is meant, and why.
_CATCH_ALL = {
    "monitoring/jobs/work.py": "a job that stops for whatever reason is logged by type and place, and its subject is tidied",
}


@pytest.mark.skipif(not _LISTED, reason="needs the files' list, which git keeps")
class TestEveryFile:
    def test_is_named_for_its_subject(self):
        assert not [path for path in OURS if path.stem in _VAGUE or path.parent.name in _VAGUE]

    @pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
    def test_begins_by_saying_what_it_promises(self, path):
        if "migrations" not in path.parts and path.read_text(encoding="utf-8").strip():
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    @pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
    def test_catches_what_it_expects(self, path):
        broad = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ExceptHandler)
            and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
            )
        ]

        assert not broad or str(path.relative_to(ROOT)) in _CATCH_ALL

    @pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
    def test_is_finished(self, path):
        marks = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "raise Not" + "ImplementedError"))

        assert not re.search(rf"\b({marks})\b", path.read_text(encoding="utf-8"))

    @pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
    def test_leaves_the_clock_to_the_edge(self, path):
        """Domain functions are told the day. The edge, and what stamps its own record, may look."""
        edge = {"web", "api", "commands", "jobs", "audit"}
        stamps = {"work.py", "building.py", "preview.py", "publishing.py", "command.py", "machines.py"}
        if edge.isdisjoint(path.parts) and path.name not in stamps:
            assert not re.search(
                r"timezone\.(now|localdate)\(|date\.today\(|datetime\.now\(", path.read_text(encoding="utf-8")
            )
