"""The app's registration."""

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    """Registration of `companies`."""

    name = "companies"
