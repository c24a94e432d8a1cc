"""The product as it runs in a region, on servers of its own: the processes of `./run services` behind two proxies."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.faults.node import Node, free_port
from tests.faults.postgres import Cluster
from tests.faults.proxy import Proxy
from tools import environment
from tools.processes import PREPARE_SERVICES
from tools.setup import REPO
from tools.supervisor import Child, Supervisor

DATABASE = "nrs_faults"
PATIENCE_S = 120.0


class House:
    """PostgreSQL, RabbitMQ, the proxies to them and the product's processes, which somebody starts again."""

    def __init__(self) -> None:
        """Start the servers and prepare the database. The processes wait for `open`."""
        self.folder = Path(tempfile.mkdtemp(prefix="nrs-faults-"))
        self.postgres, self.rabbitmq = Cluster(), Node(self.folder)
        self.port = free_port()
        self._stop = threading.Event()
        self._tending: threading.Thread | None = None
        self._supervisor: Supervisor | None = None
        try:
            self.postgres.make()
            self.postgres.start()
            self.postgres.create(DATABASE)
            self.rabbitmq.start()
            self.to_postgres, self.to_rabbitmq = Proxy(self.postgres.port), Proxy(self.rabbitmq.port)
            self.env = self._environment()
            subprocess.run(PREPARE_SERVICES, cwd=REPO, env=self.env, check=True)
        except BaseException:
            self.close()
            raise

    def _environment(self) -> dict[str, str]:
        unwanted = environment.PRODUCT_NAMES | {"PYTHONDONTWRITEBYTECODE"}  # a server does not compile at each start
        clean = {name: value for name, value in environment.base().items() if name not in unwanted}
        return clean | {
            "DATA_DIR": str(self.folder / "data"),
            "PORT": str(self.port),
            "DATABASE_URL": f"postgres://nrs@127.0.0.1:{self.to_postgres.port}/{DATABASE}",
            "BROKER_URL": f"amqp://guest:guest@127.0.0.1:{self.to_rabbitmq.port}//",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "EMAIL_URL": "dummymail://",
            "NRS_DEMO": "1",
        }

    def own_environment(self) -> dict[str, str]:
        """For the counting beside it: the same database and broker, not through the proxies."""
        return {
            **self.env,
            "DATABASE_URL": f"postgres://nrs@127.0.0.1:{self.postgres.port}/{DATABASE}",
            "BROKER_URL": self.rabbitmq.url,
        }

    def open(self, **more: str) -> None:
        """Start the processes, `more` in their environment; who dies is started again, as by systemd or Docker."""
        self._stop.clear()
        self._supervisor = Supervisor(self.env | more, self.folder / "log")
        started: Future[None] = Future()
        # The kernel ends a child with the thread that started it: it has to be the one that stays.
        self._tending = threading.Thread(target=self._tend, args=(self._supervisor, started), daemon=True)
        self._tending.start()
        started.result()

    def close(self) -> None:
        """End everything and throw it away; the logs stay where NRS_FAULTS_KEEP is set."""
        self.end_processes()
        self.rabbitmq.kill()
        self.postgres.remove()
        if os.environ.get("NRS_FAULTS_KEEP"):
            print(f"logs: {self.folder}", file=sys.stderr)
        else:
            subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def end_processes(self) -> None:
        """The product's own, as when the machine goes down: nobody waits for a last word."""
        self._stop.set()
        if self._tending:
            self._tending.join(10)
        if self._supervisor:
            self._supervisor.stop_asked = 2
            self._supervisor.stop()

    def child(self, name: str) -> Child:
        """One of the processes: web, worker, beat, relay, webhooks."""
        assert self._supervisor is not None
        return next(child for child in self._supervisor.children if child.name == name)

    def kill(self, name: str) -> int:
        """kill -9 of a process and of all that it started; its pid, 0 if it was between two lives."""
        process = self.child(name).process
        if process is None or process.poll() is not None:
            return 0
        os.killpg(process.pid, signal.SIGKILL)
        return process.pid

    def kill_a_part(self, name: str, which: int) -> int:
        """kill -9 of one of the processes that it forked; its pid, 0 if there is none."""
        process = self.child(name).process
        parts = children_of(process.pid) if process else []
        if not parts:
            return 0
        pid = parts[which % len(parts)]
        os.kill(pid, signal.SIGKILL)
        return pid

    def answers(self) -> bool:
        """The web process is there, with its database."""
        return answers_at(self.port)

    def _tend(self, supervisor: Supervisor, started: Future[None]) -> None:
        try:
            supervisor.start()
        except BaseException as problem:
            started.set_exception(problem)
            return
        started.set_result(None)
        while not self._stop.wait(0.1):
            supervisor.tend()


def answers_at(port: int) -> bool:
    """A web process on this port is there, with its database."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def children_of(pid: int) -> list[int]:
    """The processes that it forked."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def until(condition: Callable[[], object], problem: str, seconds: float = PATIENCE_S) -> float:
    """Wait for it; how long that took. Raises AssertionError."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"{problem} within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - begun


@contextmanager
def opened() -> Iterator[House]:
    """A house that is torn down with the block. Its environment becomes this process's own, for Django."""
    house = House()
    try:
        os.environ.update(house.own_environment())
        for name in ("NRS_TEST", "DATABASE_ROLES"):
            os.environ.pop(name, None)
        import django

        django.setup()
        house.open()
        yield house
    finally:
        house.close()
