"""The web process as it runs, gunicorn with two workers: it counts over both, and stops without losing a request."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from joborders.models import JobOrder
from tests import factories
from tests.api.order_cases import entry
from tests.faults.house import children_of
from tests.faults.node import free_port
from tests.faults.test_mirror import answers, database_url, running, until
from tools.processes import PROCESSES

TOKEN = "t" * 40

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


@dataclass(frozen=True)
class Web:
    """The running product."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def address(self, path: str) -> str:
        """Of a page."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def workers(self) -> list[int]:
        """Their process ids."""
        return children_of(self.process.pid)

    def read(self, path: str) -> list[str]:
        """The lines of an answer. Raises URLError for anything but a 200."""
        request = Request(self.address(path), headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return list(answer.read().decode().splitlines())

    def answered(self) -> float:
        """How many times robots.txt was answered, as a scrape tells."""
        lines = self.read("metrics")
        wanted = 'nrs_http_request_seconds_count{method="GET",route="web:robots",status="2xx"} '
        return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))


class Held:
    """A request that has reached a worker, which waits for the rest of its body."""

    def __init__(self, web: Web, key: str) -> None:
        self.body = json.dumps(entry(), default=str).encode()
        self.socket = socket.create_connection(("127.0.0.1", web.port), timeout=60)
        head = [
            "POST /api/v1/intake/job-orders HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
            f"Idempotency-Key: {key}",
            "Expect: 100-continue",
            "Connection: close",
        ]
        self.socket.sendall("\r\n".join([*head, "", ""]).encode())
        said = self.socket.recv(100)
        assert said.startswith(b"HTTP/1.1 100"), said  # a worker has it

    def finish(self) -> int:
        """Send the rest; the status of the answer, 0 for a broken connection."""
        try:
            self.socket.sendall(self.body)
            answer = b""
            while part := self.socket.recv(65536):
                answer += part
        except OSError:
            return 0
        finally:
            self.socket.close()
        return int(answer.split()[1]) if answer else 0


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Web]:
    """The web process of `./run`, on the test's database, with two workers that have begun."""
    port, log = free_port(), folder / "web.log"
    env = {
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": "2",
        "METRICS_TOKEN": TOKEN,
        "LOG_FORMAT": "json",
        **more,
    }
    command = [sys.executable, "-m", *PROCESSES["web"]]
    with running(command, log, **env) as process:
        web = Web(process, port, log)
        until(lambda: answers(web.address("healthz/live")), "the server did not start")
        until(lambda: len(web.workers()) == 2, "there are not two workers")
        try:
            yield web
        finally:
            workers = web.workers()
            process.kill()
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def test_a_scrape_adds_up_all_workers_and_what_a_dead_one_counted_stays(tmp_path: Path) -> None:
    factories.load_reference()
    with serving(tmp_path) as web:
        before = web.answered()
        one = Held(web, "one")
        assert web.read("robots.txt"), "by the other worker"
        other = Held(web, "other")
        assert one.finish() == 201
        assert web.read("robots.txt"), "by the first one"
        assert other.finish() == 201
        assert web.answered() == before + 2
        first = web.workers()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(web.workers()) == 2 and not set(first) & set(web.workers()), "no new workers")
        assert web.read("robots.txt")
        assert web.answered() == before + 3
        files = [path.name for path in (tmp_path / f"metrics-{web.port}").iterdir()]
        assert len(files) <= 3, files  # two places, and perhaps the master's


def test_a_request_that_a_worker_has_is_answered_before_the_process_ends(tmp_path: Path) -> None:
    factories.load_reference()
    with serving(tmp_path) as web:
        held = Held(web, "last")
        workers = web.workers()
        web.process.send_signal(signal.SIGTERM)
        until(lambda: len(web.workers()) == 1, "the worker without a request stays")
        assert web.process.poll() is None, "it waits for the one that is left"
        assert held.finish() == 201, web.log.read_text()[-2000:]
        assert web.process.wait(60) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
        assert not answers(web.address("healthz/live"))
        lines = web.log.read_text().splitlines()
        told = [json.loads(line) for line in lines if "Starting gunicorn" not in line]  # before it knows the format
        assert {"gunicorn.error", "nrs.requests"} <= {line["logger"] for line in told}
    assert JobOrder.objects.count() == 1
