"""Django's handle on the app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Outbox, relay, feed and the delivery of events to handlers."""

    name = "events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
