"""Integrators who hand in orders and try again with the same key until they have an answer, as docs/api.md asks."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson

from tests import factories

CLIENTS = 4
PAUSE_S = 0.2
TIMEOUT_S = 20.0
GIVES_UP_AFTER_S = 120.0


@dataclass(frozen=True)
class Answer:
    """What came back; `status` 0 when the connection broke."""

    status: int
    body: Any = None
    etag: str = ""
    seconds: float = 0.0


@dataclass
class Caller:
    """One machine token."""

    port: int
    token: str

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """One call, one connection, no second try."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        begun = time.monotonic()
        try:
            connection.request("POST", f"/api/v1/{path}", orjson.dumps(body), sent)
            answer = connection.getresponse()
            raw = answer.read()
            value = orjson.loads(raw) if raw else None
            return Answer(answer.status, value, answer.headers.get("ETag", ""), time.monotonic() - begun)
        except (OSError, http.client.HTTPException, orjson.JSONDecodeError):
            return Answer(0, seconds=time.monotonic() - begun)
        finally:
            connection.close()


@dataclass
class Load:
    """Writes of one kind of fault: each is one order whose title holds the kind and a number."""

    caller: Caller
    company: UUID
    kind: str
    writes: int
    statuses: Counter[int] = field(default_factory=Counter)
    acked: dict[str, str] = field(default_factory=dict)  # title -> number of the order that the client was told
    slowest: float = 0.0
    last_good: float = 0.0
    first_good_after: float = 0.0
    _mark: float = 0.0
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin."""
        self._threads = [threading.Thread(target=self._client, daemon=True) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, share: float, seconds: float = GIVES_UP_AFTER_S) -> None:
        """Until this share of the writes is acknowledged, or the time is over."""
        deadline = time.monotonic() + seconds
        while len(self.acked) < share * self.writes and time.monotonic() < deadline:
            time.sleep(0.02)

    def finish(self) -> None:
        """Until every client has all its answers, or gave up."""
        for thread in self._threads:
            thread.join(GIVES_UP_AFTER_S + TIMEOUT_S)

    def mark(self) -> None:
        """From now on the first good answer is looked for."""
        self._mark, self.first_good_after = time.monotonic(), 0.0

    @property
    def refused(self) -> int:
        """Calls that got no 201: they were sent again."""
        return sum(number for status, number in self.statuses.items() if status != 201)

    def _client(self) -> None:
        while True:
            with self._lock:
                if self._next >= self.writes:
                    return
                self._next += 1
                title = f"{self.kind} {self._next:05d}"
            self._hand_in(title)

    def _hand_in(self, title: str) -> None:
        key, deadline = str(uuid4()), time.monotonic() + GIVES_UP_AFTER_S
        body = factories.block(title=title) | {"company": str(self.company)}
        while time.monotonic() < deadline:
            answer = self.caller.post("job-orders", body, **{"Idempotency-Key": key})
            now = time.monotonic()
            with self._lock:
                self.statuses[answer.status] += 1
                if answer.status == 201:
                    self.acked[title] = answer.body["number"]
                    self.slowest = max(self.slowest, answer.seconds)
                    if self._mark and not self.first_good_after and now - answer.seconds >= self._mark:
                        self.first_good_after = now
                    return
                if 400 <= answer.status < 500 and answer.status not in (408, 429):
                    return  # a refusal that no second try mends: counted as not acknowledged
            time.sleep(PAUSE_S)

    @property
    def back_after(self) -> float:
        """Seconds from the mark to the first answer to a call begun after it."""
        return self.first_good_after - self._mark if self.first_good_after else 0.0
