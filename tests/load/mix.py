"""What people and programs ask for on a busy day: written out beforehand, so that sending costs little."""

from __future__ import annotations

import json
import random
from uuid import uuid4

from bench.inside import Known
from tests.load.client import Shot, written

#: Of a hundred calls.
SHARES = {"queue page": 35, "order page": 35, "screening": 10, "API": 10, "submit": 5, "statistics": 5}
READ = ("queue", "job-orders?page_size=50", "companies?page_size=50", "vocabulary/skills?q=truck", "events")
FIGURES = ("status", "flow", "times", "promises", "exchange", "reasons")
TITLE = "Belastning"


class Mix:
    """The nth call of a run; the orders that it hands in have titles of its own."""

    def __init__(self, known: Known, name: str) -> None:
        self.known, self.title = known, f"{TITLE} {name}"
        self.kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
        random.Random(1).shuffle(self.kinds)  # noqa: S311 - the same order in every run
        self.pages = {path: written("GET", path, self._cookie()) for path in ["/queue", *self._orders()]}
        self.orders = [self.pages[path] for path in self._orders()]
        self.read = [self._get(f"/api/v1/{path}") for path in READ]
        self.figures = [self._get(f"/api/v1/statistics/{name}") for name in FIGURES]
        scope = json.dumps({"scope": "region"}).encode()
        shared = [f"/api/v1/job-orders/{order}/screenings" for order in known.shared_orders]
        self.screenings = [written("POST", path, self._json(), scope) for path in shared]

    def queue(self, n: int) -> Shot:
        """The queue of somebody who has logged in."""
        return Shot("queue page", self.pages["/queue"])

    def __call__(self, n: int) -> Shot:
        """One of the mix."""
        kind = self.kinds[n % len(self.kinds)]
        if kind == "queue page":
            return self.queue(n)
        if kind == "submit":
            return self._submit(n)
        of_kind = {
            "order page": self.orders,
            "screening": self.screenings,
            "API": self.read,
            "statistics": self.figures,
        }
        found = of_kind[kind]
        return Shot(kind, found[n // 3 % len(found)])

    def _submit(self, n: int) -> Shot:
        title = f"{self.title} {n:06d}"
        body = json.dumps({**self.known.order_body(n), "title": title}).encode()
        sent = {**self._json(), "Idempotency-Key": str(uuid4())}
        return Shot("submit", written("POST", "/api/v1/job-orders", sent, body), title)

    def _orders(self) -> list[str]:
        return [f"/orders/{order}" for order in self.known.busy_orders]

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.known.consultant_session}", "Accept-Encoding": "gzip"}

    def _json(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.known.consultant}", "Content-Type": "application/json"}

    def _get(self, path: str) -> bytes:
        return written("GET", path, {"Authorization": f"Bearer {self.known.consultant}"})
