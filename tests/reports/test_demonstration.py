"""Building the demonstration: what is said before anything goes."""

from pathlib import Path

import pytest
from django.utils import timezone

from monitoring.organisations.models import Organisation
from reports import demonstration
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


class Stopped(Exception):
    """Far enough: what follows takes minutes."""


@pytest.mark.parametrize("earlier", [False, True])
def test_says_that_an_earlier_demonstration_goes_and_only_where_there_is_one(earlier, monkeypatch):
    if earlier:
        make_organisation("earlier")
        Organisation.objects.update(synthetic=True)
    said = []

    def stop():
        raise Stopped

    monkeypatch.setattr(demonstration, "empty", stop)
    with pytest.raises(Stopped):
        demonstration.run(Path("nowhere"), today=timezone.localdate(), at=timezone.now(), say=said.append)

    assert [text.partition(":")[0] for text in said] == ["Emptying the earlier demonstration"] * earlier
