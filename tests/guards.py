"""House rules that hold in every test (shared style, section on guards); loaded by tests/conftest.py.

- A list that nobody ordered comes back shuffled: whoever relies on an order has to ask for one.
- A GET or HEAD through a test client fails when it writes anything but the rows named in `may_write`.
- An undefined template variable fails: pytest-django's FAIL_INVALID_TEMPLATE_VARS, set in pyproject.toml.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test.client import ClientHandler

WRITE = re.compile(
    r"\s*(?:WITH\b.*?\)\s*)?(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+[\"`]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
LAST_USE = re.compile(r'UPDATE "accounts_apitoken" SET "last_used_at" = [^,]+ WHERE ', re.IGNORECASE)
#: Who read what, who is logged in, who guessed passwords.
READS_LEAVE_TRACES_IN = frozenset({"candidates_accesslog", "django_session"})
_shuffle = random.Random(20160331)  # noqa: S311 - the same shuffle in every run


def written_table(sql: str) -> str | None:
    """The table that a statement writes to, None for one that reads."""
    found = WRITE.match(sql)
    return found.group(1).lower() if found else None


def may_write(sql: str) -> bool:
    """Whether a GET may send this statement: reads, access-log rows, sessions, a token's time of last use."""
    table = written_table(sql)
    if table is None or table in READS_LEAVE_TRACES_IN or table.startswith("axes_"):
        return True
    return table == "accounts_apitoken" and LAST_USE.match(sql) is not None


class Watch:
    """An execute wrapper that keeps the statements which a reading request may not send."""

    def __init__(self) -> None:
        self.forbidden: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not may_write(sql):
            self.forbidden.append(sql[:300])
        return execute(sql, params, many, context)


def reading_only(handle: Callable[..., Any]) -> Callable[..., Any]:
    """The client's handler, failing after a GET or HEAD that wrote; a 500 page cannot hide it."""

    def watched(self: ClientHandler, environ: dict[str, Any]) -> Any:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return handle(self, environ)
        watch = Watch()
        with ExitStack() as stack:
            for connection in connections.all(initialized_only=True):
                stack.enter_context(connection.execute_wrapper(watch))
            response = handle(self, environ)
        if watch.forbidden:
            raise AssertionError(f"GET {environ['PATH_INFO']} wrote: {watch.forbidden}")
        return response

    return watched


def shuffling(fetch_all: Callable[[Any], None]) -> Callable[[Any], None]:
    """`QuerySet._fetch_all` that shuffles what it has just read when nobody asked for an order."""

    def fetch(self: QuerySet[Any]) -> None:
        is_new = self._result_cache is None
        fetch_all(self)
        if is_new and not self.ordered and len(self._result_cache) > 1:
            _shuffle.shuffle(self._result_cache)

    return fetch


@pytest.fixture(autouse=True)
def house_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test plays by them."""
    monkeypatch.setattr(QuerySet, "_fetch_all", shuffling(QuerySet._fetch_all))
    monkeypatch.setattr(ClientHandler, "__call__", reading_only(ClientHandler.__call__))
    yield
