"""manage.py webhooks: events to the addresses that asked for them, until stopped."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from events import bell
from events.webhooks import process


class Command(BaseCommand):
    """The webhook process of `docker compose`, `./run services` and `./run`."""

    help = "Send events to the webhooks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; SIGTERM and SIGINT end it after the deliveries in hand."""
        stop = threading.Event()

        def end(signum: int, frame: object) -> None:
            stop.set()
            bell.ring()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        self.stdout.write("webhooks: running")
        process.run(stop)
        self.stdout.write("webhooks: stopped")
