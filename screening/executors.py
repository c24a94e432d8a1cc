"""Who answers a screening: the index, or the database where the index must not be used. One answer either way."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from events import kept
from joborders.models import JobOrder, Nomination
from screening import sqlexec
from screening.compile import CompiledOrder
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.loading import TAKEN, pool
from screening.ranking import Listed, Ranking

log = logging.getLogger(__name__)


def ready() -> None:
    """Look after the index outside the transaction that will use it: what is read now is shared.

    Inside one there is nothing to do: what is read there serves that transaction alone, and `screen` reads it.
    """
    if connection.in_atomic_block:
        return
    try:
        INDEX.current()
    except NotUsable as why:
        log.warning("screening without the index: %s", why)


def screen(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """The pool of the order in a municipality (None: all nine): lists, counts and funnel, no evidence."""
    try:
        return by_index(order, compiled, municipality)
    except NotUsable:
        return by_database(order, compiled, municipality)


def by_index(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """By the columnar index of this process. Raises NotUsable."""
    state = INDEX.current()
    if state.base.version != compiled.table.version:
        raise NotUsable(f"the index was built for the weights {state.base.version}")
    taken = kept.rows(_taken, (), order.pk)
    found = state.screen(compiled, municipality, np.array(sorted({pk for (pk,) in taken}), np.int64))
    lanes = {lane: tuple(Listed(*one[:3]) for one in listed) for lane, listed in found.lanes.items()}
    token = f"{state.mark.epoch}:{state.mark.token}"
    return Ranking(lanes, found.counts, found.funnel, found.pool, found.version, executor="index", token=token)


def _taken(order: int) -> QuerySet[Any, tuple[int]]:
    """Who is not in the pool because of a nomination."""
    return Nomination.objects.filter(order=order, state__in=TAKEN).order_by().values_list("candidate_id")


def by_database(order: JobOrder, compiled: CompiledOrder, municipality: str | None) -> Ranking:
    """By one statement inside the database."""
    return sqlexec.screen(compiled, pool(order, municipality))
