#!/usr/bin/env python3
"""A copy of one municipality's open job orders, kept by following NRS's event stream. Kill it whenever you like.

An event only says that something happened to an order: what the order is now is asked of the API. So it does not matter
whether an event comes once, twice or late, and a message is acknowledged only when its effect is stored.
"""

import json
import os
import sqlite3
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

from kombu import Connection, Consumer, Message, Queue

API = os.environ["NRS_API"].rstrip("/")  # https://nrs.example/api/v1
TOKEN = os.environ["NRS_TOKEN"]  # a consultant's token of the municipality, read-only is enough
BROKER = os.environ["NRS_BROKER"]  # amqps://hillerod:PASSWORD@nrs.example:5671//
MUNICIPALITY = os.environ.get("NRS_MUNICIPALITY", "0219")
FILE = os.environ.get("MIRROR_FILE", "mirror.sqlite3")
KEPT = ("id", "number", "version", "title", "phase", "positions", "hires", "received_at")

SCHEMA = """
CREATE TABLE IF NOT EXISTS job_order
    (id TEXT PRIMARY KEY, number, version, title, phase, positions, hires, received_at);
CREATE TABLE IF NOT EXISTS done (name TEXT PRIMARY KEY);
"""


def ask(path: str) -> Any:
    """The JSON at an address of the API, None where there is nothing to see (any more)."""
    request = urllib.request.Request(f"{API}/{path}", headers={"Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def store(database: sqlite3.Connection, order: dict[str, Any]) -> None:
    """Write an order as it is now over what was known of it."""
    places = ", ".join("?" * len(KEPT))
    database.execute(f"INSERT OR REPLACE INTO job_order VALUES ({places})", [order[name] for name in KEPT])


def begin(database: sqlite3.Connection) -> None:
    """The present state, once. The queue is bound already, so whatever changes meanwhile is told by an event."""
    if database.execute("SELECT 1 FROM done WHERE name = 'begin'").fetchone():
        return
    with database:  # all of it, or after a kill all of it again
        since, wanted = "", f"job-orders?state=open&municipality={MUNICIPALITY}&ordering=received_at&page_size=200"
        while True:  # by time, not by page: pages move when an order ends in between
            rows = ask(wanted + (f"&received_from={quote(since)}" if since else ""))["results"]
            for order in rows:
                store(database, order)
            if len(rows) < 200 or rows[-1]["received_at"] == since:
                break
            since = rows[-1]["received_at"]
        database.execute("INSERT INTO done VALUES ('begin')")


def follow(database: sqlite3.Connection, event: dict[str, Any]) -> None:
    """Bring the order that an event is about up to date."""
    about = event["subject"] if event["type"].startswith("dk.nrs.joborder.") else event["data"].get("order")
    if about is None:
        return
    order = ask(f"job-orders/{about}")
    with database:
        if order and order["state"] == "open" and order["lead"]["code"] == MUNICIPALITY:
            store(database, order)
        else:
            database.execute("DELETE FROM job_order WHERE id = ?", [about])


def main() -> None:
    """Follow until killed. Any error ends it too: whoever keeps it running starts it again."""
    database = sqlite3.connect(FILE)
    database.executescript(SCHEMA)
    with Connection(BROKER, connect_timeout=10, heartbeat=30) as connection:

        def take(message: Message) -> None:
            follow(database, json.loads(message.body))
            message.ack()  # only now: a kill before this line brings the message again

        queue = Queue(f"nrs.municipality.{MUNICIPALITY}", no_declare=True)
        accept = ["application/cloudevents+json"]
        consumer = Consumer(connection, [queue], on_message=take, prefetch_count=20, accept=accept)
        begin(database)
        print("following", file=sys.stderr, flush=True)
        with consumer:
            while True:
                try:
                    connection.drain_events(timeout=10)
                except TimeoutError:
                    connection.heartbeat_check()


if __name__ == "__main__":
    main()
