"""The attacker must find what is planted: each leak here is one that a report could have had."""

import copy

import numpy as np
import pytest

from equality.disclosure.attack import attack, opened
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.protection import protect
from tests.factories.populations import dimension, document_of, release_of


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(11)
    dimensions = {name: dimension(name, 4, grouped=name == "a") for name in "abc"}
    rows = {name: rng.choice(4, 90, p=[0.55, 0.3, 0.1, 0.05]) for name in "abc"}
    release = release_of(dimensions, rows, [("a",), ("a", "b"), ("b", "c")])
    return release, protect(release, PUBLISHED)


@pytest.fixture
def document(made):
    return copy.deepcopy(document_of(*made))


def block(document, table):
    return next(b for b in document["sections"][0]["blocks"] if b["id"] == table)


def cell(document, table, **dims):
    return next(c for c in block(document, table)["cells"] if c["dims"] == dims)


def true_count(made, **dims):
    release, _ = made
    table = next(t for t in release.counted if set(dims) <= set(t.names))
    return table.count(**dims)


def hidden_small(made, document, table):
    return next(
        c for c in block(document, table)["cells"] if c["value"] is None and 0 < true_count(made, **c["dims"]) < 5
    )


def fewest_hidden_row(document, table, first):
    rows = {}
    for c in block(document, table)["cells"]:
        if c["value"] is None:
            rows.setdefault(c["dims"][first], []).append(c)
    return rows


class TestHonestDocument:
    def test_gives_nothing_away(self, document):
        assert attack(document)
        assert opened(document) == []


class TestPlantedLeaks:
    def test_a_small_count_shown(self, made, document):
        leak = hidden_small(made, document, "a-b")
        others = [c for c in block(document, "a-b")["cells"] if c["value"] is None and c is not leak]
        for c in others:
            c["value"] = true_count(made, **c["dims"])

        assert opened(document)

    def test_every_secondary_cell_of_a_row_shown(self, made, document):
        for cells in fewest_hidden_row(document, "a-b", "a").values():
            for c in cells:
                if true_count(made, **c["dims"]) >= 5:
                    c["value"] = true_count(made, **c["dims"])
        for cells in fewest_hidden_row(document, "a-b", "b").values():
            for c in cells:
                if true_count(made, **c["dims"]) in (0, *range(5, 99)):
                    c["value"] = true_count(made, **c["dims"])

        assert opened(document)

    def test_a_share_of_a_hidden_count(self, made, document):
        """One decimal of a small base is the count itself."""
        table = block(document, "a-b")
        leak = next(
            c
            for c in table["cells"]
            if c["value"] is None
            and 0 < true_count(made, **c["dims"]) < 5
            and not c["dims"]["a"].startswith("_")
            and cell(document, "a-b", a="_declared", b=c["dims"]["b"])["value"]
        )
        declared = true_count(made, a="_declared", b=leak["dims"]["b"])
        share = round(100 * true_count(made, **leak["dims"]) / declared, 1)
        table["measures"].append("share")
        table["share_of"] = "a"
        table["cells"].append({"dims": leak["dims"], "measure": "share", "value": share, "status": None})

        assert opened(document)

    def test_a_declaration_rate_of_a_hidden_split(self, made, document):
        document["sections"][0]["blocks"] = [block(document, "a")]
        table = block(document, "a")
        for c in table["cells"]:
            if c["dims"]["a"] != "_total":
                c["value"], c["status"] = None, "[c]"
        known = {tuple(b.dims.items()): b for b in attack(document)}
        rate = round(100 * true_count(made, a="_declared") / true_count(made), 1)
        table["measures"].append("declaration_rate")
        table["cells"].append({"dims": {"a": "_total"}, "measure": "declaration_rate", "value": rate, "status": None})

        told = {tuple(b.dims.items()): b for b in attack(document)}

        assert any(told[key].width < known[key].width for key in told)

    def test_a_second_grouping_of_the_same_people(self, made, document):
        """A group of two leaves beside one of them is the other."""
        leak = hidden_small(made, document, "a-b")
        document["dimensions"]["a"]["groups"]["without"] = [
            leaf for leaf in document["dimensions"]["a"]["leaves"] if leaf != leak["dims"]["a"]
        ]
        document["dimensions"]["b"]["groups"].setdefault("one", [leak["dims"]["b"]])
        rest = true_count(made, b=leak["dims"]["b"]) - true_count(made, **leak["dims"])
        for a, value in (("without", rest), ("_total", true_count(made, b=leak["dims"]["b"]))):
            block(document, "a-b")["cells"].append(
                {"dims": {"a": a, "b": leak["dims"]["b"]}, "measure": "headcount", "value": value, "status": None}
            )

        assert opened(document)

    def test_numbers_that_no_population_has(self, made, document):
        total = cell(document, "a", a="_total")
        total["value"] += 1

        with pytest.raises(ValueError, match="contradict"):
            attack(document)


class TestOtherCollections:
    def test_findings_are_not_people(self, document):
        for b in document["sections"][0]["blocks"]:
            b["population"]["collection"] = "findings"

        assert attack(document) == []
