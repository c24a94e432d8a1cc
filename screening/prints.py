"""Prints of what a verdict rests on, kept with a run: they say which input changed without keeping it twice. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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


def of_person(person: Person) -> dict[str, str]:
    """A print of each input of a profile."""
    return {name: _print([getattr(person, field) for field in fields]) for name, fields in PERSON.items()}


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
    if isinstance(value, Mapping):
        return sorted(((key, _ordered(one)) for key, one in value.items()), key=repr)
    if isinstance(value, frozenset):
        return sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    return value
