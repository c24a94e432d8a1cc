"""`manage.py database_roles`: the roles behind the second wall, made and granted; `--print` only shows the SQL."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from municipalities import roles


class Command(BaseCommand):
    """Run after `migrate`, as a role that may create roles; then set DATABASE_ROLES=1."""

    help = "Make the database's roles for requests and for screenings, and grant them what they need (PostgreSQL)."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--print`: for an administrator who runs the statements by hand. `--if-set`: for a start."""
        parser.add_argument("--if-set", action="store_true", help="do nothing unless DATABASE_ROLES is set")
        parser.add_argument("--print", action="store_true", dest="only_print", help="show the SQL, run nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or run. Raises CommandError on another database than PostgreSQL."""
        if options["if_set"] and not settings.DATABASE_ROLES:
            return
        if options["only_print"]:
            self.stdout.write("\n".join(f"{statement};" for statement in roles.grants()))
            return
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has such roles.")
        roles.install(connection)
        self.stdout.write("The roles nrs_app and nrs_screening are ready.")
