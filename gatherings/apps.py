"""The app's registration."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Registration of `gatherings`."""

    name = "gatherings"
