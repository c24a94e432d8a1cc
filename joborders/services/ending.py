"""How an order ends and comes back: by itself when full, by hand with a reason, with what lapses and follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from candidates.models import Release
from events import clock
from joborders import workflow
from joborders.models import FollowLink, JobOrder
from joborders.models.nomination import UNFINISHED
from joborders.services import dues
from joborders.services.base import facts, save, save_and_tell, tell_nomination
from joborders.workflow import END_EVENTS, Reason, State
from municipalities import wall
from municipalities.actor import Actor

FOLLOW_DAYS = 30


@wall.by_the_system
def settle(order: JobOrder, actor: Actor, *, happened_at: datetime | None = None) -> JobOrder:
    """Count hires and candidates with the company anew, and draw the consequence; call it under the order's lock.

    A full open order ends by itself; an ended one whose hire did not start reopens or has its state recomputed.
    Always saves at a new version if a count changed. Counted are all nominations, also those hidden from the actor.
    """
    counted = order.nominations.aggregate(
        hires=Count("pk", filter=Q(state="hired")),
        with_company=Count("pk", filter=Q(state__in=["presented", "interview"])),
    )
    before = (order.hires, order.with_company, order.state, order.close_reason)
    order.hires, order.with_company = counted["hires"], counted["with_company"]
    if order.state != State.OPEN:
        return _after_not_started(order, actor, before, happened_at)
    filled = workflow.fill_check(order.positions, order.hires, order.filled_otherwise)
    if filled is not None:
        return end(order, filled[1], actor, itself=True, happened_at=happened_at)
    if before[:2] != (order.hires, order.with_company):
        save(order, happened_at=happened_at)
    return order


def _after_not_started(
    order: JobOrder, actor: Actor, before: tuple[int, int, str, str], happened_at: datetime | None
) -> JobOrder:
    state, reason = workflow.after_not_started(
        facts(order), ended_by_itself=order.ended_itself, reason=Reason(order.close_reason)
    )
    if state is State.OPEN:
        return come_back(order, actor, happened_at=happened_at)
    order.state, order.close_reason = state.value, reason.value if reason else order.close_reason
    if order.close_reason == Reason.OTHER and not order.close_text:
        order.close_text = _("The hire did not start.")
    if (order.state, order.close_reason) != before[2:]:
        event = END_EVENTS[state]
        return save_and_tell(order, event, actor, happened_at=happened_at, reason=order.close_reason, recomputed=True)
    if before[:2] != (order.hires, order.with_company):
        save(order, happened_at=happened_at)
    return order


def end(
    order: JobOrder,
    reason: str,
    actor: Actor,
    *,
    text: str = "",
    itself: bool = False,
    happened_at: datetime | None = None,
) -> JobOrder:
    """End the order: filled with at least one hire from the nine, else closed. Unfinished nominations lapse with it."""
    ended_at = happened_at or clock.now()
    lapse_unfinished(order, ended_at)
    order.state = workflow.end_state(order.hires).value
    order.close_reason, order.close_text = str(Reason(reason)), text
    order.ended_at, order.ended_itself, order.paused_at, order.with_company = ended_at, itself, None, 0
    FollowLink.objects.filter(order=order).update(expires_at=ended_at + timedelta(days=FOLLOW_DAYS))
    return save_and_tell(
        order,
        END_EVENTS[State(order.state)],
        actor,
        note=text,
        happened_at=happened_at,
        reason=order.close_reason,
        positions=order.positions,
        hires=order.hires,
        filled_otherwise=order.filled_otherwise,
        itself=itself,
    )


@wall.by_the_system
def lapse_unfinished(order: JobOrder, ended_at: datetime) -> int:
    """Let every unfinished nomination lapse and end the leave to see these people on this order; how many."""
    system = Actor.system()
    lapsed = list(order.nominations.filter(state__in=UNFINISHED).select_for_update(of=("self",)).order_by("id"))
    for nomination in lapsed:
        seen = nomination.state in ("presented", "interview")
        nomination.state, nomination.ended_at = "lapsed", ended_at
        nomination.version += 1
        nomination.save(update_fields=["state", "ended_at", "version"])
        tell_nomination(nomination, order, "nomination.lapsed", system, happened_at=ended_at, to_company=seen)
    people = [nomination.candidate_id for nomination in lapsed]
    if people:
        Release.objects.filter(order=order.public_id, candidate__in=people, ended_at__isnull=True).update(
            ended_at=clock.now()
        )
    return len(lapsed)


def come_back(order: JobOrder, actor: Actor, *, note: str = "", happened_at: datetime | None = None) -> JobOrder:
    """Reopen the order: promises not yet kept are later by the working time it was ended."""
    ended_at = order.ended_at
    order.state, order.close_reason, order.close_text = State.OPEN.value, "", ""
    order.ended_at, order.ended_itself = None, False
    if ended_at is not None:
        dues.stood_still(order, ended_at, happened_at or clock.now())
    FollowLink.objects.filter(order=order).update(expires_at=None)
    return save_and_tell(order, "joborder.reopened", actor, note=note, happened_at=happened_at)
