"""All kinds by name, played one after the other in one house."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connections

from tests import factories
from tests.faults import at_once, clock, disk, kinds, naive, sqlite, upgrade
from tests.faults.clients import Load
from tests.faults.count import Consumer, Result, compare, settle
from tests.faults.house import House

SIMULTANEOUS = 200
UNDER_LOAD = {
    **kinds.UNDER_LOAD,
    "postgres-full": disk.postgres_full,
    "clock-back": clock.back,
    "upgrade": upgrade.upgrade,
}
#: What a machine may lack, and why then: '' where it does not.
MISSING: dict[str, Callable[[], str]] = {
    "postgres-full": disk.missing,
    "sqlite-full": disk.missing,
    "clock-back": clock.missing,
    "upgrade": upgrade.missing,
}


class Playing:
    """The reference data, the caller and the consumer that all kinds share."""

    def __init__(self, house: House, writes: int, rounds: int, back_within_s: float) -> None:
        """`writes` under each load, `rounds` of each race; how soon a service has to be back."""
        self.house, self.writes, self.back_within_s = house, writes, back_within_s
        self._uncounted: list[tuple[Result, Load]] = []
        self.consumer = Consumer(house.rabbitmq.url)
        ann = factories.consultant(factories.HILLEROED)
        self.caller = at_once.caller_of(house, ann)
        self.company = factories.company().public_id
        races = at_once.Races(house, rounds)
        self._others: dict[str, Callable[[], Result]] = {
            "claim-twice": races.claim,
            "close-twice": races.close,
            "accept-twice": races.accept,
            "hire-last-twice": races.hire,
            "one-key": lambda: at_once.same_key(house, self.caller, self.company, SIMULTANEOUS),
            "no-key": lambda: at_once.no_key(house, self.caller, self.company, SIMULTANEOUS),
            "sqlite-locked": lambda: sqlite.locked(house.folder, writes),
            "sqlite-full": lambda: disk.sqlite_full(house.folder, writes, back_within_s),
            "naive": lambda: naive.publish_on_commit(house, writes),
        }
        settle()

    @property
    def kinds(self) -> list[str]:
        """All there are."""
        return [*UNDER_LOAD, *self._others]

    def play(self, kind: str) -> Result:
        """One kind. What a load has left is counted by `count` after all kinds: one wait for leases instead of many."""
        begun = time.monotonic()
        connections.close_all()  # the kind before may have stopped the server that they led to
        if why := MISSING[kind]() if kind in MISSING else "":
            result = Result(kind, "", left_out=why)
        else:
            try:
                result = self._played(kind)
            except AssertionError as problem:
                result = Result(kind, "", notes=[str(problem)])
        result.seconds = round(time.monotonic() - begun, 1)
        print(f"{kind}: played in {result.seconds} s {'; '.join(result.notes)}", flush=True)
        return result

    def count(self) -> None:
        """Wait until everything has settled, and count what each kind under load has left."""
        try:
            settle()
        except AssertionError as problem:
            for result, _load in self._uncounted:
                result.notes.append(str(problem))
        for result, load in self._uncounted:
            compare(result, load, self.consumer)
        self._uncounted.clear()

    def _played(self, kind: str) -> Result:
        if kind not in UNDER_LOAD:
            return self._others[kind]()
        load = Load(self.caller, self.company, kind, self.writes)
        result = kinds.play(UNDER_LOAD[kind], self.house, load, kind, self.back_within_s)
        self._uncounted.append((result, load))
        return result
