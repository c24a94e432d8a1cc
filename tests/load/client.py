"""An open loop: each call is sent when it is due, whether the ones before it are answered or not.

What a call took runs from the moment when it was due, so that a stall counts for all who would have come in it.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE_S = 30.0
REFUSALS = (429, 503)


@dataclass(frozen=True, slots=True)
class Shot:
    """One call, written out, what it is called in the figures, and the name of what it writes."""

    kind: str
    sent: bytes
    writes: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` 0: no whole answer. `due_s` counts from the beginning of the run."""

    kind: str
    due_s: float
    seconds: float
    status: int
    retry_after: str = ""
    writes: str = ""

    @property
    def is_refusal(self) -> bool:
        """Told to come again, and when."""
        return self.status in REFUSALS and self.retry_after.isdigit()

    @property
    def is_good(self) -> bool:
        """Answered."""
        return 200 <= self.status < 300


@dataclass
class Run:
    """What came of a rate for a time."""

    rate: float
    seconds: float
    outcomes: list[Outcome] = field(default_factory=list)
    client_cpu_s: float = 0.0
    late_s: float = 0.0
    """The most that this client itself was behind its plan."""

    @property
    def good(self) -> list[Outcome]:
        """Those that were answered."""
        return [one for one in self.outcomes if one.is_good]

    @property
    def refused(self) -> int:
        """Those that were told when to come again."""
        return sum(one.is_refusal for one in self.outcomes)

    @property
    def errors(self) -> Counter[int]:
        """Everything else, by status."""
        return Counter(one.status for one in self.outcomes if not one.is_good and not one.is_refusal)

    def quantile(self, share: float) -> float:
        """Of the answered calls, in milliseconds (nearest rank); without any the patience."""
        ordered = sorted(one.seconds for one in self.good)
        return 1000 * (ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else PATIENCE_S)

    def by_kind(self) -> dict[str, Run]:
        """The same of each kind of call."""
        found: dict[str, Run] = {}
        for one in self.outcomes:
            found.setdefault(one.kind, Run(self.rate, self.seconds)).outcomes.append(one)
        return found

    def steady_after(self, limit_ms: float) -> float:
        """The first second from which on every call was answered within the limit; the whole time if never."""
        bad = [one.due_s for one in self.outcomes if not one.is_good or 1000 * one.seconds > limit_ms]
        return min(self.seconds, float(int(max(bad)) + 1)) if bad else 0.0


class _Call(asyncio.Protocol):
    """One connection: sends, and reads until the server closes."""

    def __init__(self, sent: bytes, done: asyncio.Future[bytes]) -> None:
        self.sent, self.done, self.parts = sent, done, list[bytes]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.sent)

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(b"".join(self.parts) if exc is None else b"")


def written(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A call as it goes over the wire."""
    told = {"Host": "127.0.0.1", "Connection": "close", **headers}
    told |= {"Content-Length": str(len(body))} if body else {}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def drive(port: int, rate: float, seconds: float, shot: Callable[[int], Shot]) -> Run:
    """`rate` calls a second for so many seconds, evenly, the nth being `shot(n)`; all answers are waited for."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    run, cpu = Run(rate, seconds), time.thread_time()
    asyncio.run(_drive(port, run, shot))
    run.client_cpu_s = time.thread_time() - cpu
    run.outcomes.sort(key=lambda one: one.due_s)
    return run


async def _drive(port: int, run: Run, shot: Callable[[int], Shot]) -> None:
    loop = asyncio.get_running_loop()
    begun, under_way = loop.time() + 0.1, set[asyncio.Task[None]]()
    for number in range(int(run.rate * run.seconds)):
        due = begun + number / run.rate
        one = shot(number)
        await asyncio.sleep(due - loop.time())
        run.late_s = max(run.late_s, loop.time() - due)
        task = loop.create_task(_send(port, one, begun, due, run))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait(under_way)


async def _send(port: int, one: Shot, begun: float, due: float, run: Run) -> None:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()
    transport, raw = None, b""
    try:
        async with asyncio.timeout(PATIENCE_S):
            transport, _ = await loop.create_connection(lambda: _Call(one.sent, done), "127.0.0.1", port)
            raw = await done
    except (OSError, TimeoutError):
        raw = b""
    finally:
        if transport is not None:
            transport.abort()
    status, retry_after = _read(raw)
    run.outcomes.append(Outcome(one.kind, due - begun, loop.time() - due, status, retry_after, one.writes))


def _read(raw: bytes) -> tuple[int, str]:
    """Status and Retry-After; 0 for an answer that is not whole."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not gap or len(lines[0].split()) < 2:
        return 0, ""
    told = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
    length = told.get(b"content-length")
    if length is not None and len(body) < int(length):
        return 0, ""
    return int(lines[0].split()[1]), told.get(b"retry-after", b"").decode()
