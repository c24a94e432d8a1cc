"""A job order as JSON for one reader, and the rows of its lists, made without model instances."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.job_order_shapes import JobOrderOut
from events import kept
from joborders import wanted, workflow
from joborders.models import JobOrder
from joborders.services import base
from joborders.services.possible import allowed_on
from joborders.services.submitting import similar_open, similar_since
from municipalities.actor import Actor

_AS_IS = (
    "number",
    "version",
    "revision",
    "state",
    "routed_by",
    "channel",
    "received_at",
    "submitted_at",
    "claimed_at",
    "responded_at",
    "screened_at",
    "shared_at",
    "presented_at",
    "paused_at",
    "contact_verified_at",
    "response_due_at",
    "candidate_due_at",
    "next_due_at",
    "ended_at",
    "close_reason",
    "close_text",
    "hires",
    "filled_otherwise",
    "with_company",
)


class OrderForReader(JobOrderOut):
    """Writes an order out for the request's actor."""

    def to_representation(self, order: JobOrder) -> dict[str, Any]:
        """JSON values of the order, in the schema's names."""
        return order_for(order, self.context["request"].actor)


def order_for(order: JobOrder, actor: Actor) -> dict[str, Any]:
    """The order as the actor may see it; `company`, `lead`, `assignee`, `agreement` and `unit` should be loaded."""
    facts = base.facts(order)
    given = {"id": order.public_id, **{name: getattr(order, name) for name in _AS_IS}}
    given |= wanted.block_of(order)
    given |= {
        "phase": _text(workflow.phase(facts)),
        "open_positions": facts.open_positions,
        "company": {"id": order.company.public_id, "name": order.company.name, "cvr": order.company.cvr},
        "lead": {"code": order.lead.code, "name": order.lead.name, "jobcentre": order.lead.jobcentre},
        "assignee": {"id": order.assignee.public_id, "name": order.assignee.name} if order.assignee else None,
        "agreement": order.agreement.public_id if order.agreement else None,
        "tovholder": order.tovholder or None,
        "intake_by": order.intake_by or None,
        "contact": {
            "name": order.contact_name,
            "phone": order.contact_phone,
            "email": order.contact_email,
            "best_time": order.contact_best_time,
        },
        "similar": _similar(order, actor),
        "allowed": list(allowed_on(order, actor)),
    }
    if actor.is_member:
        given["internal_note"] = order.internal_note
    return given


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _similar(order: JobOrder, actor: Actor) -> list[dict[str, Any]]:
    if order.state != JobOrder.State.OPEN or order.occupation_id is None:
        return []
    asked = (order.company.public_id, order.occupation_id, similar_since(), order.pk)
    return [
        dict(zip(("id", "number", "title", "received_at"), row, strict=True))
        for row in kept.rows(_similar_rows, (actor,), *asked)
    ]


def _similar_rows(actor: Actor, company: UUID, occupation: str, since: datetime, itself: int) -> Any:
    found = similar_open(company, occupation, since=since).visible_to(actor).exclude(pk=itself)  # type: ignore[attr-defined]
    return found.values_list("public_id", "number", "title", "received_at")[:5]


class JobOrderRow(serializers.Serializer[Any]):
    """An order in a list. The last four fields are worked out from the others."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    title = serializers.CharField()
    occupation = serializers.CharField(source="occupation_id", allow_null=True)
    type = serializers.CharField()
    company = serializers.UUIDField(source="company.public_id")
    company_name = serializers.CharField(source="company.name")
    cvr = serializers.CharField(source="company.cvr")
    lead = serializers.CharField(source="lead_id")
    workplace_municipality = serializers.CharField()
    workplace_postal_code = serializers.CharField()
    assignee = serializers.UUIDField(source="assignee.public_id", allow_null=True)
    assignee_name = serializers.CharField(source="assignee.name", allow_null=True)
    intake_by = serializers.CharField()
    tovholder = serializers.CharField()
    positions = serializers.IntegerField()
    hires = serializers.IntegerField()
    filled_otherwise = serializers.IntegerField()
    with_company = serializers.IntegerField()
    starts_on = serializers.DateField(allow_null=True)
    received_at = serializers.DateTimeField()
    responded_at = serializers.DateTimeField(allow_null=True)
    screened_at = serializers.DateTimeField(allow_null=True)
    shared_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    response_due_at = serializers.DateTimeField(allow_null=True)
    candidate_due_at = serializers.DateTimeField(allow_null=True)
    next_due_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()
    phase = serializers.CharField(source="*", allow_null=True)
    is_overdue = serializers.BooleanField(source="*")
    open_positions = serializers.IntegerField(source="*")
    allowed = serializers.ListField(source="*", child=serializers.CharField())
