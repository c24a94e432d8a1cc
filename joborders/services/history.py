"""What happened to an order and to those of its nominations that the reader may know of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from events.models import Event
from joborders.models import HistoryNote, JobOrder, Nomination
from municipalities.actor import Actor
from municipalities.audience import audience
from municipalities.models import Municipality


def of_order(order: JobOrder, actor: Actor) -> QuerySet[Event]:
    """By audience, oldest first, each with its note, who wrote it and the actor's name (one query)."""
    nominations = Nomination.objects.visible_to(actor).filter(order=order)  # type: ignore[attr-defined]
    subjects = Q(subject=order.public_id) | Q(subject__in=nominations.order_by().values("public_id"))
    notes = HistoryNote.objects.filter(event=OuterRef("public_id")).order_by()
    people = User.objects.filter(public_id=OuterRef("actor_id")).order_by()
    return (
        audience(actor)
        .filter(subjects)
        .annotate(
            note_text=Subquery(notes.values("text")),
            note_by=Subquery(notes.values("by_name")),
            actor_name=Subquery(people.values("name")),
        )
        .order_by("happened_at", "id")
    )


def told(events: Iterable[Event], actor: Actor, labels: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Events of `of_order` for one reader. A company reads its own words only, and jobcentres, not people.

    `labels` are the jobcentres by municipality code, read here if the caller has none.
    """
    known = dict(Municipality.objects.values_list("code", "jobcentre")) if labels is None else labels
    return [_told(event, actor, known) for event in events]


def _told(event: Any, actor: Actor, labels: dict[str, str]) -> dict[str, Any]:
    of_company = event.actor_kind in ("company", "link")
    name = (event.actor_name or "") if actor.is_member else ""
    if of_company and event.note_by:
        name = event.note_by
    return {
        "id": event.public_id,
        "event": event.type,
        "subject": event.subject,
        "happened_at": event.happened_at,
        "recorded_at": event.recorded_at,
        "by": {
            "kind": event.actor_kind,
            "role": event.actor_role,
            "municipality": event.actor_municipality or None,
            "name": name or labels.get(event.actor_municipality, ""),
        },
        "note": (event.note_text or "") if actor.is_member or of_company else "",
        "data": event.data,
    }
