"""The standing list of an open order: who would be in the first 50 of each outcome, if its lead screened now.

Out of all nine's candidates once the order is shared, else the lead's own. Lists are kept to say in the desk that they
have changed (`screening.keeping`) and shown to nobody: whoever wants to see one screens. Each is judged for one day, so
that a change is one of the people or of the order, never of the calendar.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from joborders.models import JobOrder
from screening import engine, region
from screening.crowd import Crowd
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.live.state import State
from screening.open_orders import compiled_for
from screening.ranking import SHOWN
from screening.types import Outcome, Person

Ranked = tuple[int, int, int]
"""(−raw, tie, candidate): sorts best first, as `engine.rank` does."""


@dataclass(frozen=True)
class Listing:
    """The first 50 of each outcome, best first."""

    lanes: Mapping[Outcome, tuple[Ranked, ...]]

    def places(self) -> dict[int, tuple[str, int]]:
        """Listed candidate → outcome and raw."""
        return {pk: (lane, -raw) for lane, ranked in self.lanes.items() for raw, _tie, pk in ranked}

    def as_data(self) -> dict[str, list[list[int]]]:
        """JSON of a row: [candidate, raw, tie] by outcome."""
        return {lane: [[pk, -raw, tie] for raw, tie, pk in ranked] for lane, ranked in self.lanes.items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Iterable[Sequence[int]]]) -> Listing:
        """A row's list."""
        return cls({lane: tuple((-raw, tie, pk) for pk, raw, tie in data[lane]) for lane in SHOWN})


def listed_in(data: Mapping[str, Iterable[Sequence[int]]]) -> set[int]:
    """The candidates on a row's list."""
    return {entry[0] for lane in SHOWN for entry in data[lane]}


@dataclass(frozen=True)
class Change:
    """How a list differs from an older one."""

    came: int
    left: int
    moved: int
    """Listed in both, with another outcome or fit."""

    def __bool__(self) -> bool:
        return bool(self.came or self.left or self.moved)


def compare(old: Listing, new: Listing) -> Change:
    """Who came, who left, who moved."""
    before, after = old.places(), new.places()
    return Change(
        came=len(after.keys() - before.keys()),
        left=len(before.keys() - after.keys()),
        moved=sum(before[pk] != after[pk] for pk in before.keys() & after.keys()),
    )


def ranked(order: engine.CompiledOrder, person: Person) -> tuple[Outcome, Ranked]:
    """Somebody's outcome, and place within it."""
    found = engine.score(order, person)
    return found.outcome, (-found.raw, found.tie, person.candidate)


def listing(order: engine.CompiledOrder, crowd: Crowd, among: int) -> Listing:
    """The list of one order out of a set of people."""
    people = crowd.lanes(order, among)
    return Listing(
        {
            lane: tuple(
                heapq.nsmallest(engine.LISTED, (ranked(order, person)[1] for person in crowd.members(people[lane])))
            )
            for lane in SHOWN
        }
    )


def patched(old: Listing, candidate: int, found: tuple[Outcome, int, int] | None) -> Listing | None:
    """The list with one candidate as they are now: outcome, raw and tie (None: no longer in the pool).

    None where the list alone does not tell: somebody left a full lane, and who follows is not known.
    """
    lanes = {lane: list(entries) for lane, entries in old.lanes.items()}
    open_lanes = set()
    for lane, entries in lanes.items():
        kept = [entry for entry in entries if entry[2] != candidate]
        if len(kept) < len(entries) == engine.LISTED:
            open_lanes.add(lane)
        lanes[lane] = kept
    if found is not None and found[0] in lanes:
        lane, raw, tie = found
        entry = (-raw, tie, candidate)
        place = bisect_left(lanes[lane], entry)
        if place < len(lanes[lane]) or (lane not in open_lanes and place < engine.LISTED):
            lanes[lane].insert(place, entry)
            del lanes[lane][engine.LISTED :]
            open_lanes.discard(lane)
    return None if open_lanes else Listing({lane: tuple(entries) for lane, entries in lanes.items()})


def home_of(order: JobOrder) -> str:
    """Whose candidates are listed; "" for all nine."""
    return "" if order.shared_at is not None else order.lead_id


class Pool:
    """Everybody who may be screened, read only where the index is not used, and who is taken on which order."""

    def __init__(self, orders: Sequence[JobOrder]) -> None:
        """Read the nominations on these orders."""
        self.taken = region.taken_on(orders)

    @cached_property
    def _read(self) -> tuple[Crowd, dict[str, int]]:
        return region.crowd_of(region.in_pool())

    @property
    def crowd(self) -> Crowd:
        """The people."""
        return self._read[0]

    def of(self, order: JobOrder) -> int:
        """The set of those who may be listed on an order."""
        home = home_of(order)
        people = self._read[1].get(home, 0) if home else self.crowd.everybody
        return people & ~self.crowd.set_of(self.taken.get(order.pk, ()))


def make(orders: Sequence[JobOrder], pool: Pool, day: date) -> dict[int, Listing]:
    """The lists of these orders for a day, by key: by the index, or from the people where it must not be used."""
    ready = compiled_for(orders, day)
    try:
        state = INDEX.current()
    except NotUsable:
        return {order.pk: listing(ready[order.pk], pool.crowd, pool.of(order)) for order in orders}
    return {order.pk: _by_index(state, order, ready[order.pk], pool.taken.get(order.pk, ())) for order in orders}


def _by_index(state: State, order: JobOrder, ready: engine.CompiledOrder, taken: Iterable[int]) -> Listing:
    absent = np.array(sorted(taken), np.int64)
    found = state.screen(ready, home_of(order) or None, absent, engine.LISTED)
    return Listing({lane: tuple((-one.raw, one.tie, one.candidate) for one in found.lanes[lane]) for lane in SHOWN})
