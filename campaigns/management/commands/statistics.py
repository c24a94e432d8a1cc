"""`manage.py statistics status --as-of 2016-03-31` prints the JSON of the API."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from campaigns import statistics
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
        """The figure and its two times."""
        parser.add_argument("figure", choices=["status"])
        parser.add_argument("--as-of", type=dt.date.fromisoformat)
        parser.add_argument("--known-at", type=moment)
        parser.add_argument("--municipality")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        figure = statistics.status(options["as_of"], options["known_at"], options["municipality"])
        self.stdout.write(json.dumps(figure, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
