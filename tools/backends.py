"""What this machine can test on: PostgreSQL, RabbitMQ, Dovecot and a browser are asked, not assumed."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from dataclasses import dataclass

from tools import dovecot
from tools.setup import PYTHON, SetupFailed

ASK_POSTGRES = """
import sys, psycopg
with psycopg.connect(sys.argv[1], connect_timeout=5) as c:
    version = c.execute("show server_version").fetchone()[0].split()[0]
    may = c.execute("select rolcreatedb or rolsuper from pg_roles where rolname = current_user").fetchone()[0]
    sys.exit(f"its role may not create databases") if not may else print(version)
"""
ASK_RABBITMQ = """
import sys, kombu
with kombu.Connection(sys.argv[1], connect_timeout=5) as c:
    c.connect(); print(c.connection.server_properties.get("version", "?"))
"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DEFAULT_BROKER = "amqp://guest:guest@127.0.0.1:5672//"


@dataclass(frozen=True)
class Backend:
    """A server found (or not): `url` (of a browser: its path) is empty when it is not there, and `why` says so.

    `key` is its word in NRS_TEST_REQUIRE.
    """

    key: str
    name: str
    url: str = ""
    version: str = ""
    why: str = ""


def find_postgres() -> Backend:
    """TEST_DATABASE_URL, or a local server that lets the current user or `postgres` in."""
    told = os.environ.get("TEST_DATABASE_URL", "")
    urls = (
        [told] if told else [f"postgres://{user}@127.0.0.1:5432/postgres" for user in (getpass.getuser(), "postgres")]
    )
    return _first("postgres", "PostgreSQL", urls, ASK_POSTGRES)


def find_rabbitmq() -> Backend:
    """TEST_BROKER_URL, or a local RabbitMQ with its guest login."""
    return _first("rabbitmq", "RabbitMQ", [os.environ.get("TEST_BROKER_URL") or DEFAULT_BROKER], ASK_RABBITMQ)


def find_browser() -> Backend:
    """Chromium as the system installs it; Playwright drives it, and brings none of its own."""
    for path in filter(None, map(shutil.which, BROWSERS)):
        asked = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
        if asked.returncode == 0:
            return Backend("browser", "Chromium", path, asked.stdout.strip().partition(" ")[2].split(" ")[0])
    return Backend("browser", "Chromium", why="there is no chromium; on Debian: apt-get install chromium")


def find_imap() -> Backend:
    """Dovecot as the system installs it; the tests start one of their own."""
    path = dovecot.binary()
    if not path:
        return Backend("imap", "Dovecot", why="there is no Dovecot; on Debian: apt-get install dovecot-imapd")
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    return Backend("imap", "Dovecot", path, asked.stdout.strip().partition(" ")[0])


def required(*backends: Backend) -> None:
    """Raises SetupFailed when NRS_TEST_REQUIRE names a backend that is not there, or one that is unknown."""
    there = {backend.key: backend for backend in backends}
    for name in filter(None, os.environ.get("NRS_TEST_REQUIRE", "").replace(" ", "").split(",")):
        if name not in there:
            raise SetupFailed(f"NRS_TEST_REQUIRE names {name!r}; known are {', '.join(there)}.")
        if not there[name].url:
            raise SetupFailed(f"NRS_TEST_REQUIRE demands {name}, and it is not there: {there[name].why}")


def _first(key: str, name: str, urls: list[str], question: str) -> Backend:
    why = ""
    for url in urls:
        asked = subprocess.run([str(PYTHON), "-c", question, url], capture_output=True, text=True, timeout=60)
        if asked.returncode == 0:
            return Backend(key, name, url, asked.stdout.strip())
        why = asked.stderr.strip().splitlines()[-1] if asked.stderr.strip() else "no answer"
    return Backend(key, name, why=why)
