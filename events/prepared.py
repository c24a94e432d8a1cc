"""A cursor for statements that come with nearly every call: PostgreSQL plans them once per connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def cursor() -> Iterator[CursorWrapper]:
    """Django's cursor, but with values bound by the server, so that a text that comes again is prepared.

    Django's own writes values into the text, and times of day are read in Python: for a short list, planning and
    reading cost more than running. Prepared after `prepare_threshold` times (settings). On SQLite it is Django's own,
    and while Django logs statements, since its log cannot read prepared ones.
    """
    with connection.cursor() as found:
        if connection.vendor == "postgresql" and not connection.queries_logged:
            _bind_on_server(found)
        yield found


def _bind_on_server(found: CursorWrapper) -> None:
    from psycopg import Cursor
    from psycopg.types.datetime import TimestamptzLoader

    found.cursor = Cursor(found.db.connection)
    found.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
