"""`manage.py import_vocabulary <kind> <path>`: the publishers' own files (design §11). Repeatable."""

from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from vocabulary import importers

OWN: dict[str, Callable[..., Any]] = {
    "db07": importers.import_db07,
    "db25": importers.import_db25,
    "esco": importers.import_esco,
    "isco": importers.import_isco,
}


class Command(BaseCommand):
    """Import one classification; kinds of other apps are named in settings.IMPORTERS."""

    help = "Import a classification from its publisher's file and report what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Kind and path."""
        parser.add_argument("kind", choices=sorted({*OWN, *settings.IMPORTERS}))
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report. A file that cannot be read is a CommandError, and nothing is written."""
        kind, path = options["kind"], options["path"]
        if not path.exists():
            raise CommandError(f"There is no {path}")
        loud = options["verbosity"] > 0
        if kind in OWN:
            importer = partial(OWN[kind], progress=lambda step: self._tell(f"reading {step} …", loud))
        else:
            importer = import_string(settings.IMPORTERS[kind])
        try:
            report = importer(path)
        except (importers.UnreadableFile, UnicodeDecodeError) as problem:
            raise CommandError(f"{path.name} cannot be imported as {kind}: {problem}") from problem
        for line in report if isinstance(report, list | tuple) else [report]:
            self._tell(f"  {line}", loud and line is not None)

    def _tell(self, line: str, loud: bool) -> None:
        if loud:
            self.stdout.write(line)
