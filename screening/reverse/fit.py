"""The parts of the fit of one person for many orders at once. Pure: numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from screening.compile import ExpandedSkill
from screening.engine import common_digits
from screening.reverse.demands import Held, Ints, columns, numbers
from screening.table import WeightTable, experience_percent
from screening.types import Person, SkillId


class Wishes:
    """The skills that each order wants, every distinct one scored once per person."""

    def __init__(self, orders: Sequence[Sequence[ExpandedSkill]], table: WeightTable) -> None:
        wanted = [skill for skills in orders for skill in skills]
        keys = [(frozenset(skill.related.items()), skill.essential, skill.optional) for skill in wanted]
        distinct = numbers(keys)
        by_skill: dict[SkillId, list[tuple[int, int, int]]] = {}
        by_isco: dict[str, list[tuple[int, int]]] = {}
        for (related, essential, optional), at in distinct.items():
            for skill, one in related:
                by_skill.setdefault(skill, []).append((at, one.documented, one.stated))
            for codes, points in ((essential, table.essential), (optional, table.optional)):
                for isco4 in codes:
                    by_isco.setdefault(isco4, []).append((at, points))
        self._by_skill = {skill: columns(found, 3) for skill, found in by_skill.items()}
        self._by_isco = {isco4: columns(found, 2) for isco4, found in by_isco.items()}
        self._count, self._table, self._orders = len(distinct), table, len(orders)
        self._which = np.array([distinct[key] for key in keys], np.int64)
        self._weight = np.array([skill.weight for skill in wanted], np.int64)
        lengths = np.array([len(skills) for skills in orders], np.int64)
        self._asking = np.flatnonzero(lengths)
        self._starts = (np.cumsum(lengths) - lengths).take(self._asking)
        self._total = np.add.reduceat(self._weight, self._starts) if len(self._asking) else self._starts

    def points(self, person: Person, held: Held) -> Ints:
        """The skills part per order; full where none is wanted."""
        found = np.full(self._orders, self._table.full)
        if len(self._asking):
            best = self._best(person, held)
            found[self._asking] = np.add.reduceat(best.take(self._which) * self._weight, self._starts) // self._total
        return found

    def _best(self, person: Person, held: Held) -> Ints:
        best = np.zeros(self._count, np.int64)
        for skill, is_documented in person.skills.items():
            if skill in self._by_skill:
                at, documented, stated = self._by_skill[skill]
                best[at] = np.maximum(best.take(at), documented if is_documented else stated)
        for isco4, months in held.items():
            if months >= self._table.counts_from_months and isco4 in self._by_isco:
                at, points = self._by_isco[isco4]
                best[at] = np.maximum(best.take(at), points)
        return best


class Careers:
    """The occupations of the orders, every distinct one scored once per person."""

    def __init__(self, iscos: Sequence[str | None], table: WeightTable) -> None:
        self._numbers = numbers(iscos)
        self._which = np.array([self._numbers[isco] for isco in iscos], np.int64)
        self._none = self._numbers.get(None)
        self._table = table
        self._levels = np.array((0, *table.occupation_levels))
        self._goals = np.array((0, 0, 0, table.wish_isco3, table.wish_isco4))
        self._digits: dict[str, Ints] = {}

    def _in_common(self, code: str) -> Ints:
        """Leading digits that every distinct occupation shares with a code; made once per code."""
        if code not in self._digits:
            self._digits[code] = np.array([common_digits(isco or "", code) for isco in self._numbers], np.int64)
        return self._digits[code]

    def points(self, person: Person, held: Held) -> tuple[Ints, Ints]:
        """The occupation and the wish part per order; full where the order names no occupation."""
        occupation, wish = np.zeros(len(self._numbers), np.int64), np.zeros(len(self._numbers), np.int64)
        for code, months in held.items():
            level = self._levels.take(self._in_common(code))
            np.maximum(occupation, level * experience_percent(months, self._table) // 100, out=occupation)
        for goal in person.goals:
            np.maximum(wish, self._goals.take(self._in_common(goal)), out=wish)
        if self._none is not None:
            occupation[self._none] = wish[self._none] = self._table.full
        return occupation.take(self._which), wish.take(self._which)
