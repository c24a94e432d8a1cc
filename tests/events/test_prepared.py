"""Statements that come with every call are planned once on PostgreSQL, and give what Django's own cursor gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from events import prepared

pytestmark = pytest.mark.django_db
ON_POSTGRESQL = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no prepared statements")
MARKED = "SELECT 'planned once', CAST(%s AS integer)"


def asked(sql: str, values: list[Any]) -> Any:
    with prepared.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%planned once%'")
        return int(cursor.fetchone()[0])


def test_it_takes_values_as_every_cursor_does() -> None:
    assert [asked(MARKED, [n])[1] for n in range(10)] == list(range(10))


@ON_POSTGRESQL
def test_a_text_that_comes_again_is_planned_once_whatever_its_values() -> None:
    for n in range(10):
        asked(MARKED, [n])
    assert plans() == 1


@ON_POSTGRESQL
def test_times_come_in_utc() -> None:
    moment = dt.datetime(2026, 7, 1, 12, 30, 15, 250, tzinfo=dt.UTC)
    [read] = asked("SELECT CAST(%s AS timestamptz)", [moment])
    assert read == moment and read.utcoffset() == dt.timedelta(0)


@ON_POSTGRESQL
def test_the_log_of_statements_shows_them_all(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(10) as captured:
        for n in range(10):
            asked(MARKED, [n])
    assert all("planned once" in query["sql"] for query in captured.captured_queries)
