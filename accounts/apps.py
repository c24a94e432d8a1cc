"""The app's registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registration of `accounts`."""

    name = "accounts"
