"""What orders demand, each distinct demand once, and one person's answer to all of them. Pure: numpy.

An answer is an integer, so that those of an order add up: how many are unknown, how many missing, curable or not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from screening.compile import held_licences
from screening.types import Person, Section, SkillId

Ints = NDArray[np.int64]
Held = Mapping[str, int]
"""Months by ISCO-4 code."""

UNSURE: Final = 1
ONE: Final = 1 << 16
"""Missing, and a course can cure it."""
OUT: Final = 1 << 32
NOTHING: Final = -1
ANY: Final = 10**6
"""More kilometres, hours and levels than there are: no limit."""
FOREVER: Final = 2**31


class Asked(Protocol):
    """One kind of demand, frozen: the answers of a person, one per distinct demand in the order of the keys."""

    def __init__(self, keys: Sequence[Any]) -> None: ...
    def answers(self, person: Person, held: Held) -> Ints: ...


def unmet(person: Person, section: Section, if_reviewed: int) -> int:
    """What an unmet demand means: missing where the section was reviewed, else unknown."""
    return if_reviewed if section in person.reviewed else UNSURE


def columns(keys: Sequence[Any], width: int) -> list[Ints]:
    """Keys of integers as one array per place."""
    table = np.array(keys, np.int64).reshape(len(keys), width)
    return [np.ascontiguousarray(table[:, at]) for at in range(width)]


def numbers(words: Iterable[Hashable]) -> dict[Any, int]:
    """Each distinct word with its number, in the order of first mention."""
    return {word: at for at, word in enumerate(dict.fromkeys(words))}


class Places:
    """Workplaces by number, and how far each is from a home; a home's row is made once."""

    def __init__(self, rows: Sequence[Mapping[str, int]]) -> None:
        """`rows` are the workplaces' rows of the distance table."""
        self._rows = rows
        self._known: dict[str, Ints] = {}

    def metres(self, home: str | None) -> Ints:
        """Metres to every workplace; NOTHING where they are not known."""
        key = home or ""
        if key not in self._known:
            found = (NOTHING if home is None else row.get(home, NOTHING) for row in self._rows)
            self._known[key] = np.fromiter(found, np.int64, len(self._rows))
        return self._known[key]


class Distance:
    """Keys: (workplace, the order's own limit in km, or ANY)."""

    def __init__(self, keys: Sequence[tuple[int, int]], places: Places) -> None:
        self._place, self._km = columns(keys, 2)
        self._places = places

    def metres(self, person: Person) -> Ints:
        """Per key."""
        return self._places.metres(person.postal).take(self._place)

    def answers(self, person: Person, held: Held) -> Ints:
        """The smaller of both limits decides; an own one that is not known makes it unknown."""
        own_km = person.max_distance_km
        if own_km is None or person.postal is None:
            return np.full(len(self._km), UNSURE)
        metres = self.metres(person)
        found = np.where(metres <= np.minimum(self._km, own_km) * 1000, 0, OUT)
        found[metres < 0] = UNSURE
        return found

    def points(self, person: Person, full: int, assumed_km: int) -> Ints:
        """The distance part per key."""
        own_km = assumed_km if person.max_distance_km is None else person.max_distance_km
        metres, limit = self.metres(person), np.minimum(self._km, own_km) * 1000
        near = (metres >= 0) & (metres < limit)
        limit = np.maximum(limit, 1)
        found: Ints = np.where(near, full * (limit - metres) // limit, 0)
        return found


class Start:
    """Keys: the ordinal of the latest start."""

    def __init__(self, keys: Sequence[int]) -> None:
        [self._latest] = columns(keys, 1)

    def answers(self, person: Person, held: Held) -> Ints:
        if person.available_from is None:
            return np.full(len(self._latest), UNSURE)
        return np.where(self._latest < person.available_from.toordinal(), OUT, 0)


class Hours:
    """Keys: (at least or NOTHING, at most or ANY)."""

    def __init__(self, keys: Sequence[tuple[int, int]]) -> None:
        self._low, self._high = columns(keys, 2)

    def answers(self, person: Person, held: Held) -> Ints:
        low, high = person.hours_min, person.hours_max
        if low is None and high is None:
            return np.full(len(self._low), UNSURE)
        apart = (self._high < (NOTHING if low is None else low)) | (self._low > (ANY if high is None else high))
        return np.where(apart, unmet(person, "hours", OUT), 0)


class Shifts:
    """Keys: bit masks."""

    def __init__(self, keys: Sequence[int]) -> None:
        [self._masks] = columns(keys, 1)

    def answers(self, person: Person, held: Held) -> Ints:
        if person.shifts is None:
            return np.full(len(self._masks), UNSURE)
        return np.where(self._masks & ~person.shifts, unmet(person, "hours", OUT), 0)


class Licences:
    """Keys: codes."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._codes = keys

    def answers(self, person: Person, held: Held) -> Ints:
        closure, lacking = held_licences(person.licences), unmet(person, "licences", ONE)
        return np.array([0 if code in closure else lacking for code in self._codes], np.int64)


class Certificates:
    """Keys: (code, ordinal of the day that it must be valid on)."""

    def __init__(self, keys: Sequence[tuple[str, int]]) -> None:
        self._numbers = numbers(code for code, _day in keys)
        self._code, self._day = columns([(self._numbers[code], day) for code, day in keys], 2)

    def answers(self, person: Person, held: Held) -> Ints:
        through = np.full(len(self._numbers), NOTHING)
        for code, day in person.certificates.items():
            if code in self._numbers:
                through[self._numbers[code]] = FOREVER if day is None else day.toordinal()
        return np.where(through.take(self._code) < self._day, unmet(person, "certificates", ONE), 0)


class Languages:
    """Keys: (code, 0 oral or 1 written, level)."""

    def __init__(self, keys: Sequence[tuple[str, int, int]]) -> None:
        self._numbers = numbers(code for code, _mode, _level in keys)
        number, mode, self._level = columns([(self._numbers[code], mode, level) for code, mode, level in keys], 3)
        self._which = 2 * number + mode

    def answers(self, person: Person, held: Held) -> Ints:
        reached = np.full(2 * len(self._numbers), NOTHING)
        for code, levels in person.languages.items():
            if code in self._numbers:
                first = 2 * self._numbers[code]
                reached[first : first + 2] = [ANY if level is None else level for level in levels]
        reached = reached.take(self._which)
        found = np.where(reached < self._level, unmet(person, "languages", OUT), 0)
        found[reached == ANY] = UNSURE
        return found


class Transport:
    """One key, if any order asks for it."""

    def __init__(self, keys: Sequence[bool]) -> None:
        self._count = len(keys)

    def answers(self, person: Person, held: Held) -> Ints:
        answer = 0 if person.own_transport else unmet(person, "transport", OUT)
        return np.full(self._count, UNSURE if person.own_transport is None else answer)


class Skills:
    """Keys: (skills that meet it, ISCO-4 codes that do, whether a planned course cures it, from how many months)."""

    def __init__(self, keys: Sequence[tuple[frozenset[SkillId], frozenset[str], bool, int]]) -> None:
        by_skill: dict[SkillId, list[int]] = {}
        by_isco: dict[str, list[tuple[int, int]]] = {}
        for at, (meets, meets_isco, _curable, months) in enumerate(keys):
            for skill in meets:
                by_skill.setdefault(skill, []).append(at)
            for isco4 in meets_isco:
                by_isco.setdefault(isco4, []).append((at, months))
        self._by_skill = {skill: np.array(found) for skill, found in by_skill.items()}
        self._by_isco = {isco4: columns(found, 2) for isco4, found in by_isco.items()}
        self._missing = np.array([ONE if curable else OUT for _meets, _isco, curable, _months in keys], np.int64)
        self._unsure = np.full(len(keys), UNSURE)

    def answers(self, person: Person, held: Held) -> Ints:
        found = (self._missing if "skills" in person.reviewed else self._unsure).copy()
        for skill in person.skills:
            if skill in self._by_skill:
                found[self._by_skill[skill]] = 0
        for isco4, months in held.items():
            if isco4 in self._by_isco:
                at, enough = self._by_isco[isco4]
                found[at[enough <= months]] = 0
        return found
