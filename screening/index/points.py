"""The parts of the fit for many people at once, by one of two exact plans. Pure: numpy.

Few people: walk the tokens of each. Many people: walk the posting lists of the tokens that count. Which is cheaper is
known before, because both counts are.
"""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder
from screening.index import query
from screening.index.build import Array, Columns
from screening.index.frame import Ints
from screening.index.query import Bytes, Worth

WALK_COST: Final = 2
"""Reading a token of a person costs so many times as much as reading an entry of a posting list."""
SWEEP: Final = 16
"""So many rows are cleared and read back in the time of one entry."""


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The numbers start, start + 1 … of every span, one span after the other."""
    before = np.cumsum(lengths) - lengths
    numbers: Ints = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return numbers


class Worths:
    """Several parts to be looked up together: for each the most that any token of a person is worth."""

    def __init__(self, worths: list[Worth], columns: Columns) -> None:
        self.worths = worths
        self.columns = columns
        starts = columns.holders.starts
        entries = sum(int((starts[worth.tokens + 1] - starts[worth.tokens]).sum()) for worth in worths)
        self._cost = entries + len(worths) * columns.rows // SWEEP
        self._tokens_per_row = len(columns.tokens.rows) / max(1, columns.rows)

    def best(self, rows: Ints) -> list[Array]:
        """One array per part."""
        if self._tokens_per_row * len(rows) * WALK_COST < self._cost:
            return self._walk(rows)
        return [self._sweep(worth, rows) for worth in self.worths]

    def _sweep(self, worth: Worth, rows: Ints) -> Array:
        """By posting lists; the lists come in ascending points, so that the last one written is the highest."""
        found: Array = np.zeros(self.columns.rows, np.uint16)
        holders = self.columns.holders
        starts, ends = holders.starts[worth.tokens].tolist(), holders.starts[worth.tokens + 1].tolist()
        for start, end, points in zip(starts, ends, worth.points.tolist(), strict=True):
            found[holders.rows[start:end]] = points
        return found.take(rows, mode="clip")  # there are no others; looking after that costs a fifth

    @cached_property
    def _table(self) -> tuple[NDArray[np.int16], Ints]:
        """Per token a column, 0 for those that count for nothing, and per part and column the points."""
        counting = np.concatenate([worth.tokens for worth in self.worths])
        columns = np.zeros(self.columns.numbers.total, np.int16)
        columns[counting] = 1
        distinct = columns.nonzero()[0]
        columns[distinct] = np.arange(1, len(distinct) + 1)
        table = np.zeros((len(self.worths), len(distinct) + 1), np.int64)
        for part, worth in enumerate(self.worths):
            table[part, columns[worth.tokens]] = worth.points
        return columns, table

    def _walk(self, rows: Ints) -> list[Array]:
        """By the tokens of each row."""
        tokens = self.columns.tokens
        columns, table = self._table
        starts = tokens.starts.take(rows)
        lengths = tokens.starts.take(rows + 1) - starts
        held = columns.take(tokens.rows.take(spans(starts, lengths)))
        counted = held.nonzero()[0]
        owner = np.repeat(np.arange(len(rows)), lengths).take(counted)
        best = np.zeros((len(self.worths), len(rows)), np.int64)
        if len(owner):
            first = np.append(0, (owner[1:] != owner[:-1]).nonzero()[0] + 1)
            points = table.take(held.take(counted), axis=1)
            best[:, owner[first]] = np.maximum.reduceat(points, first, axis=1)
        return list(best)


class Points:
    """What an order gives for, over the people of one index."""

    def __init__(self, order: CompiledOrder, columns: Columns) -> None:
        self.order = order
        self.columns = columns
        self._metres = query.metres_by_place(order, columns.places)

    @cached_property
    def distance_answers(self) -> Bytes:
        """Per place."""
        return query.distance_answers(self.order, self.columns.places, self._metres)

    @cached_property
    def distance_by_place(self) -> Ints:
        """The distance part."""
        return query.distance_points(self.order, self.columns.places, self._metres)

    @cached_property
    def _skill_worths(self) -> list[Worth]:
        return query.skill_worths(self.order, self.columns)

    @cached_property
    def _career_worths(self) -> list[Worth]:
        if self.order.wanted.isco is None:
            return []
        return [query.occupation_worth(self.order, self.columns), query.wish_worth(self.order, self.columns)]

    @cached_property
    def most_for_skills(self) -> int:
        """The highest skills part that anybody here can have."""
        if not self.order.skills:
            return self.order.table.full
        best = (int(worth.points[-1]) if len(worth.points) else 0 for worth in self._skill_worths)
        total = sum(skill.weight * points for skill, points in zip(self.order.skills, best, strict=True))
        return total // self.order.weight_total

    def distance(self, rows: Ints) -> Ints:
        """The distance part of these rows."""
        return self.distance_by_place.take(self.columns.place_of.take(rows))

    def career_at_most(self, rows: Ints) -> list[Array]:
        """Bounds of the occupation and the wish part of these rows.

        The many who share no more than a first digit with the order are not looked up: they have what that gives.
        """
        if self.order.wanted.isco is None:
            return self._career([], len(rows))
        far = self.order.table.occupation_levels[0]
        occupation, wish = self._career_worths
        near = int(np.searchsorted(occupation.points, far, side="right"))
        found = self._best([Worth(occupation.tokens[near:], occupation.points[near:]), wish], rows)
        return [np.maximum(found[0], far), found[1]]

    def by_tokens(self, rows: Ints) -> list[Array]:
        """Skills, occupation and wish of these rows, looked up together."""
        found = self._best([*self._skill_worths, *self._career_worths], rows)
        wanted = len(self._skill_worths)
        return [self._skills(found[:wanted], len(rows)), *self._career(found[wanted:], len(rows))]

    def _best(self, worths: list[Worth], rows: Ints) -> list[Array]:
        return Worths(worths, self.columns).best(rows) if worths else []

    def _career(self, found: list[Array], count: int) -> list[Array]:
        return found or [np.full(count, self.order.table.full)] * 2

    def _skills(self, found: list[Array], count: int) -> Array:
        if not found:
            return np.full(count, self.order.table.full)
        total = np.zeros(count, np.int64)
        for skill, points in zip(self.order.skills, found, strict=True):
            total += points if skill.weight == 1 else skill.weight * points.astype(np.int64)
        return total // self.order.weight_total
