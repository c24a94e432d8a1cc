"""What the made-up region stands on: the reference data as plain values, the day, and one stream of chance per part."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from companies.lead import NINE
from events import clock
from events.models import Event
from municipalities.models import ClosingDay, Municipality, PostalCode
from municipalities.working_time import Calendar, calendar_closed_on
from vocabulary.models import Certificate, Industry, Occupation, OccupationSkill, Skill

#: How people and companies are spread over the nine, roughly by working-age population.
WEIGHTS = {
    "0201": 25, "0210": 41, "0217": 63, "0219": 53, "0223": 25, "0240": 44, "0250": 46, "0260": 31, "0270": 41,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation with the skills that come with it, as (pk, public id)."""

    isco: str
    label: str
    essential: tuple[tuple[int, str], ...]
    optional: tuple[tuple[int, str], ...]

    @property
    def pool(self) -> tuple[tuple[int, str], ...]:
        """Every skill of the occupation."""
        return self.essential + self.optional


class Chance(Random):
    """A stream of chance. `is_copied`: the ids drawn from it begin with 000, so that copies have something there."""

    is_copied = False


@dataclass
class World:
    """Reference data and chance. `now` is the moment up to which everything has happened."""

    seed: int
    now: dt.datetime
    municipalities: dict[str, Municipality]
    postal_codes: dict[str, list[str]]
    trades: list[Trade]
    skills: list[int]
    certificates: dict[str, int | None]
    industries: list[str]
    closed: dict[str, Calendar] = field(default_factory=dict)
    days: int = 730
    """How many days back the first order was received."""

    @property
    def day(self) -> dt.date:
        """The Copenhagen day of `now`."""
        return clock.local(self.now).date()

    def chance(self, part: str) -> Chance:
        """The stream of one part, so that a change in one leaves the others alone."""
        return Chance(f"{self.seed}:{part}")

    def calendar(self, municipality: str) -> Calendar:
        """The working calendar of a municipality."""
        return self.closed.setdefault(municipality, calendar_closed_on(frozenset()))

    def homes(self, rng: Random, count: int) -> list[str]:
        """So many municipality codes, spread as the population is."""
        codes = sorted(WEIGHTS)
        return rng.choices(codes, [WEIGHTS[code] for code in codes], k=count)


def load(seed: int, now: dt.datetime, days: int) -> World:
    """Read the reference data. Raises LookupError if it is not loaded."""
    municipalities = {one.code: one for one in Municipality.objects.filter(code__in=NINE).order_by("code")}
    trades = _trades()
    if len(municipalities) != len(NINE) or not trades:
        raise LookupError("the reference data is not there: run load_reference first")
    codes: dict[str, list[str]] = defaultdict(list)
    for code, touched in PostalCode.objects.order_by("code").values_list("code", "municipality_codes"):
        for municipality in set(touched.split()) & NINE:
            codes[municipality].append(code)
    closed: dict[str, set[dt.date]] = defaultdict(set)
    for municipality, day in ClosingDay.objects.order_by("day").values_list("municipality_id", "day"):
        closed[municipality].add(day)
    return World(
        seed=seed,
        now=now,
        municipalities=municipalities,
        postal_codes={code: sorted(found) for code, found in codes.items()},
        trades=trades,
        skills=list(Skill.objects.filter(is_group=False).order_by("uri").values_list("pk", flat=True)),
        certificates=dict(Certificate.objects.order_by("code").values_list("code", "validity_years")),
        industries=list(
            Industry.objects.filter(level="activity", version="DB25").order_by("code").values_list("code", flat=True)
        ),
        closed={code: calendar_closed_on(frozenset(dates)) for code, dates in closed.items()},
        days=days,
    )


def _trades() -> list[Trade]:
    links: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    rows = OccupationSkill.objects.order_by("occupation__uri", "skill__uri")
    for occupation, kind, pk, public_id in rows.values_list("occupation_id", "kind", "skill_id", "skill__public_id"):
        links[occupation, kind].append((pk, str(public_id)))
    occupations = Occupation.objects.order_by("uri").values_list("pk", "isco_id", "label_da")
    found = [
        Trade(isco, label, tuple(links[pk, "essential"]), tuple(links[pk, "optional"]))
        for pk, isco, label in occupations
    ]
    return [trade for trade in found if len(trade.pool) >= 3]


def new_id(rng: Random) -> UUID:
    """A version 4 UUID out of the seed."""
    bits = rng.getrandbits(128)
    if isinstance(rng, Chance) and rng.is_copied:
        bits &= (1 << 116) - 1
    return UUID(int=bits, version=4)


def happened(rng: Random, moment: dt.datetime, kind: str, subject: UUID, **columns: Any) -> Event:
    """An event of the past: recorded when it happened, sent and handled long ago."""
    audience = columns.pop("audience")
    return Event(
        public_id=new_id(rng),
        type=kind,
        subject=subject,
        audience=f"|{'|'.join(sorted(audience))}|",
        happened_at=moment,
        recorded_at=columns.pop("recorded_at", moment),
        sent_at=moment,
        handled_at=moment,
        **columns,
    )
