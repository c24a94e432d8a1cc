"""Many orders against the same people: each distinct demand is asked of everybody once (design §5). Pure.

A set of people is one integer, a bit per person. Orders share most of their demands (a licence, a certificate, a
workplace), so that thousands of orders cost a few hundred passes over the people, and the rest is bit arithmetic.
`Crowd` asks the checks of the compiled order, `screening.index.crowd` the columns of the index; what comes out is what
`engine.score` says of each pair, which property tests hold together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from screening.compile import MISSING, UNKNOWN, AskedMust, CompiledOrder, asked_levels, distinct
from screening.types import FUNNEL, Outcome, Person, SkillId

Kind = Literal["licence", "certificate", "skill"]
#: Demands of the funnel that a course could teach, planned or not.
TEACHABLE: Final[Mapping[str, Kind]] = {"licences": "licence", "certificates": "certificate", "skills": "skill"}
Key = tuple[object, ...]
#: For each answer, "1" in its place and "0" in every other.
DIGITS: Final = {answer: bytes(48 + (byte == answer) for byte in range(256)) for answer in (MISSING, UNKNOWN)}


class Gap(NamedTuple):
    """One licence, certificate or skill that somebody may lack."""

    kind: Kind
    code: SkillId


class Sets(ABC):
    """People in a fixed sequence, and for every demand asked so far who misses it and who may."""

    def __init__(self, size: int) -> None:
        """So many people."""
        self.size = size
        self.everybody = (1 << size) - 1
        self._asked: dict[Key, tuple[int, int]] = {}

    @abstractmethod
    def places(self, candidates: Iterable[int]) -> Iterable[int]:
        """The places of these candidates; those who are not in the crowd are left out."""

    @abstractmethod
    def candidates(self, people: int) -> list[int]:
        """The keys of a set of people."""

    @abstractmethod
    def asked(self, order: CompiledOrder, must: AskedMust, key: Key) -> tuple[int, int]:
        """Who misses a demand, and of whom it is unknown."""

    def set_of(self, candidates: Iterable[int]) -> int:
        """The set of these candidates; those who are not in the crowd are left out."""
        found = 0
        for place in self.places(candidates):
            found |= 1 << place
        return found

    def answers(self, order: CompiledOrder) -> Iterator[tuple[str, Key, int, int]]:
        """(name, key, who misses it, of whom it is unknown) for each demand, in the order of the funnel."""
        for must, (name, key) in zip(order.musts, _keys(order), strict=True):
            known = self._asked.get((name, *key))
            if known is None:
                known = self._asked[name, *key] = self.asked(order, must, key)
            yield name, key, *known

    def lanes(self, order: CompiledOrder, among: int) -> dict[Outcome, int]:
        """`among` by outcome: the sets of those who are qualified, to check, nearly, and not."""
        once = twice = unknown = hopeless = 0
        for must, (_name, _key, missing, unsure) in zip(order.musts, self.answers(order), strict=True):
            twice |= once & missing
            once |= missing
            unknown |= unsure
            if not must.curable:
                hopeless |= missing
        out = hopeless | twice
        nearly = once & ~out
        rest = among & ~once
        return {
            "qualified": rest & ~unknown,
            "check": rest & unknown,
            "nearly": among & nearly,
            "not": among & out,
        }

    def gaps(self, order: CompiledOrder, among: int) -> dict[Gap, int]:
        """Who of `among` misses one single demand, a licence, certificate or skill; empty sets are left out."""
        once = twice = 0
        missed: list[tuple[Gap, int]] = []
        for name, key, missing, _unsure in self.answers(order):
            twice |= once & missing
            once |= missing
            if name in TEACHABLE:
                missed.append((Gap(TEACHABLE[name], _code(key)), missing))
        alone = among & once & ~twice
        return {gap: missing & alone for gap, missing in missed if missing & alone}


class Crowd(Sets):
    """The same over people as the engine reads them."""

    def __init__(self, people: Sequence[Person]) -> None:
        """Take the people, all whose profile is to be asked."""
        super().__init__(len(people))
        self.people = tuple(people)
        self._place = {person.candidate: place for place, person in enumerate(self.people)}

    def places(self, candidates: Iterable[int]) -> Iterable[int]:
        return (self._place[candidate] for candidate in candidates if candidate in self._place)

    def candidates(self, people: int) -> list[int]:
        return [person.candidate for person in self.members(people)]

    def asked(self, order: CompiledOrder, must: AskedMust, key: Key) -> tuple[int, int]:
        said = bytes(map(must.check, reversed(self.people)))
        return _bits(said, MISSING), _bits(said, UNKNOWN)

    def members(self, people: int) -> Iterator[Person]:
        """The people of a set, in the crowd's sequence."""
        bits = bin(people)[:1:-1]
        place = bits.find("1")
        while place >= 0:
            yield self.people[place]
            place = bits.find("1", place + 1)


def _bits(said: bytes, answer: int) -> int:
    """A bit per person who answered so; `said` has the last person first."""
    return int(b"0" + said.translate(DIGITS[answer]), 2)


def _code(key: Key) -> SkillId:
    code = key[0]
    assert isinstance(code, int | str)
    return code


def _keys(order: CompiledOrder) -> Iterator[tuple[str, Key]]:
    """For each demand of the compiled order its name, and what makes it the same demand on another order."""
    wanted = order.wanted
    of: dict[str, Iterator[Key]] = {
        "distance": iter([(wanted.workplace, wanted.max_distance_km)]),
        "start": iter([(order.latest_start,)]),
        "hours": iter([(wanted.hours_min, wanted.hours_max)]),
        "shifts": iter([(wanted.shifts,)]),
        "licences": ((code,) for code in distinct(wanted.licences)),
        "certificates": ((code, wanted.decided_on) for code in distinct(wanted.certificates)),
        "languages": iter(asked_levels(wanted)),
        "transport": iter([()]),
        "skills": ((skill.skill,) for skill in order.skills if skill.required),
    }
    return ((FUNNEL[must.step], next(of[FUNNEL[must.step]])) for must in order.musts)
