"""What changed since a reader last looked: one round trip, no timestamp, nothing lost.

PostgreSQL: a reader keeps the oldest transaction that was still running when it looked (`pg_snapshot_xmin`); whatever
commits later carries an xid at least as high. Rows that it has seen already are told by their key. SQLite: one writer,
so the keys come in the order of the commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper

from events import prepared
from screening.live import schema

MOST_CHANGES = 50_000
"""More changes than this are not caught up with: everything is read anew."""
LAST_XID = 2**64 - 1
"""A span whose ends the planner does not see is taken for short, whatever the token, so that the index is used."""


class NotUsable(Exception):
    """The change feed cannot be trusted; the sentence says why, for the health page."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader has read: `token` is a transaction (PostgreSQL) or a key (SQLite)."""

    epoch: str
    schema: str
    """Changes when a trigger is made anew."""
    token: int
    seen: frozenset[int] = frozenset()
    """Changes at or after the token that were read already."""


@dataclass(frozen=True, slots=True)
class News:
    """A mark to go on from, and whose profiles changed since the last one; None: too much, or another epoch."""

    mark: Mark
    changed: frozenset[int] | None


_POSTGRESQL = f"""
SELECT e.epoch::text, e.pruned_to, t.found, t.mark, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.ids, c.who
FROM (SELECT count(*) AS found, sum(oid::bigint + xmin::text::bigint)::text AS mark FROM pg_trigger
      WHERE tgname LIKE '{schema.PREFIX}%%' AND tgenabled IN ('O', 'A') AND NOT tgisinternal) t
LEFT JOIN {schema.EPOCH} e ON e.id = 1
LEFT JOIN LATERAL (
    SELECT array_agg(id) AS ids, array_agg(candidate) AS who FROM (
        SELECT id, candidate FROM {schema.CHANGES}
        WHERE xid BETWEEN (SELECT coalesce(%s::text::xid8, pg_snapshot_xmin(pg_current_snapshot())))
            AND (SELECT '{LAST_XID}'::xid8)
        LIMIT {MOST_CHANGES + 1}
    ) AS newer
) c ON true
"""
_SQLITE = f"""
SELECT (SELECT epoch FROM {schema.EPOCH}), (SELECT pruned_to FROM {schema.EPOCH}),
    (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{schema.PREFIX}%%'),
    (SELECT schema_version FROM pragma_schema_version),
    (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{schema.CHANGES}')
"""
_NEWER = f"SELECT id, candidate FROM {schema.CHANGES} WHERE id > %s LIMIT {MOST_CHANGES + 1}"


def news(connection: BaseDatabaseWrapper, since: Mark | None) -> News:
    """What changed since the mark; without one, where to begin. Raises NotUsable."""
    if connection.vendor == "postgresql":
        token = None if since is None else str(since.token)
        epoch, pruned, found, version, upto, ids, who = _row(connection, _POSTGRESQL, [token])
        rows = list(zip(ids or (), who or (), strict=True))
    else:
        # The changes first: what is pruned in between shows in the row that is read after them.
        rows = [] if since is None else _rows(connection, _NEWER, [since.token])
        epoch, pruned, found, version, upto = _row(connection, _SQLITE, [])
        upto = max((key for key, _who in rows), default=upto if since is None else since.token)
    if epoch is None:
        raise NotUsable("the epoch row of the change feed is missing")
    if (wanted := len(schema.triggers(connection.vendor))) != found:
        raise NotUsable(f"{wanted - found} of {wanted} triggers of the change feed are missing")
    seen = frozenset(key for key, _who in rows) if connection.vendor == "postgresql" else frozenset()
    fresh = Mark(str(epoch), str(version), upto, seen)
    if since is None or (since.epoch, since.schema) != (fresh.epoch, fresh.schema):
        return News(fresh, None)
    if since.token < pruned or len(rows) > MOST_CHANGES:
        return News(fresh, None)
    return News(fresh, frozenset(who for key, who in rows if key not in since.seen))


def _row(connection: BaseDatabaseWrapper, sql: str, values: list[Any]) -> tuple[Any, ...]:
    [row] = _rows(connection, sql, values)
    return row


def _rows(connection: BaseDatabaseWrapper, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Before every screening, so planned once per connection: planning costs more than running."""
    with prepared.cursor() if connection.alias == DEFAULT_DB_ALIAS else connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def prune(connection: BaseDatabaseWrapper) -> int:
    """Forget the changes from before the last call; a reader older than that reads everything anew. Returns how many.

    To be called in a transaction.
    """
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        lock = " FOR NO KEY UPDATE" if is_postgresql else ""
        cursor.execute(f"SELECT next_prune FROM {schema.EPOCH} WHERE id = 1{lock}")
        row = cursor.fetchone()
        if row is None:
            return 0
        if is_postgresql:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        else:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {schema.CHANGES}")
        [upto] = cursor.fetchone()
        cursor.execute(f"UPDATE {schema.EPOCH} SET pruned_to = %s, next_prune = %s WHERE id = 1", [row[0], upto])
        if is_postgresql:
            cursor.execute(f"DELETE FROM {schema.CHANGES} WHERE xid < %s::text::xid8", [str(row[0])])
        else:
            cursor.execute(f"DELETE FROM {schema.CHANGES} WHERE id <= %s", [row[0]])
        return cursor.rowcount
