import pytest

from tests.web.reading import Page

pytestmark = pytest.mark.django_db


class TestPagesAboutTheService:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("/accessibility/", "Web Content Accessibility Guidelines 2.2, level AA"),
            ("/cookies/", "Reading reports sets no cookies."),
            ("/privacy/", "Nobody can browse it: the service only ever counts it."),
        ],
    )
    def test_are_there_for_everybody_and_linked_from_every_page(self, client, address, words):
        assert words in Page.of(client.get(address)).text
        assert address in Page.of(client.get("/")).links.values()


class TestCookies:
    def test_names_every_cookie_that_the_service_sets(self, client, hr):
        from tests.factories.people import PASSWORD

        client.get("/account/sign-in/")
        client.post("/account/sign-in/", {"login": hr.email, "password": PASSWORD})
        client.post("/account/sign-out/")

        said = Page.of(client.get("/cookies/")).text
        assert client.cookies
        assert all(name in said for name in client.cookies)
