"""House rules that hold in every test (shared style, section on guards); loaded by tests/conftest.py.

- A list that nobody ordered comes back shuffled: whoever relies on an order has to ask for one.
- A GET or HEAD through a test client fails when it writes anything but the rows named in `may_write`.
- An event whose data is not what its app declares of it (`<app>/event_kinds.py`) fails where it is written.
- An undefined template variable fails: pytest-django's FAIL_INVALID_TEMPLATE_VARS, set in pyproject.toml.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test.client import ClientHandler
from jsonschema import Draft202012Validator

from events import kinds, services
from events.models import Event

WRITE = re.compile(
    r"\s*(?:WITH\b.*?\)\s*)?(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+[\"`]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
LAST_USE = re.compile(r'UPDATE "accounts_apitoken" SET "last_used_at" = [^,]+ WHERE ', re.IGNORECASE)
#: Who read what, who is logged in, who guessed passwords.
READS_LEAVE_TRACES_IN = frozenset({"candidates_accesslog", "django_session"})
#: A browser comes back from an identity provider by a GET, with a state that is good once: what a login writes (ADR 7).
LOGIN_BY_GET = re.compile(r"/login/with/[a-z0-9-]+/done")
A_LOGIN_WRITES = frozenset({"accounts_user", "accounts_externallogin", "municipalities_membership"})
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
        if LOGIN_BY_GET.fullmatch(environ["PATH_INFO"]):
            watch.forbidden = [sql for sql in watch.forbidden if written_table(sql) not in A_LOGIN_WRITES]
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


@cache
def _validator(type: str) -> Draft202012Validator | None:
    kind = kinds.find(type)
    closed = {"additionalProperties": False}
    return None if kind is None else Draft202012Validator({**kind.data_schema(), **closed})


def as_declared(build: Callable[..., Event]) -> Callable[..., Event]:
    """`services._built`, failing for data that the event's declaration does not allow. Made-up types pass."""

    def built(*args: Any, **values: Any) -> Event:
        event = build(*args, **values)
        validator = _validator(event.type)
        if validator is not None:
            problems = [f"{event.type}: {problem.message}" for problem in validator.iter_errors(event.data)]
            assert not problems, f"not as declared in event_kinds.py: {problems}"
        return event

    return built


@pytest.fixture(autouse=True)
def house_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test plays by them."""
    monkeypatch.setattr(QuerySet, "_fetch_all", shuffling(QuerySet._fetch_all))
    monkeypatch.setattr(ClientHandler, "__call__", reading_only(ClientHandler.__call__))
    yield


@pytest.fixture(autouse=True)
def events_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event is as its app declares it. The tests of the event machinery, which make up theirs, do without."""
    monkeypatch.setattr(services, "_built", as_declared(services._built))
