import pytest
from drf_spectacular.generators import SchemaGenerator

from equality.measures.catalogue import measures

pytestmark = pytest.mark.django_db


class TestMeasures:
    def test_are_listed_for_everybody(self, client):
        answer = client.get("/api/v1/measures/")

        assert answer.status_code == 200
        assert [measure["id"] for measure in answer.json()] == list(measures())

    def test_say_what_goes_in_and_comes_out_and_what_rests_on_memory(self, client):
        found = {measure["id"]: measure for measure in client.get("/api/v1/measures/").json()}

        assert [one["name"] for one in found["wilson_ci"]["inputs"]] == ["x", "n"]
        assert found["rri_counts"]["unit"] == "ratio"
        assert (found["hmip_rating"]["status"], found["wilson_ci"]["status"]) == ("unconfirmed", "confirmed")
        assert found["p_adjust"]["example"]["answer"]["n_reject"] == 3

    def test_are_what_the_description_promises(self, client):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        operation = schema["paths"]["/api/v1/measures/"]["get"]
        promised = schema["components"]["schemas"]["Measure"]["properties"]

        assert operation["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array"
        assert all(measure.keys() == promised.keys() for measure in client.get("/api/v1/measures/").json())

    def test_cannot_be_changed(self, client):
        assert client.post("/api/v1/measures/", {}).status_code in {401, 403, 405}
