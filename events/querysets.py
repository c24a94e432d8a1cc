"""How events are read: by audience, in the order of the feed, never skipping one that commits late."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from events.models import Event

#: Transactions below this are over, committed or rolled back: no row can appear among theirs any more.
HORIZON_SQL = "(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"


class EventQuerySet(models.QuerySet["Event"]):
    """Phrases for feed, history and relay."""

    def visible_to_codes(
        self, municipality: str | None = None, company: UUID | None = None, everything: bool = False
    ) -> EventQuerySet:
        """Those whose audience holds the municipality or the company; with neither, none."""
        if everything:
            return self.all()
        scope = Q()
        if municipality:
            scope |= Q(audience__contains=f"|{municipality}|")
        if company:
            scope |= Q(company=company)
        return self.filter(scope) if scope else self.none()

    def of(self, subject: UUID) -> EventQuerySet:
        """The history of one subject, oldest first."""
        return self.filter(subject=subject).order_by("id")

    def settled(self) -> EventQuerySet:
        """Only rows before which no other can still appear (below the oldest running transaction).

        The rows of the caller's own open transaction are not settled: tests of the feed need committed rows.
        """
        if connections[self.db].vendor != "postgresql":
            return self.all()
        return self.filter(xid__lt=RawSQL(HORIZON_SQL, [], output_field=models.BigIntegerField()))

    def after(self, cursor: str = "") -> EventQuerySet:
        """The feed behind a cursor ('' is the beginning), in feed order. Raises ValueError for nonsense."""
        feed = self.settled().order_by("xid", "id")
        if not cursor:
            return feed
        xid, pk = parse_cursor(cursor)
        return feed.filter(Q(xid__gt=xid) | Q(xid=xid, id__gt=pk), xid__gte=xid)

    def unsent(self) -> EventQuerySet:
        """What the relay has still to send, in the order of writing."""
        return self.filter(sent_at=None).order_by("id")

    def unhandled(self) -> EventQuerySet:
        """What some handler has still to see, in the order of writing."""
        return self.filter(handled_at=None).order_by("id")


def cursor_of(event: Event) -> str:
    """Where the feed goes on behind this event; opaque to readers."""
    return f"{event.xid}.{event.pk}"


def parse_cursor(cursor: str) -> tuple[int, int]:
    """(xid, id) of a cursor. Raises ValueError for anything that `cursor_of` did not write."""
    xid, dot, pk = cursor.partition(".")
    if not (dot and xid.isascii() and xid.isdigit() and pk.isascii() and pk.isdigit() and len(cursor) <= 40):
        raise ValueError("not a cursor of this feed")
    numbers = int(xid), int(pk)
    if max(numbers) >= 2**63:
        raise ValueError("not a cursor of this feed")
    return numbers
