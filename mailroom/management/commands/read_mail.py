"""Read the mailbox now: what the worker does every half minute."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mailroom import reading
from mailroom.models import IncomingMail, Mailbox
from mailroom.sources import opener


class Command(BaseCommand):
    """Prints as JSON what the mails became, what still waits, and what is wrong with the mailbox."""

    help = "Read the mailbox of MAILBOX_URL once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where no mailbox is set."""
        if not settings.MAILBOX_URL:
            raise CommandError("MAILBOX_URL is not set.")
        counted = reading.read(opener(settings.MAILBOX_URL)())
        waiting = IncomingMail.objects.filter(state=IncomingMail.State.CLAIMED).count()
        problems = list(Mailbox.objects.exclude(problem="").order_by("pk").values_list("problem", flat=True))
        self.stdout.write(json.dumps({"became": counted, "waiting": waiting, "problems": problems}))
