"""Every error of the interface has one shape, and says nothing that it should not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import path
from knox.models import AuthToken
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from api.access import Everybody
from monitoring.access.models import Grant
from monitoring.access.people import revoke
from tests.factories import make_token

pytestmark = pytest.mark.django_db
PARTS = {"type", "title", "status", "code", "detail", "problems"}


class Breaks(APIView):
    permission_classes = (Everybody,)

    def get(self, request):
        raise RuntimeError("Jane Secret was being worked on")


@pytest.fixture
def payroll(machine, organisation):
    return machine("hr_submitter", organisation)


class TestShape:
    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [
            ("get", "/api/v1/submissions/", 401),
            ("get", "/api/v1/nothing/", 404),
            ("get", "/api/v1/submissions/not-a-uuid/", 404),
            ("post", "/api/v1/published/", 405),
        ],
    )
    def test_is_the_same_without_an_account(self, client, method, address, status):
        answer = getattr(client, method)(address)

        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json().keys() == PARTS
        assert answer.json()["status"] == status

    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [
            ("get", "/api/v1/inspections/", 403),
            ("delete", "/api/v1/submissions/", 405),
            ("get", "/api/v1/submissions/?page_size=0", 400),
            ("get", "/api/v1/submissions/?page_size=201", 400),
            ("get", "/api/v1/submissions/?page_size=many", 400),
            ("get", "/api/v1/submissions/?state=", 400),
            ("get", "/api/v1/submissions/?organization=north-east", 400),
        ],
    )
    def test_is_the_same_with_one(self, payroll, method, address, status):
        answer = getattr(payroll, method)(address)

        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json().keys() == PARTS

    def test_an_unknown_filter_is_named(self, payroll):
        answer = payroll.get("/api/v1/submissions/", {"organization": "wales", "period": ""})

        assert {fault["field"] for fault in answer.json()["problems"]} == {"organization", "period"}

    @pytest.mark.urls(__name__)
    def test_of_an_unexpected_error_says_nothing_of_it(self):
        answer = Client(raise_request_exception=False).get("/api/v1/breaks/")

        assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_SERVER_ERROR")
        assert "Secret" not in answer.content.decode()


class TestTokens:
    def test_a_wrong_one_is_answered_with_how_to_come(self):
        answer = Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/submissions/")

        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")

    def test_is_stored_hashed(self, organisation):
        token = make_token("hr_submitter", organisation)

        assert token not in str(AuthToken.objects.values())

    def test_ends_with_its_time(self, organisation, payroll, time_machine):
        assert payroll.get("/api/v1/submissions/").status_code == 200
        time_machine.move_to(datetime.now(UTC) + timedelta(days=366))

        assert payroll.get("/api/v1/submissions/").status_code == 401

    def test_ends_when_the_machine_has_no_role_left(self, organisation, payroll):
        revoke(Grant.objects.get(user__is_machine=True), by=None)

        assert payroll.get("/api/v1/submissions/").status_code == 401


class TestThrottling:
    def test_asks_to_wait(self, payroll, monkeypatch):
        cache.clear()
        monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/minute"})

        answers = [payroll.get("/api/v1/submissions/") for _ in range(3)]

        assert [a.status_code for a in answers] == [200, 200, 429]
        assert int(answers[-1]["Retry-After"]) > 0
        assert answers[-1]["Content-Type"] == "application/problem+json"


class TestDocs:
    def test_name_every_operation(self, client):
        schema = client.get("/api/v1/schema/", {"format": "json"}).json()
        page = client.get("/api/v1/docs/").content.decode()

        assert schema["openapi"].startswith("3.1")
        assert all(path in page for path in schema["paths"])


urlpatterns = [path("api/v1/breaks/", Breaks.as_view(), name="breaks")]
handler500 = "monitoring.errors.server_error"
