"""Answers of everybody as bits: one plane per thing that a demand can ask for, eight people to a byte. Pure: numpy.

A demand that touches all people then costs microseconds where looking each of them up costs milliseconds.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from screening.index.frame import REVIEWED, UNKNOWN, Ints

Plane = NDArray[np.uint8]

WORD: Final = 64
SHIFTS: Final = 8
LEVELS: Final = 7
"""Of a language and mode: at 0 who has it with an unknown level, at 1–6 who has reached the level."""
UNKNOWN_LEVEL: Final = 15
MOST_STEPS: Final = 32
"""A figure with more distinct values than this gets no planes."""


def padded(rows: int) -> int:
    """So many people fill whole words."""
    return -(-rows // WORD) * WORD


def smallest(array: NDArray[Any]) -> NDArray[Any]:
    """The same figures in the smallest unsigned type that holds them."""
    most = int(array.max()) if len(array) else 0
    return array.astype(np.min_scalar_type(most))


def plane_of(answers: NDArray[Any]) -> Plane:
    """Truth by row as bits; the answers fill whole words."""
    return np.packbits(answers, bitorder="little")


def plane_at(rows: Ints, size: int) -> Plane:
    """A plane of these rows, in any order, out of `size` many."""
    answers = np.zeros(size, np.bool_)
    answers[rows] = True
    return plane_of(answers)


def count(plane: Plane) -> int:
    """How many people."""
    return int(np.add.reduce(np.bitwise_count(plane.view(np.uint64)), dtype=np.int64))


def rows_in(plane: Plane) -> Ints:
    """The rows of those in it, ascending."""
    held = (plane != 0).nonzero()[0]
    if 4 * len(held) > len(plane):
        return np.unpackbits(plane, bitorder="little").view(np.bool_).nonzero()[0]
    at = np.unpackbits(plane.take(held), bitorder="little").view(np.bool_).nonzero()[0]
    rows: Ints = (held.take(at >> 3) << 3) + (at & 7)
    return rows


def without(plane: Plane, rows: Ints) -> None:
    """Take these rows out, in place."""
    if len(rows):
        np.bitwise_and.at(plane, rows >> 3, ~(np.uint8(1) << (rows & 7).astype(np.uint8)))


@dataclass(frozen=True, slots=True)
class Steps:
    """A figure of everybody, asked who has at least so much."""

    column: NDArray[np.uint8]
    """By row; empty where the planes say it all."""
    values: tuple[int, ...]
    """Those that occur, ascending."""
    planes: tuple[Plane, ...]
    """By value: who has at least that."""
    size: int

    def at_least(self, value: int) -> Plane:
        """Who has so much or more."""
        if len(self.column):
            return plane_of(self.column >= value)
        place = bisect_left(self.values, value)
        return self.planes[place] if place < len(self.planes) else np.zeros(self.size // 8, np.uint8)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.column.nbytes + sum(plane.nbytes for plane in self.planes)


def steps_of(column: Ints) -> Steps:
    """Of figures up to 255; many distinct ones are compared each time."""
    values = tuple(np.unique(column).tolist())
    if len(values) > MOST_STEPS:
        return Steps(column.astype(np.uint8), (), (), len(column))
    planes = tuple(plane_of(column >= value) for value in values)
    return Steps(np.empty(0, np.uint8), values, planes, len(column))


@dataclass(frozen=True, slots=True)
class Planes:
    """Planes by what they say, and the column of days that is compared with the order's."""

    size: int
    """People, filled up to whole words."""
    available: NDArray[Any]
    """The day, counted from `before`; 0 where it is not known. As narrow as the days allow: all of it is compared."""
    before: int
    """Ordinal of the day before the first one that is known."""
    available_unknown: Plane
    hours_min: Steps
    """0 where they are not known."""
    hours_max: Steps
    """255 where they are not known."""
    hours_unknown: Plane
    shifts: Plane
    """By bit of the mask: who takes it."""
    shifts_unknown: Plane
    transport: Plane
    transport_unknown: Plane
    licences: Plane
    """By number: who holds it, implications included."""
    reviewed: dict[str, Plane]
    """By section."""
    spoken: dict[int, Plane]
    """By common language: mode × level."""
    held: dict[int, Plane]
    """By common token of a skill or an occupation: who has it."""


def planes_of(columns: dict[str, Ints], licence_masks: Ints, licences: int) -> Planes:
    """Of people in their order."""
    size = padded(len(licence_masks))

    def filled(name: str) -> Ints:
        column = np.zeros(size, np.int64)
        column[: len(licence_masks)] = columns[name]
        return column

    available, low, high = filled("available"), filled("hours_min"), filled("hours_max")
    shifts, transport, reviewed = filled("shifts"), filled("transport"), filled("reviewed")
    masks = np.zeros(size, np.int64)
    masks[: len(licence_masks)] = licence_masks
    before = int(available.min(where=available > 0, initial=np.iinfo(np.int64).max)) - 1
    known_shifts = np.where(shifts == UNKNOWN, 0, shifts)
    return Planes(
        size=size,
        available=smallest(np.where(available > 0, available - before, 0)),
        before=before,
        available_unknown=plane_of(available == 0),
        hours_min=steps_of(np.where(low == UNKNOWN, 0, low)),
        hours_max=steps_of(high),
        hours_unknown=plane_of((low == UNKNOWN) & (high == UNKNOWN)),
        shifts=np.stack([plane_of(known_shifts >> bit & 1) for bit in range(SHIFTS)]),
        shifts_unknown=plane_of(shifts == UNKNOWN),
        transport=plane_of(transport == 1),
        transport_unknown=plane_of(transport == UNKNOWN),
        licences=np.stack([plane_of(masks >> bit & 1) for bit in range(max(1, licences))]),
        reviewed={section: plane_of((reviewed & bit) != 0) for section, bit in REVIEWED.items()},
        spoken={},
        held={},
    )


def spoken_planes(rows: Ints, oral: Ints, written: Ints, size: int) -> Plane:
    """One language: mode × level → plane, of the rows that speak it and their levels, -1 where not known."""
    planes = np.empty((2, LEVELS, size // 8), np.uint8)
    for mode, levels in enumerate((oral, written)):
        planes[mode, 0] = plane_at(rows[levels < 0], size)
        for level in range(1, LEVELS):
            planes[mode, level] = plane_at(rows[levels >= level], size)
    return planes
