"""People as columns and lists, as they were read and before they are indexed. Pure: numpy, no Django.

Every word (postal key, licence, ISCO code …) is a number in one of the `Books`, which only ever grow: frames that were
read at different times speak the same numbers and can be joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from screening.types import Person, Section

UNKNOWN: Final = 255
"""Not recorded, in the columns of hours, shifts, transport and reach."""
NO_DAY: Final = 0
"""Not recorded, in the columns of days; days are ordinals, 1 is the first of January of the year 1."""
FOREVER: Final = 2**31 - 1
"""The last day of a certificate that does not lapse."""
NOWHERE: Final = ""
"""The postal key of a home without one."""

Ints = NDArray[np.int64]

#: The bit of each section in the column `reviewed`.
REVIEWED: Final[Mapping[Section, int]] = {
    "licences": 1, "certificates": 2, "languages": 4, "skills": 8, "occupations": 16, "hours": 32, "transport": 64,
}  # fmt: skip
COLUMNS: Final = (
    "candidate", "tie_seed", "home", "postal", "available", "hours_min", "hours_max", "shifts", "transport", "reach_km",
    "reviewed",
)  # fmt: skip
#: Lists by name, with what stands beside the candidate in each row.
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "licences": ("licence",),
    "certificates": ("certificate", "through"),
    "languages": ("language", "oral", "written"),
    "skills": ("skill", "documented"),
    "occupations": ("isco", "months"),
    "goals": ("isco",),
}


@dataclass(frozen=True, slots=True)
class Books:
    """The number of every word; a number never changes and is never given twice."""

    home: dict[str, int] = field(default_factory=dict)
    postal: dict[str, int] = field(default_factory=dict)
    licence: dict[str, int] = field(default_factory=dict)
    certificate: dict[str, int] = field(default_factory=dict)
    language: dict[str, int] = field(default_factory=dict)
    isco: dict[str, int] = field(default_factory=dict)
    skill: dict[int | str, int] = field(default_factory=dict)


def number(book: dict[str, int], word: str) -> int:
    """The number of a word; a new word gets the next one."""
    return book.setdefault(word, len(book))


@dataclass(frozen=True, slots=True)
class Frame:
    """So many people: one array per column, and per list its rows as arrays, the candidate first."""

    columns: Mapping[str, Ints]
    lists: Mapping[str, tuple[Ints, ...]]

    def __len__(self) -> int:
        return len(self.columns["candidate"])

    def without(self, candidates: Ints) -> "Frame":
        """Everybody but these."""
        stays = ~np.isin(self.columns["candidate"], candidates)
        lists = {}
        for name, arrays in self.lists.items():
            rows = ~np.isin(arrays[0], candidates)
            lists[name] = tuple(array[rows] for array in arrays)
        return Frame({name: column[stays] for name, column in self.columns.items()}, lists)

    def joined(self, other: "Frame") -> "Frame":
        """These and those; nobody may be in both."""
        return Frame(
            {name: np.concatenate((column, other.columns[name])) for name, column in self.columns.items()},
            {
                name: tuple(np.concatenate(pair) for pair in zip(arrays, other.lists[name], strict=True))
                for name, arrays in self.lists.items()
            },
        )


def empty_frame() -> Frame:
    """Nobody."""
    nothing = np.empty(0, np.int64)
    return Frame(
        dict.fromkeys(COLUMNS, nothing), {name: (nothing,) * (1 + len(beside)) for name, beside in LISTS.items()}
    )


def frame_of(people: Sequence[Person], books: Books, homes: Mapping[int, str] | None = None) -> Frame:
    """People as the engine reads them, in columns; `homes` maps a candidate to a municipality code.

    Raises ValueError for figures that the columns cannot hold.
    """
    columns = {name: np.empty(len(people), np.int64) for name in COLUMNS}
    lists: dict[str, list[tuple[int, ...]]] = {name: [] for name in LISTS}
    for at, person in enumerate(people):
        row = _row(person, books, (homes or {}).get(person.candidate, NOWHERE))
        for name, value in zip(COLUMNS, row, strict=True):
            columns[name][at] = value
        for name, found in _lists(person, books).items():
            lists[name].extend((person.candidate, *beside) for beside in found)
    return Frame(columns, {name: arrays_of(rows, 1 + len(LISTS[name])) for name, rows in lists.items()})


def arrays_of(rows: Sequence[tuple[int, ...]], width: int) -> tuple[Ints, ...]:
    """Rows of integers as one array per column."""
    table = np.array(rows, np.int64).reshape(len(rows), width)
    return tuple(np.ascontiguousarray(table[:, at]) for at in range(width))


def _row(person: Person, books: Books, home: str) -> tuple[int, ...]:
    small = (person.hours_min, person.hours_max, person.shifts, person.max_distance_km)
    if any(value is not None and not 0 <= value < UNKNOWN for value in small):
        raise ValueError("hours, shifts and reach lie between 0 and 254")
    return (
        person.candidate,
        person.tie_seed,
        number(books.home, home),
        number(books.postal, person.postal or NOWHERE),
        NO_DAY if person.available_from is None else person.available_from.toordinal(),
        UNKNOWN if person.hours_min is None else person.hours_min,
        UNKNOWN if person.hours_max is None else person.hours_max,
        UNKNOWN if person.shifts is None else person.shifts,
        UNKNOWN if person.own_transport is None else int(person.own_transport),
        UNKNOWN if person.max_distance_km is None else person.max_distance_km,
        sum(REVIEWED[section] for section in person.reviewed),
    )


def _lists(person: Person, books: Books) -> dict[str, Iterable[tuple[int, ...]]]:
    return {
        "licences": [(number(books.licence, code),) for code in person.licences],
        "certificates": [
            (number(books.certificate, code), FOREVER if day is None else day.toordinal())
            for code, day in person.certificates.items()
        ],
        "languages": [
            (number(books.language, code), -1 if oral is None else oral, -1 if written is None else written)
            for code, (oral, written) in person.languages.items()
        ],
        "skills": [
            (books.skill.setdefault(skill, len(books.skill)), int(documented))
            for skill, documented in person.skills.items()
        ],
        "occupations": [(number(books.isco, code[:4]), months) for code, months in person.occupations],
        "goals": [(number(books.isco, code), 0)[:1] for code in person.goals],
    }
