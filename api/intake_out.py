"""What the company reads of its order without a login."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from api.job_order_shapes import MunicipalityBrief
from api.nomination_out import RELATED, nomination_for
from joborders import workflow
from joborders.models import JobOrder, Nomination
from joborders.services import base
from joborders.services.shown import people_on
from municipalities.actor import Actor
from screening.shown import judged_of

_AS_IS = (
    "number",
    "version",
    "title",
    "state",
    "positions",
    "hires",
    "filled_otherwise",
    "received_at",
    "responded_at",
    "ended_at",
    "close_reason",
)
_OF_ONE = (
    "id",
    "version",
    "state",
    "presented_at",
    "reported_start_on",
    "hire_starts_on",
    "person",
    "judged",
    "allowed",
)


def hand_in_view(order: JobOrder, secret: str) -> dict[str, Any]:
    """The receipt of an order just handed in."""
    return {
        "id": order.public_id,
        "number": order.number,
        "version": order.version,
        "secret": secret,
        "follow": f"/api/v1/intake/follow/{secret}",
        "lead": dict(MunicipalityBrief(order.lead).data),
        "received_at": order.received_at,
        "promises": _promises(order),
    }


def _promises(order: JobOrder) -> dict[str, Any]:
    return {
        "first_response_due_at": order.response_due_at,
        "first_candidate_due_at": order.candidate_due_at,
    }


def company_view(order: JobOrder, actor: Actor, *, opened: bool) -> dict[str, Any]:
    """Status and counts; the candidates now with the company once the link is opened. Call inside a transaction."""
    facts = base.facts(order)
    phase = workflow.phase(facts)
    return {
        "id": order.public_id,
        **{name: getattr(order, name) for name in _AS_IS},
        "phase": str(phase) if phase else None,
        "is_paused": facts.paused,
        "lead": dict(MunicipalityBrief(order.lead).data),
        "promises": _promises(order),
        "counts": _counts(order),
        "can_open": order.contact_verified_at is not None and bool(order.contact_email),
        "opened": opened,
        "nominations": _candidates(order, actor) if opened else [],
        "allowed": [*workflow.allowed(facts, actor), "call_me"],
    }


def _counts(order: JobOrder) -> dict[str, int]:
    states = ("presented", "interview", "hired")
    return order.nominations.aggregate(**{state: Count("pk", filter=Q(state=state)) for state in states})


def _candidates(order: JobOrder, actor: Actor) -> list[dict[str, Any]]:
    found = list(Nomination.objects.visible_to(actor).select_related(*RELATED).order_by("presented_at", "id"))
    people = people_on(order, found, actor)
    rows = []
    for nomination in found:
        person = people.get(nomination.pk)
        row = nomination_for(nomination, actor, {}, person=person, judged=judged_of(nomination, actor))
        rows.append({name: row[name] for name in _OF_ONE})
    return rows
