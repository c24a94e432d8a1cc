"""Start the processes, keep them running, stop them all: no orphan stays behind, whatever ends first."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from tools import probe
from tools.processes import PROCESSES
from tools.setup import REPO, SetupFailed, say

READY_TIMEOUT = 90.0
STOP_TIMEOUT = 35.0  # a little over gunicorn's graceful timeout
FIRST_DELAY, LONGEST_DELAY = 0.25, 30.0
STEADY_AFTER = 60.0
PR_SET_PDEATHSIG = 1


class Child:
    """One supervised process: started in a group of its own, told to stop when `./run` itself is killed."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log_dir: Path | None) -> None:
        self.name = name
        self.command = command
        self.env = env
        self.log = log_dir / f"{name}.log" if log_dir else None
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.due = 0.0
        self.delay = FIRST_DELAY

    def start(self) -> None:
        """Start it now; output goes to its log file, or to the terminal where there is none."""
        out: IO[bytes] | None = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(
            self.command,
            cwd=REPO,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
        )
        if out:
            out.close()
        self.started, self.due = time.monotonic(), 0.0

    def exit_code(self) -> int | None:
        """The code it ended with, None while it runs or waits for its next start."""
        return self.process.poll() if self.process else None

    def plan_restart(self) -> None:
        """Wait longer after each quick death, and forget old deaths after a steady minute."""
        if time.monotonic() - self.started > STEADY_AFTER:
            self.delay = FIRST_DELAY
        say(f"{self.name} ended ({self.exit_code()}); it starts again in {self.delay:g} s.{self.where()}")
        self.kill_group()
        self.process = None
        self.due = time.monotonic() + self.delay
        self.delay = min(self.delay * 2, LONGEST_DELAY)

    def terminate(self) -> None:
        """Ask its leader to finish; the leader tells its own children."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        """End whatever is left of its group."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def where(self) -> str:
        """Where its output is, as the end of a sentence."""
        return f" See {self.log}." if self.log else ""

    def last_words(self) -> str:
        """The end of its log."""
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])


class Supervisor:
    """The processes of PROCESSES. `run` blocks until a signal; `start` and `stop` serve who drives it."""

    def __init__(self, env: dict[str, str], log_dir: Path | None = None) -> None:
        if log_dir:
            log_dir.mkdir(parents=True, exist_ok=True)
            for old in log_dir.glob("*.log"):
                old.replace(old.with_suffix(".log.1"))
        self.env = env
        self.children = [Child(name, command, env, log_dir) for name, command in PROCESSES.items()]
        self.web = self.children[0]
        self.stop_asked = 0

    def start(self) -> None:
        """Start all, wait until web is ready. Raises SetupFailed, with the reason, if it never is."""
        for child in self.children:
            child.start()
        deadline = time.monotonic() + READY_TIMEOUT
        problem = "not asked yet"
        while problem and not self.stop_asked:
            if self.web.exit_code() is not None:
                raise SetupFailed(f"The web process did not start.{self.web.where()}\n{self.web.last_words()}")
            if time.monotonic() > deadline:
                raise SetupFailed(f"The web process is not ready after {READY_TIMEOUT:.0f} s: {problem}")
            time.sleep(0.1)
            problem = probe.web_problem(int(self.env["PORT"]), probe.probe_host(self.env), timeout=10)

    def tend(self) -> None:
        """One look at every child: who died is started again, with growing pauses."""
        for child in self.children:
            if child.exit_code() is not None:
                child.plan_restart()
            elif child.due and time.monotonic() >= child.due:
                child.start()

    def stop(self) -> None:
        """SIGTERM to all, wait, then SIGKILL to what is left of each group. A second signal does not wait."""
        asked_before = self.stop_asked
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        while time.monotonic() < deadline and self.stop_asked <= max(asked_before, 1):
            if all(child.process is None or child.exit_code() is not None for child in self.children):
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill_group()

    def run(self, when_ready: Callable[[], None]) -> int:
        """Serve until Ctrl-C or SIGTERM: 0 after a clean stop, 1 when the web process never became ready."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            self.start()
            if not self.stop_asked:
                when_ready()
            while not self.stop_asked:
                self.tend()
                time.sleep(0.2)
            say("Stopping …")
        finally:
            self.stop()
        say("Stopped.")
        return 0

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_asked += 1


def _end_with_parent() -> None:
    """On Linux the kernel sends SIGTERM to this child when `./run` dies without having stopped it."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _libc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None) if sys.platform == "linux" else None
    except OSError:
        return None


_LIBC = _libc()
