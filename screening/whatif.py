"""What if the company gave way on one must-have: how many more people, and in which municipality?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from candidates.hiding import hide_with_total
from events.errors import NotAllowed, NotVisible
from joborders.models import JobOrder
from municipalities import wall
from municipalities.actor import Actor, Role
from screening import executors, loosen
from screening.index.counting import Counts
from screening.models import Run
from screening.services import compiled, labels_of_skills, sees_others, wanted_of
from screening.types import Outcome

POSSIBLE: tuple[Outcome, ...] = ("qualified", "check")


@wall.to_score
def what_if(order_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """For every must-have of an order: how many more would be qualified or to check without it, by municipality.

    The lead's consultants count all nine on a shared open order, whose cards they see; other consultants their own
    candidates. The coordinator counts all nine, cells of 1–4 hidden. Raises NotVisible or NotAllowed.
    """
    order = JobOrder.objects.visible_to(actor).filter(public_id=order_id).first()
    if order is None:
        raise NotVisible
    scope = _scope(order, actor)
    home = actor.municipality if scope == Run.Scope.OWN else None
    executors.ready()
    count = executors.counting(order, home)
    [wanted] = wanted_of([order])
    before = count(compiled(wanted))
    ways = list(loosen.each(wanted))
    skills = labels_of_skills(int(way.demand) for way in ways if way.must == "skills")
    is_hidden = actor.role == Role.COORDINATOR
    results = [
        {
            "must": way.must,
            "demand": skills.get(way.demand, way.demand),
            **_more(count(compiled(way.wanted)), before, is_hidden),
        }
        for way in ways
    ]
    return {"order": order.public_id, "order_revision": order.revision, "scope": scope, "results": results}


def _scope(order: JobOrder, actor: Actor) -> str:
    if actor.role == Role.COORDINATOR:
        return Run.Scope.REGION.value
    if not actor.is_consultant:
        raise NotAllowed
    return (Run.Scope.REGION if sees_others(order, actor) else Run.Scope.OWN).value


def _more(after: Counts, before: Counts, is_hidden: bool) -> dict[str, Any]:
    """Loosening takes nobody away, so the difference of the counts is who comes in addition."""
    homes = sorted({*before, *after})
    possible, qualified = (
        {home: _in(after, home, lanes) - _in(before, home, lanes) for home in homes}
        for lanes in (POSSIBLE, POSSIBLE[:1])
    )
    (more_by, more), (fully_by, fully) = (
        hide_with_total(cells) if is_hidden else (dict(cells), sum(cells.values())) for cells in (possible, qualified)
    )
    by_home = [{"municipality": home, "more": more_by[home], "qualified": fully_by[home]} for home in homes]
    return {"more": more, "qualified": fully, "by_municipality": by_home}


def _in(counts: Counts, home: str, lanes: tuple[Outcome, ...]) -> int:
    return sum(counts.get(home, {}).get(lane, 0) for lane in lanes)
