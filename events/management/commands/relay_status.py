"""manage.py relay_status: how far behind, and what is dead."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from events import delivery
from events.health import summary
from events.models import Attempt


class Command(BaseCommand):
    """For people and for monitoring."""

    help = "Age and number of unsent events, and the deliveries that were given up, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--retry-dead", action="store_true", help="try what was given up again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        found: dict[str, Any] = dict(summary())
        if options["retry_dead"]:
            found["retried"] = delivery.retry_dead()
        dead = Attempt.objects.exclude(dead_at=None).select_related("event").order_by("dead_at")
        found["dead_deliveries"] = [
            {
                "event": str(attempt.event.public_id),
                "type": attempt.event.type,
                "consumer": attempt.consumer,
                "tries": attempt.tries,
                "error": attempt.error,
            }
            for attempt in dead[:50]
        ]
        self.stdout.write(json.dumps(found, indent=2))
