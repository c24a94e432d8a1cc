"""What a reader sees of the last screening of a nominated candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from joborders.models import Nomination
from municipalities.actor import Actor
from screening.models import Pseudonym, VerdictRow

Cards = dict[tuple[int, int], tuple[UUID, str]]


def judged_of(nomination: Nomination, actor: Actor) -> dict[str, Any] | None:
    """The card of the last screening that listed the person; for a company only which must-haves are met."""
    rows = VerdictRow.objects.filter(run__order=nomination.order_id, candidate=nomination.candidate_id)
    row = rows.order_by("-id").values_list("verdict", flat=True).first()
    if row is None:
        return None
    card: dict[str, Any] = row["card"]
    if not actor.is_company:
        return card
    met = [{"name": must["name"], "demand": must["demand"]} for must in card["musts"] if must["outcome"] == "met"]
    return {"musts": met}


def cards_of(nominations: Sequence[Nomination]) -> Cards:
    """Card id and pseudonym of each, which hold on the one order only."""
    found = Pseudonym.objects.filter(
        order__in={nomination.order_id for nomination in nominations},
        candidate__in={nomination.candidate_id for nomination in nominations},
    )
    rows = found.order_by().values_list("order_id", "candidate_id", "public_id", "name")
    return {(order, candidate): (card, name) for order, candidate, card, name in rows}
