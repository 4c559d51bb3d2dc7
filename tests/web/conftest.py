"""Pages are tested on one day, as everything they are about is."""

from collections.abc import Iterator

import pytest
import time_machine

from monitoring.access.models import User
from monitoring.organisations.models import Organisation
from tests.conftest import AT
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(AT, tick=True):
        yield


@pytest.fixture
def administrator(organisation: Organisation) -> User:
    return make_user("administrator", organisation)


@pytest.fixture
def auditor(organisation: Organisation) -> User:
    return make_user("auditor", organisation)
