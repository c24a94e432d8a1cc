"""`import_companies FILE`: look at an extract of the business register, and with --apply take it in."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companies import register_files, register_rows
from companies.register_import import OUTCOMES, look, take_in
from events.errors import Invalid
from municipalities.actor import Actor
from vocabulary.models import IndustryVersion
from vocabulary.progress import Bar


class Command(BaseCommand):
    """Import companies."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its classification, and whether to write."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--industries", choices=IndustryVersion.values, default="DB25")
        parser.add_argument("--apply", action="store_true", help="write; without, only look")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report. Raises CommandError for a file that is not understood."""
        try:
            read = register_rows.rows_of(register_files.read(options["file"].read_bytes()))
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from None
        except Invalid as invalid:
            raise CommandError(str(invalid.errors[0].detail)) from None
        report = look(read, options["industries"])
        for name in ("rows", *OUTCOMES, "companies"):
            self.stdout.write(f"{name:>10}  {report[name]}")
        for code, count in {**report["remarks"], **report["reasons"]}.items():
            self.stdout.write(f"{count:>10}  {code}")
        for problem in report["problems"][:20]:
            self.stdout.write(f"row {problem['row']}: {problem['column']} {problem['code']}")
        if options["apply"]:
            self._apply(read, options["industries"])

    def _apply(self, read: register_rows.Read, version: str) -> None:
        bar, passed = Bar(self.stderr), 0  # type: ignore[arg-type]

        def done(rows: int, _counts: Counter[str]) -> None:
            nonlocal passed
            passed += rows
            bar("companies", passed, len(read.rows))

        take_in(read, version, Actor.system("import_companies"), progress=done)
        bar.finish()
        self.stdout.write("taken in")
