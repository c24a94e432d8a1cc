"""Which one missing licence, certificate or skill would open how many positions to how many people (design §5, §9).

Summed over all open orders and everybody in the pool: somebody counts for a gap where it is the only demand that the
profile does not meet, however many are unknown. Orders and positions are never hidden; people are, by the readers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from candidates.models import Candidate
from joborders.models import JobOrder, Requirement
from municipalities import wall
from municipalities.actor import Actor
from screening import region
from screening.crowd import Gap, Kind, Sets
from vocabulary.models import Certificate, Licence, Skill

ALL, UNKNOWN = "all", "unknown"
#: Kind of gap → its vocabulary and the column that the API knows it by.
VOCABULARY: dict[Kind, tuple[Any, str]] = {
    "licence": (Licence, "pk"),
    "certificate": (Certificate, "pk"),
    "skill": (Skill, "public_id"),
}


@dataclass
class Sum:
    """What a gap would open within one industry: orders, positions, the set of people, positions by their home."""

    orders: int = 0
    positions: int = 0
    people: int = 0
    reach: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def open_positions(order: JobOrder) -> int:
    """Positions that nobody has filled yet."""
    return max(0, order.positions - order.hires - order.filled_otherwise)


def division_of(order: JobOrder) -> str:
    """The order's industry: the two-digit division of its unit, else of its company, else unknown."""
    code = (order.unit.industry_code if order.unit else "") or order.company.industry_code
    return code[:2] or UNKNOWN


@wall.to_score
def compute() -> dict[str, Any]:
    """The figures now: one look at everybody per distinct demand, then bit arithmetic per order."""
    orders = [order for order in region.open_orders() if open_positions(order)]
    crowd, homes = region.everybody()
    taken = region.taken_on(orders)
    sums: dict[Gap, dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for order, ready in zip(orders, region.compiled_all(orders), strict=True):
        among = crowd.everybody & ~crowd.set_of(taken.get(order.pk, ()))
        for gap, people in crowd.gaps(ready, among).items():
            for industry in (ALL, division_of(order)):
                _add(sums[gap][industry], order, people, homes)
    codes = _public_codes(sums)
    return {
        "orders": len(orders),
        "people": crowd.size,
        "gaps": [
            {
                "kind": gap.kind,
                "code": codes[gap],
                "industries": {name: _counts(one, homes) for name, one in sorted(found.items())},
            }
            for gap, found in sorted(sums.items(), key=lambda item: (item[0].kind, codes[item[0]]))
            if gap in codes
        ],
    }


def _add(one: Sum, order: JobOrder, people: int, homes: dict[str, int]) -> None:
    one.orders += 1
    one.positions += open_positions(order)
    one.people |= people
    for home, own in homes.items():
        if people & own:
            one.reach[home] += open_positions(order)


def _counts(one: Sum, homes: dict[str, int]) -> dict[str, Any]:
    people = {home: (one.people & own).bit_count() for home, own in homes.items()}
    return {"orders": one.orders, "positions": one.positions, "people": people, "reach": dict(one.reach)}


def _public_codes(gaps: Any) -> dict[Gap, str]:
    """Codes as the API spells them: a skill's public id instead of its key."""
    keys = [int(gap.code) for gap in gaps if gap.kind == "skill"]
    skills = dict(Skill.objects.filter(pk__in=keys).order_by().values_list("pk", "public_id"))
    found = {gap: str(gap.code) for gap in gaps if gap.kind != "skill"}
    return found | {gap: str(skills[gap.code]) for gap in gaps if gap.kind == "skill" and gap.code in skills}


def labels_of(gaps: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of gaps (kind, code): one query per kind."""
    wanted: dict[Kind, list[str]] = {kind: [code for one, code in gaps if one == kind] for kind in VOCABULARY}
    found: dict[tuple[str, str], str] = {}
    for kind, (model, key) in VOCABULARY.items():
        rows = model.objects.filter(**{f"{key}__in": wanted[kind]}).order_by() if wanted[kind] else ()
        found |= {(kind, str(getattr(row, key))): row.label for row in rows}
    return found


@wall.to_score
def behind(kind: Kind, code: str, *, actor: Actor) -> dict[str, Any]:
    """The open orders that a gap is counted for and that the actor may know of, and the own people whom it keeps out.

    As of now. Own people by id, without names: consultants and caseworkers of a jobcentre only, nobody for the
    coordinator.
    """
    asks = Requirement.objects.filter(kind=kind, code=code, is_must=True, order__state=JobOrder.State.OPEN)
    asking = [order for order in region.open_orders_of(asks.values("order")) if open_positions(order)]
    crowd, homes = region.everybody()
    kept_out = _kept_out(Gap(kind, _key(kind, code)), asking, crowd)
    orders = [order for order in asking if order.pk in kept_out]
    visible = set(JobOrder.objects.visible_to(actor).filter(pk__in=kept_out).values_list("pk", flat=True))
    home = actor.municipality if actor.is_consultant or actor.is_caseworker else None
    own: dict[int, list[int]] = defaultdict(list)
    for order in orders:
        for candidate in crowd.candidates(kept_out[order.pk] & homes.get(home or "", 0)):
            own[candidate].append(order.pk)
    ids = {order.pk: order.public_id for order in orders if order.pk in visible}
    return {
        "orders": [_order(order) for order in orders if order.pk in visible],
        "candidates": _own(own, ids),
    }


def _kept_out(gap: Gap, orders: list[JobOrder], crowd: Sets) -> dict[int, int]:
    """Order → the people to whom this one gap closes it; orders that it closes to nobody are left out."""
    taken = region.taken_on(orders)
    found: dict[int, int] = {}
    for order, ready in zip(orders, region.compiled_all(orders), strict=True):
        among = crowd.everybody & ~crowd.set_of(taken.get(order.pk, ()))
        if people := crowd.gaps(ready, among).get(gap, 0):
            found[order.pk] = people
    return found


def _key(kind: Kind, code: str) -> int | str:
    if kind != "skill":
        return code
    return Skill.objects.filter(public_id=UUID(code)).values_list("pk", flat=True).first() or 0


def _order(order: JobOrder) -> dict[str, Any]:
    return {
        "order": order.public_id,
        "number": order.number,
        "title": order.title,
        "lead": order.lead_id,
        "industry": division_of(order),
        "positions": open_positions(order),
    }


def _own(opened: dict[int, list[int]], ids: dict[int, Any]) -> list[dict[str, Any]]:
    rows = Candidate.objects.filter(pk__in=list(opened)).order_by("pk").values_list("pk", "public_id")
    return [
        {
            "candidate": public_id,
            "orders": [ids[order] for order in opened[pk] if order in ids],
            "orders_in_all": len(opened[pk]),
        }
        for pk, public_id in rows
    ]
