"""Reads that may be answered by a streaming replica (`REPLICA_URL`), and never show less than the primary would.

Who reads says so (`@from_replica`): figures, registers without people, and what the screening's index is built from.
Nothing else goes there. Before each such read the primary is asked how far its log is on disk, and the replica how far
it has replayed: whatever was committed when the read began, by whomever, is in the answer. So one's own writes are
read, and nobody goes back in time when one read is answered here and the next one there. A replica that is not as far
within `REPLICA_WAIT`, is away, breaks off, follows another server or follows nobody is left alone for a moment, and
the primary answers.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

P = ParamSpec("P")
T = TypeVar("T")

ALIAS = "replica"
BEHIND_SECONDS, AWAY_SECONDS = 1.0, 5.0
"""For how long a replica that lags, or that is away, is left alone."""
LOOKS_EVERY_SECONDS = 0.002
BROKEN = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

log = logging.getLogger(__name__)
_routed: ContextVar[bool] = ContextVar("replica", default=False)
_left_alone_until = -math.inf
_why = ""

_ON_DISK = "SELECT pg_current_wal_flush_lsn()::text, system_identifier FROM pg_control_system()"
_REPLAYED = """
SELECT pg_is_in_recovery(), system_identifier, coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, false)
FROM pg_control_system()
"""


class Router:
    """Sends the reads within `from_replica` to the replica, and everything else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Where this thread reads now, whatever an object at hand was read from."""
        return ALIAS if _routed.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both are the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The replica gets its schema by streaming."""
        return db != ALIAS


class NotAsFar(Exception):
    """The replica cannot be read from now; the sentence says why."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


def from_replica(work: Callable[P, T]) -> Callable[P, T]:
    """A function that only reads, shared rows and nothing that is decided upon: the replica answers where it can.

    When the replica fails on the way, the function is called once more, on the primary.
    """

    @wraps(work)
    def read(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _may_be_asked():
            return work(*args, **kwargs)
        try:
            _wait_until_as_far()
            with _through(is_routed=True):
                return work(*args, **kwargs)
        except NotAsFar as problem:
            _leave_alone(str(problem), problem.seconds)
        except BROKEN as problem:
            if _took_too_long(problem):
                raise  # it would take the primary as long
            _leave_alone(f"it broke off ({type(problem).__name__})", AWAY_SECONDS)
            connections[ALIAS].close()
        return work(*args, **kwargs)

    return read


def connection() -> BaseDatabaseWrapper:
    """For statements of one's own: where this thread reads now."""
    return connections[ALIAS if _routed.get() else DEFAULT_DB_ALIAS]


@contextmanager
def on_primary() -> Iterator[None]:
    """For what is kept longer than the read: it must be as new as the stamp that it is kept under."""
    with _through(is_routed=False):
        yield


def summary() -> dict[str, Any] | None:
    """Whether this process reads from the replica now, and why not; None without one."""
    if ALIAS not in connections.settings:
        return None
    is_asked = time.monotonic() >= _left_alone_until
    return {"asked": is_asked, "why": "" if is_asked else _why}


def forget() -> None:
    """Ask the replica again at the next read."""
    global _left_alone_until
    _left_alone_until = -math.inf


@contextmanager
def _through(*, is_routed: bool) -> Iterator[None]:
    token = _routed.set(is_routed)
    try:
        yield
    finally:
        _routed.reset(token)


def _may_be_asked() -> bool:
    """Not within a read that goes there already, nor in a transaction: that must see what it wrote itself."""
    return (
        ALIAS in connections.settings
        and not _routed.get()
        and time.monotonic() >= _left_alone_until
        and not connections[DEFAULT_DB_ALIAS].in_atomic_block
    )


def _wait_until_as_far() -> None:
    """Until the replica has replayed what is committed now. Raises NotAsFar."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_ON_DISK)
        wanted, server = cursor.fetchone()
    deadline = time.monotonic() + settings.REPLICA_WAIT
    while True:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_REPLAYED, [wanted])
            follows, followed, is_as_far = cursor.fetchone()
        if not follows or followed != server:
            raise NotAsFar("REPLICA_URL is no replica of DATABASE_URL", AWAY_SECONDS)
        if is_as_far:
            return
        if time.monotonic() >= deadline:
            raise NotAsFar(f"it was behind for {settings.REPLICA_WAIT} s", BEHIND_SECONDS)
        time.sleep(LOOKS_EVERY_SECONDS)


def _took_too_long(problem: Exception) -> bool:
    """By the statement's own time-out; a conflict with what is replayed has another code."""
    return isinstance(problem, psycopg.errors.QueryCanceled) or isinstance(
        problem.__cause__, psycopg.errors.QueryCanceled
    )


def _leave_alone(why: str, seconds: float) -> None:
    global _left_alone_until, _why
    _left_alone_until, _why = time.monotonic() + seconds, why
    log.warning("the replica is left alone for %.0f s: %s", seconds, why)
