"""The app's registration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registration of `web`."""

    name = "web"
