"""Rows in bulk: COPY where PostgreSQL allows it, else INSERTs in batches. Either way the objects get their keys.

COPY does not go through row-level security; where a table's policies bind the role, PostgreSQL refuses it, and rows
go in as everybody's do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, ForeignKey, JSONField, Model

BATCH = 2000
Read = Callable[[Any], Any]


def insert(model: type[Model], rows: Iterable[Any]) -> None:
    """Insert them all, in their order."""
    found = list(rows)
    if connection.vendor == "postgresql" and len(found) >= BATCH and _may_copy(model):
        _copy(model, found)
    else:
        model._default_manager.bulk_create(found, batch_size=BATCH)


def _may_copy(model: type[Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT row_security_active(%s)", [model._meta.db_table])
        return bool(cursor.fetchone()[0])


def _copy(model: type[Model], rows: list[Any]) -> None:
    fields = [field for field in model._meta.local_concrete_fields if not _is_the_databases(field)]
    readers = [_reader(field) for field in fields]
    stamped = [field for field in fields if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)]
    relations = [field for field in fields if isinstance(field, ForeignKey)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        if model._meta.auto_field is not None:
            _number(cursor, model, rows)
        with cursor.cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                _know_the_keys(row, relations)
                for field in stamped:
                    field.pre_save(row, add=True)
                values = row.__dict__
                copy.write_row([read(values) for read in readers])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _is_the_databases(field: Field) -> bool:
    """Whether the database itself gives the value, such as the id of the writing transaction."""
    return field.db_default is not None and field.has_db_default()


def _reader(field: Field) -> Read:
    """The value of a row's field as COPY takes it."""
    name = field.attname
    if isinstance(field, JSONField):
        encoder = field.encoder or DjangoJSONEncoder
        return lambda values: json.dumps(values[name], cls=encoder)
    if field.get_internal_type() in _AS_THEY_ARE:
        return lambda values: values[name]
    return lambda values: field.get_db_prep_save(values[name], connection)


_AS_THEY_ARE = frozenset(
    {
        "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "DateField", "DateTimeField",
        "ForeignKey", "IntegerField", "OneToOneField", "PositiveIntegerField", "PositiveSmallIntegerField",
        "SmallIntegerField", "TextField", "UUIDField",
    }
)  # fmt: skip


def _know_the_keys(row: Any, relations: Iterable[ForeignKey]) -> None:
    """A row may be older than the key of the one that it belongs to."""
    values, related = row.__dict__, row._state.fields_cache
    for field in relations:
        if values[field.attname] is None and related.get(field.name) is not None:
            values[field.attname] = related[field.name].pk


def _number(cursor: Any, model: type[Model], rows: list[Any]) -> None:
    """Give out keys of the table's sequence, one after the other."""
    key = model._meta.pk
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                   [table, key.column, len(rows)])  # fmt: skip
    for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
        row.pk = number
