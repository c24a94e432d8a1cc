"""What was told of an order, step by step as the services tell it: its events, its versions and its spans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from accounts.models import User
from events.models import Event
from joborders.models import Nomination, OrderSpan, SupplyAnswer
from joborders.services.base import INTERNAL
from nrs.region.course import Talk
from nrs.region.orders import Drawn, audience
from nrs.region.staff import Staff
from nrs.region.world import happened, new_id

EVENTS = {
    "offer": "accepted", "requested": "requested", "accepted": "accepted", "presented": "presented",
    "interview": "interviewed", "hired": "hired", "declined": "declined", "withdrawn": "withdrawn", "lapsed": "lapsed",
}  # fmt: skip
#: Steps of one minute in the order in which a service takes them: what ends an order lets the others lapse first.
FIRST, HIRE, ELSEWHERE, LAPSE, END = range(5)
AT_HOME = ("offer", "accepted", "withdrawn")


@dataclass
class Told:
    """What is written of an order beside itself. `talks` are its nominations, each with its course."""

    talks: list[tuple[Talk, Nomination]] = field(default_factory=list)
    answers: list[SupplyAnswer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class Step:
    """One step: when, before or after what else of that minute, its event's name, and of which nomination."""

    at: dt.datetime
    rank: int
    name: str
    data: dict[str, Any]
    by: User | None = None
    nomination: Nomination | None = None
    seen: bool = False
    version: int = 0


def tell(rng: Random, staff: Staff, one: Drawn, told: Told) -> None:
    """Walk through the steps in time: append their events to `told`, write the order's version and its spans."""
    order, stands = one.order, _Standing(one)
    for step in sorted(_steps(rng, staff, one, told), key=lambda step: (step.at, step.rank)):
        stands.follow(step)
        told.events.append(_event(rng, staff, one, step, stands.version))
    order.version, one.spans = stands.version, stands.spans


class _Standing:
    """Where the order stands after each step: its version counts what the services save, with or without an event."""

    def __init__(self, one: Drawn) -> None:
        order = one.order
        self.one, self.version, self.hires = one, 0, 0
        self.common = {
            "order": order, "positions": order.positions, "lead_code": order.lead_id, "received_at": order.received_at,
        }  # fmt: skip
        self.values: dict[str, Any] = {"state": "open", "close_reason": "", "hires": 0, "filled_otherwise": 0}
        self.spans = [self._span(order.received_at, order.submitted_at)]

    def follow(self, step: Step) -> None:
        order, course = self.one.order, self.one.course
        if step.nomination is None:
            self.version += 1
        elif step.name == "nomination.hired":
            self.hires += 1
            if not (course.ended_itself and self.hires == order.hires):  # the last one is saved with the end
                self.version += 1
                self._change(step.at, hires=self.hires)
        elif step.name == "nomination.presented" or (step.seen and step.rank == FIRST and _is_end(step)):
            self.version += 1
        if step.rank == ELSEWHERE:
            self._change(step.at, filled_otherwise=course.otherwise)
        elif step.rank == END:
            self._change(step.at, state=course.state, close_reason=course.reason, hires=self.hires)

    def _span(self, begins: dt.datetime, known: dt.datetime) -> OrderSpan:
        return OrderSpan(happened_from=begins, known_from=known, **self.values, **self.common)

    def _change(self, at: dt.datetime, **changes: Any) -> None:
        """As `joborders.services.spans.write`: believed no more, cut off at the moment, and what follows."""
        present, before = self.spans[-1], self.values
        present.known_to = at
        if present.happened_from < at:
            begun = present.happened_from
            self.spans.append(OrderSpan(happened_from=begun, happened_to=at, known_from=at, **before, **self.common))
        self.values = before | changes
        self.spans.append(self._span(at, at))


def _is_end(step: Step) -> bool:
    return step.name in ("nomination.declined", "nomination.withdrawn")


def _steps(rng: Random, staff: Staff, one: Drawn, told: Told) -> Iterator[Step]:
    yield from _of_the_order(rng, one)
    for talk, nomination in told.talks:
        yield from _of_a_nomination(rng, staff, one, talk, nomination)
    for answer in told.answers:
        data = {"home": answer.municipality_id, "count": answer.count, "by_date": _day(answer.by_date)}
        yield Step(answer.answered_at, FIRST, "joborder.supply_answered", data, by=answer.by_user)


def _of_the_order(rng: Random, one: Drawn) -> Iterator[Step]:
    order, course, user = one.order, one.course, one.order.assignee
    first = {
        "number": order.number, "lead": order.lead_id, "routed_by": order.routed_by, "workplace": one.workplace,
        "coordinator_looks": False, "channel": order.channel, "occupation": order.occupation_id,
        "positions": order.positions,
    }  # fmt: skip
    yield Step(course.submitted, -1, "joborder.submitted", first, by=one.intake.taken_by if one.intake else None)
    if course.claimed:
        yield Step(course.claimed, FIRST, "joborder.claimed", {"assignee": str(user.public_id) if user else None}, user)
    if course.responded:
        kept = order.response_due_at is None or course.responded <= order.response_due_at
        yield Step(course.responded, FIRST, "joborder.responded", {"kind": "phone", "kept": kept}, user)
    if course.verified:
        yield Step(course.verified, FIRST, "joborder.contact_verified", {"source": "cvr_register"}, user)
    if course.screened:
        yield Step(course.screened, FIRST, "joborder.screened", {"run": str(new_id(rng))}, user)
    if course.shared:
        yield Step(course.shared, FIRST, "joborder.shared", {"by_clock": user is None}, user)
    if course.paused:
        yield Step(course.paused, FIRST, "joborder.paused", {}, user)
    if course.elsewhere:
        changed = {"changed": ["filled_otherwise"], "revision": order.revision}
        yield Step(course.elsewhere, ELSEWHERE, "joborder.changed", changed, user)
    if course.state != "open":
        end = {
            "reason": course.reason, "positions": order.positions, "hires": order.hires,
            "filled_otherwise": order.filled_otherwise, "itself": course.ended_itself,
        }  # fmt: skip
        yield Step(course.end, END, f"joborder.{course.state}", end, user)


def _of_a_nomination(rng: Random, staff: Staff, one: Drawn, talk: Talk, nomination: Nomination) -> Iterator[Step]:
    is_own = nomination.home_code == one.order.lead_id
    at_home = one.order.assignee if is_own else rng.choice(staff.consultants[nomination.home_code])
    for version, (moment, step) in enumerate(talk.steps, 1):
        data: dict[str, Any] = {"order": str(one.order.public_id), "home": nomination.home_code}
        if step == "offer":
            data["offered"] = True
        if step == "presented":
            data["together"] = str(new_id(rng))
        if step == "interview":
            data["interview_at"] = None
        if step == "hired":
            data |= {"terms": nomination.hire_terms, "starts_on": _day(nomination.hire_starts_on)}
        if step in ("declined", "withdrawn"):
            data["reason"] = talk.reason
        by = None if step == "lapsed" else at_home if step in AT_HOME else one.order.assignee
        seen = nomination.presented_at is not None and nomination.presented_at <= moment
        rank = {"hired": HIRE, "lapsed": LAPSE}.get(step, FIRST)
        yield Step(moment, rank, f"nomination.{EVENTS[step]}", data, by, nomination, seen, version)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _event(rng: Random, staff: Staff, one: Drawn, step: Step, version: int) -> Event:
    order, company = one.order, one.order.company.public_id
    if step.nomination is not None:
        told = {"audience": {order.lead_id, step.nomination.home_code}, "version": step.version}
        told |= {"subject": step.nomination.public_id, "company": company if step.seen else None}
    else:
        told = {"audience": audience(order, step.at), "version": version, "subject": order.public_id}
        told["company"] = None if step.name in INTERNAL else company
    moment = order.received_at if step.name == "joborder.submitted" else step.at
    return happened(
        rng, moment, step.name, recorded_at=step.at, municipality=order.lead_id, data=step.data,
        **_by(staff, one, step), **told,
    )  # fmt: skip


def _by(staff: Staff, one: Drawn, step: Step) -> dict[str, Any]:
    """Who did it: a consultant, the company by its own system, or nobody."""
    if step.by is not None:
        return _consultant(staff, step.by)
    is_by_company = step.name == "joborder.submitted" and one.order.channel == "api"
    return {"actor_kind": "company" if is_by_company else "system"}


def _consultant(staff: Staff, user: User) -> dict[str, Any]:
    return {
        "actor_kind": "member", "actor_role": "consultant", "actor_municipality": staff.homes[user.pk],
        "actor_id": user.public_id,
    }  # fmt: skip


def of_a_call(rng: Random, staff: Staff, one: Drawn) -> tuple[list[Event], list[Event]]:
    """A call or mail: that it was written down, and that it became an order."""
    intake, order = one.intake, one.order
    if intake is None or intake.taken_by is None or intake.municipality_id is None:
        return [], []
    code = intake.municipality_id
    by = {"municipality": code, **_consultant(staff, intake.taken_by)}
    drafted = happened(
        rng, intake.received_at, "intake.drafted", intake.public_id, audience={code}, version=1,
        data={"channel": intake.channel}, **by,
    )  # fmt: skip
    submitted = happened(
        rng, order.submitted_at, "intake.submitted", intake.public_id, audience={code, order.lead_id}, version=2,
        data={"order": str(order.public_id)}, **by,
    )  # fmt: skip
    return [drafted], [submitted]
