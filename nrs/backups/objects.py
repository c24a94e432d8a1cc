"""The schema as digests: columns, constraints, indexes, triggers, functions, policies. And numbers that lag behind."""

from __future__ import annotations

import hashlib
import re
from typing import Any

#: How PostgreSQL writes a cast or a parenthesis changes when a definition is read in again; its meaning does not.
_SPELLING = re.compile(r"::(character varying|text)(\[\])?|[()\s]")
_OURS = "n.nspname = 'public'"
POSTGRESQL = {
    "column": """SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' '
        || a.attnotnull || ' ' || a.attidentity::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND """,
    "constraint": """SELECT r.relname || '.' || c.conname, pg_get_constraintdef(c.oid) || c.convalidated
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
        JOIN pg_namespace n ON n.oid = c.connamespace WHERE """,
    "index": """SELECT c.relname, pg_get_indexdef(c.oid) || i.indisvalid FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE """,
    "trigger": """SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND """,
    "function": """SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind <> 'a' AND """,
    "policy": """SELECT c.relname || '.' || p.polname, p.polcmd::text || p.polpermissive::text
        || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' '
        || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE """,
    "row-level security": """SELECT c.relname, c.relrowsecurity || ' ' || c.relforcerowsecurity FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND """,
}
SQLITE = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE name <> 'sqlite_stat1'"
SERIALS = """SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname = 'public'
    AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL ORDER BY 1, 2"""


def digests(connection: Any) -> dict[str, str]:
    """A digest of every definition, by kind and name."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            found: list[tuple[str, str]] = []
            for kind, query in POSTGRESQL.items():
                cursor.execute(query + _OURS)
                found += [(f"{kind} {name}", text) for name, text in cursor.fetchall()]
        else:
            cursor.execute(SQLITE)
            found = cursor.fetchall()
    return {name: hashlib.sha256(_SPELLING.sub("", text).encode()).hexdigest()[:16] for name, text in found}


def closed_to_the_system(connection: Any) -> list[str]:
    """Tables behind the wall whose rows a dump as the system would leave out without a word."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE "
            "p.polrelid = c.oid AND p.polname = 'the_system' AND p.polcmd = '*' AND p.polpermissive) ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def numbers_behind(connection: Any) -> list[str]:
    """Tables whose next number was given out already: the first new row would be refused."""
    behind = []
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            given = dict(cursor.fetchall())
            for table, number in given.items():
                cursor.execute(f"SELECT max(rowid) FROM {connection.ops.quote_name(table)}")
                behind += [table] if (cursor.fetchone()[0] or 0) > number else []
            return sorted(behind)
        cursor.execute(SERIALS)
        for table, column, sequence in cursor.fetchall():
            cursor.execute(
                f'SELECT coalesce((SELECT max("{column}") FROM "{table}"), 0) '
                f"> (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence})"
            )
            behind += [table] if cursor.fetchone()[0] else []
    return behind
