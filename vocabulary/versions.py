"""Which vocabulary is in force: a stamp that the database renews with every change, and values kept until then.

The stamp is drawn by triggers on every table of this app, so that it changes whoever writes (importer, admin, raw SQL).
It is random, not counted: two transactions that both build on the same vocabulary never share a stamp, and one that
was rolled back never comes again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from events import kept, replica

Value = TypeVar("Value")


def current() -> str:
    """The stamp, one cheap query; empty while nothing was ever written (then nothing may be kept)."""
    return next((stamp for (stamp,) in kept.rows(_stamps, ())), "")


def _stamps() -> QuerySet[Any, tuple[str]]:
    from vocabulary.models import VocabularyStamp

    return VocabularyStamp.objects.order_by("pk").values_list("stamp")[:1]


class PerVersion(Generic[Value]):
    """A value made from the vocabulary, kept in this process for as long as its stamp stands."""

    def __init__(self, make: Callable[[], Value]) -> None:
        """`make` reads the vocabulary; it is called at most once per change."""
        self._make = make
        self._making = threading.Lock()
        self._held: tuple[str, Value] | None = None

    def get(self) -> Value:
        """The value as of now. One query when nothing changed."""
        # The stamp is read before the rows: rows that are newer than their stamp are read again, never kept too long.
        stamp = current()
        held = self._held
        if held is not None and held[0] == stamp:
            return held[1]
        with self._making:
            if self._held is not None and self._held[0] == stamp:
                return self._held[1]
            with replica.on_primary():
                value = self._make()
            self._held = (stamp, value) if stamp else None
            return value
