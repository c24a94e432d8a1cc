"""The app's registration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Registration of `privacy`."""

    name = "privacy"
