"""The app's registration."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """Registration of `mailroom`."""

    name = "mailroom"
