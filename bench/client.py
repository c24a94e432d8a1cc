"""A bounded number of calls by a bounded number of clients, and what they took."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One request and the status that it must have."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    status: int = 200


@dataclass
class Taken:
    """Milliseconds of each call, the whole time, and the last answer."""

    ms: list[float]
    seconds: float
    answer: bytes = b""

    @property
    def per_second(self) -> float:
        """Calls per second."""
        return len(self.ms) / self.seconds

    def quantile(self, share: float) -> float:
        """The nearest-rank quantile in milliseconds."""
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.ms)


def drive(port: int, call: Callable[[int], Call], count: int, clients: int = 1) -> Taken:
    """`count` calls, the nth being `call(n)`. Raises RuntimeError at the first answer of another status."""
    numbers, lock = iter(range(count)), threading.Lock()
    taken, problems = Taken([], 0.0), []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not problems:
            with lock:
                n = next(numbers, None)
            if n is None:
                break
            one = call(n)
            begun = time.perf_counter()
            connection.request(one.method, one.path, one.body, one.headers)
            response = connection.getresponse()
            body = response.read()
            spent = (time.perf_counter() - begun) * 1000
            if response.status != one.status:
                problems.append(f"{one.method} {one.path}: {response.status} {body[:300]!r}")
            with lock:
                taken.ms.append(spent)
                taken.answer = body
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.seconds = time.perf_counter() - begun
    if problems:
        raise RuntimeError(problems[0])
    return taken


def side_by_side(
    port: int, calls: dict[str, Callable[[int], Call]], count: int, rounds: int, clients: int
) -> dict[str, list[Taken]]:
    """The calls in turn, round by round, so that a change of the machine's speed hits all of them alike."""
    found: dict[str, list[Taken]] = {name: [] for name in calls}
    for call in calls.values():
        drive(port, call, 30, clients)
    for turn in range(rounds):
        for name, call in calls.items():
            found[name].append(drive(port, lambda n, call=call, turn=turn: call(turn * count + n), count, clients))
    return found


def ratio(upper: list[Taken], lower: list[Taken]) -> float:
    """The median over the rounds of calls per second, one by the other."""
    return statistics.median(a.per_second / b.per_second for a, b in zip(upper, lower, strict=True))
