"""Very many rows at once, straight into a table: by COPY, or by one statement many times (SQLite, behind a wall)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values (text, numbers, truth values, dates, None) by column name, in any number.

    No objects are made and no defaults filled in; the database's own constraints and triggers hold. `rows` may be a
    generator that is read as it is written. Raises IntegrityError.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql" and not _has_a_wall(cursor, model._meta.db_table):
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        plain = (tuple(value.isoformat() if isinstance(value, dt.date) else value for value in row) for row in rows)
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain)


def _has_a_wall(cursor: Any, table: str) -> bool:
    """Whether row-level security holds for the present role: COPY is not possible then."""
    cursor.execute(f"SELECT row_security_active('{table}')")  # a statement that names the table: the wall is told
    return bool(cursor.fetchone()[0])
