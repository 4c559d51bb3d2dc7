import pytest
from django.db import DatabaseError

from monitoring import readiness


class TestLive:
    def test_answers_without_asking_the_database(self, client):
        assert client.get("/health/live").json() == {"status": "alive"}


@pytest.mark.django_db
class TestReady:
    def test_says_that_every_part_is_ready(self, client):
        response = client.get("/health/ready")

        assert response.status_code == 200
        assert response.json() == {"status": "ready", "database": "ready", "vault_keys": "ready"}

    def test_says_which_part_is_not_and_not_why(self, client, settings):
        settings.VAULT_KEYS = "first:this-is-no-key"

        response = client.get("/health/ready")

        assert response.status_code == 503
        assert response.json() == {"status": "not ready", "database": "ready", "vault_keys": "not ready"}

    def test_says_that_the_database_does_not_answer(self, client, monkeypatch):
        class Broken:
            def cursor(self) -> None:
                raise DatabaseError

        monkeypatch.setattr(readiness, "connection", Broken())

        response = client.get("/health/ready")

        assert response.status_code == 503
        assert response.json()["database"] == "not ready"
