"""`manage.py statistics status --as-of 2016-03-31` prints the JSON of the API."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from campaigns import figures
from campaigns.periods import PERS
from events import clock


def moment(value: str) -> dt.datetime:
    """A time with offset as it is; one without is Copenhagen's; a bare date is its end."""
    if len(value) == 10:
        return clock.day_end(dt.date.fromisoformat(value))
    found = dt.datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=clock.COPENHAGEN)


class Command(BaseCommand):
    """Prints a figure as of a day."""

    help = "Prints a figure of the service as of a day, as known at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        """The figure, its two times, its period, and which orders."""
        parser.add_argument("figure", choices=list(figures.FUNCTIONS))
        parser.add_argument("--as-of", type=dt.date.fromisoformat)
        parser.add_argument("--known-at", type=moment)
        parser.add_argument("--from", dest="since", type=dt.date.fromisoformat)
        parser.add_argument("--to", dest="until", type=dt.date.fromisoformat)
        parser.add_argument("--municipality")
        parser.add_argument("--industry", help="a division such as 49, or unknown")
        parser.add_argument("--per", choices=PERS, default="month")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print. Raises CommandError for a period that ends before it begins."""
        names = ("as_of", "known_at", "since", "until", "municipality", "industry", "per")
        try:
            found = figures.figure(options["figure"], **{name: options[name] for name in names})
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
