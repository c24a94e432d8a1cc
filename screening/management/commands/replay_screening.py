"""`manage.py replay_screening <run>`: the same verdicts, or which input changed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from screening.models import Run
from screening.replay import replay, sentences


class Command(BaseCommand):
    """Judges again whom a run listed, by its snapshot and the table of its version."""

    help = "Answer a kept screening again: the same verdicts (exit 0), or which input changed since (exit 1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The run."""
        parser.add_argument("run", type=UUID, help="the id of the screening")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what came out. Raises CommandError for an unknown run or version, or where something differs."""
        run = Run.objects.filter(public_id=options["run"]).first()
        if run is None:
            raise CommandError("There is no such screening.")
        try:
            found = replay(run)
        except KeyError:
            raise CommandError(f"This release does not know the weight table {run.table_version}.") from None
        for sentence in sentences(found):
            self.stdout.write(sentence)
        if not found.is_same:
            raise CommandError("The verdicts are not the same.")
