"""`manage.py load_scenario nrs-2016 | demo [--if-empty]` (design §10)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nrs.scenarios import loading


class Command(BaseCommand):
    """Play a made-up region through the services, in time order."""

    help = "Load a scenario into an empty region, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, and whether a region that is not empty is fine."""
        parser.add_argument("scenario", choices=sorted(loading.SCENARIOS))
        parser.add_argument("--if-empty", action="store_true", help="do nothing, and say nothing, where there is data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and tell what was done. Raises CommandError with a plain sentence where it is refused."""
        if options["if_empty"] and not loading.is_empty():
            return
        try:
            told = loading.load(options["scenario"])
        except loading.Refused as refused:
            raise CommandError(str(refused)) from refused
        if options["verbosity"]:
            self.stdout.write(told)
