"""`./run bench index [--size N]`: the screening inside one process, without HTTP, and against the plain ways."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bench import bound
from bench.ratios import ratios
from screening import engine
from screening.ranking import SHOWN

if TYPE_CHECKING:
    from bench.parts import Bench

LANES_P50 = {20_000: 2, 150_000: 4, 1_000_000: 10}
LANES_P95 = {20_000: 6, 150_000: 12, 1_000_000: 30}
WORST = {20_000: 10, 150_000: 45, 1_000_000: 300}
ALL_ORDERS = {20_000: 20, 150_000: 30, 1_000_000: 90}
COLD = {20_000: 1, 150_000: 3, 1_000_000: 15}
ORDERS, ROUNDS, BATCH = 200, 5, 1000
ORDERS_OF_MOST = 60
"""So many orders, and batches of so many times ten, at the largest size."""
EXPLAINED = 30
ORM_ORDERS = 3


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    answer = call()
    return time.perf_counter() - begun, answer


class Compiler:
    """Orders as a process that serves knows them: skill graph and distances are in memory, the order is not."""

    def __init__(self) -> None:
        from municipalities.models import PostalDistance
        from vocabulary.skills import load_graph

        self.graph = load_graph()
        self.metres: dict[str, dict[str, int]] = {}
        rows = PostalDistance.objects.order_by().values_list("origin", "target", "metres")
        for origin, target, metres in rows.iterator(chunk_size=50_000):
            self.metres.setdefault(origin, {})[target] = metres

    def __call__(self, wanted: Any) -> Any:
        return engine.compile_order(wanted, self.graph, self.metres.get(wanted.workplace or "", {}))


def index(bench: Bench) -> None:
    """Every figure of the columnar index on this size."""
    from joborders.models import JobOrder
    from screening import executors
    from screening.live.holder import INDEX
    from screening.services import wanted_of

    size, compiler = bench.size, Compiler()
    orders = list(JobOrder.objects.filter(state="open").order_by("pk"))
    wanted = wanted_of(orders)
    number = ORDERS if size < max(LANES_P50) else ORDERS_OF_MOST
    pairs = list(zip(orders, wanted, strict=True))[:number]

    def fresh(order: Any, wants: Any) -> Any:
        return executors.by_index(order, compiler(wants), None)

    INDEX.forget()
    own = time.thread_time()
    cold, _answer = timed(lambda: fresh(*pairs[0]))
    note = f"of it processor time {time.thread_time() - own:.2f} s, without the database's"
    bench.add("index", "cold start to the first answer", cold, "s", target=COLD.get(size), note=note)
    columns = INDEX.current().base
    bench.add("index", "people", columns.rows)
    bench.add("index", "memory per person", columns.nbytes / columns.rows, "B", target=200)
    best = _best(pairs, fresh, time.perf_counter)
    bench.add("index", "first 50 of each lane, p50", _quantile(best, 0.5), "ms", target=LANES_P50.get(size))
    bench.add("index", "first 50 of each lane, p95", _quantile(best, 0.95), "ms", target=LANES_P95.get(size))
    own = _best(pairs, fresh, time.thread_time)
    bench.add("index", "… processor time, p50", _quantile(own, 0.5), "ms")
    bench.add("index", "… processor time, p95", _quantile(own, 0.95), "ms")
    _bound(bench, pairs, fresh, own)
    _explained(bench, pairs, fresh, compiler)
    _worst(bench, orders[0], wanted[0], fresh)
    _many(bench, pairs, fresh, BATCH if size < max(LANES_P50) else 10 * number)
    checks = sorted(timed(INDEX.current)[0] * 1000 for _ in range(ORDERS))
    bench.add("index", "look for changes, p95", _quantile(checks, 0.95), "ms", target=0.3)
    ratios(bench, pairs, fresh, compiler)
    _absorb(bench)
    _plain(bench, pairs, fresh, compiler, statistics.mean(best))


def _best(
    pairs: Iterable[tuple[Any, Any]], fresh: Callable[[Any, Any], Any], clock: Callable[[], float]
) -> list[float]:
    """Milliseconds per order by a clock, the best of a few rounds, ascending."""
    found = []
    for pair in pairs:
        times = []
        for _round in range(ROUNDS):
            begun = clock()
            fresh(*pair)
            times.append(clock() - begun)
        found.append(min(times) * 1000)
    return sorted(found)


def _many(bench: Bench, pairs: list[Any], fresh: Callable[[Any, Any], Any], number: int) -> None:
    """5,000 orders, by a part of them."""
    many = [pairs[n % len(pairs)] for n in range(number)]
    begun = time.thread_time()
    seconds, _answer = timed(lambda: [fresh(*pair) for pair in many])
    own = time.thread_time() - begun
    note = f"{number} orders measured; of it processor time {own * 5_000 / number:.1f} s"
    target = ALL_ORDERS.get(bench.size)
    bench.add("index", "5,000 orders, one core", seconds * 5_000 / number, "s", target=target, note=note)


def _bound(bench: Bench, pairs: list[Any], fresh: Callable[[Any, Any], Any], own: list[float]) -> None:
    """The mean beside what reading the bytes alone takes."""
    answers = [fresh(*pair) for pair in pairs]
    least = bound.mean_ms((answer.funnel["distance"], sum(answer.counts[lane] for lane in SHOWN)) for answer in answers)
    bench.add("index", "access bound, mean", least, "ms")
    target = 15 if bench.size == max(LANES_P50) else None
    note = f"mean processor time {statistics.mean(own):.2f} ms"
    bench.add("index", "mean ÷ access bound", statistics.mean(own) / least, target=target, note=note)


def _explained(bench: Bench, pairs: list[Any], fresh: Callable[[Any, Any], Any], compiler: Compiler) -> None:
    """The first 50 listed with every demand and part, from the source rows."""
    from screening.profiles import profiles

    reading, judged = [], []
    for order, wanted in pairs[:EXPLAINED]:
        compiled, ranking = compiler(wanted), fresh(order, wanted)
        first = [one.candidate for lane in SHOWN for one in ranking.lanes[lane]][:50]
        times = [timed(lambda first=first: profiles(first)) for _round in range(ROUNDS)]
        reading.append(min(seconds for seconds, _people in times) * 1000)
        people = [profile.person for profile in times[0][1].values()]
        again = [
            timed(lambda c=compiled, people=people: [engine.judge(c, person) for person in people])
            for _round in range(ROUNDS)
        ]
        judged.append(min(seconds for seconds, _verdicts in again) * 1000)
    bench.add("index", "explanation of 50, p50", statistics.median(judged), "ms", target=5)
    whole = [read + judge for read, judge in zip(reading, judged, strict=True)]
    bench.add("index", "… with reading their profiles, p50", statistics.median(whole), "ms")


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _worst(bench: Bench, order: Any, wanted: Any, fresh: Callable[[Any, Any], Any]) -> None:
    """Remote, and nothing asked but a skill: everybody who is free in time is on a list."""
    from screening.types import WantedSkill

    [skill, *_rest] = [*wanted.skills, *(WantedSkill(pk) for pk in _some_skill())]
    asked = replace(
        wanted, skills=(replace(skill, required=False),), licences=(), certificates=(), languages=(), hours_min=None,
        hours_max=None, shifts=0, isco=None, own_transport=False, max_distance_km=None, remote=True,
    )  # fmt: skip
    begun = time.thread_time()
    times = [timed(lambda: fresh(order, asked))[0] * 1000 for _ in range(10)]
    note = f"processor time {(time.thread_time() - begun) * 100:.1f} ms, mean"
    bench.add("index", "worst order, max of 10", max(times), "ms", target=WORST.get(bench.size), note=note)


def _some_skill() -> Iterable[int]:
    from vocabulary.models import Skill

    return Skill.objects.filter(is_group=False).order_by("pk").values_list("pk", flat=True)[:1]


def _absorb(bench: Bench) -> None:
    """One and a thousand changed people until they are in the index."""
    from candidates.models import Candidate
    from screening.live.holder import INDEX

    pks = list(Candidate.objects.active().order_by("pk").values_list("pk", flat=True)[:1001])
    for chosen, name, limit in ((pks[:1], "1 change", None), (pks[1:], "1,000 changes", 150)):
        Candidate.objects.filter(pk__in=chosen).update(cv_text="")
        bench.add("index", f"{name} taken in", timed(INDEX.current)[0] * 1000, "ms", target=limit)
    INDEX.wait()
    INDEX.forget()
    INDEX.current()


def _plain(bench: Bench, pairs: list[Any], fresh: Callable[..., Any], compiler: Compiler, mean_ms: float) -> None:
    """How many times faster than the engine person by person, and than a loop over Django objects; same answers."""
    if bench.size > 20_000:
        return
    engine_ms, loop_ms = [], []
    for order, wanted in pairs[:ORM_ORDERS]:
        compiled = compiler(wanted)
        seconds, answer = timed(lambda order=order, compiled=compiled: by_engine(order, compiled))
        engine_ms.append(seconds * 1000)
        if answer != fresh(order, wanted):
            raise RuntimeError(f"{order.number}: index and engine disagree")
        seconds, loop = timed(lambda order=order, compiled=compiled: orm_loop(order, compiled))
        loop_ms.append(seconds * 1000)
        if loop.counts != answer.counts:
            raise RuntimeError(f"{order.number}: the loop and the engine disagree")
    note = f"n={ORM_ORDERS}, same answers"
    bench.add("index", "× faster than the plain engine", statistics.mean(engine_ms) / mean_ms, note=note)
    share = statistics.mean(loop_ms) / mean_ms
    bench.add("index", "× faster than a loop over Django objects", share, target=1000, at_most=False, note=note)


def by_engine(order: Any, compiled: Any) -> Any:
    """The plain engine over the pool, read with flat queries."""
    from screening.loading import persons, pool
    from screening.ranking import of_oracle

    return of_oracle(engine.screen(compiled, persons(pool(order, None), compiled)))


def orm_loop(order: Any, compiled: Any) -> Any:
    """The obvious way: the pool as Django objects with everything prefetched, judged one by one."""
    from candidates.models import Candidate
    from screening.loading import available_from, pool
    from screening.types import Person

    lists = ("licences", "certificates", "skills", "occupations", "job_goals", "languages")
    people = [
        Person(
            candidate=one.pk,
            tie_seed=one.tie_seed,
            postal=one.postal_code or None,
            licences=frozenset(held.licence_id for held in one.licences.all()),
            certificates={held.certificate_id: held.valid_through for held in one.certificates.all()},
            skills={held.skill_id: held.documented for held in one.skills.all()},
            occupations=tuple((held.isco_id, held.months) for held in one.occupations.all()),
            goals=frozenset(held.isco_id for held in one.job_goals.all()),
            hours_min=one.hours_min,
            hours_max=one.hours_max,
            shifts=one.shifts,
            available_from=available_from(one.available_from, one.status, one.status_until),
            languages={held.language_id: (held.oral, held.written) for held in one.languages.all()},
            own_transport=one.own_transport,
            max_distance_km=one.max_distance_km,
            reviewed=frozenset(s for s in Candidate.SECTIONS if getattr(one, f"{s}_reviewed_on") is not None),
        )
        for one in pool(order, None).prefetch_related(*lists)
    ]
    return engine.screen(compiled, people)
