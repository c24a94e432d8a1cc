"""The app's registration: its handlers are known when it is ready."""

from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registration of `notifications`."""

    name = "notifications"

    def ready(self) -> None:
        """Register the handlers."""
        import_module("notifications.handlers")
        import_module("notifications.campaign_letters")
        import_module("notifications.gathering_invitations")
