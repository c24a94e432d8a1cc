"""What an index knows at one moment: a base, those who changed since, and how far the feed was read. Never changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper

from screening.compile import CompiledOrder
from screening.engine import LISTED
from screening.index.build import Columns, build, rows_of
from screening.index.counting import Counts, added, by_home
from screening.index.frame import Books, Frame, Ints, empty_frame
from screening.index.screen import NOBODY, Found, merged, screen
from screening.live import fetching, marks, reading
from screening.live.marks import Mark
from screening.table import CURRENT

LARGE_SHARE: Final = 20
"""When more than one in so many have changed, the base is read anew."""
LARGE_NUMBER: Final = 500
"""Fewer changes than this never are a reason."""


@dataclass(frozen=True, slots=True)
class State:
    """Base and overlay. Who is in the overlay's list of changes counts in the base no more."""

    mark: Mark
    books: Books
    base: Columns
    changed: Ints
    """Candidates who changed since the base was read, ascending, whether they may be screened or not."""
    masked: Ints
    """Their rows in the base, ascending."""
    frame: Frame
    overlay: Columns | None

    @property
    def is_worn(self) -> bool:
        """Whether so many have changed that the base should be read anew."""
        return len(self.changed) > max(LARGE_NUMBER, self.base.rows // LARGE_SHARE)

    def screen(self, order: CompiledOrder, home: str | None, absent: Ints, limit: int = LISTED) -> Found:
        """The people of a municipality (None: all) but the candidates in `absent`."""
        gone = rows_of(self.base, absent)
        if len(self.masked):
            gone = np.union1d(self.masked, gone)
        found = screen(order, self.base, home=home, gone=gone, limit=limit)
        if self.overlay is None:
            return found
        gone = rows_of(self.overlay, absent)
        return merged(found, screen(order, self.overlay, home=home, gone=gone, limit=limit), limit)

    def by_home(self, order: CompiledOrder, home: str | None, absent: Ints) -> Counts:
        """How many of them live where, by lane."""
        gone = np.union1d(self.masked, rows_of(self.base, absent))
        found = by_home(order, self.base, home=home, gone=gone)
        if self.overlay is None:
            return found
        return added(found, by_home(order, self.overlay, home=home, gone=rows_of(self.overlay, absent)))


def read_all(connection: BaseDatabaseWrapper) -> State:
    """Everybody as of now. Raises NotUsable, or ValueError for what the columns cannot hold."""
    mark = marks.news(connection, None).mark
    books = Books()
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        frame = fetching.fetch(connection, books)
    else:
        frame = reading.read(connection, books)
    base = build(frame, books, CURRENT)
    return State(mark, books, base, NOBODY, NOBODY, empty_frame(), None)


def caught_up(state: State, connection: BaseDatabaseWrapper) -> State | None:
    """The state with all that was committed since; itself if that was nothing, None if it must be read anew.

    Raises NotUsable, or ValueError for what the columns cannot hold.
    """
    news = marks.news(connection, state.mark)
    if news.changed is None:
        return None
    if not news.changed:
        return state if news.mark == state.mark else replace(state, mark=news.mark)
    candidates = np.array(sorted(news.changed), np.int64)
    fresh = reading.read(connection, state.books, news.changed)
    frame = state.frame.without(candidates).joined(fresh)
    changed = np.union1d(state.changed, candidates)
    return State(
        mark=news.mark,
        books=state.books,
        base=state.base,
        changed=changed,
        masked=rows_of(state.base, changed),
        frame=frame,
        overlay=build(frame, state.books, CURRENT) if len(frame) else None,
    )
