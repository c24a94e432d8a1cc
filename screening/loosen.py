"""An order with one of its must-haves loosened, one at a time: what a company could give way on. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from screening.compile import asked_levels, distinct, once_each
from screening.types import MustName, Wanted

LONGEST_GRACE_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Loosened:
    """The order without one demand. `demand` is as in the verdicts' must-haves: a code, a skill's key, or a figure."""

    must: MustName
    demand: str
    wanted: Wanted


def each(wanted: Wanted) -> Iterator[Loosened]:
    """Every way to loosen one must-have, in the order of the funnel.

    The person's own limits stay: without the order's distance each own limit counts. The start gets the longest grace
    that an order can have. A required skill becomes a wish.
    """
    if wanted.max_distance_km is not None and not wanted.remote:
        yield Loosened("distance", str(wanted.max_distance_km), replace(wanted, max_distance_km=None))
    if wanted.grace_days < LONGEST_GRACE_DAYS:
        later = replace(wanted, grace_days=LONGEST_GRACE_DAYS)
        yield Loosened("start", wanted.decided_on.isoformat(), later)
    if wanted.hours_min is not None or wanted.hours_max is not None:
        asked = "-".join("" if figure is None else str(figure) for figure in (wanted.hours_min, wanted.hours_max))
        yield Loosened("hours", asked, replace(wanted, hours_min=None, hours_max=None))
    if wanted.shifts:
        yield Loosened("shifts", str(wanted.shifts), replace(wanted, shifts=0))
    for code in distinct(wanted.licences):
        left = tuple(one for one in wanted.licences if one != code)
        yield Loosened("licences", code, replace(wanted, licences=left))
    for code in distinct(wanted.certificates):
        left = tuple(one for one in wanted.certificates if one != code)
        yield Loosened("certificates", code, replace(wanted, certificates=left))
    for code in dict.fromkeys(code for code, _mode, _level in asked_levels(wanted)):
        others = tuple(one for one in wanted.languages if one.code != code)
        yield Loosened("languages", code, replace(wanted, languages=others))
    if wanted.own_transport:
        yield Loosened("transport", "own", replace(wanted, own_transport=False))
    for skill in once_each(wanted.skills):
        if skill.required:
            wished = tuple(replace(one, required=False) if one.skill == skill.skill else one for one in wanted.skills)
            yield Loosened("skills", str(skill.skill), replace(wanted, skills=wished))
