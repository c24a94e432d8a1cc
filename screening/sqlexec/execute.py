"""Run the statement and read its answer."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from screening.compile import CompiledOrder
from screening.engine import LISTED
from screening.sqlexec.answer import SHOWN, Listed, Ranking
from screening.sqlexec.demands import PASSED_ALL
from screening.sqlexec.dialect import dialect_of
from screening.sqlexec.statement import COUNTED, statement
from screening.types import FUNNEL, OUTCOMES


def screen(order: CompiledOrder, people: QuerySet[Any], limit: int = LISTED) -> Ranking:
    """Screen the people of a pool (`screening.loading.pool`) inside the database: the integers of `engine.screen`.

    One statement, so that all of it is of one moment.
    """
    connection = connections[people.db]
    dialect = dialect_of(connection)
    sql = statement(order, people, limit, dialect)
    with dialect.reading(connection) as cursor:
        cursor.execute(sql, dialect.params.values)
        rows = cursor.fetchall()
    return _read(rows, order.table.version)


def _read(rows: list[tuple[int, int, int, int]], version: str) -> Ranking:
    counts = [0] * len(OUTCOMES)
    leaving = [0] * (PASSED_ALL + 1)
    lanes: tuple[list[Listed], ...] = tuple([] for _lane in SHOWN)
    for kind, a, b, c in rows:
        if kind == COUNTED:
            counts[a] += c
            leaving[b] += c
        else:
            lanes[kind].append(Listed(a, b, c))
    pool = left = sum(counts)
    funnel = {}
    for name, leavers in zip(FUNNEL, leaving, strict=False):
        left -= leavers
        funnel[name] = left
    return Ranking(
        lanes={name: tuple(lane) for name, lane in zip(SHOWN, lanes, strict=True)},
        counts=dict(zip(OUTCOMES, counts, strict=True)),
        funnel=funnel,
        pool=pool,
        version=version,
    )
