"""The five parts of `./run load`, each with its promise, on one site."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from django.db import close_old_connections

from bench.inside import Known
from events import health
from joborders.models import JobOrder
from tests.faults.house import DATABASE, until
from tests.faults.postgres import Cluster
from tests.load import watching
from tests.load.client import Run, Shot, drive
from tests.load.mix import Mix
from tests.load.site import Site

QUEUE_RATE, QUEUE_P95_MS, MIX_P95_MS = 120, 250, 500
FIRST_RATE, PROBES, NEAR = 20.0, 9, 1.08
RECOVERY_S, RECOVERED_AFTER_S, GROWTH_PERCENT = 20, 5.0, 10.0


@dataclass
class Part:
    """What came of one part."""

    name: str
    what: str
    rate: float = 0.0
    runs: dict[str, Run] = field(default_factory=dict)
    cpu_ms: dict[str, float] = field(default_factory=dict)
    """Of each answered call, by who spent it."""
    told: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """Promises that were not kept."""

    def promise(self, is_kept: bool, text: str) -> None:
        """Say it, and whether it was kept."""
        (self.told if is_kept else self.missed).append(text)


class Playing:
    """The parts, in their order; the later ones need the rate that `mix` has found."""

    def __init__(self, site: Site, known: Known, seconds: float, memory_s: float, rate: float) -> None:
        self.site, self.known, self.seconds, self.memory_s, self.rate = site, known, seconds, memory_s, rate
        self.name = uuid4().hex[:6]
        self.parts: dict[str, Callable[[], Part]] = {
            "queue": self.queue,
            "mix": self.mix,
            "twice": self.twice,
            "memory": self.memory,
            "replica": self.replica,
        }

    def queue(self) -> Part:
        """The queue of a login at 120 calls/s: p95 at most 250 ms, no error, nobody refused."""
        part = self._part("queue", self.queue.__doc__, QUEUE_RATE)
        run = self._drive(part, "queue", QUEUE_RATE, self.seconds, Mix(self.known, self.name).queue)
        part.promise(run.quantile(0.95) <= QUEUE_P95_MS, f"p95 {run.quantile(0.95):.0f} ms, at most {QUEUE_P95_MS}")
        self._no_errors(part, run, may_refuse=False)
        return part

    def mix(self) -> Part:
        """The highest steady rate of the mix with p95 below 500 ms, nobody refused, no error, nothing lost."""
        self.rate = self._search()
        part = self._part("mix", self.mix.__doc__, self.rate)
        for _again in range(3):
            run = self._drive(part, "steady", self.rate, self.seconds, Mix(self.known, f"{self.name} m{self.rate:.0f}"))
            if _is_steady(run):
                break
            self.rate = round(self.rate * 0.9, 1)
        part.rate = run.rate
        part.promise(_is_steady(run), f"{run.rate:.0f} calls/s, p95 {run.quantile(0.95):.0f} ms, below {MIX_P95_MS}")
        self._no_errors(part, run, may_refuse=False)
        self._nothing_lost(part, run)
        return part

    def twice(self) -> Part:
        """Twice that rate: refusals say when to come again, no 500, nothing lost; then half of it, good at once."""
        part = self._part("twice", self.twice.__doc__, 2 * self.rate)
        run = self._drive(part, "twice", 2 * self.rate, self.seconds, Mix(self.known, f"{self.name} t"))
        self._no_errors(part, run, may_refuse=True)
        after = self._drive(part, "afterwards", self.rate / 2, RECOVERY_S, Mix(self.known, f"{self.name} a"))
        self._no_errors(part, after, may_refuse=True)
        back = after.steady_after(MIX_P95_MS)
        part.promise(back <= RECOVERED_AFTER_S, f"every answer below {MIX_P95_MS} ms again after {back:.0f} s")
        self._nothing_lost(part, run, after)
        return part

    def memory(self) -> Part:
        """Half the rate for ten minutes: the memory of all processes stays as it is."""
        part = self._part("memory", self.memory.__doc__, self.rate / 2)
        with watching.memory(self.site) as seen:
            run = self._drive(part, "half", self.rate / 2, self.memory_s, Mix(self.known, f"{self.name} h"))
        self._no_errors(part, run, may_refuse=False)
        quarters = " → ".join(f"{seen.quarter(which):.0f}" for which in range(4))
        text = f"{quarters} MB by quarter of {self.memory_s:.0f} s, {seen.growth_percent:+.1f} % from the second on"
        part.promise(seen.growth_percent <= GROWTH_PERCENT, text)
        self._nothing_lost(part, run)
        return part

    def replica(self) -> Part:
        """Half the rate with a replica, dead in the middle third: everything is answered, own writes are read."""
        part = self._part("replica", self.replica.__doc__, self.rate / 2)
        with self.site.followed() as replica:
            self.site.restart(replica=replica)
            before, counted = _answered_by(replica), list[int]()
            stop = threading.Timer(self.seconds / 3, lambda: (counted.append(_answered_by(replica)), replica.stop()))
            start = threading.Timer(2 * self.seconds / 3, replica.start)
            with watching.reader(self.site.port, self.known) as reader:
                stop.start(), start.start()
                run = self._drive(part, "replica", self.rate / 2, self.seconds, Mix(self.known, f"{self.name} r"))
                stop.join(), start.join()
            after = _answered_by(replica)
            self.site.restart(replica=None)
        self._no_errors(part, run, may_refuse=False)
        reads = (
            f"tables read on the replica {counted[0] - before} times before it died, {after} times after it came back"
        )
        part.promise(counted[0] > before and after > 0, reads)
        text = f"{reader.checks} own writes looked for in the figure right after them, {reader.missed} not in it"
        part.promise(
            reader.checks > 0 and not reader.missed and not reader.problems, " ".join([text, *reader.problems])
        )
        self._nothing_lost(part, run)
        return part

    def _part(self, name: str, what: str | None, rate: float) -> Part:
        return Part(name, what or "", rate)

    def _search(self) -> float:
        """By short runs: upward by half, then between the last good and the first bad rate."""
        good, bad, rate = 0.0, 0.0, self.rate or FIRST_RATE
        for number in range(PROBES):
            probe = drive(self.site.port, rate, max(5.0, self.seconds / 3), Mix(self.known, f"{self.name} p{number}"))
            print(f"  {_line(probe)}", flush=True)
            good, bad = (max(good, rate), bad) if _is_steady(probe) else (good, min(bad or rate, rate))
            if good and bad and bad / good <= NEAR:
                break
            rate = round((good * bad) ** 0.5 if good and bad else rate * 1.5 if good else rate / 2, 1)
        return good or rate

    def _drive(self, part: Part, name: str, rate: float, seconds: float, shot: Callable[[int], Shot]) -> Run:
        before = self.site.cpu()
        run = part.runs[name] = drive(self.site.port, rate, seconds, shot)
        answered = max(1, len(run.good))
        spent = {who: 1000 * (now - before[who]) / answered for who, now in self.site.cpu().items()}
        if name not in {"afterwards"}:
            part.cpu_ms = {**spent, "this client": 1000 * run.client_cpu_s / max(1, len(run.outcomes))}
        print(f"  {_line(run)}", flush=True)
        return run

    def _no_errors(self, part: Part, run: Run, *, may_refuse: bool) -> None:
        errors = ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(run.errors.items()))
        part.promise(not run.errors, f"errors: {errors or 'none'}")
        if may_refuse:
            part.told.append(f"{run.refused} of {len(run.outcomes)} calls refused with Retry-After")
        else:
            part.promise(not run.refused, f"{run.refused} calls refused")

    def _nothing_lost(self, part: Part, *runs: Run) -> None:
        """Every acknowledged order is there once, no refused one is, and all events have left."""
        sent = [one for run in runs for one in run.outcomes if one.writes]
        acknowledged = {one.writes for one in sent if one.status == 201}
        refused = {one.writes for one in sent if one.is_refusal}
        close_old_connections()
        titles = JobOrder.objects.filter(title__startswith="Belastning").order_by("pk").values_list("title", flat=True)
        rows = Counter(titles)
        lost = sum(title not in rows for title in acknowledged)
        extra = sum(rows[title] > 1 for title in acknowledged) + sum(title in rows for title in refused)
        text = f"{len(acknowledged)} orders acknowledged, {lost} lost, {extra} doubled or written though refused"
        part.promise(not lost and not extra, text)
        waited = until(lambda: health.summary()["unsent"] == 0, "the events did not leave")
        part.told.append(f"all events had left {waited:.1f} s after the last answer")


def _is_steady(run: Run) -> bool:
    return not run.errors and not run.refused and run.quantile(0.95) < MIX_P95_MS


def _line(run: Run) -> str:
    bad = f", {run.refused} refused" if run.refused else ""
    bad += "".join(f", {count} × {status}" for status, count in run.errors.items())
    return (
        f"{run.rate:6.1f}/s for {run.seconds:.0f} s: p50 {run.quantile(0.5):.0f}, p95 {run.quantile(0.95):.0f}, "
        f"p99 {run.quantile(0.99):.0f} ms; {len(run.good)} of {len(run.outcomes)} answered{bad}"
    )


def _answered_by(replica: Cluster) -> int:
    """How often its tables were read since it started; asking how far it is reads none."""
    time.sleep(1.1)  # a server tells of its counts once a second
    with psycopg.connect(f"host=127.0.0.1 port={replica.port} user=nrs dbname={DATABASE}") as there:
        row = there.execute("SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_user_tables").fetchone()
        return int(row[0] or 0) if row else 0
