import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from monitoring.access.models import User
from monitoring.access.roles import Right
from web.access import for_people_signed_in, needs, open_to_everybody

pytestmark = pytest.mark.django_db


def view(request):
    return HttpResponse("here")


@pytest.fixture
def ask(rf):
    """Ask a view for a page as somebody."""

    def asked(guarded, user):
        request = rf.get("/somewhere/?page=2")
        request.user = user
        return guarded(request)

    return asked


class TestAPageForOneOfSeveralRights:
    page = staticmethod(needs(Right.SUBMIT, Right.SEE_AUDIT)(view))

    def test_opens_to_whoever_has_one_of_them(self, ask, hr):
        assert ask(self.page, hr).content == b"here"

    def test_is_refused_to_whoever_has_none(self, ask, inspector):
        with pytest.raises(PermissionDenied):
            ask(self.page, inspector)

    def test_is_refused_to_a_closed_account(self, ask, hr):
        hr.is_active = False

        with pytest.raises(PermissionDenied):
            ask(self.page, hr)

    def test_asks_a_stranger_to_sign_in_and_come_back(self, client):
        response = client.get("/submissions/?page=2")

        assert response["Location"] == "/account/sign-in/?next=/submissions/%3Fpage%3D2"

    def test_says_what_it_needs(self):
        assert self.page.needs == {Right.SUBMIT, Right.SEE_AUDIT}


class TestAPageForPeopleSignedIn:
    def test_opens_to_somebody_without_a_role(self, ask, db):
        assert ask(for_people_signed_in(view), User.objects.create_user("a@example.gov.uk")).content == b"here"


class TestAPageForEverybody:
    def test_says_that_it_needs_nothing(self):
        assert open_to_everybody(view).needs is None
