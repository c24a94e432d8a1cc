"""`./run bench reverse [--size N]`: everything turned round, on all orders of the region as if they were open.

One changed candidate against all of them, the lists of the night, the skills gap, and the what-if beside its SQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench.index import ALL_ORDERS, timed

if TYPE_CHECKING:
    from bench.parts import Bench

ORDERS = 5_000
PEOPLE, WARM_UP, ROUNDS = 400, 20, 3
COMPARED = 3
NIGHT_ORDERS = 500
WHAT_IF_ORDERS = 10


def reverse(bench: Bench) -> None:
    """Every figure on this size; each answer is compared with the plain engine or with SQL."""
    from events import clock
    from joborders.models import JobOrder
    from screening import open_orders

    orders = list(JobOrder.objects.select_related("company", "unit").order_by("pk")[:ORDERS])
    today = clock.today()
    seconds, ready, note = worked(lambda: open_orders.compiled_for(orders, today))
    bench.add("reverse", f"{len(orders)} orders compiled, once", seconds, "s", note=note)
    known = {order.pk: (order.version, order.salt, today) for order in orders}
    seconds, shelf, note = worked(lambda: open_orders.Shelf().joined(known, ready))
    bench.add("reverse", "… and put into columns", seconds, "s", note=note)
    _one_changed(bench, shelf, ready)
    _one_changed_order(bench, shelf, known, ready)
    _night(bench, orders)
    _what_if(bench, orders)


def worked(call: Callable[[], Any]) -> tuple[float, Any, str]:
    """Seconds of processor time, what came of it, and the time by the clock: on a shared machine others are in it."""
    begun = time.process_time()
    seconds, answer = timed(call)
    return time.process_time() - begun, answer, f"processor time; {seconds:.1f} s by the clock"


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _one_changed(bench: Bench, shelf: Any, ready: dict[int, Any]) -> None:
    """A candidate read whole from the database, and asked of all orders."""
    from screening import engine, region
    from screening.loading import persons

    everybody = region.in_pool().order_by("pk")
    keys = list(everybody.values_list("pk", flat=True)[: PEOPLE * 40 : 40])[:PEOPLE]
    asked, whole, work = [], [], []
    for number, pk in enumerate(keys):
        read, [person] = timed(lambda pk=pk: list(persons(region.in_pool().filter(pk=pk), None)))
        begun = time.thread_time()
        rounds = [timed(lambda person=person: shelf.ask(person)) for _round in range(ROUNDS)]
        worked_ms = (time.thread_time() - begun) * 1000 / ROUNDS
        seconds, answers = min(rounds, key=lambda one: one[0])
        if number >= WARM_UP:
            work.append(worked_ms)
            asked.append(seconds * 1000)
            whole.append((read + seconds) * 1000)
        if number < COMPARED:
            for order, compiled in ready.items():
                score = engine.score(compiled, person)
                if answers.of(shelf.places[order]) != (score.outcome, score.raw, score.tie):
                    raise RuntimeError(f"order {order}: reverse and engine disagree")
    note = f"n={len(asked)}, {len(ready)} orders, {COMPARED} people compared with the engine"
    name = "one changed candidate, all orders"
    bench.add("reverse", f"{name}, p50", _quantile(asked, 0.5), "ms", note=note)
    bench.add("reverse", f"{name}, p95", _quantile(asked, 0.95), "ms", target=2)
    bench.add("reverse", "… of processor time, p95", _quantile(work, 0.95), "ms")
    bench.add("reverse", "… with the profile read, p50", _quantile(whole, 0.5), "ms")
    bench.add("reverse", "… with the profile read, p95", _quantile(whole, 0.95), "ms")


def _one_changed_order(bench: Bench, shelf: Any, known: dict[int, Any], ready: dict[int, Any]) -> None:
    pk = next(iter(ready))
    times = [timed(lambda: shelf.joined(known, {pk: ready[pk]}))[0] * 1000 for _round in range(20)]
    bench.add("reverse", "one changed order taken in, p50", _quantile(times, 0.5), "ms")


def _night(bench: Bench, orders: list[Any]) -> None:
    """The standing lists of all orders, and the skills gap, compiling included."""
    from events import clock
    from screening import skills_gap, standing
    from screening.live.holder import INDEX

    INDEX.current()
    some = orders[:NIGHT_ORDERS]
    pool = standing.Pool(some)
    seconds, _lists, note = worked(lambda: standing.make(some, pool, clock.today()))
    share = ORDERS / len(some)
    note = f"{len(some)} orders measured, × {share:.0f}; {note} for them"
    bench.add("reverse", "5,000 lists of the night", seconds * share, "s", target=ALL_ORDERS.get(bench.size), note=note)
    seconds, found, note = worked(skills_gap.compute)
    note = f"{found['orders']} open orders × {found['people']} people; {note}"
    bench.add("reverse", "skills gap", seconds, "s", note=note)


def _what_if(bench: Bench, orders: list[Any]) -> None:
    """Every must-have of an order loosened, all nine's people counted, by the index and by SQL; the same counts."""
    from screening import executors, loosen, sqlexec
    from screening.loading import pool
    from screening.services import compiled, wanted_of

    index, sql, ways = [], [], 0
    step = max(1, len(orders) // WHAT_IF_ORDERS)
    for order in orders[::step][:WHAT_IF_ORDERS]:
        [wanted] = wanted_of([order])
        ready = [compiled(wanted), *(compiled(way.wanted) for way in loosen.each(wanted))]
        people, ways = pool(order, None), ways + len(ready)
        seconds, one = timed(lambda order=order, ready=ready: [*map(executors.counting(order, None), ready)])
        index.append(seconds * 1000)
        seconds, other = timed(lambda people=people, ready=ready: [sqlexec.by_home(way, people) for way in ready])
        sql.append(seconds * 1000)
        if [{home: dict(lanes) for home, lanes in counts.items()} for counts in one] != other:
            raise RuntimeError(f"{order.number}: index and SQL count otherwise")
    note = f"n={len(index)} orders, {ways} counts, same answers"
    bench.add("reverse", "what-if by the index, p50", _quantile(index, 0.5), "ms", note=note)
    bench.add("reverse", "what-if by SQL, p50", _quantile(sql, 0.5), "ms", note="as it was before")
    bench.add("reverse", "what-if: × faster than SQL", sum(sql) / sum(index))
