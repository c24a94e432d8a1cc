"""A PostgreSQL of these tests' own: a cluster in its own folder, which may be stopped at once and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.node import free_port

SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 120
shared_buffers = 128MB
log_min_messages = fatal
fsync = on
synchronous_commit = on
full_page_writes = on
"""


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, None where PostgreSQL is not installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


@dataclass
class Cluster:
    """One cluster with data checksums. Started again after a crash it recovers by its log, as a server does."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="nrs-postgres-")))
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        """Where it keeps everything."""
        return self.folder / "data"

    def make(self) -> None:
        """Write a new cluster. PostgreSQL refuses root, so root makes it as the user `postgres`."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", str(self.data), "-U", "nrs", "-A", "trust", "-E", "UTF8", "--locale=C", "-k")
        told = f"{SETTINGS}port = {self.port}\nunix_socket_directories = '{self.folder}'\n"
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(told)

    def follow(self, primary: Cluster) -> None:
        """Write a copy of another that runs, which follows it once started: a streaming replica."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        where = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "nrs")
        self._run("pg_basebackup", *where, "-D", str(self.data), "-R", "-X", "stream", "-c", "fast")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"port = {self.port}\nunix_socket_directories = '{self.folder}'\nhot_standby_feedback = on\n")

    def start(self) -> None:
        """Start it and wait until it answers. Raises CalledProcessError."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate`: no goodbye, what is in memory is gone, as when the machine dies; or `fast`."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-m", mode, "stop")

    def runs(self) -> bool:
        """There is a server process, whether or not it answers."""
        try:
            self._run("pg_ctl", "-D", str(self.data), "status")
        except subprocess.CalledProcessError:
            return False
        return True

    def move_to(self, folder: Path) -> None:
        """Let it go on with its data in another folder."""
        self.stop("fast")
        self.data.rename(self.folder / "home")
        subprocess.run(["cp", "-a", str(self.folder / "home"), str(folder)], check=True)
        self.data.symlink_to(folder)
        self.start()

    def move_home(self) -> None:
        """Let it go on in its own folder again, with what it has written meanwhile."""
        if self.runs():
            self.stop("fast")
        folder = self.data.resolve()
        self.data.unlink()
        subprocess.run(["cp", "-a", str(folder), str(self.data)], check=True)
        shutil.rmtree(self.folder / "home")
        self.start()

    def create(self, name: str) -> None:
        """A database."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "nrs", name)

    def remove(self) -> None:
        """Stop it, if it runs, and throw it away."""
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("no PostgreSQL server is installed here")
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = {"user": "postgres", "group": "postgres", "extra_groups": []}
        with (self.folder / f"{program}.out").open("ab") as out:
            subprocess.run(
                [str(found / program), *arguments], check=True, cwd=self.folder, stdout=out, stderr=out, **who
            )
