"""manage.py data_map: the map of personal data in docs/privacy.md."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy import data_map


class Command(BaseCommand):
    """Run after a table or a text field was added; `./run check` compares."""

    help = "Write the map of personal data into docs/privacy.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where it differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError with what is not declared, or with the difference."""
        if found := data_map.problems():
            raise CommandError("\n".join(["privacy/data_map.py:", *found]))
        old, new = data_map.DOCUMENT.read_text(), data_map.document()
        if not options["check"]:
            data_map.DOCUMENT.write_text(new)
            self.stdout.write("docs/privacy.md: written")
        elif old != new:
            lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "docs/privacy.md", "declared", lineterm="")
            raise CommandError("\n".join([*list(lines)[:60], "", "If it is meant:  ./run manage data_map"]))
