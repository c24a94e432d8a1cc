"""A whole region out of PostgreSQL: every column as one array in the binary format, all tables in one snapshot.

COPY hands out one row at a time, which costs more in Python than all the rest. No figure is null, so that all elements
are equally long; words are sent as their place in their own table.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from screening.index.frame import COLUMNS, LISTS, NOWHERE, Books, Frame, Ints, number
from screening.live.reading import ACTIVE, FIRST_FIGURE, PEOPLE, TABLES, WORDS, beside, figures, skill_numbers

HEADER: Final = 20
"""Bytes before the elements: dimensions, flags, type, length, lower bound."""
VENDOR: Final = "postgresql"
_PLACES: Final = "(SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM {table})"


def fetch(connection: BaseDatabaseWrapper, books: Books) -> Frame:
    """Everybody who may be screened. Not to be called in a transaction: it needs a snapshot of its own."""
    with transaction.atomic(using=connection.alias, durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        people = _people(connection, books)
        lists = {name: _list(connection, name, books) for name in LISTS}
    return Frame(people, lists)


def _people(connection: BaseDatabaseWrapper, books: Books) -> dict[str, Ints]:
    homes, points = (_PLACES.format(table=f"municipalities_{name}") for name in ("municipality", "postalcode"))
    columns = ["c.id", "c.tie_seed", "home.n", "coalesce(point.n, -1)", *figures(VENDOR)]
    source = f"{PEOPLE} JOIN {homes} home ON home.code = c.home_id LEFT JOIN {points} point ON point.code = p.code"
    arrays = dict(zip(COLUMNS, _arrays(connection, columns, f"{source} WHERE {ACTIVE}"), strict=True))
    assert len(columns) == len(COLUMNS) and COLUMNS[FIRST_FIGURE] == "available"
    arrays["home"] = _numbers(connection, "municipalities_municipality", books.home)[arrays["home"]]
    postal = np.append(_numbers(connection, "municipalities_postalcode", books.postal), number(books.postal, NOWHERE))
    arrays["postal"] = postal[arrays["postal"]]
    return arrays


def _list(connection: BaseDatabaseWrapper, name: str, books: Books) -> tuple[Ints, ...]:
    table, word, _figures = TABLES[name]
    more = beside(VENDOR, name)
    if name not in WORDS:
        candidate, skill, *rest = _arrays(connection, ["candidate_id", word, *more], table)
        return (candidate, skill_numbers(skill, books), *rest)
    book, words = WORDS[name]
    source = f"{table} JOIN {_PLACES.format(table=words)} w ON w.code = {word}"
    candidate, key, *rest = _arrays(connection, ["candidate_id", "w.n", *more], source)
    return (candidate, _numbers(connection, words, getattr(books, book))[key], *rest)


def _numbers(connection: BaseDatabaseWrapper, table: str, book: dict[str, int]) -> Ints:
    """The books' number of every word of a table, in the order of the codes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code FROM {table} ORDER BY code")
        return np.array([number(book, code) for (code,) in cursor.fetchall()] or [0], np.int64)


def _arrays(connection: BaseDatabaseWrapper, columns: list[str], source: str) -> list[Ints]:
    """The columns of a SELECT, the first as int8, the others as int4."""
    asked = ", ".join(f"array_agg(({column})::{'int4' if at else 'int8'})" for at, column in enumerate(columns))
    raw: Any = connection.connection
    with psycopg.Cursor(raw) as cursor:
        result = cursor.execute(f"SELECT {asked} FROM {source}", binary=True).pgresult
        return [_array(result.get_value(0, at), ">i4" if at else ">i8") for at in range(len(columns))]


def _array(data: bytes | None, figure: str) -> Ints:
    """An array as PostgreSQL sends it: a header, then the length and the value of every element."""
    if data is None:
        return np.empty(0, np.int64)
    elements = np.frombuffer(data, np.dtype([("length", ">i4"), ("value", figure)]), offset=HEADER)
    return elements["value"].astype(np.int64)
