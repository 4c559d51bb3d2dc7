import re

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail

from monitoring.access.models import User
from monitoring.access.people import add_person
from tests.factories.people import PASSWORD
from tests.web.reading import Page

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
NEW_PASSWORD = "another fairly long phrase"


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": user.email, "password": password, **more})


def ask_for_link(client, email):
    """The address in the message that was sent."""
    client.post("/account/password/reset/", {"email": email})
    (message,) = mail.outbox
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


class TestSigningIn:
    def test_is_by_e_mail_and_lands_on_ones_work(self, client, hr):
        response = sign_in(client, hr)
        page = Page.of(client.get(response["Location"]))

        assert response["Location"] == "/work/"
        assert "Your work" in page.text
        assert "Done" not in page.text

    def test_does_not_mind_capitals_in_the_address(self, client, hr):
        assert client.post(SIGN_IN, {"login": hr.email.upper(), "password": PASSWORD}).status_code == 302

    def test_leads_back_to_where_somebody_was_going(self, client, hr):
        asked = client.get("/submissions/")
        said = Page.of(client.get(asked["Location"])).forms[""]

        response = client.post(asked["Location"], said | {"login": hr.email, "password": PASSWORD})

        assert asked["Location"] == f"{SIGN_IN}?next=/submissions/"
        assert response["Location"] == "/submissions/"

    def test_never_leads_to_another_site(self, client, hr):
        assert sign_in(client, hr, next="https://elsewhere.example/")["Location"] == "/work/"

    @pytest.mark.parametrize("wrong", ["password", "address"])
    def test_with_something_wrong_does_not_say_what(self, client, hr, wrong):
        said = {"login": hr.email, "password": PASSWORD}
        said |= {"password": "not it"} if wrong == "password" else {"login": "nobody@example.gov.uk"}

        page = Page.of(client.post(SIGN_IN, said))

        assert "There is a problem" in page.text
        assert "The e-mail address or the password is wrong. Check both." in page.text
        assert "_auth_user_id" not in client.session

    def test_left_empty_names_the_fields(self, client, db):
        page = Page.of(client.post(SIGN_IN, {}))

        assert page.mistakes == {"Enter your e-mail address": "id_login", "Enter your password": "id_password"}

    def test_tells_browsers_what_to_fill_in(self, client, db):
        page = client.get(SIGN_IN).content.decode()

        assert re.search(r'<input[^>]*name="login"[^>]*autocomplete="email"', page)
        assert re.search(r'<input[^>]*name="password"[^>]*autocomplete="current-password"', page)
        assert "placeholder" not in page

    def test_to_a_closed_account_says_whom_to_ask(self, client, hr):
        User.objects.filter(pk=hr.pk).update(is_active=False)

        page = Page.of(client.post(SIGN_IN, {"login": hr.email, "password": PASSWORD}, follow=True))

        assert "This account is closed. Ask an administrator" in page.text


class TestSigningOut:
    def test_asks_first_and_then_leads_home(self, signed_in, hr):
        client = signed_in(hr)

        asked = Page.of(client.get("/account/sign-out/"))
        page = Page.of(client.post("/account/sign-out/", follow=True))

        assert "Do you want to sign out?" in asked.text
        assert "You have signed out." in page.text
        assert "_auth_user_id" not in client.session


class TestSigningUp:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_closed(self, client, db, method):
        said = {"email": "a@example.gov.uk", "password1": PASSWORD, "password2": PASSWORD}

        page = Page.of(getattr(client, method)("/account/sign-up/", said))

        assert "You cannot sign up yourself." in page.text
        assert not User.objects.exists()


class TestForgettingThePassword:
    def test_sends_a_link_with_which_to_set_another(self, client, hr):
        link = ask_for_link(client, hr.email)
        form = client.get(link, follow=True)
        address = form.redirect_chain[-1][0]
        done = Page.of(client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True))

        assert "Your new password works from now on." in done.text
        assert sign_in(client, hr, NEW_PASSWORD)["Location"] == "/work/"

    def test_sends_it_in_the_words_of_the_service(self, client, hr):
        ask_for_link(client, hr.email)

        (message,) = mail.outbox
        assert message.subject == "Set your password: Equality monitoring"
        assert message.to == [hr.email]
        assert "Open this address within three days to set it:" in message.body

    def test_is_how_somebody_new_gets_a_password(self, client, db):
        somebody = add_person("new@example.gov.uk", by=None)
        link = ask_for_link(client, somebody.email)
        address = client.get(link, follow=True).redirect_chain[-1][0]

        client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

        somebody.refresh_from_db()
        assert check_password(NEW_PASSWORD, somebody.password)

    def test_says_the_same_whether_or_not_there_is_an_account(self, client, hr):
        answers = [
            Page.of(client.post("/account/password/reset/", {"email": email}, follow=True)).text
            for email in (hr.email, "nobody@example.gov.uk")
        ]

        assert answers[0] == answers[1]
        assert "Check your e-mail" in answers[0]

    def test_tells_an_address_without_an_account_whom_to_ask(self, client, db):
        client.post("/account/password/reset/", {"email": "nobody@example.gov.uk"})

        (message,) = mail.outbox
        assert message.subject == "No account: Equality monitoring"
        assert "An administrator of your organisation gives you one." in message.body
        assert "http" not in message.body

    def test_works_once(self, client, hr):
        link = ask_for_link(client, hr.email)
        address = client.get(link, follow=True).redirect_chain[-1][0]
        client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

        assert "This link does not work any more." in Page.of(client.get(link, follow=True)).text


class TestChangingThePassword:
    ADDRESS = "/account/password/change/"

    def said(self, **change):
        return {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD} | change

    def test_keeps_somebody_signed_in_and_says_that_it_is_done(self, signed_in, hr):
        client = signed_in(hr)

        page = Page.of(client.post(self.ADDRESS, self.said(), follow=True))

        hr.refresh_from_db()
        assert "Your password is changed." in page.text
        assert hr.check_password(NEW_PASSWORD)
        assert client.get("/work/").status_code == 200

    def test_says_what_a_password_must_be(self, signed_in, hr):
        text = Page.of(signed_in(hr).get(self.ADDRESS)).text

        assert "must contain at least 12 characters." in text

    @pytest.mark.parametrize(
        ("change", "target"),
        [
            ({"oldpassword": "not it"}, "id_oldpassword"),
            ({"password1": "short", "password2": "short"}, "id_password1"),
            ({"password2": "something else altogether"}, "id_password2"),
        ],
    )
    def test_with_one_thing_wrong_says_so_there(self, signed_in, hr, change, target):
        page = Page.of(signed_in(hr).post(self.ADDRESS, self.said(**change)))

        hr.refresh_from_db()
        assert set(page.mistakes.values()) == {target}
        assert hr.check_password(PASSWORD)

    def test_needs_somebody_signed_in(self, client, db):
        assert client.get(self.ADDRESS)["Location"] == f"{SIGN_IN}?next={self.ADDRESS}"

    def test_of_somebody_without_one_sets_it(self, signed_in, db):
        somebody = add_person("new@example.gov.uk", by=None)
        client = signed_in(somebody)

        asked = client.get(self.ADDRESS)
        client.post("/account/password/set/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

        somebody.refresh_from_db()
        assert asked["Location"] == "/account/password/set/"
        assert somebody.check_password(NEW_PASSWORD)
