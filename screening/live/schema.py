"""The triggers that note whose profile changed, whoever writes: services, admin, raw SQL, imports, deletes.

PostgreSQL: one trigger per statement, the row carries the transaction's xid8. SQLite: one per row, in commit order,
because there is one writer. What touches everybody (TRUNCATE, a new postal point) changes the epoch instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

CHANGES, EPOCH = "screening_change", "screening_epoch"
#: Tables that a profile is made of, with the column of the candidate.
PROFILE: Final = {
    "candidates_candidate": "id",
    "candidates_candidateskill": "candidate_id",
    "candidates_candidatelicence": "candidate_id",
    "candidates_candidatecertificate": "candidate_id",
    "candidates_candidatelanguage": "candidate_id",
    "candidates_candidateoccupation": "candidate_id",
    "candidates_jobgoal": "candidate_id",
}
POINTS: Final = "municipalities_postalcode"
PREFIX: Final = "screening_notes_"
_PG_FUNCTIONS: Final = f"""
CREATE OR REPLACE FUNCTION {PREFIX}epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE {EPOCH} SET epoch = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {PREFIX}change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('INSERT INTO {CHANGES} (candidate) SELECT DISTINCT %I FROM written', TG_ARGV[0]);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        EXECUTE format('INSERT INTO {CHANGES} (candidate) SELECT DISTINCT %I FROM gone', TG_ARGV[0]);
    END IF;
    RETURN NULL;
END $$;
"""
_TABLES_SEEN: Final = {
    "INSERT": "REFERENCING NEW TABLE AS written",
    "UPDATE": "REFERENCING OLD TABLE AS gone NEW TABLE AS written",
    "DELETE": "REFERENCING OLD TABLE AS gone",
}
_RANDOM_UUID: Final = "lower(hex(randomblob(16)))"


@cache
def triggers(vendor: str) -> Mapping[str, str]:
    """The statement that makes each trigger, by its name; asked for with every look for changes."""
    return MappingProxyType(dict(_postgresql() if vendor == "postgresql" else _sqlite()))


def _postgresql() -> Iterator[tuple[str, str]]:
    for table, column in PROFILE.items():
        for event, seen in _TABLES_SEEN.items():
            name = f"{PREFIX}{event.lower()}_{table}"
            yield (
                name,
                (
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} {seen} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {PREFIX}change('{column}')"
                ),
            )
        name = f"{PREFIX}truncate_{table}"
        yield name, f"CREATE TRIGGER {name} AFTER TRUNCATE ON {table} EXECUTE FUNCTION {PREFIX}epoch()"
    name = f"{PREFIX}any_{POINTS}"
    events = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
    yield name, f"CREATE TRIGGER {name} AFTER {events} ON {POINTS} EXECUTE FUNCTION {PREFIX}epoch()"


def _sqlite() -> Iterator[tuple[str, str]]:
    for table, column in PROFILE.items():
        for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            name = f"{PREFIX}{event.lower()}_{table}"
            body = f"INSERT INTO {CHANGES} (candidate) VALUES ({rows[-1]}.{column});"
            if len(rows) > 1:
                body += f" INSERT INTO {CHANGES} (candidate) SELECT OLD.{column} WHERE OLD.{column} <> NEW.{column};"
            yield name, f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"
    for event in ("INSERT", "UPDATE", "DELETE"):
        name = f"{PREFIX}{event.lower()}_{POINTS}"
        yield (
            name,
            f"CREATE TRIGGER {name} AFTER {event} ON {POINTS} BEGIN UPDATE {EPOCH} SET epoch = {_RANDOM_UUID}; END",
        )


def present(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of our triggers that are there and switched on."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s AND tgenabled IN ('O', 'A') AND NOT tgisinternal"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"{PREFIX}%"])
        return {name for (name,) in cursor.fetchall()}


def install(connection: BaseDatabaseWrapper) -> int:
    """Make the triggers that are missing; returns how many. Whoever had read before has to read everything anew."""
    wanted = triggers(connection.vendor)
    missing = wanted.keys() - present(connection)
    if not missing:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PG_FUNCTIONS)
        for name in sorted(missing):
            cursor.execute(dropping(connection.vendor, name))
            cursor.execute(wanted[name])
    new_epoch(connection)
    return len(missing)


def keep(connection: BaseDatabaseWrapper) -> None:
    """Make missing triggers and a missing epoch again, where the tables are there: not after a migration backwards."""
    if EPOCH not in connection.introspection.table_names():
        return
    install(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {EPOCH}")
        [epochs] = cursor.fetchone()
    if not epochs:
        new_epoch(connection)


def dropping(vendor: str, name: str) -> str:
    """The statement that drops one of our triggers; PostgreSQL names it together with its table."""
    table = triggers(vendor)[name].split(" ON ")[1].split()[0]
    return f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if vendor == 'postgresql' else ''}"


def new_epoch(connection: BaseDatabaseWrapper) -> None:
    """Begin anew: no index that was read before may be used any more."""
    epoch = uuid.uuid4().hex
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {EPOCH} SET epoch = %s", [epoch])
        if cursor.rowcount == 0:
            cursor.execute(
                f"INSERT INTO {EPOCH} (id, epoch, pruned_to, next_prune) VALUES (1, %s, 0, 0) ON CONFLICT DO NOTHING",
                [epoch],
            )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop triggers and functions (for the way back of the migration)."""
    with connection.cursor() as cursor:
        for name in sorted(present(connection)):
            cursor.execute(dropping(connection.vendor, name))
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {PREFIX}change(), {PREFIX}epoch()")
