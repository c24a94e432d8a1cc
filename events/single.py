"""One at a time: a named lock for a whole process, released by the system when the process dies."""

from __future__ import annotations

import fcntl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

RETRY_SECONDS = 1.0


@contextmanager
def held(name: str, stop: threading.Event | None = None, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock; others wait until it is free, or `stop` is set. Yields False if it was not got.

    PostgreSQL: a session's advisory lock on Django's connection, lost with it (so not through a pooler that
    shares sessions). SQLite: a file beside the database's. Raises the database's errors.
    """
    on_server = connection.vendor == "postgresql"
    with (_advisory if on_server else _file)(name, stop or threading.Event(), wait) as is_held:
        yield is_held


@contextmanager
def _advisory(name: str, stop: threading.Event, wait: bool) -> Iterator[bool]:
    key = zlib.crc32(f"nrs.{name}".encode())
    is_held = False
    try:
        while not is_held:
            is_held = _ask("SELECT pg_try_advisory_lock(%s)", key)
            if not is_held and (not wait or stop.wait(RETRY_SECONDS)):
                break
        yield is_held
    except BaseException:
        connection.close()  # a broken session has lost the lock; a whole one gives it back by closing
        is_held = False
        raise
    finally:
        if is_held:
            _ask("SELECT pg_advisory_unlock(%s)", key)


def _ask(sql: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        return bool(cursor.fetchone()[0])


@contextmanager
def _file(name: str, stop: threading.Event, wait: bool) -> Iterator[bool]:
    path = Path(f"{connection.settings_dict['NAME']}.{name}.lock")
    with path.open("w") as lock:
        is_held = False
        while not is_held:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_held = True
            except BlockingIOError:
                if not wait or stop.wait(RETRY_SECONDS):
                    break
        yield is_held
