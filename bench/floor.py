"""What the machine can do at best: the same rows by a raw cursor and orjson, and two raw INSERTs. No framework.

`/floor/queue` looks the token up and applies its scope; `/floor/queue-open` has no login; `POST /floor/submit` looks
the token up, reads the product's own body, and writes an order and its event, whole rows of the product's tables, in
one transaction. Served twice: below /view behind the product's middlewares, which is the floor that the goals name,
and bare.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Json

COLUMNS = (
    "o.public_id AS id", "o.number", "o.version", "o.state", "o.title", "o.occupation_id AS occupation", "o.type",
    "c.public_id AS company", "c.name AS company_name", "c.cvr", "o.lead_id AS lead", "o.workplace_municipality",
    "o.workplace_postal_code", "u.public_id AS assignee", "u.name AS assignee_name", "o.intake_by", "o.tovholder",
    "o.positions", "o.hires", "o.filled_otherwise", "o.with_company", "o.starts_on", "o.received_at", "o.responded_at",
    "o.screened_at", "o.shared_at", "o.paused_at", "o.response_due_at", "o.candidate_due_at", "o.next_due_at",
    "o.ended_at", "o.close_reason",
)  # fmt: skip
QUEUE = f"""
SELECT {", ".join(COLUMNS)} FROM joborders_joborder o
JOIN companies_company c ON c.id = o.company_id LEFT JOIN accounts_user u ON u.id = o.assignee_id
WHERE o.state = 'open' AND o.paused_at IS NULL AND o.lead_id = %(home)s
  AND (o.lead_id = %(home)s OR o.intake_by = %(home)s OR o.shared_at IS NOT NULL OR o.workplace_municipality = %(home)s
       OR o.tovholder = %(home)s)
ORDER BY o.next_due_at ASC NULLS LAST, o.id LIMIT 50
"""  # noqa: S608 - the columns above, nothing from outside
LOGIN = """
SELECT m.municipality_id FROM accounts_apitoken t
JOIN municipalities_membership m ON m.public_id = t.membership JOIN accounts_user u ON u.id = m.user_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > now() AND u.is_active
  AND m.started_on <= current_date AND (m.ended_on IS NULL OR m.ended_on > current_date)
"""
Start = Callable[[str, list[tuple[str, str]]], Any]
_open: dict[int, psycopg.Connection] = {}
_samples: dict[str, tuple[str, list[str], list[Any]]] = {}


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """The three views without any framework."""
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    status, body = answer(environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION", ""), sent)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]


def answer(path: str, authorization: str, sent: bytes) -> tuple[int, bytes]:
    """Status and body; 401 for an unknown token."""
    connection = _connection()
    if path == "/floor/queue-open":
        return 200, _queue(connection, os.environ["BENCH_HOME"])
    secret = authorization.partition(" ")[2]
    found = connection.execute(LOGIN, [hashlib.sha256(secret.encode()).hexdigest()]).fetchone()
    if found is None:
        return 401, b""
    if path == "/floor/submit":
        return 201, _submit(connection, orjson.loads(sent))
    return 200, _queue(connection, found[0])


def _connection() -> psycopg.Connection:
    """One connection per process, kept."""
    pid = os.getpid()
    if pid not in _open:
        _open[pid] = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options="-c jit=off")
    return _open[pid]


def _queue(connection: psycopg.Connection, home: str) -> bytes:
    cursor = connection.execute(QUEUE, {"home": home})
    names = [column.name for column in cursor.description or ()]
    return orjson.dumps({"results": [dict(zip(names, row, strict=True)) for row in cursor]})


def _submit(connection: psycopg.Connection, wanted: dict[str, Any]) -> bytes:
    order, number = uuid.uuid4(), f"F{uuid.uuid4().hex[:15]}"
    block = {name: wanted[name] for name in ("title", "description", "positions")}
    with connection.transaction():
        _insert(connection, "joborders_joborder", {"public_id": order, "number": number, **block})
        _insert(connection, "events_event", {"public_id": uuid.uuid4(), "subject": order})
    return orjson.dumps({"id": order, "number": number})


def _insert(connection: psycopg.Connection, table: str, changes: dict[str, Any]) -> None:
    """A row like the table's last one, with these changes."""
    if table not in _samples:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")  # noqa: S608 - two fixed names
        names = [column.name for column in cursor.description or ()]
        row = [Json(value) if isinstance(value, dict) else value for value in cursor.fetchone() or ()]
        values = ", ".join("%s" for _ in names[1:])
        statement = f"INSERT INTO {table} ({', '.join(names[1:])}) VALUES ({values})"  # noqa: S608
        _samples[table] = (statement, names[1:], row[1:])
    statement, names, row = _samples[table]
    connection.execute(statement, [changes.get(name, value) for name, value in zip(names, row, strict=True)])
