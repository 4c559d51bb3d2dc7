import pytest
from django.db import DatabaseError, connection
from django.test import Client

from tests.web.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch, hr):
    """A browser of somebody signed in, whose next page meets an error of ours that holds somebody's answer."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the answer was Bisexual")

    client = Client(raise_request_exception=False)
    client.force_login(hr)
    monkeypatch.setattr("web.work.render", fail)
    return client


class TestErrorPages:
    def test_of_an_address_that_is_not_there(self, client):
        page = Page.of(client.get("/cakes/"))

        assert (page.status, "Page not found" in page.text) == (404, True)

    def test_of_a_page_that_somebodys_roles_do_not_include(self, signed_in, hr):
        page = Page.of(signed_in(hr).get("/people/"))

        assert (page.status, "You cannot do this" in page.text) == (403, True)

    def test_of_a_request_for_another_host(self, client):
        page = Page.of(client.get("/", headers={"host": "elsewhere.example"}))

        assert (page.status, "This request was not understood" in page.text) == (400, True)

    def test_of_an_error_of_ours_say_nothing_of_what_was_being_worked_on(self, broken):
        page = Page.of(broken.get("/work/"))

        assert page.status == 500
        assert "Sorry, there is a problem with the service" in page.text
        assert "Bisexual" not in page.text

    def test_of_an_error_of_ours_ask_nothing_of_a_database_that_may_be_broken(self, broken, monkeypatch):
        def fail(*_: object, **__: object) -> None:
            connection.execute_wrappers.append(refuse)
            raise RuntimeError

        def refuse(*_: object) -> None:
            raise DatabaseError

        monkeypatch.setattr("web.work.render", fail)
        try:
            page = Page.of(broken.get("/work/"))
        finally:
            connection.execute_wrappers.remove(refuse)

        assert (page.status, page.title) == (500, "Sorry, there is a problem with the service – Equality monitoring")

    @pytest.mark.parametrize("address", ["/cakes/", "/people/"])
    def test_have_the_menu_of_whoever_reads_them(self, signed_in, hr, address):
        assert Page.of(signed_in(hr).get(address)).links["Submissions"] == "/submissions/"
