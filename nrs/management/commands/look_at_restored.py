"""`manage.py look_at_restored`: what the drill asks of the restored database, as one line of JSON."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from events.restoring import settle_restored
from municipalities import roles
from nrs.backups import picture


class Command(BaseCommand):
    """Grants the roles anew, looks, then settles the feed. For a restored copy, not for the running database."""

    help = "The picture of a restored database, for restore_drill."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look before the feed is settled, since that writes; then say what the feed still holds back."""
        if settings.DATABASE_ROLES:
            roles.install(connection)
        with transaction.atomic():
            looked = picture.take()
        with transaction.atomic():
            settle_restored()
        self.stdout.write(json.dumps(looked | {"unborn_events": picture.unborn()}))
