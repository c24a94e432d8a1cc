"""`manage.py backup FOLDER`: database and private files of one moment, with a picture to compare a restore with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nrs.backups import taking
from nrs.backups.postgres import Failed


class Command(BaseCommand):
    """While people go on working. The folder is not encrypted: do so before it leaves the machine."""

    help = "Back up the database and the private files into a new folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it, and say what it holds. Raises CommandError with a plain sentence."""
        try:
            manifest = taking.take(options["folder"])
        except Failed as failed:
            raise CommandError(str(failed)) from None
        tables = manifest["picture"]["tables"]
        self.stdout.write(
            f"{sum(count for count, _ in tables.values())} rows of {len(tables)} tables and {len(manifest['files'])} "
            f"private files in {options['folder']}, in {manifest['seconds']} s."
        )
