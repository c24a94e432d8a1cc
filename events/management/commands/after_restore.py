"""manage.py after_restore: once, after a dump was restored and before the processes start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from events.restoring import settle_restored


class Command(BaseCommand):
    """Safe to run at any time, and again."""

    help = "Make restored events readable in the feed where the dump came from another PostgreSQL cluster."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Settle, and say what was done."""
        count = settle_restored()
        if count:
            self.stdout.write(
                f"{count} events settled. Readers of the feed begin anew: GET /api/v1/events without after."
            )
        else:
            self.stdout.write("Nothing to do: the feed is in order.")
