"""Statements that come with every call of a busy service: composed once per process, planned once per connection.

Composing a statement anew costs more than running it. The QuerySets stay the one place for scopes and filters: what is
kept is their text, with places for the values. On SQLite, which needs its values converted, the QuerySet itself runs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.fields import Field

from events import prepared

Make = Callable[..., QuerySet[Any, Any]]
Places = tuple[int | None, ...]


class _Given(Expression):
    """The place of a value that is known only when the statement runs."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A placeholder; among the parameters, itself."""
        return "%s", [self]


def rows(make: Make, fixed: tuple[Hashable, ...], *given: Any) -> list[tuple[Any, ...]]:
    """The rows of `make(*fixed, *given)`, a `values_list` QuerySet of a function at module level.

    `fixed` (an actor, say) may change the statement, `given` only its values: each is a value, not None, or a list of
    them. Nothing else that changes may be in the statement.
    """
    if connection.vendor != "postgresql":
        return list(make(*fixed, *given))
    lengths = tuple(len(value) if isinstance(value, list) else None for value in given)
    statement = _composed(make, fixed, lengths)
    if statement is None:
        return []
    values = list(_flat(given))
    with prepared.cursor() as cursor:
        cursor.execute(
            statement[0],
            [values[part.place] if isinstance(part, _Given) else part for part in statement[1]],
        )
        return list(cursor.fetchall())


def _flat(given: Sequence[Any]) -> Iterator[Any]:
    for value in given:
        if isinstance(value, list):
            yield from value
        else:
            yield value


@lru_cache(maxsize=500)
def _composed(
    make: Make, fixed: tuple[Hashable, ...], lengths: tuple[int | None, ...]
) -> tuple[str, tuple[Any, ...]] | None:
    """Text and parameters; None where there is nothing to find."""
    places = iter(range(sum(1 if length is None else length for length in lengths)))
    given = [
        _Given(next(places)) if length is None else [_Given(next(places)) for _ in range(length)] for length in lengths
    ]
    compiler = make(*fixed, *given).query.get_compiler(connection=connection)
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    return text, tuple(parameters)


def insert(*rows: Model) -> None:
    """Write new rows of one model in one statement; they get their keys. What has a default in the database gets that.

    As `bulk_create`, without the composing: the model's `save` is not called, and no signal is sent. Columns that are
    empty in every row are left out: an order has many of them.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in _fields(model) if any(getattr(row, field.attname) is not None for row in rows)]
    text = _insertion(model, tuple([field.column for field in fields]), len(rows))
    database = connections[DEFAULT_DB_ALIAS]  # itself: the proxy looks it up at every touch
    values = [field.get_db_prep_save(getattr(row, field.attname), database) for row in rows for field in fields]
    with prepared.cursor() as cursor:
        cursor.execute(text, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    found = model._meta.concrete_fields
    return tuple(field for field in found if not field.primary_key and not field.has_db_default())


@lru_cache(maxsize=500)
def _insertion(model: type[Model], columns: tuple[str, ...], count: int) -> str:
    meta, quoted = model._meta, connection.ops.quote_name
    key = meta.pk
    assert key is not None
    names = ", ".join(map(quoted, columns))
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    return f"INSERT INTO {quoted(meta.db_table)} ({names}) VALUES {values} RETURNING {quoted(key.column)}"  # noqa: S608
