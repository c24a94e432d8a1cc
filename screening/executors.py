"""Who answers a screening: the index, or the database where the index must not be used. One answer either way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from prometheus_client import Histogram

from events import kept, metrics, trace
from joborders.models import JobOrder, Nomination
from screening import sqlexec
from screening.compile import CompiledOrder
from screening.index.counting import Counts
from screening.index.frame import Ints
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.loading import TAKEN, pool
from screening.ranking import Listed, Ranking

log = logging.getLogger(__name__)
SECONDS = Histogram(
    "nrs_screening_seconds",
    "Time of a screening, by who answered: the index of the process, or the database (sql).",
    ("executor",),
    registry=metrics.REGISTRY,
    buckets=metrics.BUCKETS,
)
#: Of somebody listed by the index: candidate, raw and tie, without the parts.
_RANKED = itemgetter(slice(3))
_LISTED = partial(tuple.__new__, Listed)


def ready() -> None:
    """Look after the index outside the transaction that will use it: what is read now is shared.

    Inside one there is nothing to do: what is read there serves that transaction alone, and `screen` reads it.
    """
    if connection.in_atomic_block:
        return
    try:
        INDEX.look_after()
    except NotUsable as why:
        log.warning("screening without the index: %s", why)


def screen(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """The pool of the order in a municipality (None: all nine): lists, counts and funnel, no evidence."""
    begun = time.perf_counter()
    with trace.span("screening") as current:
        try:
            found = by_index(order, compiled, municipality)
        except NotUsable:
            found = by_database(order, compiled, municipality)
        current.set_attribute("nrs.executor", found.executor)
    SECONDS.labels(found.executor).observe(time.perf_counter() - begun)
    return found


def by_index(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """By the columnar index of this process. Raises NotUsable."""
    state = INDEX.current()
    if state.base.version != compiled.table.version:
        raise NotUsable(f"the index was built for the weights {state.base.version}")
    found = state.screen(compiled, municipality, _absent(order))
    lanes = {lane: tuple(map(_LISTED, map(_RANKED, listed))) for lane, listed in found.lanes.items()}
    token = f"{state.mark.epoch}:{state.mark.token}"
    return Ranking(lanes, found.counts, found.funnel, found.pool, found.version, executor="index", token=token)


def counting(order: JobOrder, municipality: str | None) -> Callable[[CompiledOrder], Counts]:
    """Counts the pool of the order by home and shown lane, as often as asked, by one state of the index.

    The order may be asked about in other forms: its pool is the same.
    """
    try:
        state, absent = INDEX.current(), _absent(order)
    except NotUsable:
        state = None
    people = pool(order, municipality)

    def count(compiled: CompiledOrder) -> Counts:
        if state is None or state.base.version != compiled.table.version:
            return sqlexec.by_home(compiled, people)
        return state.by_home(compiled, municipality, absent)

    return count


def _absent(order: JobOrder) -> Ints:
    taken = kept.rows(_taken, (), order.pk)
    return np.array(sorted({pk for (pk,) in taken}), np.int64)


def _taken(order: int) -> QuerySet[Any, tuple[int]]:
    """Who is not in the pool because of a nomination."""
    taken = Nomination.objects.filter(order=order, state__in=TAKEN, candidate__isnull=False)
    return taken.order_by().values_list("candidate_id")


def by_database(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """By one statement inside the database."""
    return sqlexec.screen(compiled, pool(order, municipality))
