"""A job order as JSON for one reader, and the rows of its lists, made without model instances."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.job_order_shapes import JobOrderOut
from events import clock, kept
from joborders import nomination_workflow, wanted, workflow
from joborders.models import JobOrder
from joborders.services import base
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


def allowed_on(order: JobOrder, actor: Actor) -> tuple[str, ...]:
    """Steps of the order's table, and the two beside it: asking for candidates, and verifying the contact."""
    facts = base.facts(order)
    found = list(workflow.allowed(facts, actor))
    begin = nomination_workflow.NominationFacts(order=facts, home="")
    if nomination_workflow.refusal("request", begin, actor) is None:
        found.append("request")
    is_lead = workflow.Part.LEAD_CONSULTANT in workflow.parts_of(actor, facts)
    if is_lead and order.state == JobOrder.State.OPEN and order.contact_verified_at is None:
        found.append("verify_contact")
    return tuple(found)


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


_NOBODY = UUID(int=0)


def finish_rows(rows: Iterable[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Work out phase, overdue, open positions and the steps possible now; no query."""
    now, rules = clock.now(), _rules_for(actor)
    done = list(rows)
    for row in done:
        open_positions = max(0, row["positions"] - row["hires"] - row["filled_otherwise"])
        due = row["next_due_at"]
        row["phase"], row["allowed"] = rules(
            row["company"] if actor.is_company else _NOBODY,
            row["lead"],
            row["state"],
            row["assignee"],
            row["intake_by"],
            row["workplace_municipality"],
            row["tovholder"],
            row["shared_at"] is not None,
            row["paused_at"] is not None,
            row["responded_at"] is not None,
            row["screened_at"] is not None,
            row["with_company"] > 0,
            open_positions > 0,
        )
        row["open_positions"] = open_positions
        row["is_overdue"] = due is not None and due < now
    return done


@lru_cache(maxsize=200)
def _rules_for(actor: Actor) -> Callable[..., tuple[str | None, tuple[str, ...]]]:
    """Phase and steps by what the rules ask of a row; rows that are alike to them are asked about once."""

    @lru_cache(maxsize=1000)
    def rules(
        company: UUID,
        lead: str,
        state: str,
        assignee: UUID | None,
        intake_by: str,
        workplace: str,
        tovholder: str,
        *facts: bool,
    ) -> tuple[str | None, tuple[str, ...]]:
        shared, paused, responded, screened, presented, has_open = facts
        order = workflow.OrderFacts(
            public_id=_NOBODY,
            company=company,
            lead=lead,
            state=workflow.State(state),
            assignee=assignee,
            intake_by=intake_by or None,
            workplace=workplace or None,
            tovholder=tovholder or None,
            shared=shared,
            paused=paused,
            responded=responded,
            screened=screened,
            presented=presented,
            positions=int(has_open),
        )
        return _text(workflow.phase(order)), workflow.allowed(order, actor)

    return rules
