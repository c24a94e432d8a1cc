"""A RabbitMQ of the tests' own: a node with its own ports and folder, which may be stopped and killed at will."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kombu import Connection

#: Debian's wrapper wants to be root or `rabbitmq`; the script behind it runs as anybody.
SCRIPTS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", shutil.which("rabbitmq-server") or "")
START_SECONDS = 120
_GIVEN: set[int] = set()


def script() -> str:
    """The program that starts a node, '' where RabbitMQ is not installed."""
    return next((path for path in SCRIPTS if path and os.access(path, os.X_OK)), "")


def free_port() -> int:
    """A port of the loopback that nobody has, below the range from which the system gives ports to clients: one that
    is stopped and started again would find its own port taken by somebody's connection. Never the same one twice."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - no secret
        if port in _GIVEN:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _GIVEN.add(port)
            return port


@dataclass
class Node:
    """One node. Stopped and started again it keeps its queues."""

    folder: Path
    port: int = field(default_factory=free_port)
    other_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For BROKER_URL."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with the end of its log if it does not."""
        (self.folder / "plugins").write_text("[].\n")
        # What it is told with `localhost` does not depend on the machine's name.
        settings = {
            "NODENAME": f"nrs{self.port}@localhost",
            "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": str(self.port),
            "DIST_PORT": str(self.other_port),
            "MNESIA_BASE": str(self.folder / "data"),
            "LOG_BASE": str(self.folder / "log"),
            "ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "CONFIG_FILE": str(self.folder / "none"),
            "PID_FILE": str(self.folder / "pid"),
        }
        env = {**os.environ, "HOME": str(self.folder), **{f"RABBITMQ_{key}": value for key, value in settings.items()}}
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                [script()], env=env, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with Connection(self.url, connect_timeout=2) as connection:
                    connection.connect()
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self.folder / "out.log").read_text()[-2000:])

    def kill(self) -> None:
        """End it and everything that it started, at once, as a crash does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask it to end, and wait: as at a restart of the server."""
        if self.process is None:
            return
        pid = self.folder / "pid"
        os.kill(int(pid.read_text()), signal.SIGTERM)
        try:
            self.process.wait(60)
        finally:
            self.kill()
