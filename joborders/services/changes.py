"""Changing what an order asks for, what a company proposes, and handing a whole company over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from companies import services as companies
from companies.lead import change_problem
from companies.models import Company
from events import clock
from events.errors import Invalid, NotAllowed
from joborders import routing, wanted, workflow
from joborders.models import JobOrder, Requirement, Revision
from joborders.problems import Problems, below
from joborders.services import ending, places
from joborders.services.base import locked, refuse, require_step, save_and_tell, tell, text_of
from joborders.services.steps import move_lead
from joborders.wanted import Wanted
from municipalities.actor import Actor


@transaction.atomic
def change(
    order_id: UUID, actor: Actor, version: int | None, changes: Mapping[str, Any], *, note: str = ""
) -> JobOrder:
    """Change a part of the order block, or `filled_otherwise`; a new revision, and the order ends if it is full now.

    Raises Invalid with every problem found. Nothing different: nothing is written.
    """
    order = locked(order_id, actor, version)
    require_step("change", order, actor)
    text = text_of(note, "note")
    old_rows = list(order.requirements.all())
    before = wanted.block_of(order, old_rows) | _beside(order)
    wants = _checked(order, changes)
    rows = old_rows if wants.requirements is None else wants.requirements
    after = wanted.block_of(order, rows) | _beside(order)
    changed = [name for name, value in after.items() if value != before[name]]
    if not changed:
        return order
    if "requirements" in changed:
        order.requirements.all().delete()
        for row in rows:
            row.order = order
        Requirement.objects.bulk_create(rows)
    if set(changed) - set(_beside(order)):
        _revise(order, rows, actor)
    if any(name.startswith("contact_") for name in changed):
        order.contact_verified_at = None
    save_and_tell(order, "joborder.changed", actor, note=text, changed=changed, revision=order.revision)
    return ending.settle(order, actor)


def _beside(order: JobOrder) -> dict[str, Any]:
    """What may change without being wanted of candidates: the contact and the internal note."""
    names = ("contact_name", "contact_phone", "contact_email", "contact_best_time", "internal_note")
    return {name: getattr(order, name) for name in names}


def _checked(order: JobOrder, changes: Mapping[str, Any], *, for_member: bool = True) -> Wanted:
    """Put checked changes on the order (in memory). Raises Invalid."""
    problems = Problems()
    units = list(order.company.units.all())
    known = [unit.p_number for unit in units if unit.p_number]
    wants = wanted.parse(changes, problems, partial=True, for_member=for_member, known_numbers=known)
    touched = places.check_codes(wants, problems, order)
    problems.raise_any()
    for name, value in wants.fields.items():
        setattr(order, name, value)
    places.place(order, wants, units, problems, touched)
    wanted.check_together(order, problems)
    wrong = workflow.positions_problem(order.positions, order.hires, order.filled_otherwise)
    problems.raise_any()
    refuse(wrong)
    return wants


def _revise(order: JobOrder, rows: list[Requirement], actor: Actor) -> None:
    order.revision += 1
    Revision.objects.create(
        order=order,
        number=order.revision,
        wanted=wanted.block_of(order, rows),
        recorded_at=clock.now(),
        by_name=(actor.name or str(actor.kind))[:120],
    )


@transaction.atomic
def propose_change(
    order_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    text: str = "",
    changes: Mapping[str, Any] | None = None,
) -> JobOrder:
    """The company proposes a change, in words or as an order block. The lead makes it or calls; nothing changes yet."""
    order = locked(order_id, actor, version)
    require_step("propose_change", order, actor)
    asked = dict(changes or {})
    words = text_of(text, "text", 1500, needed=not asked)
    if asked:
        try:
            _checked(order, asked, for_member=False)
        except Invalid as refused:
            raise below("/changes", refused) from None
        order.refresh_from_db()
    listed = [f"{name}: {_shown(value)}" for name, value in asked.items()]
    note = "\n".join([words, *listed] if words else listed)
    return save_and_tell(order, "joborder.change_proposed", actor, note=note, fields=sorted(asked))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {item}" for name, item in value.items() if item)
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    return str(value)[:500]


@transaction.atomic
def call_me(order_id: UUID, actor: Actor, version: int | None = None, *, text: str = "") -> JobOrder:
    """The company asks to be called, whatever the order's state. Raises NotAllowed for anybody else."""
    order = locked(order_id, actor, version)
    if not actor.is_company:
        raise NotAllowed()
    tell(order, "joborder.call_asked", actor, note=text_of(text, "text", 500))
    return order


@transaction.atomic
def hand_over_company(
    company_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    to: str,
    reason: str,
    agreed_with: str,
    agreed_on: date | None = None,
) -> tuple[Company, int]:
    """Another of the nine leads the company: its open orders that no tovholder covers move along.

    Returns the company and how many orders moved (assignee cleared, clocks running). Lead consultant or coordinator.
    """
    company = companies.locked(company_id, actor, version)
    day = agreed_on or clock.today()
    why = text_of(reason, "reason", needed=True)
    refuse(
        change_problem(
            current=company.lead_id,
            to=to,
            reason=why,
            agreed_with=agreed_with,
            agreed_on=day,
            today=clock.today(),
        )
    )
    companies.change_lead(company, to, actor, reason=why, agreed_with=agreed_with, agreed_on=day)
    moved = 0
    for public_id in company.job_orders.open().order_by("id").values_list("public_id", flat=True):
        order = locked(public_id, Actor.system())
        is_open = order.state == JobOrder.State.OPEN
        if order.lead_id == to or not routing.moves_with_company(is_open=is_open, tovholder=order.tovholder or None):
            continue
        move_lead(order, to, actor, note=why, why="company_lead")
        moved += 1
    return company, moved
