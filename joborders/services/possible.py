"""What somebody may do with an order now, of one order and of the rows of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from events import clock
from joborders import nomination_workflow, workflow
from joborders.models import JobOrder
from joborders.services import base, follow
from municipalities.actor import Actor

_NOBODY = UUID(int=0)


def allowed_on(order: JobOrder, actor: Actor) -> tuple[str, ...]:
    """Steps of the order's table, and those beside it: asking for candidates, verifying the contact, a new link."""
    facts = base.facts(order)
    found = list(workflow.allowed(facts, actor))
    begin = nomination_workflow.NominationFacts(order=facts, home="")
    if nomination_workflow.refusal("request", begin, actor) is None:
        found.append("request")
    is_lead = workflow.Part.LEAD_CONSULTANT in workflow.parts_of(actor, facts)
    if is_lead and order.state == JobOrder.State.OPEN and order.contact_verified_at is None:
        found.append("verify_contact")
    if is_lead and follow.lives(order):
        found.append("replace_link")
    return tuple(found)


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


def _phase(order: workflow.OrderFacts) -> str | None:
    found = workflow.phase(order)
    return None if found is None else found.value


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
        return _phase(order), workflow.allowed(order, actor)

    return rules
