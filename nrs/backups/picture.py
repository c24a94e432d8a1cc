"""What a database holds, in counts and digests. The same code looks at the original and at what was restored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from events import clock
from events.models import Event
from events.restoring import UNBORN_SQL
from municipalities import wall
from nrs.backups import files, objects, sqlite
from screening.models import Run
from screening.replay import replay

#: Events from one mark of the chain to the next.
MARK = 1000
#: What `events_are_never_changed` freezes, and the order of writing.
FROZEN = (
    "id", "public_id", "type", "subject", "version", "municipality", "audience", "company", "actor_kind",
    "actor_role", "actor_municipality", "actor_id", "data", "happened_at", "recorded_at",
)  # fmt: skip
RUNS = 3
#: Seven bytes of a row's digest, to be summed up in PostgreSQL.
ROW = "('x' || encode(substr(sha256(convert_to(t::text, 'UTF8')), 1, 7), 'hex'))"


def take() -> dict[str, Any]:
    """Look at everything, as the system. The caller holds one snapshot, where others may write meanwhile."""
    with wall.as_system():
        _take_time()
        return {
            "made_at": clock.now().isoformat(),
            "database": connection.vendor,
            "missing_migrations": _missing_migrations(),
            "damage": sqlite.damage(connection) if connection.vendor == "sqlite" else [],
            "tables": {table: rows_of(table) for table in _tables()},
            "objects": objects.digests(connection),
            "numbers_behind": objects.numbers_behind(connection),
            "closed_to_the_system": objects.closed_to_the_system(connection),
            "events": chain(),
            "screenings": {str(run.public_id): _answer(run) for run in Run.objects.order_by("-pk")[:RUNS]},
            "files": files.named(),
            "seen_by_nobody": seen_by_nobody(),
        }


def _take_time() -> None:
    """A large table takes longer than a request may."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


def _missing_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _backwards in plan]


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def rows_of(table: str) -> list[Any]:
    """How many rows, and the sum of a digest of each: the same in whatever order they lie."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT count(*), coalesce(sum({ROW}::bit(56)::bigint), 0)::text FROM {name} t")
            return list(cursor.fetchone())
        cursor.execute(f"SELECT * FROM {name}")
        count = total = 0
        for row in cursor:
            count, total = count + 1, total + int(_digest(repr(row)), 16)
        return [count, str(total)]


def chain() -> dict[str, Any]:
    """The events in the order of writing, each sealed with all before it; a mark every thousand, by id."""
    seal, count, last, marks = "", 0, 0, {}
    for row in Event.objects.order_by("id").values_list(*FROZEN).iterator(chunk_size=MARK):
        seal, count, last = _digest(f"{seal} {row!r}"), count + 1, row[0]
        if count % MARK == 0:
            marks[str(last)] = seal
    return {"count": count, "last": last, "seal": seal, "marks": marks}


def unborn() -> int:
    """Events that the feed would hold back, since their transaction ids are another cluster's."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM events_event WHERE xid >= {UNBORN_SQL}")
        return int(cursor.fetchone()[0])


def _answer(run: Run) -> dict[str, Any]:
    """What a screening of the past answers today."""
    try:
        found = replay(run)
    except KeyError:
        return {"unknown": run.table_version}
    differing = {name: list(inputs) for name, inputs in sorted(found.differing.items())}
    return {"verdicts": found.verdicts, "erased": found.erased, "changed": list(found.changed), "differing": differing}


def seen_by_nobody() -> int | None:
    """Rows about citizens that somebody who was not proved finds; None where the connecting role passes every wall."""
    if connection.vendor != "postgresql" or (_passes_walls() and not settings.DATABASE_ROLES):
        return None
    with wall.as_nobody():
        return sum(_count(table) for table in wall.TABLES)


def _passes_walls() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        return bool(cursor.fetchone()[0])


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Keys that only one of two has, or that say something else, in words."""
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield f"{key}: gone"
        elif key not in before:
            yield f"{key}: new"
        elif before[key] != after[key]:
            yield f"{key}: {before[key]} became {after[key]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
