"""Django's handle on the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    """Outbox, relay, feed and the delivery of events to handlers."""

    name = "events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what each app says of its events (`<app>/event_kinds.py`)."""
        autodiscover_modules("event_kinds")
