"""Many compiled orders in columns: a person gets an outcome, a raw fit and a tie for each of them. Pure: numpy."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder, asked_levels, distinct, held_months
from screening.reverse import demands
from screening.reverse.demands import ANY, NOTHING, ONE, Ints, numbers
from screening.reverse.fit import Careers, Wishes
from screening.table import CURRENT, TIE_MODULUS
from screening.types import FUNNEL, OUTCOMES, MustName, Outcome, Person

#: The number of "not" among the outcomes; those before it are listed.
NOT: Final = OUTCOMES.index("not")


@dataclass(frozen=True, slots=True)
class Answers:
    """One person on every order of a book, in its sequence: the number of the outcome in OUTCOMES, raw fit, tie."""

    outcome: NDArray[np.uint8]
    raw: Ints
    tie: Ints

    def listed(self) -> Ints:
        """Places of the orders that the person could be listed on."""
        return np.flatnonzero(self.outcome < NOT)

    def of(self, place: int) -> tuple[Outcome, int, int]:
        """Outcome, raw and tie on one order."""
        return OUTCOMES[self.outcome[place]], int(self.raw[place]), int(self.tie[place])


class Book:
    """Orders in columns. Nothing in it changes: a changed order goes into another book."""

    def __init__(self, orders: Sequence[CompiledOrder]) -> None:
        """Take the orders, all compiled with one table of weights. Raises ValueError for several."""
        tables = {order.table.version: order.table for order in orders} or {CURRENT.version: CURRENT}
        if len(tables) > 1:
            raise ValueError(f"orders of several tables of weights: {', '.join(sorted(tables))}")
        [self.table] = tables.values()
        places = numbers(id(order.metres) if order.metres else NOTHING for order in orders)
        rows = {id(order.metres) if order.metres else NOTHING: order.metres for order in orders}
        asked = [list(_asked(order, places)) for order in orders]
        keys: dict[MustName, dict[Hashable, int]] = {
            name: numbers(key for one in asked for other, key in one if other == name) for name in FUNNEL
        }
        kinds: dict[MustName, Any] = _KINDS | {
            "distance": partial(demands.Distance, places=demands.Places([rows[key] for key in places]))
        }
        self._kinds = [kinds[name](list(keys[name])) for name in FUNNEL]
        first = dict(zip(FUNNEL, np.cumsum([0, *map(len, keys.values())]).tolist(), strict=False))
        flat = [first[name] + keys[name][key] for one in asked for name, key in one]
        self._asked = np.array(flat, np.int64)
        lengths = np.array([len(one) for one in asked], np.int64)
        self._starts = np.cumsum(lengths) - lengths
        self._way = np.array([keys["distance"].get(dict(one).get("distance"), NOTHING) for one in asked], np.int64)
        self._salt = np.array([order.wanted.salt % TIE_MODULUS for order in orders], np.int64)
        self._wishes = Wishes([order.skills for order in orders], self.table)
        self._careers = Careers([order.wanted.isco for order in orders], self.table)

    def __len__(self) -> int:
        return len(self._salt)

    def ask(self, person: Person) -> Answers:
        """The person on every order, as `engine.score` says."""
        held = held_months(person.occupations)
        answers = np.concatenate([kind.answers(person, held) for kind in self._kinds])
        state = np.add.reduceat(answers.take(self._asked), self._starts) if len(self) else self._starts
        outcome = (state > 0).astype(np.uint8)
        outcome += state >= ONE
        outcome += state >= 2 * ONE
        tie = person.tie_seed % TIE_MODULUS * self._salt % TIE_MODULUS
        return Answers(outcome, self._raw(person, held), tie)

    def _raw(self, person: Person, held: demands.Held) -> Ints:
        table, weights = self.table, self.table.part_weights
        way = self._kinds[FUNNEL.index("distance")].points(person, table.full, table.assumed_limit_km)
        # The last entry is for remote work, whose place is -1.
        distance = np.append(way, table.full).take(self._way)
        occupation, wish = self._careers.points(person, held)
        raw: Ints = weights["skills"] * self._wishes.points(person, held)
        raw += weights["occupation"] * occupation
        raw += weights["distance"] * distance
        raw += weights["wish"] * wish
        return raw


_KINDS: Final[dict[MustName, Any]] = {
    "start": demands.Start,
    "hours": demands.Hours,
    "shifts": demands.Shifts,
    "licences": demands.Licences,
    "certificates": demands.Certificates,
    "languages": demands.Languages,
    "transport": demands.Transport,
    "skills": demands.Skills,
}


def _asked(order: CompiledOrder, places: dict[int, int]) -> Iterator[tuple[MustName, Hashable]]:
    """Every demand of an order as a key of its kind; the same key on two orders is one demand."""
    wanted = order.wanted
    if not wanted.remote:
        limit = ANY if wanted.max_distance_km is None else wanted.max_distance_km
        yield "distance", (places[id(order.metres) if order.metres else NOTHING], limit)
    yield "start", order.latest_start.toordinal()
    if wanted.hours_min is not None or wanted.hours_max is not None:
        low = NOTHING if wanted.hours_min is None else wanted.hours_min
        yield "hours", (low, ANY if wanted.hours_max is None else wanted.hours_max)
    if wanted.shifts:
        yield "shifts", wanted.shifts
    for code in distinct(wanted.licences):
        yield "licences", code
    for code in distinct(wanted.certificates):
        yield "certificates", (code, order.decided_on.toordinal())
    for level in asked_levels(wanted):
        yield "languages", level
    if wanted.own_transport:
        yield "transport", True
    for skill in order.skills:
        if skill.required:
            curable = not skill.meets.isdisjoint(wanted.teachable)
            yield "skills", (skill.meets, skill.meets_isco, curable, order.table.counts_from_months)
