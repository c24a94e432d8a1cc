"""The steps of an order, one verb each: who, on what, decided on which version (design §4).

Each locks the order, checks version and rule, writes and tells in one transaction, and raises NotVisible, Stale,
NotAllowed, StepRefused or Invalid, having written nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies import services as companies
from events import clock
from events.errors import Invalid, NotAllowed, StepRefused
from joborders import routing, workflow
from joborders.models import JobOrder, SupplyAnswer
from joborders.services import dues, ending, supply
from joborders.services.base import (
    facts,
    locked,
    moment,
    move_releases,
    refuse,
    require_step,
    save_and_tell,
    tell,
    text_of,
)
from joborders.workflow import Part, Reason
from municipalities.actor import Actor
from municipalities.membership import current
from municipalities.models import Municipality

#: Where the number came from that the contact was called on; never the order itself (design §6).
CONTACT_SOURCES: Final = ("cvr_register", "website", "earlier_contact", "other")


@transaction.atomic
def claim(order_id: UUID, actor: Actor, version: int | None) -> JobOrder:
    """Take the order off the queue. One assignee, never a silent takeover: a claimed order is reassigned."""
    order = locked(order_id, actor, version)
    require_step("claim", order, actor)
    order.assignee = User.objects.get(pk=actor.user_id)
    order.claimed_at = clock.now()
    return save_and_tell(order, "joborder.claimed", actor, assignee=order.assignee.public_id)


@transaction.atomic
def reassign(order_id: UUID, actor: Actor, version: int | None, *, assignee: UUID, reason: str = "") -> JobOrder:
    """Give the order to a consultant (public id of the user) of the lead municipality."""
    order = locked(order_id, actor, version)
    require_step("reassign", order, actor)
    note = text_of(reason, "reason")
    member = current(user__public_id=assignee, municipality=order.lead_id, role="consultant").first()
    if member is None:
        raise Invalid.field("assignee", "not_a_consultant", _("This is no consultant of the lead municipality."))
    if order.assignee_id == member.user_id:
        raise Invalid.field("assignee", "already_assigned", _("The order already is with this consultant."))
    was = order.assignee.public_id if order.assignee is not None else None
    order.assignee = member.user
    order.claimed_at = order.claimed_at or clock.now()
    return save_and_tell(order, "joborder.reassigned", actor, note=note, assignee=assignee, was=was)


@transaction.atomic
def respond(
    order_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    kind: str = "phone",
    text: str = "",
    next_step: str = "",
    happened_at: datetime | None = None,
) -> JobOrder:
    """The first contact with the company about this order: writes the contact log and stops the first clock."""
    order = locked(order_id, actor, version)
    require_step("respond", order, actor)
    when = moment(happened_at, after=order.received_at)
    companies.log_contact(
        actor,
        order.company,
        kind=kind,
        about=f"{order.number} {order.title}"[:200],
        text=text,
        next_step=next_step,
        order=order.public_id,
        happened_at=when,
    )
    order.responded_at = when
    kept = order.response_due_at is None or when <= order.response_due_at
    return save_and_tell(order, "joborder.responded", actor, happened_at=when, kind=kind, kept=kept)


@transaction.atomic
def verify_contact(order_id: UUID, actor: Actor, version: int | None, *, source: str) -> JobOrder:
    """Record that the contact was called on a number not taken from the order; needed before the first `present`."""
    order = locked(order_id, actor, version)
    parts = workflow.parts_of(actor, facts(order))
    if Part.LEAD_CONSULTANT not in parts:
        raise NotAllowed()
    if order.state != JobOrder.State.OPEN or order.contact_verified_at is not None:
        raise StepRefused(allowed=workflow.allowed(facts(order), actor))
    if source not in CONTACT_SOURCES:
        raise Invalid.field("source", "unknown_code", _("Tell where the number called was found."))
    order.contact_verified_at = clock.now()
    return save_and_tell(order, "joborder.contact_verified", actor, source=source)


@transaction.atomic
def hand_over(order_id: UUID, actor: Actor, version: int | None, *, to: str, reason: str, agreed_by: str) -> JobOrder:
    """Another of the nine becomes the order's lead; nobody is assigned any more, the clocks run on."""
    order = locked(order_id, actor, version)
    require_step("hand_over", order, actor)
    why, who = text_of(reason, "reason", needed=True), text_of(agreed_by, "agreed_by", 120, needed=True)
    refuse(routing.hand_over_problem(current=order.lead_id, to=to, reason=why, agreed_by=who))
    return move_lead(order, to, actor, note=f"{why} ({who})", why="handed_over")


def move_lead(order: JobOrder, to: str, actor: Actor, *, note: str, why: str) -> JobOrder:
    """Write a locked order over to another lead, tell both, and let named candidates follow."""
    was = order.lead_id
    order.lead = Municipality.objects.get(code=to)
    order.assignee, order.claimed_at, order.routed_by = None, None, why
    move_releases(order, was, to)
    return save_and_tell(order, "joborder.handed_over", actor, note=note, also={was}, was=was, to=to)


@transaction.atomic
def share(order_id: UUID, actor: Actor, version: int | None, *, note: str = "") -> JobOrder:
    """Open the order to the other eight, and screening over all nine."""
    order = locked(order_id, actor, version)
    require_step("share", order, actor)
    return share_locked(order, actor, note=text_of(note, "note"))


def share_locked(order: JobOrder, actor: Actor, *, note: str = "") -> JobOrder:
    """Share an order whose step was checked under its lock."""
    order.shared_at = clock.now()
    return save_and_tell(order, "joborder.shared", actor, note=note, by_clock=actor.is_system)


@transaction.atomic
def answer_supply(
    order_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    count: int,
    by_date: date | None = None,
    note: str = "",
) -> JobOrder:
    """An asked municipality can supply `count` people by a date, or none (0). Changeable; the last word counts.

    The count holds those it has offered already plus what it still promises, so it is never below its offers; the
    date is that of the promise, and needed only when there is one.
    """
    order = locked(order_id, actor, version)
    require_step("answer_supply", order, actor)
    text = text_of(note, "note", 500)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= workflow.MAX_POSITIONS:
        raise Invalid.field("count", "out_of_range", _("This must be from 0 to 999."))
    offered = supply.offers(order, home_code=str(actor.municipality)).get(str(actor.municipality), 0)
    if count < offered:
        detail = _("You have offered %(offered)d: the number counts them, too.") % {"offered": offered}
        raise Invalid.field("count", "below_offers", detail)
    if count > offered and by_date is None:
        raise Invalid.field("by_date", "required", _("Tell by which date."))
    if count and by_date is not None and by_date < clock.today():
        raise Invalid.field("by_date", "in_the_past", _("This date has passed."))
    day = (by_date or clock.today()) if count else None
    SupplyAnswer.objects.update_or_create(
        order=order,
        municipality_id=actor.municipality,
        defaults={
            "count": count,
            "by_date": day,
            "note": text,
            "answered_at": clock.now(),
            "by_user_id": actor.user_id,
        },
    )
    return save_and_tell(order, "joborder.supply_answered", actor, home=actor.municipality, count=count, by_date=day)


@transaction.atomic
def pause(order_id: UUID, actor: Actor, version: int | None, *, note: str = "") -> JobOrder:
    """Enough candidates for now: the clocks stand still until `resume`."""
    order = locked(order_id, actor, version)
    require_step("pause", order, actor)
    order.paused_at = clock.now()
    return save_and_tell(order, "joborder.paused", actor, note=text_of(note, "note"))


@transaction.atomic
def resume(order_id: UUID, actor: Actor, version: int | None, *, note: str = "") -> JobOrder:
    """Go on: promises not yet kept are later by the working time of the pause."""
    order = locked(order_id, actor, version)
    require_step("resume", order, actor)
    text = text_of(note, "note")
    assert order.paused_at is not None  # the table asks for it
    dues.stood_still(order, order.paused_at, clock.now())
    order.paused_at = None
    return save_and_tell(order, "joborder.resumed", actor, note=text)


@transaction.atomic
def close(
    order_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    reason: str,
    text: str = "",
    happened_at: datetime | None = None,
) -> JobOrder:
    """End the order by hand: filled with at least one hire from the nine, else closed. Unfinished nominations lapse."""
    order = locked(order_id, actor, version)
    require_step("close", order, actor)
    note = text_of(text, "text")
    if reason not in set(Reason):
        raise Invalid.field("reason", "unknown_code", _("This reason is not known."))
    refuse(workflow.close_problem(Reason(reason), note, order.hires, workflow.parts_of(actor, facts(order))))
    when = moment(happened_at, after=order.received_at)
    return ending.end(order, reason, actor, text=note, happened_at=when if happened_at else None)


def withdraw(order_id: UUID, actor: Actor, version: int | None, *, text: str = "") -> JobOrder:
    """The company does not want anybody (more): `close` with the reason `withdrawn`."""
    return close(order_id, actor, version, reason=Reason.WITHDRAWN.value, text=text)


@transaction.atomic
def reopen(order_id: UUID, actor: Actor, version: int | None, *, reason: str, positions: int | None = None) -> JobOrder:
    """Open an ended order again. If all its positions are taken, it needs more of them."""
    order = locked(order_id, actor, version)
    require_step("reopen", order, actor)
    note = text_of(reason, "reason", needed=True)
    if positions is not None:
        refuse(workflow.positions_problem(positions, order.hires, order.filled_otherwise))
        order.positions = positions
    if facts(order).open_positions == 0:
        raise Invalid.field("positions", "no_open_position", _("All positions are taken: say how many there are now."))
    return ending.come_back(order, actor, note=note)


@transaction.atomic
def ask_reopen(order_id: UUID, actor: Actor, version: int | None, *, reason: str) -> JobOrder:
    """The company asks for its ended order to be opened again; the lead decides."""
    order = locked(order_id, actor, version)
    require_step("ask_reopen", order, actor)
    note = text_of(reason, "reason", needed=True)
    return save_and_tell(order, "joborder.reopen_asked", actor, note=note)


@transaction.atomic
def mark_lists_changed(order_pks: Sequence[int], at: datetime) -> None:
    """Note when the orders' lists last changed, for the desk. No step: nobody's version becomes stale."""
    JobOrder.objects.filter(pk__in=order_pks).update(list_changed_at=at)


def mark_screened(known: JobOrder, actor: Actor, *, run: UUID) -> JobOrder:
    """Note that a person screened the order. Only the first run changes the order, so later ones make nobody stale."""
    order = locked(known.public_id, actor, known=known if known.screened_at is not None else None)
    require_step("screen", order, actor)
    if order.screened_at is None:
        order.screened_at = clock.now()
        return save_and_tell(order, "joborder.screened", actor, run=run)
    tell(order, "joborder.screened", actor, run=run)
    return order
