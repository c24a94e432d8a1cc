"""The app's registration."""

from django.apps import AppConfig


class JobordersConfig(AppConfig):
    """Registration of `joborders`."""

    name = "joborders"
