import re

import pytest

from monitoring.access.roles import ROLES
from tests.factories import make_finding, make_inspection, make_user
from tests.web.reading import Page

pytestmark = pytest.mark.django_db
MENU = {
    "Submissions": {"hr_submitter", "analyst"},
    "Inspections": {"inspector", "lead_inspector", "analyst", "chief_inspector"},
    "Reports in preparation": {"analyst", "chief_inspector"},
    "People": {"administrator"},
    "Audit": {"auditor"},
}


def menu_of(response):
    return re.search(r'<nav aria-label="Menu".*?</nav>', response.content.decode(), re.DOTALL).group()


class TestTheMenu:
    @pytest.mark.parametrize("role", ROLES)
    def test_has_what_a_role_may_open_and_nothing_else(self, signed_in, organisation, role):
        client = signed_in(make_user(role, organisation))
        menu = menu_of(client.get("/"))

        shown = {place for place in MENU if f">{place}<" in menu}

        assert shown == {place for place, roles in MENU.items() if role in roles}
        assert all(client.get(Page.of(client.get("/")).links[place]).status_code == 200 for place in shown)

    def test_of_a_reader_is_the_published_reports(self, client):
        assert menu_of(client.get("/")).count("<li") == 1

    def test_says_which_page_this_is(self, signed_in, inspector):
        menu = menu_of(signed_in(inspector).get("/inspections/"))

        assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == ["/inspections/"]

    def test_says_to_which_place_a_page_belongs(self, signed_in, inspector, organisation, inspectorate):
        finding = make_finding(make_inspection(organisation, inspectorate))

        menu = menu_of(signed_in(inspector).get(f"/findings/{finding.pk}/"))

        assert re.findall(r'href="([^"]+)" aria-current="true"', menu) == ["/inspections/"]


class TestTheAccount:
    def test_of_a_reader_is_a_way_to_sign_in(self, client):
        assert Page.of(client.get("/")).links["Sign in"] == "/account/sign-in/"

    def test_of_somebody_signed_in_is_their_work_and_a_way_out(self, signed_in, hr):
        page = Page.of(signed_in(hr).get("/"))

        assert page.links["hr submitter"] == "/work/"
        assert "/account/sign-out/" in page.forms
