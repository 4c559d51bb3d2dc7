"""Every table of the database is classified: what it could tell about whom. A new one fails until somebody has thought."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

# Nothing about anybody; about people who use the service; sealed: useless without the keys in the environment.
CLASSES = {
    "monitoring.Organisation": "nothing",
    "monitoring.User": "users",
    "monitoring.Grant": "users",
    "monitoring.Event": "users",
    "monitoring.Head": "nothing",
    "monitoring.Job": "nothing",
    "monitoring.SealedDataset": "sealed",
    "monitoring.SealedDocument": "sealed",
    "monitoring.OrganisationKey": "sealed",
    "monitoring.Submission": "users",
    "monitoring.SavedMapping": "nothing",
    "monitoring.ClosedPeriod": "nothing",
    "monitoring.ReleasedRegion": "nothing",
    "monitoring.Inspection": "users",
    "monitoring.Finding": "users",
    "monitoring.FindingCharacteristic": "nothing",
    "monitoring.Recommendation": "nothing",
    "monitoring.GoodPractice": "nothing",
    "reports.Report": "users",
    "account.EmailAddress": "users",
    "account.EmailConfirmation": "users",
    "knox.AuthToken": "users",
    "auth.Permission": "nothing",
    "auth.Group": "nothing",
    "contenttypes.ContentType": "nothing",
    "sessions.Session": "users",
}
OURS = [model for model in apps.get_models() if model._meta.app_label in {"monitoring", "reports"}]


class TestMigrations:
    def test_are_complete(self, db):
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)


class TestEveryModel:
    def test_is_classified(self):
        assert {model._meta.label for model in apps.get_models()} == CLASSES.keys()

    @pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
    def test_that_links_to_a_user_is_classified_so(self, model):
        linked = any(field.related_model and field.related_model.__name__ == "User" for field in model._meta.fields)

        assert not linked or CLASSES[model._meta.label] == "users"

    @pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
    def test_outlives_the_user_who_acted(self, model):
        """Deleting an account takes its rights away and nothing else."""
        for field in model._meta.fields:
            if field.related_model and field.related_model.__name__ == "User" and model.__name__ != "Grant":
                assert field.remote_field.on_delete is models.SET_NULL, field

    @pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
    def test_names_its_days_and_moments_apart(self, model):
        for field in model._meta.fields:
            if isinstance(field, models.DateTimeField):
                assert field.name.endswith("_at") or field.name in {"at", "lease_until", "last_login"}, field
            elif isinstance(field, models.DateField):
                assert field.name.endswith("_date"), field


class TestStates:
    @pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
    def test_are_known_to_the_database(self, model):
        """What must always hold is a constraint; a choice in a form is kindness."""
        chosen = {field.name for field in model._meta.fields if field.choices}
        held = {
            name
            for constraint in model._meta.constraints
            if isinstance(constraint, models.CheckConstraint)
            for name in chosen
            if f"{name}__in" in str(constraint.condition)
        }

        assert chosen == held
