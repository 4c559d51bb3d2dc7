"""Logs hold ids and the names of acts; nobody's answers, addresses or names."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client

from monitoring import logs
from tests.factories import as_csv, submit

SECRET = "Jane-Secret-0042"


@pytest.fixture
def written(monkeypatch):
    """Everything that reaches the log, as production writes it."""
    logs.configure(development=False, level="DEBUG")
    text = io.StringIO()
    (handler,) = logging.getLogger().handlers[-1:]
    monkeypatch.setattr(handler, "stream", text)
    yield text
    logs.configure(development=True, level="INFO")


def lines(text):
    return [json.loads(line) for line in text.getvalue().splitlines()]


class TestALine:
    def test_keeps_known_fields_and_drops_others(self, written):
        structlog.get_logger("jobs").info("job done", job="1", answer=SECRET)

        (line,) = lines(written)
        assert (line["event"], line["job"]) == ("job done", "1")
        assert SECRET not in written.getvalue()

    def test_of_another_library_keeps_its_words_and_drops_what_they_were_about(self, written):
        logging.getLogger("other").warning("could not read %s", SECRET)

        assert [line["event"] for line in lines(written)] == ["could not read %s"]

    def test_of_the_web_server_is_left_to_our_own_line_about_the_request(self, written):
        for name in ("django.server", "django.request"):
            logging.getLogger(name).warning("%s: %s", "Not Found", SECRET)

        assert lines(written) == []

    def test_of_an_error_has_its_type_and_place_and_none_of_its_words(self, written):
        try:
            int(SECRET)
        except ValueError:
            structlog.get_logger("jobs").exception("job stopped", job="1")

        (line,) = lines(written)
        assert (line["raised"], "test_logs.py" in line["place"]) == ("ValueError", True)
        assert SECRET not in written.getvalue()


@pytest.mark.django_db
class TestAWholeDay:
    def test_of_a_submission_tells_nothing_of_anybody(self, written, organisation):
        submit(organisation, as_csv([{"person_ref": SECRET, "sex": "F", "ethnicity": SECRET}] * 7))

        assert SECRET not in written.getvalue()

    def test_of_a_request_has_the_route_and_not_the_address(self, written):
        Client().get(f"/reports/{SECRET.lower()}/2026-Q3/quarterly/")

        (line,) = [line for line in lines(written) if line["logger"] == "request"]
        assert (line["route"], line["status"], line["method"]) == ("published", 404, "GET")
        assert SECRET.lower() not in written.getvalue().lower()

    def test_of_signing_in_tells_neither_address_nor_password(self, written):
        Client().post("/account/sign-in/", {"login": "jane@example.gov.uk", "password": SECRET})

        assert SECRET not in written.getvalue()
        assert "jane@" not in written.getvalue()
