import pytest

from monitoring.access.models import User
from tests.factories import accepted, brief
from tests.web.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(signed_in, auditor):
    return signed_in(auditor)


class TestTheTrail:
    def test_names_when_who_what_and_for_which_organisation(self, desk, hr, organisation):
        submission = accepted(organisation, brief(), by=hr)

        text = Page.of(desk.get("/audit/")).text

        assert f"hr submitter user:{hr.pk} submission.accepted north-east submission:{submission.pk}" in text
        assert f"service submission.checked north-east submission:{submission.pk}" in text

    def test_is_newest_first(self, desk, hr, organisation):
        accepted(organisation, brief(), by=hr)

        text = Page.of(desk.get("/audit/")).text

        assert text.index("submission.accepted") < text.index("submission.received")

    def test_outlives_the_account(self, desk, hr, organisation):
        accepted(organisation, brief(), by=hr)
        number = hr.pk
        User.objects.filter(pk=number).delete()

        assert f"user:{number} submission.accepted" in Page.of(desk.get("/audit/")).text

    def test_has_only_the_auditors_organisations(self, desk, other_organisation):
        accepted(other_organisation, brief())

        assert "wales" not in Page.of(desk.get("/audit/")).text

    def test_turns_pages_of_50(self, desk, organisation, hr):
        from monitoring.audit.trail import record

        for _ in range(60):
            record("submission.accepted", "submission:x", by=hr, organisation="north-east")

        assert "1 of 2" in Page.of(desk.get("/audit/")).text
        assert Page.of(desk.get("/audit/?page=2")).links["Previous page"] == "?page=1"
