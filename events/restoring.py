"""The feed after a restore: PostgreSQL's transaction ids begin anew in a new cluster, those in the rows do not."""

from __future__ import annotations

from django.db import connections, models
from django.db.models.expressions import RawSQL

from events.models import Event

#: The first transaction id that this cluster has not given out yet; no row of its own can have it.
UNBORN_SQL = "(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint"


def settle_restored() -> int:
    """Put events with transaction ids from another cluster before all new ones, in the order of writing; how many.

    Otherwise the feed would hold them back until this cluster has caught up. It does nothing where no event needs it,
    so that readers' cursors stay good. The ids of events are free to change (migration 0002).
    """
    if connections[Event.objects.db].vendor != "postgresql":
        return 0
    if not Event.objects.filter(xid__gte=RawSQL(UNBORN_SQL, [], output_field=models.BigIntegerField())).exists():
        return 0
    return Event.objects.exclude(xid=0).update(xid=0)


def is_from_elsewhere(xid: int) -> bool:
    """Whether a cursor's transaction id cannot be this cluster's: what it has read was settled before a restore."""
    connection = connections[Event.objects.db]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s >= {UNBORN_SQL}", [xid])
        return bool(cursor.fetchone()[0])
