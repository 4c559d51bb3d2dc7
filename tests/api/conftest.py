"""A program that comes with a token."""

from collections.abc import Callable

import pytest
from django.test import Client

from monitoring.organisations.models import Organisation
from tests.factories import make_token


@pytest.fixture
def machine() -> Callable[[str, Organisation], Client]:
    def with_token(role: str, organisation: Organisation) -> Client:
        return Client(headers={"authorization": f"Bearer {make_token(role, organisation)}"})

    return with_token
