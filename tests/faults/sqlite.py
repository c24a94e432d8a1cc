"""The demo and the one office: SQLite under load, and another writer that holds its lock again and again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from tests.faults.clients import Caller, Load
from tests.faults.count import Result
from tests.faults.house import answers_at, until
from tests.faults.node import free_port
from tools import environment
from tools.processes import PREPARE_TOUR, PROCESSES
from tools.setup import REPO

HOLDS_S = 1.0
#: A consultant's token and a company in the other database, and the count afterwards: by a process of its own.
MAKE = """
import django; django.setup()
from tests import factories
from accounts import tokens
from municipalities.membership import current
ann = factories.consultant(factories.HILLEROED)
membership = current(user__pk=ann.user_id).get().public_id
print(tokens.issue(label="faults", membership=membership, scope="write")[1], factories.company().public_id)
"""
COUNT = """
import django; django.setup()
import os
from collections import Counter
from joborders.models import JobOrder
from events.models import Event
rows = JobOrder.objects.filter(title__startswith=os.environ["KIND"] + " ").values_list("title", "number", "public_id")
told = set(open(0).read().split())
titles = Counter(title for title, _number, _id in rows)
events = Event.objects.filter(type="joborder.submitted", subject__in=[row[2] for row in rows]).count()
print(len(told - {row[1] for row in rows}), sum(n - 1 for n in titles.values()), events, len(rows) - events)
"""
LOCK = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
for _ in range(10_000):
    database.execute("BEGIN IMMEDIATE"); time.sleep(float(sys.argv[2])); database.execute("ROLLBACK")
    print("held", flush=True); time.sleep(0.75)
"""


@contextmanager
def served(folder: Path, result: Result, writes: int) -> Iterator[Load]:
    """The web process on SQLite in this folder, and a load of the result's kind; counted when the block is over."""
    begun, port = time.monotonic(), free_port()
    env = environment.embedded(folder, port)
    env.pop("NRS_TEST", None)
    subprocess.run(PREPARE_TOUR, cwd=REPO, env=env, check=True)
    token, company = _ask(MAKE, env).split()
    web = subprocess.Popen(PROCESSES["web"], cwd=REPO, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers_at(port), "web on SQLite does not start")
        load = Load(Caller(port, token), UUID(company), result.kind, writes)
        yield load
    finally:
        web.terminate()
        web.wait(60)
    said = _ask(COUNT, env | {"KIND": result.kind}, "\n".join(load.acked.values()))
    result.lost, result.doubled, result.events, result.events_lost = map(int, said.split())
    result.sent, result.acked, result.calls_refused = writes, len(load.acked), load.refused
    result.slowest_s, result.seconds = round(load.slowest, 2), round(time.monotonic() - begun, 1)


def locked(folder: Path, writes: int) -> Result:
    """SQLite is locked by another writer for a second again and again while clients hand in orders."""
    result = Result("sqlite-locked", " ".join((locked.__doc__ or "").split()))
    with served(folder / "sqlite", result, writes) as load:
        file = str(folder / "sqlite" / "nrs.sqlite3")
        locker = subprocess.Popen(
            [sys.executable, "-c", LOCK, file, str(HOLDS_S)], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        holds = threading.Thread(target=_count_holds, args=(locker, result), daemon=True)
        holds.start()
        try:
            load.start()
            load.finish()
        finally:
            locker.kill()
            locker.wait(60)
        holds.join(10)
    return result


def _count_holds(locker: subprocess.Popen[str], result: Result) -> None:
    assert locker.stdout is not None
    for _line in locker.stdout:
        result.faults += 1


def _ask(program: str, env: dict[str, str], told: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPO, env=env, input=told, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]
