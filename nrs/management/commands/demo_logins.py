"""`manage.py demo_logins`: who can log in to the demo, where and how. Prints nothing anywhere else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from municipalities.membership import current
from nrs.scenarios.world import DEMO_PASSWORD

SHOWN = ("0219", "0270", "0217")


class Command(BaseCommand):
    """The logins of the demo region."""

    help = "Print the demo logins; only where NRS_DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Address, password, and one line per login worth trying. Raises CommandError outside the demo."""
        if not settings.DEMO:
            raise CommandError("There are no demo logins here: NRS_DEMO is not set.")
        rows = [
            (member.user.email, member.get_role_display(), str(member.municipality or ""))
            for member in current().select_related("municipality")
            if member.municipality_id in (None, *SHOWN) and member.user.email.endswith("@nrs.example")
        ]
        self.stdout.write(f"Log in at {settings.BASE_URL}/login with the password:  {DEMO_PASSWORD}\n\n")
        for email, role, place in rows:
            self.stdout.write(f"  {email:<36} {role:<14} {place}".rstrip())
        if settings.DEV_OUTBOX:
            self.stdout.write(f"\nMails that the demo sends:  {settings.BASE_URL}/dev/outbox")
        self.stdout.write("\nThe other municipalities have the same two, e.g. konsulent.alleroed@nrs.example.")
