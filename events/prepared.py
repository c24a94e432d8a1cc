"""A cursor for statements that come with nearly every call: PostgreSQL plans them once per connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

#: One for each connection of the driver; it goes with it.
_bound: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@contextmanager
def cursor() -> Iterator[CursorWrapper]:
    """Django's cursor, but with values bound by the server, so that a text that comes again is prepared.

    Django's own writes values into the text, and times of day are read in Python: for a short list, planning and
    reading cost more than running. Prepared after `prepare_threshold` times (settings). One cursor serves a connection:
    fetch all rows before the next statement. On SQLite it is Django's own, and while Django logs statements, since its
    log cannot read prepared ones.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql" or database.queries_logged:
        with database.cursor() as found:
            yield found
        return
    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_thread_sharing()
    yield database.make_cursor(_bound.get(database.connection) or _bind(database.connection))


def _bind(connection: Any) -> Any:
    from psycopg import Cursor
    from psycopg.types.datetime import TimestamptzLoader

    found = _bound[connection] = Cursor(connection)
    found.adapters.register_loader("timestamptz", TimestamptzLoader)
    return found
