"""The scratch databases: `nrs_bench` is filled once and kept, `nrs_bench_run` is a copy of it for one run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

REPO = Path(__file__).resolve().parent.parent
FILLED, RUN = "nrs_bench", "nrs_bench_run"
SIZES = (20_000, 150_000, 1_000_000)
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
        template = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(RUN), sql.Identifier(filled(size)))
        connection.execute(template)
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
    print(f"Filling the database {name}; it is kept for the next run …", flush=True)
    _drop(connection, name)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    inside = {**os.environ, **env, "DATABASE_URL": url_of(server, name)}
    for command in (
        ("migrate", "--verbosity", "0"),
        ("load_reference", "--verbosity", "0"),
        ("make_region", "--yes-made-up-data", *_made(size)),
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=REPO, env=inside, check=True)
    if size > COPIED_FROM:
        with psycopg.connect(url_of(server, name), autocommit=True) as copy:
            copy.execute(MULTIPLY.read_text())
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(mark(size)))
    connection.execute(comment)
