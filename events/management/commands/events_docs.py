"""manage.py events_docs: docs/events.md and docs/asyncapi.yaml from the declared events."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.documents import FOLDER, written


class Command(BaseCommand):
    """Run after an event was added or changed; `./run check` compares."""

    help = "Write docs/events.md and docs/asyncapi.yaml."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where they differ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError with the difference."""
        for file, text in written().items():
            name = f"{FOLDER.name}/{file.name}"
            if not options["check"]:
                file.write_text(text)
                self.stdout.write(f"{name}: written")
                continue
            old = file.read_text() if file.exists() else ""
            if old != text:
                lines = difflib.unified_diff(old.splitlines(), text.splitlines(), name, "declared", lineterm="")
                hint = "If the change is meant:  ./run manage events_docs"
                raise CommandError("\n".join([*list(lines)[:60], "", hint]))
