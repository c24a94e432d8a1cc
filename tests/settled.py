"""On PostgreSQL an event enters the feed once no older transaction of the whole cluster is running.

The other test process has transactions of its own in its own database: those who test the feed wait for them, bounded.
"""

from __future__ import annotations

import time

from django.db import connection, models

from events.models import Event

PATIENCE_S = 90


def wait_until_settled() -> None:
    """Return when every event written so far is in the feed. Fails after `PATIENCE_S`."""
    if connection.vendor != "postgresql":
        return
    newest = Event.objects.aggregate(newest=models.Max("xid"))["newest"] or 0
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [newest])
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("an older transaction is still running")
