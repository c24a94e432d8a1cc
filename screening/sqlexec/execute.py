"""Run the statement and read its answer."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from screening.compile import CompiledOrder
from screening.engine import LISTED
from screening.ranking import SHOWN, Listed, Ranking
from screening.sqlexec.demands import PASSED_ALL
from screening.sqlexec.dialect import dialect_of
from screening.sqlexec.statement import BY_HOME, COUNTED, ahead, ranking, statement
from screening.types import FUNNEL, OUTCOMES, Outcome


def screen(order: CompiledOrder, people: QuerySet[Any], limit: int = LISTED) -> Ranking:
    """Screen the people of a pool (`screening.loading.pool`) inside the database: the integers of `engine.screen`.

    One statement, so that all of it is of one moment.
    """
    return _read(_answered(order, people, ranking(limit)), order.table.version)


def place(order: CompiledOrder, people: QuerySet[Any], outcome: Outcome, raw: int) -> int:
    """The place, from 1, that this raw fit has in a shown lane; equals share it."""
    [(before,)] = _answered(order, people, ahead(OUTCOMES.index(outcome), raw))
    return int(before) + 1


def by_home(order: CompiledOrder, people: QuerySet[Any]) -> dict[str, dict[Outcome, int]]:
    """How many people of each home municipality (its code) are in each shown lane."""
    found: dict[str, dict[Outcome, int]] = {}
    for home, lane, number in _answered(order, people, BY_HOME, with_fit=False):
        found.setdefault(home, {})[OUTCOMES[lane]] = number
    return found


def _answered(order: CompiledOrder, people: QuerySet[Any], answer: str, *, with_fit: bool = True) -> list[Any]:
    connection = connections[people.db]
    dialect = dialect_of(connection)
    sql = statement(order, people, answer, dialect, with_fit=with_fit)
    with dialect.reading(connection) as cursor:
        cursor.execute(sql, dialect.params.values)
        rows: list[Any] = cursor.fetchall()
    return rows


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
