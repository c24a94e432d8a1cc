"""`manage.py check_migrations`: may the release before go on working while this one migrates? Part of `./run check`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nrs import upgrading


class Command(BaseCommand):
    """Reads the migrations; the database is not asked."""

    help = "Refuse migrations since the last release that break older code or lock large tables, without a reason."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError that names them."""
        found = upgrading.problems()
        if found:
            raise CommandError("\n".join([*found, "The rules, and how to state a reason: nrs/upgrading.py"]))
        self.stdout.write("The release before can go on working while this one migrates.")
