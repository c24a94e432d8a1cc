"""`manage.py import_candidates FILE --municipality 0219 --user anna@example.dk`: profiles from a file."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from candidates.importing import Status, as_data, import_rows
from events.errors import DomainError
from municipalities.membership import actor_of, current
from vocabulary.progress import Bar


class Command(BaseCommand):
    """Imports candidates and prints the rows refused, then the totals."""

    help = "Import candidate profiles (NDJSON, or CSV by the file's name), upsert by case reference."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and who imports for which municipality."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, help="four-digit code")
        parser.add_argument("--user", required=True, help="e-mail of a consultant or caseworker there")
        parser.add_argument("--format", choices=["ndjson", "csv"])
        parser.add_argument("--report", type=Path, help="write what became of each row, one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; memory does not grow with the file. Raises CommandError when nothing could begin, or a row was
        refused.
        """
        membership = current(
            user__email=options["user"].strip().lower(),
            municipality=options["municipality"],
            role__in=["consultant", "caseworker"],
        ).first()
        if membership is None:
            raise CommandError(_("Nobody with this e-mail keeps candidates in that municipality."))
        path: Path = options["file"]
        kind = options["format"] or ("csv" if path.suffix.lower() == ".csv" else "ndjson")
        totals: Counter[str] = Counter()
        try:
            with ExitStack() as files:
                rows = _rows_in(path)
                file = files.enter_context(path.open("rb"))
                results = import_rows(file, actor=actor_of(membership), format=kind)
                report = files.enter_context(options["report"].open("wb")) if options["report"] else None
                bar = Bar(sys.stderr) if options["verbosity"] else None
                for result in results:
                    totals[result.status] += 1
                    if report is not None:
                        report.write(orjson.dumps(as_data(result)) + b"\n")
                    if bar is not None:
                        bar("candidates", totals.total(), rows)
                    for problem in result.errors:
                        line = f"{result.row}\t{result.external_reference}\t{problem.pointer}\t{problem.detail}"
                        (bar.tell if bar is not None else self.stderr.write)(line)
                if bar is not None:
                    bar.finish()
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(" · ".join(f"{status}: {totals[status]}" for status in Status))
        if totals[Status.REFUSED]:
            raise CommandError(_("Some rows were refused; the others are in."))


def _rows_in(path: Path) -> int:
    """About how many rows there are: lines that hold something."""
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip())
