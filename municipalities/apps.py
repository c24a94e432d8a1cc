"""The app's registration."""

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    """Registration of `municipalities`."""

    name = "municipalities"

    def ready(self) -> None:
        """Put up the second wall on every connection to come."""
        from municipalities import wall

        wall.install()
