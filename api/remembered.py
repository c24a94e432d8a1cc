"""Lists that are read all day: their SQL is composed once per caller's scope and kept, and only the rows are new.

Composing a statement from a QuerySet costs more than running it. What is kept is the text and the parameters, made by
the very QuerySet of the scope; so nothing that depends on the moment may be in it. Where a database needs its values
converted (SQLite), the QuerySet itself is used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 500

_Statement = tuple[str, tuple[Any, ...], str, tuple[Any, ...]]
_kept: dict[Hashable, _Statement | None] = {}
_lock = Lock()


class Remembered:
    """Stands where a `values_list` QuerySet would in paging: `count()` and a slice."""

    def __init__(self, statement: _Statement) -> None:
        self._rows, self._parameters, self._counting, self._counted = statement

    def values_list(self, *_sources: str) -> Remembered:
        """Itself: the columns were chosen when it was composed."""
        return self

    def count(self) -> int:
        """How many rows there are."""
        with connection.cursor() as cursor:
            cursor.execute(self._counting, self._counted)
            return int(cursor.fetchone()[0])

    def __getitem__(self, part: slice) -> list[tuple[Any, ...]]:
        """The rows from `start` up to `stop`."""
        with connection.cursor() as cursor:
            start = part.start or 0
            cursor.execute(f"{self._rows} LIMIT %s OFFSET %s", [*self._parameters, part.stop - start, start])
            return list(cursor.fetchall())


def remembered(key: Hashable, make: Callable[[], QuerySet[Any]]) -> Any:
    """The list of a key, which must hold everything that `make` depends on.

    `make` gives an ordered, unsliced `values_list` QuerySet; it is asked once per key and process. Returns something
    to page through: a Remembered, or the QuerySet where the database's values must be converted.
    """
    if key in _kept:
        statement = _kept[key]
        return Remembered(statement) if statement else make()
    queryset = make()
    statement = _compose(queryset)
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = statement
    return Remembered(statement) if statement else queryset


def _compose(queryset: QuerySet[Any]) -> _Statement | None:
    """Text and parameters of the rows and of their count; None where that is not enough."""
    compiler = queryset.query.get_compiler(queryset.db)
    counter = queryset.order_by().values("pk").query.get_compiler(queryset.db)
    try:
        rows, parameters = compiler.as_sql()
        inner, counted = counter.as_sql()
    except EmptyResultSet:
        return None
    if connection.vendor != "postgresql" or compiler.get_converters([entry[0] for entry in compiler.select]):
        return None
    return rows, tuple(parameters), f"SELECT COUNT(*) FROM ({inner}) AS counted", tuple(counted)  # noqa: S608
