"""What differs between PostgreSQL and SQLite, and nothing else."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Sequence[int | str]


class Params:
    """The named parameters of one statement."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        """Keep a value; the placeholder that stands for it."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


class Dialect(ABC):
    """How one database takes a table as a parameter, and how a stage is kept from being merged into the next."""

    #: After a stage: evaluate its columns once, row by row, instead of copying the expressions to where they are used.
    fence: str

    def __init__(self) -> None:
        self.params = Params()

    @abstractmethod
    def table(self, name: str, columns: Sequence[str], rows: Sequence[Row], types: Sequence[str]) -> str:
        """A common table expression that holds these rows."""

    @abstractmethod
    def reading(self, connection: BaseDatabaseWrapper) -> AbstractContextManager[Any]:
        """A cursor that is set up for the statement."""


class PostgreSQL(Dialect):
    """Arrays unnested side by side: the planner sees their length."""

    fence = "OFFSET 0"

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Row], types: Sequence[str]) -> str:
        """`types` are the SQL types of the columns."""
        lists = [list(column) for column in zip(*rows, strict=True)] or [[] for _column in columns]
        arrays = (f"{self.params.add(values)}::{kind}[]" for values, kind in zip(lists, types, strict=True))
        return f"{name}({', '.join(columns)}) AS (SELECT * FROM unnest({', '.join(arrays)}))"

    @contextmanager
    def reading(self, connection: BaseDatabaseWrapper) -> Iterator[Any]:
        """Without JIT, which costs more than it gains here, and with room for the sets to look people up in."""
        with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true)")
            yield cursor


class SQLite(Dialect):
    """One JSON text per table, read once."""

    fence = "LIMIT -1"

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Row], types: Sequence[str]) -> str:
        """Without the cast a column has no type, and text would not be looked up by an index."""
        fields = ", ".join(f"CAST(json_extract(value, '$[{n}]') AS {kind})" for n, kind in enumerate(types))
        source = self.params.add(json.dumps([list(row) for row in rows]))
        return f"{name}({', '.join(columns)}) AS MATERIALIZED (SELECT {fields} FROM json_each({source}))"

    @contextmanager
    def reading(self, connection: BaseDatabaseWrapper) -> Iterator[Any]:
        """Outside a transaction: one would wait for whoever writes."""
        with connection.cursor() as cursor:
            yield cursor


def dialect_of(connection: BaseDatabaseWrapper) -> Dialect:
    """The dialect of a connection. Raises KeyError for a database that the product does not run on."""
    kinds: dict[str, type[Dialect]] = {"postgresql": PostgreSQL, "sqlite": SQLite}
    return kinds[connection.vendor]()
