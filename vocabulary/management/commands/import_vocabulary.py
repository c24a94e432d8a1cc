"""`manage.py import_vocabulary <kind> <path>`: the publishers' own files (design §11). Repeatable."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from vocabulary import importers
from vocabulary.esco import import_esco
from vocabulary.packages import UnreadableFile
from vocabulary.progress import Bar, silent

OWN: dict[str, Callable[..., Any]] = {
    "db07": importers.import_db07,
    "db25": importers.import_db25,
    "esco": import_esco,
    "isco": importers.import_isco,
}


class Command(BaseCommand):
    """Import one classification; kinds of other apps are named in settings.IMPORTERS."""

    help = "Import a classification from its publisher's file, with a progress bar and a report of what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Kind and path."""
        parser.add_argument("kind", choices=sorted({*OWN, *settings.IMPORTERS}))
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--accept-loss", action="store_true", help="also when much of what is known is not in the file any more"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report. A file that cannot be read is a CommandError, and nothing is written."""
        kind, path = options["kind"], options["path"]
        if not path.exists():
            raise CommandError(f"There is no {path}")
        is_loud, begun = options["verbosity"] > 0, time.monotonic()
        importer = OWN.get(kind) or import_string(settings.IMPORTERS[kind])
        bar = Bar(sys.stderr) if is_loud else None
        try:
            report = importer(path, bar or silent, accepts_loss=options["accept_loss"])
        except (UnreadableFile, UnicodeDecodeError) as problem:
            raise CommandError(f"{path.name} cannot be imported as {kind}, nothing was changed: {problem}") from problem
        finally:
            if bar is not None:
                bar.finish()
        if is_loud:
            for counts in report:
                self.stdout.write(f"  {counts}")
            self.stdout.write(f"  done in {time.monotonic() - begun:.1f} s")
