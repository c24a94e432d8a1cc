"""manage.py retention: apply the rules of retention now, or say what they would do."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import retention


class Command(BaseCommand):
    """Run it dry before a rule is made stricter."""

    help = "Delete and anonymise what is not kept any longer; each run is a row of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print a line per rule. Raises CommandError while another process does it."""
        done = retention.run(is_dry=options["dry_run"])
        if done is None:
            raise CommandError("Another process is at it. Try again later.")
        for code, count in sorted(done.counts.items()):
            self.stdout.write(
                f"{code:<12} {count['days']:>5} days, before {count['before']}: "
                f"{count['found']} found, {count['done']} done, {count['held']} held"
            )
        self.stdout.write(f"run {done.pk}{', dry: nothing was changed' if done.is_dry else ''}")
