"""The app's registration."""

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    """Registration of `municipalities`."""

    name = "municipalities"
