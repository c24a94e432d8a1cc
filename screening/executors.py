"""Who answers a screening: the index, or the plain engine where the index must not be used. One answer either way."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.db import connection

from joborders.models import JobOrder, Nomination
from screening import engine
from screening.index.screen import LANES, Found, Listed
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.loading import TAKEN, persons, pool
from screening.types import Verdict

log = logging.getLogger(__name__)


def ready() -> None:
    """Look after the index outside the transaction that will use it: what is read now is shared."""
    try:
        INDEX.current()
    except NotUsable as why:
        log.warning("screening without the index: %s", why)


def screen(order: JobOrder, compiled: engine.CompiledOrder, municipality: str | None) -> Found:
    """The pool of the order in a municipality (None: all nine): lists, counts and funnel, no evidence."""
    try:
        return by_index(order, compiled, municipality)
    except NotUsable:
        return by_engine(order, compiled, municipality)


def by_index(order: JobOrder, compiled: engine.CompiledOrder, municipality: str | None) -> Found:
    """By the columnar index of this process. Raises NotUsable."""
    state = INDEX.current()
    if state.base.version != compiled.table.version:
        raise NotUsable(f"the index was built for the weights {state.base.version}")
    return state.screen(compiled, municipality, np.array(sorted(_taken(order)), np.int64))


def _taken(order: JobOrder) -> set[int]:
    """Who is not in the pool because of a nomination; written out, because it runs before every screening."""
    states = ", ".join(["%s"] * len(TAKEN))
    with connection.cursor() as cursor:
        sql = f"SELECT candidate_id FROM {Nomination._meta.db_table} WHERE order_id = %s AND state IN ({states})"
        cursor.execute(sql, [order.pk, *TAKEN])
        return {candidate for (candidate,) in cursor.fetchall()}


def by_engine(order: JobOrder, compiled: engine.CompiledOrder, municipality: str | None) -> Found:
    """By the plain engine over everybody, person by person."""
    with _uncollected():
        result = engine.screen(compiled, persons(pool(order, municipality), compiled))
    lanes = {lane: tuple(map(_listed, result.lanes[lane])) for lane in LANES}
    return Found(lanes, result.counts, result.funnel, result.pool, result.version)


def _listed(verdict: Verdict) -> Listed:
    parts = verdict.parts
    return Listed(
        verdict.candidate, verdict.raw, verdict.tie, parts.skills, parts.occupation, parts.distance, parts.wish
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector's rounds over 20,000 living people, none of which is in a circle: a third of
    the time. Two runs at once at worst share a round more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
