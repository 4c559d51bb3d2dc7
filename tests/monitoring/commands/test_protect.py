import json
from pathlib import Path

import pytest
from django.core.management import call_command

from equality.disclosure import programmes, search

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "RELEASE.json"


@pytest.fixture
def document():
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def refused(tmp_path, capsys, text):
    """The faults of a document that nothing may be published of."""
    file = tmp_path / "RELEASE.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SystemExit) as ended:
        call_command("protect", str(file))
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    return [fault["code"] for fault in json.loads(said.err)["faults"]]


def test_prints_what_may_be_published(capsys):
    call_command("protect", str(EXAMPLE))

    assert json.loads(capsys.readouterr().out)["format"] == "sdc-audit/1"


def test_reads_standard_input(monkeypatch, capsys, tmp_path):
    with EXAMPLE.open(encoding="utf-8") as text:
        monkeypatch.setattr("sys.stdin", text)
        call_command("protect", "-")

    assert '"suppressed": true' in capsys.readouterr().out


def test_says_what_it_costs_beside_the_document(capsys):
    call_command("protect", str(EXAMPLE), "--price")

    said = capsys.readouterr()
    assert "main/north: 4 of 9 cells hidden (small: 1; to protect others: 3)" in said.err
    json.loads(said.out)


def test_names_what_earlier_releases_give_away(capsys, tmp_path, document):
    document["ledger"] = {
        "format": "sdc-audit/1", "dimensions": document["dimensions"], "links": [], "protect": document["policy"],
        "tables": [{"id": "old", "block": "main", "dims": ["sex", "ethnicity"], "where": {"office": "NORTH"},
                    "cells": [{"key": ["F", "BLACK"], "value": 3}]}],
    }  # fmt: skip
    file = tmp_path / "RELEASE.json"
    file.write_text(json.dumps(document))

    call_command("protect", str(file))

    assert "EXPOSED by earlier releases" in capsys.readouterr().err


def test_says_where_more_is_hidden_because_there_is_too_much_to_look_at(capsys, monkeypatch):
    monkeypatch.setattr(programmes, "_MANY", 0)

    call_command("protect", str(EXAMPLE))

    assert "MORE HIDDEN" in capsys.readouterr().err


def test_says_where_everything_is_hidden(capsys, monkeypatch):
    monkeypatch.setattr(search, "_ENOUGH", -1)
    monkeypatch.setattr(search, "hide_everything", with_effort(search.hide_everything, monkeypatch))

    call_command("protect", str(EXAMPLE))

    said = capsys.readouterr()
    assert "EVERYTHING HIDDEN" in said.err
    assert "MORE HIDDEN" not in said.err


def with_effort(hide_everything, monkeypatch):
    """The last resort, with all the effort that it wants."""

    def hide(*given, **more):
        monkeypatch.setattr(search, "_ENOUGH", 10**12)
        return hide_everything(*given, **more)

    return hide


class TestIsRefused:
    def test_a_file_that_is_not_there(self, capsys):
        with pytest.raises(SystemExit):
            call_command("protect", "nowhere.json")

        (fault,) = json.loads(capsys.readouterr().err)["faults"]
        assert (fault["code"], fault["where"]) == ("NOT_READ", "nowhere.json")
        assert fault["what"] == "The file cannot be read. No such file or directory."

    def test_text_that_is_no_document(self, tmp_path, capsys):
        assert refused(tmp_path, capsys, "{") == ["NOT_JSON"]

    def test_bytes_that_are_no_text(self, tmp_path, capsys):
        assert refused(tmp_path, capsys, b"\xff\xfe") == ["NOT_UTF8"]

    def test_every_fault_at_once(self, tmp_path, capsys, document):
        document["tables"][0]["dims"] = ["nothing"]
        del document["policy"]["k"]

        assert set(refused(tmp_path, capsys, json.dumps(document))) >= {"DIMENSION_UNKNOWN", "FIELD_MISSING"}

    def test_what_cannot_be_true(self, tmp_path, capsys, document):
        people = document["records"]["main"]
        document["records"] = {"q1": people, "q2": people[:100]}
        document["links"] = [{"kind": "stock_flow", "from": "q1", "to": "q2", "joiners": [0, 0], "leavers": [0, 3]}]

        assert refused(tmp_path, capsys, json.dumps(document)) == ["CONTRADICTORY"]
