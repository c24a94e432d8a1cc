"""SQLite's own online back-up: a whole copy of one moment, while others read and write."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

DUMP = "nrs.sqlite3"


@contextmanager
def reading(connection: Any) -> Iterator[None]:
    """Transactions begun in here only read, so that nobody waits for them: Django would take the write lock."""
    connection.ensure_connection()
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


def dump(connection: Any, target: Path) -> None:
    """Copy what this connection's open transaction sees."""
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
    target.chmod(0o600)


def damage(connection: Any) -> list[str]:
    """What SQLite finds wrong with its own file; asked through Django, whose functions its constraints call."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(5)")
        found = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [f"{row[0]}: row {row[1]} points at nothing" for row in cursor.fetchmany(5)]


@contextmanager
def restored(archive: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """A copy in that folder: its URL, and nothing to complain of, because SQLite reads only when asked."""
    here = folder / DUMP
    shutil.copyfile(archive, here)
    yield f"sqlite:///{here}", ""
