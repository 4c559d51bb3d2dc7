"""What is loaded, and when: asked of a fresh interpreter."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = ("statsmodels", "scipy.stats", "pandas")

SERVICE = """
import django, json, sys
django.setup()
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.test import RequestFactory
from django.urls import get_resolver
get_resolver().url_patterns
import monitoring.celery
from api.v1.measures import MeasureList
answered = MeasureList.as_view()(RequestFactory().get("/api/v1/measures/"))
assert len(answered.data) > 59
"""
LIBRARY = """
import builtins, json, socket, sys
from equality.measures import evaluate
"""


def loaded_after(code, **environment):
    """Which of the heavy packages, and Django, a fresh interpreter has loaded after running this."""
    names = (*HEAVY, "django", "numpy")
    ask = f"\nimport json, sys\nprint(json.dumps([name for name in {names!r} if name in sys.modules]))"
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE"}}
    ran = subprocess.run(
        [sys.executable, "-c", code + ask],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


class TestStartingTheService:
    def test_and_listing_the_catalogue_loads_no_statistics(self, tmp_path):
        found = loaded_after(SERVICE, DJANGO_SETTINGS_MODULE="tests.settings", DATA_DIR=str(tmp_path))

        assert "django" in found
        assert not found & set(HEAVY)


class TestImportingTheLibrary:
    def test_needs_no_settings_and_loads_nothing_heavy(self):
        assert loaded_after(LIBRARY) == set()

    def test_loads_a_measure_when_it_is_asked_for(self):
        found = loaded_after(LIBRARY + "evaluate('wilson_ci', {'x': 1, 'n': 9})")

        assert found == {"numpy"}

    def test_loads_statsmodels_for_strata_alone(self):
        strata = LIBRARY + "evaluate('cmh', {'strata': [[[8, 2], [4, 6]]]})"

        assert "statsmodels" in loaded_after(strata)

    def test_to_compare_and_conclude_loads_no_scipy_stats(self):
        code = """
from equality.measures.comparison import Group, Outcome, Sense, compare
from equality.measures.conclusions import conclude
conclude(compare(Group("a", 8, 20), Group("b", 48, 80), Outcome("be appointed", Sense.FAVOURABLE)))
"""
        assert not loaded_after(code) & {*HEAVY, "django"}

    def test_a_measure_once_loaded_opens_no_file_and_no_socket_and_reads_no_clock(self):
        code = """
import builtins, io, socket, time
from equality.measures.catalogue import measures
def answers(): return [evaluate(measure.id, measure.example.inputs) for measure in measures().values()]
def refuse(*_, **__): raise AssertionError("not allowed")
before = answers()
socket.socket = time.time = time.monotonic = builtins.open = io.open = refuse
assert answers() == before
"""
        loaded_after(LIBRARY + code)
