"""What a reader sees of the last screening of a nominated candidate."""

from __future__ import annotations

from typing import Any

from joborders.models import Nomination
from municipalities.actor import Actor
from screening.models import VerdictRow


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
