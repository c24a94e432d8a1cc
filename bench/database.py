"""The scratch databases: `nrs_bench` is filled once and kept, `nrs_bench_run` is a copy of it for one run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

REPO = Path(__file__).resolve().parent.parent
FILLED, RUN = "nrs_bench", "nrs_bench_run"
SIZES = (20_000, 150_000, 1_000_000)
HISTORIES = (10_000, 100_000, 1_000_000)
"""Orders over ten years, each in a database of its own."""
COPIED_FROM, MULTIPLY = 150_000, Path(__file__).with_name("multiply.sql")
"""The largest region is seven times one of this size: making it person by person takes half an hour."""


def url_of(server: str, name: str) -> str:
    """The address of a database on the same server."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def filled(size: int) -> str:
    """The name of the filled database of a size."""
    return FILLED if size == SIZES[0] else f"{FILLED}_{size}"


def _made(size: int) -> tuple[str, ...]:
    candidates = min(size, COPIED_FROM)
    return ("--candidates", str(candidates), "--orders", "5000", "--companies", "4000", "--seed", "1")


def mark(size: int) -> str:
    """What the filled database was made of: schema, generator and sizes."""
    files = [*REPO.glob("*/migrations/*.py"), *(REPO / "nrs" / "region").glob("*.py")]
    digest = hashlib.sha256(f"{size} {' '.join(_made(size))}".encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def fresh_copy(server: str, env: dict[str, str], *, size: int, anew: bool) -> Iterator[str]:
    """The address of a copy of the filled region, dropped afterwards; filled first where it is missing or `anew`."""
    with psycopg.connect(url_of(server, "postgres"), autocommit=True) as connection:
        if anew or _mark_of(connection, filled(size)) != mark(size):
            _fill(connection, server, env, size)
        _drop(connection, RUN)
        _copy(connection, filled(size), RUN)
    try:
        with psycopg.connect(url_of(server, RUN), autocommit=True) as connection:
            connection.execute("ANALYZE")
        yield url_of(server, RUN)
    finally:
        with psycopg.connect(url_of(server, "postgres"), autocommit=True) as connection:
            _drop(connection, RUN)


def _mark_of(connection: psycopg.Connection, name: str) -> str | None:
    found = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return found[0] if found else None


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _fill(connection: psycopg.Connection, server: str, env: dict[str, str], size: int) -> None:
    name = filled(size)
    if size > COPIED_FROM and _mark_of(connection, filled(COPIED_FROM)) != mark(COPIED_FROM):
        _fill(connection, server, env, COPIED_FROM)
    print(f"Filling the database {name}; it is kept for the next run …", flush=True)
    _drop(connection, name)
    if size > COPIED_FROM:
        _copy(connection, filled(COPIED_FROM), name)
        with psycopg.connect(url_of(server, name), autocommit=True) as copy:
            copy.execute(MULTIPLY.read_text())
    else:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        _make(url_of(server, name), env, size)
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark(size)))
    connection.execute(comment)


def _make(url: str, env: dict[str, str], size: int) -> None:
    for command in (
        ("migrate", "--verbosity", "0"),
        ("load_reference", "--verbosity", "0"),
        ("make_region", "--yes-made-up-data", *_made(size)),
    ):
        inside = {**os.environ, **env, "DATABASE_URL": url}
        subprocess.run([sys.executable, "manage.py", *command], cwd=REPO, env=inside, check=True)


def _copy(connection: psycopg.Connection, source: str, name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    connection.execute(statement)


def environment(url: str) -> dict[str, str]:
    """What a process needs to work on that database."""
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nrs.settings"}


@contextmanager
def history(orders: int) -> Iterator[tuple[str, float | None]]:
    """The address of a region with so many orders over ten years, and how long it took to make if it was made now.

    Kept until schema or generator change, but for the largest, which is dropped. Nothing is written to it.
    """
    server, name = os.environ["DATABASE_URL"], f"{FILLED}_history_{orders}"
    made = ("--orders", str(orders), "--years", "10", "--candidates", "60000", "--companies", "20000", "--seed", "1")
    wanted = hashlib.sha256(f"{mark(0)} {' '.join(made)}".encode()).hexdigest()
    seconds = None
    with psycopg.connect(url_of(server, "postgres"), autocommit=True) as connection:
        if _mark_of(connection, name) != wanted:
            print(f"Filling the database {name} …", flush=True)
            _drop(connection, name)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            _manage(url_of(server, name), "migrate", "--verbosity", "0")
            _manage(url_of(server, name), "load_reference", "--verbosity", "0")
            begun = time.monotonic()
            _manage(url_of(server, name), "make_region", "--yes-made-up-data", *made)
            seconds = time.monotonic() - begun
            comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(wanted))
            connection.execute(comment)
    yield url_of(server, name), seconds
    if orders == HISTORIES[-1]:
        with psycopg.connect(url_of(server, "postgres"), autocommit=True) as connection:
            _drop(connection, name)


def _manage(url: str, *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=REPO, env=environment(url), check=True)
