"""The product on the loopback as compose lays it out: servers and processes of its own, and a made-up region."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.house import DATABASE, House, answers_at, children_of, until
from tests.faults.postgres import Cluster
from tools.setup import REPO

TICKS = os.sysconf("SC_CLK_TCK")


class Site(House):
    """PostgreSQL with a replica to be, RabbitMQ, and the processes straight on them."""

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), **self._straight(), "DATABASE_ROLES": "1"}

    def _straight(self) -> dict[str, str]:
        return {"DATABASE_URL": _url(self.postgres), "BROKER_URL": self.rabbitmq.url}

    def make_region(self, candidates: int, orders: int, companies: int) -> None:
        """People, companies and orders with their history."""
        sizes = ("--candidates", str(candidates), "--orders", str(orders), "--companies", str(companies))
        command = [sys.executable, "manage.py", "make_region", "--yes-made-up-data", "--seed", "1", *sizes]
        subprocess.run(command, cwd=REPO, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def restart(self, *, replica: Cluster | None) -> None:
        """The processes anew, with a replica or without."""
        self.end()
        self.env.pop("REPLICA_URL", None)
        if replica:
            self.env["REPLICA_URL"] = _url(replica)
        self._stop.clear()
        self.open()
        until(lambda: answers_at(self.port), "the web process did not answer")

    def end(self) -> None:
        """Stop the processes, in good order."""
        self._stop.set()
        if self._tending:
            self._tending.join(10)
        if self._supervisor:
            self._supervisor.stop()
        self._supervisor = self._tending = None

    @contextmanager
    def followed(self) -> Iterator[Cluster]:
        """A streaming replica of PostgreSQL, which runs, and is thrown away with the block."""
        made = Cluster()
        try:
            made.follow(self.postgres)
            made.start()
            yield made
        finally:
            made.remove()

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time so far of the web process, the other processes, and PostgreSQL."""
        return {
            "web": cpu_of(self._pid("web")),
            "other processes": sum(cpu_of(self._pid(name)) for name in ("worker", "beat", "relay", "webhooks")),
            "PostgreSQL": cpu_of(int((self.postgres.data / "postmaster.pid").read_text().split()[0])),
        }

    def memory(self) -> dict[str, float]:
        """MB of each process with what it forked, shared pages counted once (PSS)."""
        return {name: pss_of(self._pid(name)) for name in ("web", "worker", "beat", "relay", "webhooks")}

    def _pid(self, name: str) -> int:
        process = self.child(name).process
        return process.pid if process else 0


def _url(cluster: Cluster) -> str:
    return f"postgres://nrs@127.0.0.1:{cluster.port}/{DATABASE}"


def family(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(each for child in children_of(pid) for each in family(child))]


def cpu_of(pid: int) -> float:
    """Seconds of a process, of those below it, and of those that ended below it."""
    ticks = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))  # own and of ended children, each in user and kernel
    return ticks / TICKS


def pss_of(pid: int) -> float:
    """MB of a process and those below it."""
    found = 0
    for one in family(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return found / 1000


@contextmanager
def opened() -> Iterator[Site]:
    """A site that is torn down with the block; its environment becomes this process's own, for Django."""
    site = Site()
    try:
        os.environ.update(site.own_environment())
        for name in ("NRS_TEST", "DATABASE_ROLES"):
            os.environ.pop(name, None)
        import django

        django.setup()
        yield site
    finally:
        site.close()
