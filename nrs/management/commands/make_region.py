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
from nrs.region import copies, course, deeds, firms, orders, people, staff, world


class Command(BaseCommand):
    """Companies, candidates and orders with their whole history; the same seed on the same day gives the same rows."""

    help = "Make a made-up region of any size (companies, candidates, orders with their history). For load and speed."

    def add_arguments(self, parser: CommandParser) -> None:
        """The sizes, the seed, and the two permissions."""
        parser.add_argument("--candidates", type=int, default=20_000)
        parser.add_argument("--orders", type=int, default=2_000)
        parser.add_argument("--companies", type=int, default=4_000)
        parser.add_argument("--drawn", type=int, help="draw at most so many orders, copy the rest (PostgreSQL)")
        parser.add_argument("--years", type=int, default=2, help="how long ago the first order was received")
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
        now = clock.day_start(day) + dt.timedelta(hours=12) if day else course.whole_minute(clock.now())
        begun = time.monotonic()
        _take_time()
        with transaction.atomic():
            self._make(options, world.load(options["seed"], now, 365 * options["years"]))
        if connection.vendor == "postgresql":
            # Figures read indexes alone, which needs the visibility map; nobody may vacuum within a transaction. There,
            # the own tables only: the lock on the server's catalogs would hold up other databases until the end.
            own = ", ".join(map(connection.ops.quote_name, connection.introspection.django_table_names(True)))
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {own}" if connection.in_atomic_block else "VACUUM (ANALYZE)")
        self._say(options, f"done in {time.monotonic() - begun:.1f} s")

    def _refuse(self, options: dict[str, Any]) -> None:
        if settings.PRODUCTION and not options["yes_made_up_data"]:
            raise CommandError("These are production settings. Made-up data needs --yes-made-up-data here.")
        if JobOrder.objects.exists() and not options["append"]:
            raise CommandError("This database holds orders already. --append adds to them.")
        if min(options["candidates"], options["companies"], options["orders"]) < 0 or options["years"] < 1:
            raise CommandError("Sizes cannot be negative.")
        if options["orders"] and (options["companies"] < 1 or options["candidates"] < 200):
            raise CommandError("Orders need at least one company and 200 candidates.")

    def _make(self, options: dict[str, Any], region: world.World) -> None:
        crew = staff.make(region)
        made = self._timed(options, "companies", lambda: firms.make(region, crew, options["companies"]))
        known = self._timed(options, "candidates", lambda: people.make(region, options["candidates"]))
        if not options["orders"]:
            return
        self._timed(options, "orders", lambda: self._history(options, region, crew, made, known))

    def _history(
        self, options: dict[str, Any], region: world.World, crew: staff.Staff, made: list[Any], known: list[Any]
    ) -> range:
        """Orders with what was done on them, part by part, the oldest first; very many of them as copies of some."""
        chance, at_home = (region.chance("orders"), region.chance("deeds")), deeds.by_home(known)
        planned = copies.plan(options["orders"], options["drawn"])
        for one in chance:
            one.is_copied = planned.copies > 0
        copier = copies.Copier(region, planned.copies) if planned.copies else None
        chosen, others = copies.blocks_of(at_home, planned.copies)
        done = 0
        for part in course.slices(planned.drawn, region.days):
            drawn = orders.draw(region, crew, made, part, chance[0], planned.copies)
            done_on = deeds.draw(region, crew, drawn, chosen, chance[1])
            orders.write(region, crew, drawn, part, chance[0])
            deeds.write(done_on)
            if copier:
                copier.know(drawn, done_on.nominations)
            done += part.count
            if done % 50_000 < part.count and done < planned.drawn:
                self._say(options, f"  {done} of {planned.drawn} orders")
        if copier:
            self._say(options, f"  {done} drawn, to be copied {planned.copies} times")
            copier.copy(chosen, others, lambda line: self._say(options, f"  {line}"))
        return range(planned.orders)

    def _timed(self, options: dict[str, Any], what: str, make: Callable[[], Any]) -> Any:
        begun = time.monotonic()
        rows = make()
        self._say(options, f"{what}: {len(rows)} ({time.monotonic() - begun:.1f} s)")
        return rows

    def _say(self, options: dict[str, Any], line: str) -> None:
        if options["verbosity"]:
            self.stdout.write(line)
            self.stdout.flush()


def _take_time() -> None:
    """No statement of this process is cut off for being long."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
