"""Dump and restore by PostgreSQL's own tools. Passwords go through the environment, never into a command line."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

DUMP = "nrs.dump"
Params = dict[str, Any]


class Failed(Exception):
    """A sentence for the operator."""


@contextmanager
def snapshot(connection: Any) -> Iterator[str]:
    """One view of everything for this transaction, and its name for pg_dump. Call within an outermost `atomic`."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def params_of(connection: Any) -> Params:
    """How this connection is made, with its password: what was set, and nothing that only our libpq knows."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: str(value) for name, value in given.items() if name in known and value not in (None, "")}


def dump(params: Params, snapshot_name: str, target: Path) -> None:
    """Write the dump of that snapshot. As the system: the role that owns the tables stands behind the wall itself."""
    options = f"{params.get('options', '')} -c nrs.kind=system".strip()
    _tool(
        params | {"options": options},
        ["pg_dump", "--format=custom", "--enable-row-security", f"--snapshot={snapshot_name}", f"--file={target}"],
    )
    target.chmod(0o600)


@contextmanager
def restored(archive: Path, server: Params) -> Iterator[tuple[str, str]]:
    """A database of its own on that server, with what the dump holds: its URL, and what pg_restore complained of.

    Dropped at the end. Owners and privileges are left out: roles are not part of a dump (manage.py database_roles).
    """
    name = f"nrs_drill_{secrets.token_hex(4)}"
    with _plain(server) as plain:
        made = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
        plain.execute(sql.SQL(made).format(sql.Identifier(name)))
        try:
            here = server | {"dbname": name}
            try:
                _tool(here, ["pg_restore", "--no-owner", "--no-privileges", str(archive)])
                complaint = ""
            except Failed as failed:
                complaint = str(failed)
            yield url_of(here), complaint
        finally:
            plain.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def server_of(url: str) -> Params:
    """The parts of an address that was given by hand. Raises Failed for nonsense."""
    try:
        return {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        raise Failed("This is no address of a PostgreSQL: postgres://user:password@host:port/name") from None


def url_of(params: Params) -> str:
    """The same as DATABASE_URL."""
    part = {name: quote(str(params.get(name, "")), safe="") for name in ("user", "password", "host", "port", "dbname")}
    who = f"{part['user']}:{part['password']}@" if part["user"] else ""
    rest = urlencode({name: value for name, value in params.items() if name not in part and name != "options"})
    return f"postgres://{who}{part['host']}:{part['port'] or 5432}/{part['dbname']}" + (f"?{rest}" if rest else "")


def _plain(server: Params) -> Any:
    try:
        return psycopg.connect(make_conninfo(**server), autocommit=True)
    except psycopg.OperationalError as problem:
        raise Failed(f"The server for the drill does not answer: {problem}") from None


def _tool(params: Params, command: list[str]) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise Failed(f"{command[0]} is not installed; on Debian: apt-get install postgresql-client")
    shown = make_conninfo(**{name: value for name, value in params.items() if name != "password"})
    env = os.environ | ({"PGPASSWORD": params["password"]} if params.get("password") else {})
    done = subprocess.run(
        [program, f"--dbname={shown}", *command[1:]], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{command[0]}: {done.stderr.strip()[:1000]}")
