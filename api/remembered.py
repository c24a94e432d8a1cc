"""Lists that are read all day: their SQL is composed once per caller's scope and kept, and only the rows are new.

Composing a statement from a QuerySet, and planning it, cost more than running it. What is kept is the text with its
values, made by the very QuerySet of the scope; so nothing that depends on the moment may be in it. Where a database
needs its values converted (SQLite), the QuerySet itself is used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from events import prepared

MOST = 500

_kept: dict[Hashable, Remembered | None] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Remembered:
    """Stands where a QuerySet would in paging: `count()`, `values_list()` and a slice."""

    rows: str
    counting: str

    def values_list(self, *_sources: str) -> Remembered:
        """Itself: the columns were chosen when it was composed."""
        return self

    def count(self) -> int:
        """How many rows there are."""
        return int(_fetch(self.counting)[0][0])

    def __getitem__(self, part: slice) -> list[tuple[Any, ...]]:
        """The rows from `start` up to `stop`."""
        start = part.start or 0
        return _fetch(f"{self.rows} LIMIT {int(part.stop - start)} OFFSET {int(start)}")


def remembered(key: Hashable, make: Callable[[], QuerySet[Any]], sources: Sequence[str]) -> Any:
    """The list of a key, which must hold everything that `make` depends on.

    `make` gives an ordered, unsliced QuerySet, of which `sources` are read; it is asked once per key and process.
    Returns something to page through: a Remembered, or the QuerySet where the database's values must be converted.
    """
    if key not in _kept:
        found = _compose(make(), sources)
        with _lock:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = found
    else:
        found = _kept[key]
    return found or make()


def _compose(queryset: QuerySet[Any], sources: Sequence[str]) -> Remembered | None:
    """The statements of the rows and of their count; None where that is not enough."""
    if connection.vendor != "postgresql":
        return None
    try:
        compiler = queryset.values_list(*sources).query.get_compiler(queryset.db)
        rows = _text(*compiler.as_sql())
        if compiler.get_converters([entry[0] for entry in compiler.select]):
            return None
        counted = queryset.order_by().values("pk").query.get_compiler(queryset.db).as_sql()
    except EmptyResultSet:
        return None
    return Remembered(rows, f"SELECT COUNT(*) FROM ({_text(*counted)}) AS counted")  # noqa: S608 - composed by Django


def _text(sql: str, values: Sequence[Any]) -> str:
    return str(connection.ops.compose_sql(sql, values))  # type: ignore[attr-defined]


def _fetch(statement: str) -> list[tuple[Any, ...]]:
    with prepared.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
