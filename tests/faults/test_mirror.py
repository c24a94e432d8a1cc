"""The first foreign consumer, as an integrator runs it: a real server, a real RabbitMQ, and kills at any time."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import orjson
import pytest
from django.db import connection
from kombu import Connection

from accounts import tokens
from events.topology import Topology, give_queue
from joborders.models import JobOrder
from joborders.services import changes, steps
from municipalities.actor import Actor
from municipalities.membership import current
from tests import factories
from tests.faults.node import Node, free_port

REPO = Path(__file__).resolve().parents[2]
HOME = factories.HILLEROED
ROUNDS = 12 if os.environ.get("NRS_TEST_LONG") else 3
KEPT = ("id", "number", "version", "title", "phase", "positions", "hires", "received_at")
PATIENCE_S = 90

pytestmark = [pytest.mark.rabbitmq, pytest.mark.django_db(transaction=True)]


@contextmanager
def running(command: list[str], log: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, however it ends."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=REPO, env={**os.environ, **env}, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def database_url() -> str:
    """The test's own database, for processes beside it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    login = f"{settings['USER']}:{settings['PASSWORD']}@" if settings["USER"] else ""
    return f"postgres://{login}{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}/{settings['NAME']}"


@contextmanager
def product(node: Node, folder: Path) -> Iterator[str]:
    """Server and relay on the test's database; gives the API's address."""
    port = free_port()
    env = {"DATABASE_URL": database_url(), "BROKER_URL": node.url, "DATA_DIR": str(folder / "data")}
    server = [sys.executable, "-m", "gunicorn", "nrs.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    relay = [sys.executable, "manage.py", "relay"]
    with running(server, folder / "web.log", **env), running(relay, folder / "relay.log", **env):
        api = f"http://127.0.0.1:{port}/api/v1"
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz/live"), "the server did not start")
        yield api


def answers(url: str) -> bool:
    try:
        return urlopen(url, timeout=5).status == 200  # noqa: S310
    except (URLError, OSError):
        return False


def until(condition: Any, problem: str) -> None:
    """Wait for it, bounded."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, problem
        time.sleep(0.1)


def of_the_api(api: str, token: str) -> list[tuple[Any, ...]]:
    """The open orders as the API lists them."""
    address = f"{api}/job-orders?state=open&municipality={HOME}&page_size=200"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {token}"}), timeout=30) as answer:  # noqa: S310
        rows = orjson.loads(answer.read())["results"]
    return sorted(tuple(row[name] for name in KEPT) for row in rows)


def of_the_mirror(file: Path) -> list[tuple[Any, ...]]:
    """The copy."""
    with closing(sqlite3.connect(file, timeout=30)) as database:
        try:
            return sorted(database.execute(f"SELECT {', '.join(KEPT)} FROM job_order").fetchall())  # noqa: S608
        except sqlite3.OperationalError:  # not made yet
            return []


def work(ann: Actor, number: int) -> None:
    """What happens to orders on a day: handed in, claimed, changed, paused, ended, opened again, handed over."""
    order = factories.order(title=f"Chauffør {number}", by=ann)
    order = steps.claim(order.public_id, ann, order.version)
    order = changes.change(order.public_id, ann, order.version, {"positions": 4}, note="")
    match number % 5:
        case 0:
            steps.close(order.public_id, ann, order.version, reason="withdrawn")
        case 1:
            steps.pause(order.public_id, ann, order.version)
        case 2:
            order = steps.close(order.public_id, ann, order.version, reason="duplicate")
            steps.reopen(order.public_id, ann, order.version, reason="Igen")
        case 3:
            steps.hand_over(
                order.public_id, ann, order.version, to=factories.HELSINGOER, reason="Flyttet", agreed_by="Eva"
            )


def test_the_mirror_equals_the_api_however_often_it_is_killed(node: Node, tmp_path: Path) -> None:
    factories.load_reference()
    ann = factories.consultant(HOME)
    _token, secret = tokens.issue(
        label="mirror", membership=current(user__pk=ann.user_id).get().public_id, scope="read"
    )
    for number in range(5):
        work(ann, number)
    with Connection(node.url) as broker:
        give_queue(broker, Topology(), HOME)
    file, dice = tmp_path / "mirror.sqlite3", random.Random(5)
    mirror = [sys.executable, "examples/mirror/mirror.py"]
    with product(node, tmp_path) as api:
        env = {"NRS_API": api, "NRS_TOKEN": secret, "NRS_BROKER": node.url, "NRS_MUNICIPALITY": HOME}
        env["MIRROR_FILE"] = str(file)
        for round_ in range(ROUNDS):
            with running(mirror, tmp_path / "mirror.log", **env):
                for number in range(8):
                    work(ann, 10 * round_ + number)
                time.sleep(dice.uniform(0, 1.5))  # killed at any time: at its start, within an order, at rest
        with running(mirror, tmp_path / "mirror.log", **env):
            until(
                lambda: (found := of_the_mirror(file)) and found == of_the_api(api, secret),
                (tmp_path / "mirror.log").read_text()[-2000:],
            )
        assert len(of_the_mirror(file)) == JobOrder.objects.filter(state="open", lead=HOME).count() > 5
