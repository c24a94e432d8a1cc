"""`manage.py import_candidates FILE --municipality 0219 --user anna@example.dk`: profiles from a file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from candidates.importing import Status, import_rows
from events.errors import DomainError
from municipalities.membership import actor_of, current


class Command(BaseCommand):
    """Imports candidates and prints the rows refused, then the totals."""

    help = "Import candidate profiles (NDJSON, or CSV by the file's name), upsert by case reference."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and who imports for which municipality."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, help="four-digit code")
        parser.add_argument("--user", required=True, help="e-mail of a consultant or caseworker there")
        parser.add_argument("--format", choices=["ndjson", "csv"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Raises CommandError when nothing could begin, or any row was refused."""
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
            with path.open("rb") as file:
                for result in import_rows(file, actor=actor_of(membership), format=kind):
                    totals[result.status] += 1
                    for problem in result.errors:
                        self.stderr.write(
                            f"{result.row}\t{result.external_reference}\t{problem.pointer}\t{problem.detail}"
                        )
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(" · ".join(f"{status}: {totals[status]}" for status in Status))
        if totals[Status.REFUSED]:
            raise CommandError(_("Some rows were refused; the others are in."))
