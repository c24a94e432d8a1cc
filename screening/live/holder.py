"""The index of this process: built before the fork or on first use, looked after before every screening.

What is shared between requests was read outside any transaction, so that it holds nothing that may be rolled back. In a
transaction the changes since are read into a state of its own, which nobody else sees.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from events import replica
from municipalities import wall
from screening.live.marks import NotUsable, news
from screening.live.state import State, caught_up, read_all

log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = 300
ATTEMPTS = 3
LOOKED_AFTER_EVERY_SECONDS = 1.0


class Holder:
    """One index per process and database."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self._lock = threading.Lock()
        self._state: State | None = None
        self._rebuild: threading.Thread | None = None
        self._refused: tuple[float, str] | None = None
        """Until when not to try again, and why."""
        self._looked_after = -math.inf

    @property
    def connection(self) -> BaseDatabaseWrapper:
        return connections[self.alias]

    @wall.to_score
    def current(self) -> State:
        """A state with everything that is committed now, and what this transaction wrote itself. Raises NotUsable."""
        if self._refused is not None and time.monotonic() < self._refused[0]:
            raise NotUsable(self._refused[1])
        try:
            if self.connection.in_atomic_block:
                return self._own()
            with self._lock:
                self._state = self._caught_up()
                state = self._state
            if state.is_worn:
                self._renew()
            return state
        except ValueError as problem:
            why = f"the index cannot hold the data: {problem}"
            self._refused = (time.monotonic() + TRY_AGAIN_SECONDS, why)
            raise NotUsable(why) from problem

    def look_after(self) -> None:
        """Share what has been committed, if nobody has just done so: a screening reads what came since by itself.

        Raises NotUsable.
        """
        if time.monotonic() - self._looked_after < LOOKED_AFTER_EVERY_SECONDS and self._state is not None:
            return
        self.current()
        self._looked_after = time.monotonic()

    def _caught_up(self) -> State:
        state = self._state
        for attempt in range(ATTEMPTS):
            if state is not None and (fresh := caught_up(state, self.connection)) is not None:
                return fresh
            state = read_all(self.connection) if attempt else self._read()
        raise NotUsable("more changes than can be caught up with")

    def _read(self) -> State:
        """Everybody, from the replica if there is one: what it has not replayed is caught up with on the primary."""
        if self.alias != DEFAULT_DB_ALIAS:
            return read_all(self.connection)
        return _read_where_it_is_cheap()

    def _own(self) -> State:
        """For this transaction only."""
        state = self._state
        fresh = None if state is None else caught_up(state, self.connection)
        return read_all(self.connection) if fresh is None else fresh

    def _renew(self) -> None:
        """Read the base anew in a thread; the worn one serves meanwhile."""
        if self._rebuild is None or not self._rebuild.is_alive():
            self._rebuild = threading.Thread(target=self._read_anew, name="screening-index", daemon=True)
            self._rebuild.start()

    def _read_anew(self) -> None:
        try:
            state = self._read()
            with self._lock:
                self._state = state
        except (NotUsable, ValueError, DatabaseError):
            log.exception("the screening index could not be read anew")
        finally:
            connections.close_all()  # this thread's own

    def wait(self) -> None:
        """Until no rebuild is under way."""
        if self._rebuild is not None:
            self._rebuild.join()

    def forget(self) -> None:
        """Read everything anew at the next use."""
        with self._lock:
            self._state = self._refused = None

    def after_fork(self) -> None:
        """A child keeps the state; threads and locks of the parent are not there."""
        self._lock = threading.Lock()
        self._rebuild = None

    def health(self) -> dict[str, Any]:
        """Whether the index may be used, and why not; how many people it holds in this process."""
        state = self._state
        try:
            if self._refused is not None and time.monotonic() < self._refused[0]:
                raise NotUsable(self._refused[1])
            news(self.connection, None)
        except NotUsable as why:
            return {"executor": "sql", "why": str(why)}
        people = None if state is None else state.base.rows
        return {"executor": "index", "people": people, "changed": None if state is None else len(state.changed)}


@replica.from_replica
def _read_where_it_is_cheap() -> State:
    return read_all(replica.connection())


INDEX = Holder()
os.register_at_fork(after_in_child=INDEX.after_fork)
