"""The lists, as anybody may ask for them."""

import json
from http import HTTPStatus

import pytest
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIRequestFactory

from equality.codelists import code_lists, variables

ADDRESS = "/api/v1/code-lists/"


def answered(method="get", **query):
    """(status, body) of one request by somebody without an account."""
    request = getattr(APIRequestFactory(), method)(ADDRESS, query)
    answer = resolve(ADDRESS).func(request).render()
    return answer.status_code, json.loads(answer.content)


def lists(**query):
    status, body = answered(**query)
    assert status == HTTPStatus.OK
    return body


class TestCodeLists:
    def test_are_open_to_everybody_and_complete(self):
        assert [(one["variable"], one["system"]) for one in lists()] == [
            (one.variable, one.system) for one in code_lists()
        ]

    def test_say_their_version_dates_and_sources(self):
        census, legacy = (
            next(one for one in lists(variable="ethnicity") if one["system"] == system)
            for system in ("ONS_CENSUS2021_19", "CJS_SDE_16_1")
        )

        assert (census["version"], census["effective_from"], census["effective_to"]) == (
            "Census 2021",
            "2021-03-21",
            None,
        )
        assert (legacy["effective_from"], legacy["period"]) == (None, "dates not known")
        assert (census["superseded_by"], legacy["superseded_by"]) == (None, "CJS_SDE_18_1")
        assert census["verified"] is True
        assert {"id", "title", "publisher", "date", "url", "access"} == set(census["sources"][0])

    def test_have_their_categories_with_parents(self):
        (census,) = (one for one in lists(variable="ethnicity") if one["system"] == "ONS_CENSUS2021_19")
        categories = {category["code"]: category for category in census["categories"]}

        assert categories["13"]["parent"] == "WHITE"
        assert categories["-8"]["parent"] is None
        assert categories["-8"]["response"] == "NOT_APPLICABLE"
        assert {group["code"] for group in census["groups"]} == {"WHITE", "MIXED", "ASIAN", "BLACK", "OTHER"}

    @pytest.mark.parametrize("variable", variables())
    def test_can_be_asked_for_by_variable(self, variable):
        assert {one["variable"] for one in lists(variable=variable)} == {variable}

    @pytest.mark.parametrize(
        ("query", "field"),
        [({"variable": "shoe_size"}, "variable"), ({"variable": ""}, "variable"), ({"page": "2"}, "page")],
    )
    def test_that_nobody_knows_and_filters_that_are_not_there_are_refused(self, query, field):
        status, body = answered(**query)

        assert (status, body["code"]) == (HTTPStatus.BAD_REQUEST, "INVALID")
        assert [problem["field"] for problem in body["problems"]] == [field]

    def test_cannot_be_changed(self):
        assert answered("post")[0] == HTTPStatus.METHOD_NOT_ALLOWED

    def test_are_described(self):
        operation = SchemaGenerator().get_schema(request=None, public=True)["paths"][ADDRESS]["get"]
        (parameter,) = operation["parameters"]

        assert (parameter["name"], parameter["schema"]["enum"]) == ("variable", list(variables()))
        assert operation["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array"
