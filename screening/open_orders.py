"""The open orders of this process, compiled once and kept in columns, so that one person is asked of all of them.

An order is known by its version and the day that it is judged for: it is compiled anew when either changes. All are
when what every order rests on changes: vocabulary, planned courses, postal points, or the table of weights. What is
compiled inside a transaction serves that call alone, so that nothing that is rolled back is remembered.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db import connection

from events import clock
from joborders.models import JobOrder
from screening import engine, region
from screening.courses import teachable_skills
from screening.models import Epoch
from screening.reverse.book import NOT, Answers, Book
from screening.reverse.demands import Ints
from screening.table import CURRENT
from screening.types import Person
from vocabulary import versions

Known = tuple[int, int, dt.date]
"""Version of an order, its salt (which no two orders share by their key alone), and the day that it is judged for."""
LARGE_SHARE: Final = 20
"""When more than one in so many stand beside the book, it is made anew with all of them."""
LARGE_NUMBER: Final = 100


@dataclass(frozen=True)
class Shelf:
    """Compiled orders by key, in a book and a small one with those that came later. Never changed."""

    known: Mapping[int, Known] = field(default_factory=dict)
    orders: Mapping[int, engine.CompiledOrder] = field(default_factory=dict)
    base: Book = field(default_factory=lambda: Book(()))
    beside: Book = field(default_factory=lambda: Book(()))
    places: Mapping[int, int] = field(default_factory=dict)
    """Order → its place in the answers: those of the base first."""

    def ask(self, person: Person) -> Answers:
        """The person on every order of the shelf, in the sequence of `places`."""
        one, other = self.base.ask(person), self.beside.ask(person)
        if not len(other.raw):
            return one
        pairs = ((one.outcome, other.outcome), (one.raw, other.raw), (one.tie, other.tie))
        return Answers(*(np.concatenate(pair) for pair in pairs))

    def listed(self, answers: Answers, orders: Sequence[int]) -> Ints:
        """Which of these orders (as places in the sequence given) the person could be listed on."""
        places = np.fromiter((self.places[pk] for pk in orders), np.int64, len(orders))
        return np.flatnonzero(answers.outcome.take(places) < NOT)

    def joined(self, known: Mapping[int, Known], fresh: Mapping[int, engine.CompiledOrder]) -> Shelf:
        """With these orders anew. Who stands in the base under an older version is answered there, too, for nothing."""
        orders = {**self.orders, **fresh}
        versions_ = {**self.known, **{pk: known[pk] for pk in fresh}}
        later = [pk for pk, place in self.places.items() if place >= len(self.base) and pk not in fresh]
        later += fresh
        if len(later) > max(LARGE_NUMBER, len(self.base) // LARGE_SHARE):
            base = Book(list(orders.values()))
            return Shelf(versions_, orders, base, Book(()), {pk: place for place, pk in enumerate(orders)})
        places = {**self.places, **{pk: len(self.base) + at for at, pk in enumerate(later)}}
        return Shelf(versions_, orders, self.base, Book([orders[pk] for pk in later]), places)


class Shelves:
    """The shelf of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf = Shelf()
        self._rests_on: Any = None

    def holding(self, known: Mapping[int, Known]) -> Shelf:
        """A shelf with these orders in these versions, and perhaps others. A constant number of queries."""
        rests_on = _rests_on()
        with self._lock:
            shelf = self._shelf if rests_on == self._rests_on else Shelf()
            if stale := [pk for pk, version in known.items() if shelf.known.get(pk) != version]:
                shelf = shelf.joined(known, _compiled(stale, known))
            if not connection.in_atomic_block:
                self._shelf, self._rests_on = shelf, rests_on
            return shelf

    def forget(self) -> None:
        """Compile everything anew at the next use."""
        with self._lock:
            self._shelf, self._rests_on = Shelf(), None


SHELVES: Final = Shelves()


def known_today(orders: Any) -> dict[int, Known]:
    """The orders of a queryset as they are judged today, by key. One query."""
    today = clock.today()
    rows = orders.order_by("pk").values_list("pk", "version", "salt")
    return {pk: (version, salt, today) for pk, version, salt in rows}


def warm() -> int:
    """Compile all open orders; how many."""
    return len(SHELVES.holding(known_today(JobOrder.objects.open())).known)


def _rests_on() -> Any:
    """What all orders rest on. Without a stamp of the vocabulary nothing is kept: every answer is another one."""
    epoch = Epoch.objects.order_by("pk").values_list("epoch", flat=True).first()
    return CURRENT.version, versions.current() or object(), teachable_skills(), epoch


def _compiled(keys: Iterable[int], known: Mapping[int, Known]) -> dict[int, engine.CompiledOrder]:
    found: dict[int, engine.CompiledOrder] = {}
    orders = region.open_orders_of(list(keys))
    for day in sorted({known[order.pk][2] for order in orders}):
        some = [order for order in orders if known[order.pk][2] == day]
        found |= compiled_for(some, day)
    return found


def compiled_for(orders: Sequence[JobOrder], day: dt.date) -> dict[int, engine.CompiledOrder]:
    """The orders as they are judged on a day, by key."""
    with clock.at(clock.day_start(day) + dt.timedelta(hours=12)):
        ready = region.compiled_all(orders)
    return {order.pk: one for order, one in zip(orders, ready, strict=True)}
