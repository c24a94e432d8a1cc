"""The app's registration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registration of `api`."""

    name = "api"
