"""The OpenAPI description against the service: a machine tries every operation with whatever the description allows, and
with what it does not."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from monitoring.access.models import User
from monitoring.access.people import grant
from monitoring.access.roles import ROLES
from tests.factories import make_organisation, make_token

description = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


@pytest.fixture
def _one_connection():
    """A server closes connections after a request; here the test's transaction lives in one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db, _one_connection):
    """A machine that may do everything there is to do, so that no door is closed before its handle is tried."""
    organisation = make_organisation("north-east")
    make_organisation("hmi-probation", kind="inspectorate")
    token = make_token("hr_submitter", organisation)
    machine = User.objects.get(is_machine=True)
    for role in ROLES:
        grant(machine, role, organisation, by=None)
    return token


# A description cannot say that a quarter has ended or that an inspection is one's own, so what it allows may be refused.
_NOT_PROMISED = [schemathesis.checks.positive_data_acceptance]


@description.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@pytest.mark.timeout(600)
def test_every_operation_does_what_its_description_says(case, token):
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=_NOT_PROMISED)
