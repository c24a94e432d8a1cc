"""The histories that were written in bulk, gone through again by the services: what comes out has to be the same.

    script = replay.read()      the steps of every order, from its events
    before = replay.picture()   what the rows say, in words that do not depend on ids
    replay.forget()             the orders are not there any more
    replay.play(script)         each step by its service, at its moment
    replay.picture() == before

What no step of a person writes is left out: reminders and escalations, mails, screenings kept, notes in free text, the
check of a CV's principles, and the people's own events.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from candidates.models import Candidate, Release
from companies.models import Company, ContactLogEntry
from events import clock
from events.models import Event
from joborders.models import (
    Escalation,
    FollowLink,
    HistoryNote,
    Intake,
    JobOrder,
    Nomination,
    NumberSeries,
    OrderSpan,
    Requirement,
    Revision,
    SupplyAnswer,
)
from joborders.services import changes, intakes, nominations, steps
from joborders.services.submitting import submit, submit_public
from municipalities.actor import Actor

SUBJECTS = Q(type__startswith="joborder.") | Q(type__startswith="nomination.") | Q(type__startswith="intake.")
#: Tables of the orders, those first that point at others.
ROWS = (
    Release, Nomination, Escalation, HistoryNote, SupplyAnswer, FollowLink, Intake, OrderSpan, Revision, Requirement,
)  # fmt: skip
#: What is drawn by chance on both sides, or not written in bulk (see above).
BY_CHANCE = {"id", "public_id", "salt", "order_id", "list_changed_at", "cv_principles", "cv_gaps", "cv_reason"}
IDS = ("run", "together")
Picture = dict[str, Any]


def picture() -> Picture:
    """Every order by its number: its row, what belongs to it, leave to see people on it, and its chain of events."""
    names = _names()
    chains: dict[str, list[Any]] = defaultdict(list)
    for event in Event.objects.filter(SUBJECTS).order_by("id"):
        if event.subject in names:
            chains[names[event.subject].partition("/")[0]].append(_told(event, names))
    orders = JobOrder.objects.order_by("number").in_bulk()
    found = {order.number: {"order": _row(order), "chain": _hash(chains[order.number])} for order in orders.values()}
    numbers = {order.pk: order.number for order in orders.values()}
    for model in (OrderSpan, Revision, Requirement, Nomination, SupplyAnswer, Intake):
        for row in model.objects.order_by("pk"):  # type: ignore[attr-defined]
            if row.order_id is not None:
                found[numbers[row.order_id]].setdefault(model.__name__, []).append(_row(row))
    for about, model in (("Release", Release), ("Contact", ContactLogEntry)):
        for row in model.objects.order_by("pk"):  # type: ignore[attr-defined]
            if row.order in names:
                found[names[row.order]].setdefault(about, []).append(_row(row) | {"order": None})
    return {
        number: {part: sorted(map(_plain, rows)) if isinstance(rows, list) else rows for part, rows in parts.items()}
        for number, parts in found.items()
    }


def _names() -> dict[UUID, str]:
    """What every subject is called: an order by its number, the rest by the order and the person."""
    names = dict(JobOrder.objects.order_by().values_list("public_id", "number"))
    people = Nomination.objects.order_by("pk").values_list(
        "public_id", "order__number", "candidate__external_reference"
    )
    names |= {public_id: f"{number}/{person}" for public_id, number, person in people}
    calls = Intake.objects.exclude(order=None).order_by().values_list("public_id", "order__number")
    return names | {public_id: f"{number}/intake" for public_id, number in calls}


def _told(event: Event, names: Mapping[UUID, str]) -> Any:
    data = {name: "*" if name in IDS else value for name, value in event.data.items()}
    if "order" in data:
        data["order"] = names[UUID(data["order"])]
    return [
        event.type, names[event.subject], event.version, event.municipality, event.audience, str(event.company),
        event.actor_kind, event.actor_role, event.actor_municipality, str(event.actor_id), data,
        event.happened_at.isoformat(), event.recorded_at.isoformat(),
    ]  # fmt: skip


def _hash(chain: list[Any]) -> str:
    """Each event hashed with all that came before it; what happened in one moment counts in any order."""
    digest = b""
    for one in sorted(chain, key=lambda told: (told[-1], _plain(told))):
        digest = hashlib.sha256(digest + _plain(one).encode()).digest()
    return digest.hex()


def _row(row: Any) -> Picture:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in BY_CHANCE
    }


def _plain(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def differences(before: Picture, after: Picture) -> Iterator[str]:
    """What the second picture says otherwise, a line each."""
    for number in sorted(before.keys() | after.keys()):
        one, other = before.get(number, {}), after.get(number, {})
        for part in sorted(one.keys() | other.keys()):
            if one.get(part) != other.get(part):
                yield f"{number} {part}: {_between(one.get(part), other.get(part))}"


def _between(one: Any, other: Any) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        return str({name: (value, other.get(name)) for name, value in one.items() if value != other.get(name)})
    if isinstance(one, list) and isinstance(other, list):
        return f"only before {list(set(one) - set(other))[:3]}, only after {list(set(other) - set(one))[:3]}"
    return f"{one} before, {other} after"


def forget() -> None:
    """Take the orders out of the database, with everything about them. For made-up regions, in a transaction."""
    orders = list(JobOrder.objects.order_by().values_list("public_id", flat=True))
    for model in ROWS:
        model.objects.order_by()._raw_delete("default")  # type: ignore[attr-defined]
    ContactLogEntry.objects.filter(order__in=orders).order_by()._raw_delete("default")
    Event.objects.filter(SUBJECTS).order_by()._raw_delete("default")
    JobOrder.objects.order_by()._raw_delete("default")
    NumberSeries.objects.order_by()._raw_delete("default")
    Candidate.objects.filter(status=Candidate.Status.HIRED).update(status=Candidate.Status.AVAILABLE, hired_from=None)


class Script:
    """The steps in the order in which they were recorded, and what each needs to be taken again."""

    def __init__(self) -> None:
        """Read from the region as it stands."""
        self.names = _names()
        self.events = list(Event.objects.filter(SUBJECTS, subject__in=self.names).order_by("recorded_at", "id"))
        self.orders = {one.number: one for one in JobOrder.objects.select_related("company", "unit")}
        revisions = Revision.objects.filter(number=1).order_by().values_list("order__number", "wanted")
        self.wanted = dict(revisions)
        people = Nomination.objects.select_related("candidate").order_by("pk")
        self.people = {self.names[one.public_id]: one for one in people}
        calls = Intake.objects.exclude(order=None).order_by("pk")
        self.calls = {self.names[one.public_id]: one for one in calls}
        self.users = {user.public_id: user for user in User.objects.order_by("pk")}
        self.cvr = dict(Company.objects.order_by().values_list("public_id", "cvr"))


def play(script: Script) -> Counter[str]:
    """Take every step by its service, at its moment. Returns how many of each kind."""
    taken: Counter[str] = Counter()
    ids: dict[str, UUID] = {}
    for event in script.events:
        step = STEPS.get(event.type)
        if step is None or (event.type in ENDS and event.data["itself"]):
            continue  # follows from another step
        with clock.at(event.recorded_at):
            step(script, ids, event, script.names[event.subject])
        taken[event.type] += 1
    return taken


def _actor(script: Script, event: Event) -> Actor:
    if event.actor_kind == "member":
        user = script.users[event.actor_id]
        return Actor.member(
            role=event.actor_role, municipality=event.actor_municipality or None, user_id=user.pk,
            public_id=user.public_id, name=user.name,
        )  # fmt: skip
    return Actor.system()


def _drafted(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    call = script.calls[name]
    contact = {"name": call.contact_name, "phone": call.contact_phone, "email": call.contact_email}
    made = intakes.draft(_actor(script, event), channel=call.channel, contact=contact, cvr=call.cvr)
    ids[name] = made.public_id


def _submitted(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    order = script.orders[name]
    block = {key: value for key, value in script.wanted[name].items() if key != "filled_otherwise"}
    block["contact"] = {"name": order.contact_name, "phone": order.contact_phone, "email": order.contact_email}
    del block["workplace"]
    company = order.company.public_id
    if order.channel == "web":
        made, _secret = submit_public({"company": {"cvr": order.company.cvr}, "order": block})
    elif order.channel == "api":
        made = submit(Actor.company_(company, name="company"), block, company=company)
    else:
        made = intakes.submit_draft(ids[f"{name}/intake"], _actor(script, event), None, block, company=company)
    ids[name] = made.public_id


def _on_order(service: Callable[..., Any], *names: str) -> Callable[[Script, dict[str, UUID], Event, str], None]:
    """A step of the order that takes these of its event's data."""

    def take(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
        service(ids[name], _actor(script, event), None, **{key: event.data[key] for key in names})

    return take


def _screened(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    order = JobOrder.objects.get(public_id=ids[name])
    steps.mark_screened(order, _actor(script, event), run=UUID(event.data["run"]))


def _answered(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    day = event.data["by_date"]
    by_date = dt.date.fromisoformat(day) if day else None
    steps.answer_supply(ids[name], _actor(script, event), None, count=event.data["count"], by_date=by_date)


def _elsewhere(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    otherwise = script.orders[name].filled_otherwise
    changes.change(ids[name], _actor(script, event), None, {"filled_otherwise": otherwise})


def _begun(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    """Requested, or offered. Whoever has worked for a while may look for work again."""
    person, order = script.people[name].candidate, ids[name.partition("/")[0]]
    assert person is not None
    back = Candidate.objects.filter(pk=person.pk, status=Candidate.Status.HIRED)
    back.update(status=Candidate.Status.AVAILABLE, hired_from=None)
    actor, version = _actor(script, event), JobOrder.objects.values_list("version", flat=True).get(public_id=order)
    if event.data.get("offered"):
        given = _acceptance(script.people[name])
        done = nominations.offer(order, actor, version, candidate=person.public_id, acceptance=given)
    else:
        done = nominations.request(order, actor, version, candidates=[person.public_id])[0]
    ids[name] = done.nomination.public_id


def _acceptance(nomination: Nomination) -> dict[str, Any]:
    return {
        "accepted_on": str(nomination.acceptance_on),
        "channel": nomination.acceptance_channel,
        "by": nomination.acceptance_by,
        "talk_can_do": True,
        "talk_wants_to": True,
        "cv_checked": True,
    }


def _accepted(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
    if event.data.get("offered"):
        _begun(script, ids, event, name)
    else:
        given = _acceptance(script.people[name])
        nominations.accept(ids[name], _actor(script, event), event.version - 1, acceptance=given)


def _on_person(service: Callable[..., Any], **given: Any) -> Callable[[Script, dict[str, UUID], Event, str], None]:
    """A step of a nomination; what is given is fixed, or a function of the nomination as it was written."""

    def take(script: Script, ids: dict[str, UUID], event: Event, name: str) -> None:
        values = {key: value(script.people[name]) if callable(value) else value for key, value in given.items()}
        service(ids[name], _actor(script, event), event.version - 1, **values)

    return take


STEPS: Mapping[str, Callable[[Script, dict[str, UUID], Event, str], None]] = {
    "intake.drafted": _drafted,
    "joborder.submitted": _submitted,
    "joborder.claimed": _on_order(steps.claim),
    "joborder.responded": _on_order(steps.respond, "kind"),
    "joborder.contact_verified": _on_order(steps.verify_contact, "source"),
    "joborder.screened": _screened,
    "joborder.shared": _on_order(steps.share),
    "joborder.supply_answered": _answered,
    "joborder.paused": _on_order(steps.pause),
    "joborder.changed": _elsewhere,
    "joborder.filled": _on_order(steps.close, "reason"),
    "joborder.closed": _on_order(steps.close, "reason"),
    "nomination.requested": _begun,
    "nomination.accepted": _accepted,
    "nomination.presented": _on_person(nominations.present, reason="Aftalt med virksomheden."),
    "nomination.interviewed": _on_person(nominations.interview),
    "nomination.hired": _on_person(
        nominations.hire,
        starts_on=lambda one: str(one.hire_starts_on),
        weekly_hours=lambda one: one.hire_hours,
        terms=lambda one: one.hire_terms,
    ),
    "nomination.declined": _on_person(nominations.decline, reason=lambda one: one.end_reason),
    "nomination.withdrawn": _on_person(nominations.withdraw, reason=lambda one: one.end_reason),
}
#: Steps that the services take by themselves where all positions are taken.
ENDS = ("joborder.filled", "joborder.closed")
