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
from screening.index.build import Columns, Postings
from screening.index.frame import Ints
from screening.index.query import Bytes, Worth

WALK_COST: Final = 2
"""Reading a token of a person costs so many times as much as reading an entry of a posting list."""
SWEEP: Final = 16
"""So many rows are cleared and read back in the time of one entry."""


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The numbers start, start + 1 … of every span, one span after the other."""
    total = int(lengths.sum())
    before = np.cumsum(lengths) - lengths
    numbers: Ints = np.arange(total) + np.repeat(starts - before, lengths)
    return numbers


def entries(postings: Postings, keys: Ints) -> tuple[NDArray[np.int32], Ints]:
    """The rows of several keys one after the other, and how many each has."""
    starts = postings.starts[keys]
    lengths = postings.starts[keys + 1] - starts
    return postings.rows[spans(starts, lengths)], lengths


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
    def _distance_points(self) -> Ints:
        return query.distance_points(self.order, self.columns.places, self._metres)

    @cached_property
    def _skills(self) -> list[Worth]:
        return query.skill_worths(self.order, self.columns)

    @cached_property
    def _occupation(self) -> Worth:
        return query.occupation_worth(self.order, self.columns)

    @cached_property
    def _wish(self) -> Worth:
        return query.wish_worth(self.order, self.columns)

    @cached_property
    def most_for_skills(self) -> int:
        """The highest skills part that anybody here can have."""
        if not self.order.skills:
            return self.order.table.full
        best = [int(worth.points[-1]) if len(worth.points) else 0 for worth in self._skills]
        total = sum(skill.weight * points for skill, points in zip(self.order.skills, best, strict=True))
        return total // self.order.weight_total

    def distance(self, rows: Ints) -> Ints:
        """The distance part of these rows."""
        return self._distance_points[self.columns.place_of[rows]]

    def occupation(self, rows: Ints) -> Ints:
        """The occupation part of these rows."""
        if self.order.wanted.isco is None:
            return np.full(len(rows), self.order.table.full)
        return self._best([self._occupation], rows)[0]

    def wish(self, rows: Ints) -> Ints:
        """The wish part of these rows."""
        if self.order.wanted.isco is None:
            return np.full(len(rows), self.order.table.full)
        return self._best([self._wish], rows)[0]

    def skills(self, rows: Ints) -> Ints:
        """The skills part of these rows."""
        if not self.order.skills:
            return np.full(len(rows), self.order.table.full)
        best = self._best(self._skills, rows)
        total = np.zeros(len(rows), np.int64)
        for skill, points in zip(self.order.skills, best, strict=True):
            total += skill.weight * points.astype(np.int64)
        return total // self.order.weight_total

    def hold_any(self, tokens: Ints, rows: Ints) -> NDArray[np.bool_]:
        """Which of these rows have at least one of the tokens."""
        return self._best([Worth(tokens, np.ones(len(tokens), np.int64))], rows)[0] > 0

    def _best(self, worths: list[Worth], rows: Ints) -> list[Ints]:
        """For each worth the most that any token of each row has."""
        columns = self.columns
        listed = sum(self._entries_of(worth) for worth in worths) + len(worths) * columns.rows // SWEEP
        tokens = len(columns.tokens.rows) * len(rows) // max(1, columns.rows)
        if tokens * WALK_COST < listed:
            return self._walk(worths, rows)
        return [self._sweep(worth, rows) for worth in worths]

    def _entries_of(self, worth: Worth) -> int:
        starts = self.columns.holders.starts
        return int((starts[worth.tokens + 1] - starts[worth.tokens]).sum())

    def _sweep(self, worth: Worth, rows: Ints) -> Ints:
        """By posting lists; the lists come in ascending points, so that the last one written is the highest."""
        found = np.zeros(self.columns.rows, np.uint16)
        holders, lengths = entries(self.columns.holders, worth.tokens)
        found[holders] = np.repeat(worth.points.astype(np.uint16), lengths)
        return found[rows].astype(np.int64)

    def _walk(self, worths: list[Worth], rows: Ints) -> list[Ints]:
        """By the tokens of each row."""
        columns = self.columns
        counting = np.unique(np.concatenate([worth.tokens for worth in worths]))
        place = np.zeros(columns.numbers.total, np.int32)
        place[counting] = np.arange(1, len(counting) + 1)
        table = np.zeros((len(worths), len(counting) + 1), np.int64)
        for number, worth in enumerate(worths):
            table[number, place[worth.tokens]] = worth.points
        starts = columns.tokens.starts[rows]
        lengths = columns.tokens.starts[rows + 1] - starts
        held = place[columns.tokens.rows[spans(starts, lengths)]]
        counted = np.flatnonzero(held)
        owner = np.repeat(np.arange(len(rows)), lengths)[counted]
        best = np.zeros((len(worths), len(rows)), np.int64)
        if len(owner):
            first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
            best[:, owner[first]] = np.maximum.reduceat(table[:, held[counted]], first, axis=1)
        return list(best)
