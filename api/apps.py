"""The Django app of the JSON interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
