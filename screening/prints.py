"""Prints of what a verdict rests on, kept with a run: they say which input changed without keeping it twice. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from screening.compile import CompiledOrder
from screening.types import Person

#: Name of an input → the fields of Person that it is.
PERSON: Final[Mapping[str, tuple[str, ...]]] = {
    "postal_code": ("postal",),
    "licences": ("licences",),
    "certificates": ("certificates",),
    "languages": ("languages",),
    "skills": ("skills",),
    "occupations": ("occupations",),
    "job_goals": ("goals",),
    "hours": ("hours_min", "hours_max"),
    "shifts": ("shifts",),
    "available_from": ("available_from",),
    "own_transport": ("own_transport",),
    "max_distance_km": ("max_distance_km",),
    "reviewed": ("reviewed",),
    "tie_seed": ("tie_seed",),
}
#: Those that differ from person to person, or that cannot be looked up; and the others.
_OWN: Final = tuple([(name, attrgetter(name)) for name in ("certificates", "languages", "skills", "tie_seed")])
_SHARED: Final = tuple(
    [(name, attrgetter(*fields)) for name, fields in PERSON.items() if name not in {own for own, _get in _OWN}]
)


def of_person(person: Person) -> dict[str, str]:
    """A print of each input of a profile."""
    prints = {name: _cached(name, get(person)) for name, get in _SHARED}
    prints |= {name: _print([get(person)]) for name, get in _OWN}
    return prints


@lru_cache(maxsize=20_000)
def _cached(name: str, value: Any) -> str:
    """Most answers are the same in many profiles; the name keeps 1 and True apart."""
    return _print(list(value) if len(PERSON[name]) > 1 else [value])


def of_order(order: CompiledOrder) -> dict[str, str]:
    """Prints of what the order was expanded by: the surroundings of its skills, and the distances."""
    skills = [[s.skill, s.related, s.essential, s.optional, s.meets, s.meets_isco] for s in order.skills]
    return {"skills": _print(skills), "distances": _print(order.metres)}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the inputs whose print is another one."""
    return tuple(name for name in now if before.get(name) != now[name])


def _print(value: Any) -> str:
    return hashlib.sha256(repr(_ordered(value)).encode()).hexdigest()[:16]


def _ordered(value: Any) -> Any:
    """The same value with everything that has no order in one: the same print in every process."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(value, key=repr)
    if isinstance(value, Mapping):
        return sorted([(key, _ordered(one)) for key, one in value.items()], key=repr)
    return value


_PLAIN: Final = frozenset({int, str, bool, type(None), dt.date})
