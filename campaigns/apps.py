"""The app's registration."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Registration of `campaigns`."""

    name = "campaigns"
