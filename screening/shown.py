"""What a reader sees of the last screening of a nominated candidate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from joborders.models import Nomination
from municipalities import wall
from municipalities.actor import Actor
from screening import explain
from screening.models import Pseudonym, VerdictRow

Cards = dict[tuple[int, int], tuple[UUID, str]]


def judged_of(nomination: Nomination, actor: Actor) -> dict[str, Any] | None:
    """The card of the last screening that listed the person; for a company only which must-haves are met."""
    return judged_on(nomination.order_id, [nomination.candidate_id], actor).get(nomination.candidate_id)


@wall.to_score
def judged_on(order: int, candidates: Iterable[int], actor: Actor) -> dict[int, dict[str, Any]]:
    """The same for several people on one order, in one query: candidate key → card, without those never listed."""
    listed = VerdictRow.objects.filter(run__order=order, candidate__in=list(candidates)).order_by()
    last = listed.values("candidate").annotate(last=Max("pk")).values("last")
    rows = VerdictRow.objects.filter(pk__in=last).order_by("pk").values_list("candidate_id", "verdict")
    return {candidate: _for(actor, explain.card_from(verdict["full"])) for candidate, verdict in rows}


def _for(actor: Actor, card: dict[str, Any]) -> dict[str, Any]:
    if not actor.is_company:
        return card
    met = [{"name": must["name"], "demand": must["demand"]} for must in card["musts"] if must["outcome"] == "met"]
    return {"musts": met}


@wall.to_score
def cards_of(nominations: Sequence[Nomination]) -> Cards:
    """Card id and pseudonym of each, which hold on the one order only."""
    found = Pseudonym.objects.filter(
        order__in={nomination.order_id for nomination in nominations},
        candidate__in={nomination.candidate_id for nomination in nominations},
    )
    rows = found.order_by().values_list("order_id", "candidate_id", "public_id", "name")
    return {(order, candidate): (card, name) for order, candidate, card, name in rows}
