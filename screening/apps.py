"""The app's registration."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Registration of `screening`."""

    name = "screening"
