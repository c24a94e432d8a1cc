"""The app's registration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScreeningConfig(AppConfig):
    """Registration of `screening`."""

    name = "screening"

    def ready(self) -> None:
        """A migration that rebuilds a table of profiles on SQLite drops its triggers: they are made again."""
        post_migrate.connect(_keep_triggers, sender=self)


def _keep_triggers(using: str, **_: Any) -> None:
    from django.db import connections

    from screening.live import schema

    schema.keep(connections[using])
