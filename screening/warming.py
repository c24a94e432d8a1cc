"""What questions are answered from, read before the web process forks, so that its workers share the pages."""

from __future__ import annotations

import gc
import logging

from django.db import DatabaseError

from screening import open_orders
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from vocabulary import warming

log = logging.getLogger(__name__)


def warm() -> None:
    """The vocabulary, the index of people and the open orders. A start without database goes on without them."""
    try:
        words = warming.warm()
        orders = open_orders.warm()
        people = INDEX.current().base.rows
        log.info("ready to answer: %d people, %d open orders, %d vocabularies", people, orders, words)
    except (NotUsable, DatabaseError) as problem:
        log.warning("not everything is read before the first question: %s", problem)
    gc.collect()
    gc.freeze()
