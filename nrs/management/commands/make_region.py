"""`manage.py make_region`: a made-up region of any size, for load and speed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from events import clock
from joborders.models import JobOrder
from municipalities.models import Municipality
from nrs.region import deeds, firms, orders, people, staff, world


class Command(BaseCommand):
    """Companies, candidates and orders with their whole history; the same seed on the same day gives the same rows."""

    help = "Make a made-up region of any size (companies, candidates, orders with their history). For load and speed."

    def add_arguments(self, parser: CommandParser) -> None:
        """The sizes, the seed, and the two permissions."""
        parser.add_argument("--candidates", type=int, default=20_000)
        parser.add_argument("--orders", type=int, default=2_000)
        parser.add_argument("--companies", type=int, default=4_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--day", type=dt.date.fromisoformat, help="the day up to which all happened (today)")
        parser.add_argument("--append", action="store_true", help="add to a database that holds orders already")
        parser.add_argument("--yes-made-up-data", action="store_true", help="also with production settings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the region in one transaction. Raises CommandError where it must not, or for impossible sizes."""
        self._refuse(options)
        if not Municipality.objects.exists():
            call_command("load_reference", verbosity=0)
        day = options["day"]
        now = clock.day_start(day) + dt.timedelta(hours=12) if day else clock.now().replace(microsecond=0)
        begun = time.monotonic()
        with transaction.atomic():
            self._make(options, world.load(options["seed"], now))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self._say(options, f"done in {time.monotonic() - begun:.1f} s")

    def _refuse(self, options: dict[str, Any]) -> None:
        if settings.PRODUCTION and not options["yes_made_up_data"]:
            raise CommandError("These are production settings. Made-up data needs --yes-made-up-data here.")
        if JobOrder.objects.exists() and not options["append"]:
            raise CommandError("This database holds orders already. --append adds to them.")
        if min(options["candidates"], options["companies"], options["orders"]) < 0:
            raise CommandError("Sizes cannot be negative.")
        if options["orders"] and (options["companies"] < 1 or options["candidates"] < 200):
            raise CommandError("Orders need at least one company and 200 candidates.")

    def _make(self, options: dict[str, Any], region: world.World) -> None:
        crew = staff.make(region)
        made = self._timed(options, "companies", lambda: firms.make(region, crew, options["companies"]))
        known = self._timed(options, "candidates", lambda: people.make(region, options["candidates"]))
        if not options["orders"]:
            return
        drawn = self._timed(options, "orders", lambda: orders.make(region, crew, made, options["orders"]))
        self._timed(options, "steps on orders", lambda: deeds.make(region, drawn, known) or drawn)

    def _timed(self, options: dict[str, Any], what: str, make: Callable[[], list[Any]]) -> list[Any]:
        begun = time.monotonic()
        rows = make()
        self._say(options, f"{what}: {len(rows)} ({time.monotonic() - begun:.1f} s)")
        return rows

    def _say(self, options: dict[str, Any], line: str) -> None:
        if options["verbosity"]:
            self.stdout.write(line)
            self.stdout.flush()
