"""Every step of an order × state × who: what the table allows is done, what it forbids writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from events import clock
from events.errors import NotAllowed, NotVisible, StepRefused
from events.models import Event
from joborders import workflow
from joborders.models import JobOrder
from joborders.services import changes, steps
from joborders.services.base import facts
from municipalities.actor import Actor
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, 0, tzinfo=clock.COPENHAGEN)


# --- the table, generated -----------------------------------------------------------------------------------------


STATES: dict[str, dict[str, object]] = {
    "new": {},
    "claimed": {"claimed": True},
    "shared": {"claimed": True, "shared_at": make.MONDAY},
    "paused": {"claimed": True, "paused_at": make.MONDAY},
    "responded": {"claimed": True, "responded_at": make.MONDAY},
    "closed": {"state": "closed", "close_reason": "withdrawn", "ended_at": make.MONDAY},
    "filled": {"state": "filled", "close_reason": "partly_filled", "ended_at": make.MONDAY, "hires": 1},
}
WHO: dict[str, Callable[[JobOrder, Actor], Actor]] = {
    "assignee": lambda order, ann: ann,
    "lead_consultant": lambda order, ann: make.consultant("0219"),
    "asked_consultant": lambda order, ann: make.consultant("0217"),
    "workplace_consultant": lambda order, ann: make.consultant("0270"),
    "intake_owner": lambda order, ann: make.consultant("0201"),
    "coordinator": lambda order, ann: make.coordinator(),
    "caseworker": lambda order, ann: make.caseworker("0219"),
    "auditor": lambda order, ann: make.member("auditor"),
    "company": lambda order, ann: Actor.company_(order.company.public_id, name="F"),
    "other_company": lambda order, ann: Actor.company_(make.company().public_id),
    "link": lambda order, ann: make.link_of(order),
    "system": lambda order, ann: Actor.system(),
}


def _reassign(order: JobOrder, actor: Actor, version: int) -> JobOrder:
    other = make.consultant(order.lead_id)
    return steps.reassign(order.public_id, actor, version, assignee=other.public_id)


TAKE: dict[str, Callable[[JobOrder, Actor, int], object]] = {
    "claim": lambda o, a, v: steps.claim(o.public_id, a, v),
    "reassign": _reassign,
    "respond": lambda o, a, v: steps.respond(o.public_id, a, v, text="Talt sammen"),
    "hand_over": lambda o, a, v: steps.hand_over(
        o.public_id, a, v, to="0217", reason="Ligger der", agreed_by="Eva Prøve"
    ),
    "share": lambda o, a, v: steps.share(o.public_id, a, v),
    "answer_supply": lambda o, a, v: steps.answer_supply(o.public_id, a, v, count=2, by_date=date(2026, 3, 9)),
    "pause": lambda o, a, v: steps.pause(o.public_id, a, v),
    "resume": lambda o, a, v: steps.resume(o.public_id, a, v),
    "change": lambda o, a, v: changes.change(o.public_id, a, v, {"positions": 4}),
    "propose_change": lambda o, a, v: changes.propose_change(o.public_id, a, v, text="Fire i stedet"),
    "close": lambda o, a, v: steps.close(o.public_id, a, v, reason="withdrawn"),
    "reopen": lambda o, a, v: steps.reopen(o.public_id, a, v, reason="Alligevel"),
    "ask_reopen": lambda o, a, v: steps.ask_reopen(o.public_id, a, v, reason="Alligevel"),
    "screen": lambda o, a, v: steps.mark_screened(o, a, run=o.public_id),
}


def prepared(state: str, ann: Actor) -> JobOrder:
    """An order led by Hillerød, taken by Allerød, working in Gribskov, put into the state directly."""
    company = make.company("0219")
    unit = make.unit(company, "0270")
    order = make.order(company, make.consultant("0201"), unit=str(unit.public_id))
    columns = dict(STATES[state])
    if columns.pop("claimed", False):
        columns |= {"assignee_id": ann.user_id, "claimed_at": make.MONDAY}
    JobOrder.objects.filter(pk=order.pk).update(**columns)
    return JobOrder.objects.select_related("company", "lead", "assignee", "agreement").get(pk=order.pk)


def test_every_step_of_the_table_is_driven_here():
    by_system_or_nominations = {"fill", "offer"}
    assert set(TAKE) == set(workflow.STEPS) - by_system_or_nominations


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
def test_allowed_steps_are_done_and_forbidden_ones_write_nothing(who, state, ann):
    order = prepared(state, ann)
    actor = WHO[who](order, ann)
    sees = JobOrder.objects.visible_to(actor).filter(pk=order.pk).exists()
    for step, take in TAKE.items():
        current = JobOrder.objects.select_related("company", "lead", "assignee").get(pk=order.pk)
        refusal = workflow.refusal(step, facts(current), actor)
        events, version = Event.objects.count(), current.version
        if refusal is None:
            continue
        expected = NotAllowed if refusal == workflow.NOT_ALLOWED else StepRefused
        with pytest.raises(expected if sees else NotVisible) as refused:
            take(current, actor, version)
        if expected is StepRefused:
            assert refused.value.allowed == workflow.allowed(facts(current), actor)
        current.refresh_from_db()
        assert (current.version, Event.objects.count()) == (version, events)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("step", TAKE)
def test_an_allowed_step_writes_one_version_and_tells(who, step, ann):
    for state in STATES:
        order = prepared(state, ann)
        actor = WHO[who](order, ann)
        if workflow.refusal(step, facts(order), actor) is not None:
            continue
        done = TAKE[step](order, actor, order.version)
        stored = JobOrder.objects.get(pk=order.pk)
        assert stored.version == order.version + 1 == done.version
        told = Event.objects.filter(subject=order.public_id, version=stored.version)
        expected = workflow.STEPS[step].event or workflow.END_EVENTS[workflow.State(stored.state)]
        assert [event.type for event in told] == [expected]
        assert told[0].actor_kind == actor.kind
