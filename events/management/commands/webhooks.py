"""manage.py webhooks: events to the addresses that asked for them, until stopped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from events import stopping
from events.webhooks import process


class Command(BaseCommand):
    """The webhook process of `docker compose`, `./run services` and `./run`."""

    help = "Send events to the webhooks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; SIGTERM and SIGINT end it after the deliveries in hand."""
        stop = stopping.on_signal()
        self.stdout.write("webhooks: running")
        process.run(stop)
        self.stdout.write("webhooks: stopped")
