"""Beside a run: what the processes need, and whether a reader sees what it has just written."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from uuid import uuid4

from bench.inside import Known
from tests.load.site import Site

EVERY_S = 5.0


@dataclass
class Memory:
    """MB of all processes together, and of each, time by time."""

    samples: list[dict[str, float]] = field(default_factory=list)

    @property
    def totals(self) -> list[float]:
        """Of all processes."""
        return [sum(one.values()) for one in self.samples]

    def quarter(self, which: int) -> float:
        """The median of a quarter of the time, 0 to 3."""
        size = max(1, len(self.totals) // 4)
        return median(self.totals[which * size : (which + 1) * size] or [0.0])

    @property
    def growth_percent(self) -> float:
        """From the second quarter, when everything has been used, to the last."""
        return 100 * (self.quarter(3) / self.quarter(1) - 1) if self.quarter(1) else 0.0


@contextmanager
def memory(site: Site) -> Iterator[Memory]:
    """Looked at every few seconds while the block runs."""
    found, over = Memory(), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_S):
            found.samples.append(site.memory())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


@dataclass
class Reader:
    """Hands in an order and asks at once for the figure that must hold it, over and over."""

    port: int
    known: Known
    checks: int = 0
    missed: int = 0
    """Figures without what was written before, or that went back in time."""
    problems: list[str] = field(default_factory=list)

    def go_on(self, over: threading.Event) -> None:
        """Until it is over."""
        seen = 0
        while not over.is_set():
            written, _ = self._call("POST", "job-orders", self.known.order_body(0) | {"title": "Egne skrivninger"})
            status, figure = self._call("GET", "statistics/status")
            if status != 200:
                continue
            least = seen + (written == 201)
            self.checks += written == 201
            self.missed += figure["received"] < least
            seen = max(seen, figure["received"])

    def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> tuple[int, dict[str, int]]:
        headers = {"Authorization": f"Bearer {self.known.consultant}"}
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())} if body else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            raw = answer.read()
            if answer.status not in (200, 201, 503):
                self.problems.append(f"{method} {path}: {answer.status}")
            return answer.status, json.loads(raw) if answer.status in (200, 201) else {}
        except (OSError, http.client.HTTPException) as problem:
            self.problems.append(f"{method} {path}: {type(problem).__name__}")
            return 0, {}
        finally:
            connection.close()


@contextmanager
def reader(port: int, known: Known) -> Iterator[Reader]:
    """One reader beside the block."""
    found, over = Reader(port, known), threading.Event()
    thread = threading.Thread(target=found.go_on, args=(over,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join(90)
