"""The index beside what could be used instead: the statement inside the database, and a search engine (tantivy).

Each order is asked of all in turns, so that a machine that is slow for a while is slow for all of them. The index comes
as it serves (look for changes, nominations) and alone, since tantivy answers from memory without asking what changed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bench.parts import Bench

ORDERS, ROUNDS = 20, 5
SQL_ROUNDS = {20_000: 5, 150_000: 3, 1_000_000: 1}
"""At the largest size a statement takes seconds."""
SQL_RATIO, SEARCH_RATIO = 6, 4
JUDGED = max(SQL_ROUNDS)
"""Of how many people the ratio to tantivy is judged: among few both take as long as the question itself."""


def ratios(bench: Bench, pairs: list[Any], fresh: Callable[..., Any], compiler: Callable[[Any], Any]) -> None:
    """How many times as fast as either; every answer compared. Raises RuntimeError where one differs."""
    from bench.searching import Searched
    from joborders.models import Nomination
    from screening import executors
    from screening.engine import LISTED
    from screening.live.holder import INDEX
    from screening.loading import TAKEN

    searched = Searched()
    chosen = pairs[:: max(1, len(pairs) // ORDERS)][:ORDERS]
    state = INDEX.current()
    taken: dict[str, list[float]] = {"index": [], "index alone": [], "SQL": [], "tantivy": []}
    listed = 0
    for order, wanted in chosen:
        states = Nomination.objects.filter(order=order, state__in=TAKEN).order_by()
        nominated = frozenset(states.values_list("candidate_id", flat=True))
        rows = np.array(sorted(nominated), np.int64)
        ways = {
            "index": lambda order=order, wanted=wanted: fresh(order, wanted),
            "index alone": lambda wanted=wanted, gone=rows: state.screen(compiler(wanted), None, gone),
            "SQL": lambda order=order, wanted=wanted: executors.by_database(order, compiler(wanted), None),
            "tantivy": lambda wanted=wanted, gone=nominated: searched.best(compiler(wanted), gone, LISTED),
        }
        answers = _in_turns(ways, taken, {"SQL": SQL_ROUNDS[bench.size]})
        if answers["SQL"] != answers["index"]:
            raise RuntimeError(f"{order.number}: index and SQL disagree")
        _compare(order, compiler(wanted), answers["index"].lanes["qualified"], answers["tantivy"])
        listed += len(answers["tantivy"])
    for name, times in taken.items():
        what = f"{name}, {len(chosen)} orders in turns"
        bench.add("index", f"{what}, p50", statistics.median(times), "ms")
        bench.add("index", f"{what}, mean", statistics.mean(times), "ms")
    _share(bench, taken, "SQL", "index", SQL_RATIO, "same top 50 of each lane, counts and funnel")
    segments = searched.searcher.num_segments
    note = f"qualified lane only, {listed} people listed, same fits; {segments} segment(s)"
    _share(bench, taken, "tantivy", "index", SEARCH_RATIO if bench.size == JUDGED else None, note)
    _share(bench, taken, "tantivy", "index alone", None, "neither asks the database")


def _in_turns(
    ways: dict[str, Callable[[], Any]], taken: dict[str, list[float]], rounds: dict[str, int]
) -> dict[str, Any]:
    """What each answers; its best time in milliseconds is added to `taken`. `rounds` says who takes fewer turns."""
    best: dict[str, float] = {}
    answers = {}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            if turn >= rounds.get(name, ROUNDS):
                continue
            begun = time.perf_counter()
            answers[name] = way()
            best[name] = min(best.get(name, float("inf")), (time.perf_counter() - begun) * 1000)
    for name, ms in best.items():
        taken[name].append(ms)
    return answers


def _share(bench: Bench, taken: dict[str, list[float]], name: str, own: str, target: float | None, note: str) -> None:
    share = statistics.mean(taken[name]) / statistics.mean(taken[own])
    bench.add("index", f"{own}: × faster than {name}", share, target=target, at_most=False, note=note)


def _compare(order: Any, compiled: Any, exact: tuple[Any, ...], found: list[tuple[float, int]]) -> None:
    """As many are listed, and the n-th fit is the same but for the rounding of the skills part."""
    rounding = compiled.table.part_weights["skills"] + 1
    pairs = list(zip(exact, found, strict=False))
    is_same = all(-1 < score - one.raw < rounding for one, (score, _pk) in pairs)
    if len(exact) != len(found) or not is_same:
        raise RuntimeError(f"{order.number}: index and tantivy disagree")
