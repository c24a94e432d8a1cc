"""What is measured, and the figures to reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bench import inside
from bench.campaigns import campaigns
from bench.client import Call, Taken, drive, ratio, side_by_side
from bench.database import HISTORIES, SIZES
from bench.index import index
from bench.mail import mail
from bench.pages import pages
from bench.reverse import reverse
from bench.statistics import statistics
from bench.stream import stream

CLIENTS = 4


@dataclass
class Figure:
    """One line of the table. `target` is a limit: `at_most` says which side of it is right; None has no target."""

    part: str
    name: str
    value: float
    unit: str = ""
    target: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def verdict(self) -> str:
        """ok, miss, or nothing where there is no target."""
        if self.target is None:
            return ""
        is_good = self.value <= self.target if self.at_most else self.value >= self.target
        return "ok" if is_good else "MISS"

    def as_data(self) -> dict[str, Any]:
        """For the JSON file."""
        return {**asdict(self), "verdict": self.verdict}


@dataclass
class Bench:
    """The running server, and what the calls need to know."""

    port: int
    known: inside.Known
    size: int
    orders: int = HISTORIES[1]
    figures: list[Figure] = field(default_factory=list)

    def get(self, path: str, token: str | None = None) -> Call:
        """A GET with the consultant's token, or another one, or ('' for) none."""
        secret = self.known.consultant if token is None else token
        return Call(path, headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def post(self, path: str, body: Any, **headers: str) -> Call:
        """A POST of JSON with the consultant's token."""
        sent = {"Authorization": f"Bearer {self.known.consultant}", "Content-Type": "application/json", **headers}
        return Call(path, "POST", sent, json.dumps(body).encode(), 201)

    def add(self, part: str, name: str, value: float, unit: str = "", **more: Any) -> None:
        """Keep a figure, and say it at once: a run at the largest size takes long."""
        figure = Figure(part, name, round(value, 3), unit, **more)
        self.figures.append(figure)
        print(f"  {figure.name}: {figure.value} {figure.unit} {figure.verdict}", flush=True)

    def add_times(self, part: str, name: str, taken: Taken, limit: float | None = None) -> None:
        """Median with its limit, and the 95th percentile."""
        self.add(part, f"{name}, p50", taken.p50, "ms", target=limit, note=f"n={len(taken.ms)}")
        self.add(part, f"{name}, p95", taken.quantile(0.95), "ms")

    def add_rates(self, part: str, found: dict[str, list[Taken]]) -> None:
        """Calls per second of each of the calls that were driven side by side."""
        for name, rounds in found.items():
            every = Taken([ms for taken in rounds for ms in taken.ms], sum(taken.seconds for taken in rounds))
            note = f"p95 {every.quantile(0.95):.0f} ms"
            self.add(part, f"{name}, {CLIENTS} clients", every.per_second, "/s", note=note)


def queue(bench: Bench) -> None:
    """The work list, page of 50: queries, time, and its share of the floor."""
    for size in (10, 50, 200):
        n = inside.queries(bench.get(f"/api/v1/queue?page_size={size}"))
        bench.add("queue", f"SQL queries, page of {size}", n, target=6)
    calls: dict[str, Callable[[int], Call]] = {
        "product": lambda n: bench.get("/api/v1/queue"),
        "raw view": lambda n: bench.get("/view/floor/queue"),
        "product, no login": lambda n: bench.get("/bench/queue", ""),
        "raw view, no login": lambda n: bench.get("/view/floor/queue-open", ""),
        "raw WSGI, no login": lambda n: bench.get("/floor/queue-open", ""),
    }
    drive(bench.port, calls["product"], 20)
    bench.add_times("queue", "page of 50, 1 client", drive(bench.port, calls["product"], 200), 60)
    found = side_by_side(bench.port, calls, 120, 5, CLIENTS)
    bench.add_rates("queue", found)
    product, view = found["product"], found["raw view, no login"]
    share = ratio(product, found["raw view"])
    bench.add("queue", "with login ÷ raw view with login", share, target=0.40, at_most=False)
    share = ratio(found["product, no login"], view)
    bench.add("queue", "without login ÷ raw view without login", share, target=0.55, at_most=False)
    bench.add("queue", "with login ÷ raw view without login", ratio(product, view), target=0.40, at_most=False)


def submit(bench: Bench) -> None:
    """Handing in an order with its event, beside two raw INSERTs."""

    def order(path: str) -> Callable[[int], Call]:
        return lambda n: bench.post(path, bench.known.order_body(n))

    calls = {
        "product": order("/api/v1/job-orders"),
        "raw view": order("/view/floor/submit"),
        "raw WSGI": order("/floor/submit"),
    }
    bench.add("submit", "SQL statements", inside.queries(calls["product"](0)))
    drive(bench.port, calls["product"], 10)
    bench.add_times("submit", "1 client", drive(bench.port, calls["product"], 100), 40)
    found = side_by_side(bench.port, calls, 60, 5, CLIENTS)
    bench.add_rates("submit", found)
    bench.add("submit", "÷ raw view", ratio(found["product"], found["raw view"]), target=0.30, at_most=False)


def status(bench: Bench) -> None:
    """The status figures as of today, and as of and known at a past day."""
    for name, query in (("today", ""), ("a year ago", f"?as_of={bench.known.past}")):
        call = bench.get(f"/api/v1/statistics/status{query}", bench.known.coordinator)
        drive(bench.port, lambda n, call=call: call, 10)
        bench.add_times("status", f"{name}, 1 client", drive(bench.port, lambda n, call=call: call, 60), 50)
        bench.add("status", f"{name}, SQL queries", inside.queries(call))


def export(bench: Bench) -> None:
    """All orders as CSV."""
    call = bench.get("/api/v1/job-orders?format=csv", bench.known.coordinator)
    few = bench.get(f"/api/v1/job-orders?format=csv&municipality={bench.known.home}", bench.known.coordinator)
    taken = drive(bench.port, lambda n: call, 5)
    lines = taken.answer.count(b"\r\nNRS-") or taken.answer.count(b"\n") - 1
    bench.add("export", f"{lines} orders as CSV, p50", taken.p50 / 1000, "s", target=2, note=f"n={len(taken.ms)}")
    all_, some = inside.queries(call), inside.queries(few)
    bench.add("export", "SQL queries, all orders", all_, target=some, note=f"one municipality: {some}")


def screening(bench: Bench) -> None:
    """The table of the screening: over HTTP at the size of the nine, and the index at every size."""
    if bench.size == SIZES[0]:
        over_http(bench)
    index(bench)


def over_http(bench: Bench) -> None:
    """A screening over all nine, kept with its verdicts; different orders, one after the other."""
    calls = [
        bench.post(f"/api/v1/job-orders/{order}/screenings", {"scope": "region"}) for order in bench.known.shared_orders
    ]
    bench.add("screening", "SQL statements", inside.queries(calls[0]))
    drive(bench.port, lambda n: calls[n % len(calls)], 4)
    taken = drive(bench.port, lambda n: calls[n % len(calls)], 2 * len(calls))
    pool = json.loads(taken.answer)["pool"]
    bench.add("screening", "people in the pool", pool)
    bench.add_times("screening", "all nine, 1 client", taken, 60)


PARTS: dict[str, Callable[[Bench], None]] = {
    "queue": queue, "status": status, "export": export, "screening": screening, "index": index,
    "reverse": reverse, "submit": submit, "pages": pages, "mail": mail, "campaigns": campaigns,
    "statistics": statistics, "stream": stream,
}  # fmt: skip
NEED_NO_SERVER = frozenset({"index", "statistics"})
