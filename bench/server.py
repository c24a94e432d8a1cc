"""The production web server on a free port of this machine, for one run."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.database import REPO

WORKERS = 2
START_SECONDS = 60


@contextmanager
def serving(env: dict[str, str], folder: Path) -> Iterator[int]:
    """gunicorn with nrs/gunicorn_conf.py; gives the port. Raises RuntimeError if it does not come up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    inside = {**os.environ, **env, "HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": str(WORKERS)}
    command = [sys.executable, "-m", "gunicorn", "-c", "nrs/gunicorn_conf.py", "bench.wsgi:application"]
    log = folder / "gunicorn.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=REPO, env=inside, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(35)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz/live")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start; {log} says why.")
