"""The app's registration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registration of `accounts`."""

    name = "accounts"

    def ready(self) -> None:
        """Every login is stamped."""
        from accounts import sessions

        sessions.install()
