"""A token for a machine that acts through somebody's membership; the secret is printed once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import tokens
from accounts.models import ApiToken, User
from municipalities.actor import Role
from municipalities.membership import current
from municipalities.models import Membership


class Command(BaseCommand):
    """`create_token --user ann@example.org --municipality 0219 --role consultant --scope write`."""

    help = "Create an API token for a membership and print its secret once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it acts for, what it may, how long."""
        parser.add_argument("--user", required=True, help="e-mail of the user")
        parser.add_argument("--municipality", help="four-digit code; left out for roles that work for all nine")
        parser.add_argument("--role", choices=[role.value for role in Role], help="only if there are several")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.READ.value)
        parser.add_argument("--label", default="", help="what it is for")
        parser.add_argument("--days", type=int, default=365, help="how long it lives")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the secret alone on stdout, the rest on stderr. Raises CommandError."""
        if not 1 <= options["days"] <= 3650:
            raise CommandError("--days is from 1 to 3650")
        membership = _membership(options["user"], options["municipality"], options["role"])
        token, secret = tokens.issue(
            label=options["label"] or f"{membership.user.email} {membership.role}",
            membership=membership.public_id,
            scope=options["scope"],
            life=timedelta(days=options["days"]),
        )
        self.stderr.write(f"{token} acts as {membership}, scope {token.scope}, until {token.expires_at:%Y-%m-%d}.")
        self.stderr.write("The secret is shown only now:")
        self.stdout.write(secret)


def _membership(email: str, municipality: str | None, role: str | None) -> Membership:
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"there is no user {email}")
    found = current(user=user)
    if municipality:
        found = found.filter(municipality_id=municipality)
    if role:
        found = found.filter(role=role)
    memberships = list(found[:2])
    if not memberships:
        raise CommandError("this user has no such current membership")
    if len(memberships) > 1:
        raise CommandError("this user has several memberships: say --municipality and --role")
    return memberships[0]
