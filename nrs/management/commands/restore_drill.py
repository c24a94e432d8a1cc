"""`manage.py restore_drill [FOLDER] [--server URL]`: is a back-up good? Restored, compared, dropped."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from nrs.backups import drill, postgres, taking
from nrs.backups.postgres import Failed, Params


class Command(BaseCommand):
    """Changes nothing in the running installation; exit 1 where anything differs."""

    help = "Restore a back-up (one taken now, or the folder of `backup`) into a database of its own and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which back-up, and where the database of its own is made."""
        parser.add_argument("folder", type=Path, nargs="?", help="of manage.py backup; without it one is taken now")
        parser.add_argument("--server", default="", help="postgres://… of a role that may create databases")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report. Raises CommandError where something is wrong, or the drill could not be held."""
        try:
            with tempfile.TemporaryDirectory(prefix="nrs-backup-") as name:
                folder = options["folder"] or Path(name)
                if not options["folder"]:
                    taking.take(folder)
                wrong = self._report(folder, _server(options["server"]))
        except Failed as failed:
            raise CommandError(str(failed)) from None
        if wrong:
            raise CommandError(f"The restored database is not the one that was backed up: {', '.join(wrong)}.")
        self.stdout.write("The back-up is good. What the drill had made is gone.")

    def _report(self, folder: Path, server: Params) -> list[str]:
        wrong = []
        for finding in drill.drill(folder, server):
            wrong += [finding.name] if finding.wrong else []
            self.stdout.write("\n".join(finding.lines()))
        return wrong


def _server(url: str) -> Params:
    if url:
        return postgres.server_of(url)
    if connection.vendor != "postgresql":
        return {}
    connection.ensure_connection()
    return postgres.params_of(connection)
