"""What every answer tells the browser to refuse, in development and in production."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
# Production is settings read at start, so it is asked in a process of its own.
_PRODUCTION = """
import django, json
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", verbosity=0, interactive=False)
client = Client(headers={"host": "equality.example"})
page = client.get("/account/sign-in/", secure=True)
print(json.dumps({
    "headers": dict(page.headers),
    "cookies": {name: [bool(c["secure"]), c["samesite"]] for name, c in client.cookies.items()},
    "plain": client.get("/account/sign-in/").headers.get("Location"),
    "page": page.content.decode(),
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    environment = os.environ | {
        "DEBUG": "0",
        "DATA_DIR": str(tmp_path_factory.mktemp("production")),
        "SECRET_KEY": "k" * 60,
        "VAULT_KEYS": "first:" + base64.b64encode(bytes(32)).decode(),
        "ALLOWED_HOSTS": "equality.example",
        "DJANGO_SETTINGS_MODULE": "monitoring.settings",
        "LOG_LEVEL": "CRITICAL",
    }
    ran = subprocess.run(
        [sys.executable, "-c", _PRODUCTION], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def directives(response):
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.django_db
class TestEveryPage:
    @pytest.mark.parametrize("address", ["/", "/account/sign-in/", "/cakes/", "/api/v1/docs/"])
    def test_takes_scripts_and_styles_from_the_service_alone(self, client, address):
        policy = directives(client.get(address))

        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == ["'self'"]
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
        assert not [s for sources in policy.values() for s in sources if "unsafe" in s or "*" in s or s == "data:"]

    def test_is_not_framed_nor_guessed_at_nor_told_to_others(self, client):
        headers = client.get("/").headers

        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_has_no_script_or_style_of_its_own(self, signed_in, hr):
        for address in ("/", "/work/", "/submissions/new/", "/account/password/change/"):
            page = signed_in(hr).get(address).content.decode()

            assert "<style" not in page
            assert " style=" not in page
            assert page.count("<script") == page.count('<script type="module" src="/static/')

    def test_of_somebody_signed_in_is_not_kept_by_others(self, signed_in, hr):
        assert "Cookie" in signed_in(hr).get("/work/").headers["Vary"]


@pytest.mark.django_db
class TestCookiesInDevelopment:
    def test_are_for_this_site_and_the_session_out_of_reach_of_scripts(self, client, hr):
        client.get("/account/sign-in/")
        client.post("/account/sign-in/", {"login": hr.email, "password": PASSWORD})

        session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
        assert session["httponly"]
        assert session["expires"] == ""
        assert session["samesite"] == csrf["samesite"] == "Lax"

    def test_go_over_plain_http_and_nothing_asks_for_https(self, client):
        response = client.get("/account/sign-in/")

        assert not client.cookies["csrftoken"]["secure"]
        assert "Strict-Transport-Security" not in response.headers


class TestProduction:
    def test_is_https_for_a_year_and_for_every_subdomain(self, production):
        assert production["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert production["plain"] == "https://equality.example/account/sign-in/"

    def test_sends_cookies_over_https_alone(self, production):
        assert production["cookies"] == {"csrftoken": [True, "Lax"]}

    def test_has_the_same_policy(self, production):
        assert "unsafe" not in production["headers"]["Content-Security-Policy"]
        assert "default-src 'none'" in production["headers"]["Content-Security-Policy"]

    def test_names_static_files_by_what_they_hold(self, production):
        assert "/static/web/govuk/govuk-frontend.css" not in production["page"]
        assert "/static/web/govuk/govuk-frontend." in production["page"]
        assert "Development mode" not in production["page"]
