"""What was done on the orders: nominations with leave to see people, supply answers, contact log, and the events."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from candidates.models import Candidate, Release
from companies.models import ContactLogEntry
from events.models import Event
from joborders.models import Nomination, SupplyAnswer
from nrs.region.course import Talk
from nrs.region.orders import Drawn, audience
from nrs.region.people import Person
from nrs.region.world import World, happened, insert, new_id

HIRED_OUT_DAYS = 120
EVENTS = {
    "offer": "accepted", "requested": "requested", "accepted": "accepted", "presented": "presented",
    "interview": "interviewed", "hired": "hired", "declined": "declined", "withdrawn": "withdrawn", "lapsed": "lapsed",
}  # fmt: skip


@dataclass
class Deeds:
    """Rows waiting to be inserted."""

    nominations: list[Nomination] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    answers: list[SupplyAnswer] = field(default_factory=list)
    contacts: list[ContactLogEntry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    hired: dict[int, Person] = field(default_factory=dict)


def make(world: World, drawn: list[Drawn], people: list[Person]) -> None:
    """Insert everything that was done, and take people hired of late out of screening."""
    rng, deeds = world.chance("deeds"), Deeds()
    at_home: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.candidate.status != Candidate.Status.INACTIVE:
            at_home[person.candidate.home_id].append(person)
    for one in drawn:
        _order_events(rng, one, deeds)
        taken: set[int] = set()
        for talk in one.course.talks:
            person = _choose(rng, at_home, one, talk, taken)
            _nominate(world, rng, one, talk, person, deeds)
        if one.course.shared:
            _answers(world, rng, one, deeds)
    deeds.events.sort(key=lambda event: (event.recorded_at, event.subject, event.type))
    insert(Nomination, deeds.nominations)
    insert(Release, deeds.releases)
    insert(SupplyAnswer, deeds.answers)
    insert(ContactLogEntry, deeds.contacts)
    insert(Event, deeds.events)
    Candidate.objects.bulk_update(
        [person.candidate for person in deeds.hired.values()], ["status", "status_until", "hired_from"], batch_size=500
    )


def _choose(rng: Random, at_home: dict[str, list[Person]], one: Drawn, talk: Talk, taken: set[int]) -> Person:
    """Somebody of the right municipality; who was hired of late is passed over while there are others."""
    lead = one.order.lead_id
    others = [code for code in sorted(at_home) if code != lead]
    home = lead if at_home[lead] and (talk.is_own or not others) else rng.choice(others)
    begun = talk.steps[0][0]
    for attempt in range(200):
        person = rng.choice(at_home[home])
        is_free = person.busy_until is None or person.busy_until < begun
        if person.candidate.pk not in taken and (is_free or attempt > 50):
            taken.add(person.candidate.pk)
            return person
    raise ValueError("there are too few candidates for so many orders")


def _nominate(world: World, rng: Random, one: Drawn, talk: Talk, person: Person, deeds: Deeds) -> None:
    order, candidate = one.order, person.candidate
    moments = {name: moment for moment, name in talk.steps}
    accepted, hired = talk.at("offer", "accepted"), talk.at("hired")
    ended = talk.at("declined", "withdrawn", "lapsed")
    requested = moments.get("requested")
    nomination = Nomination(
        public_id=new_id(rng),
        version=len(talk.steps),
        order=order,
        candidate=candidate,
        home_code=candidate.home_id,
        pseudonym=candidate.pseudonym,
        state=talk.state,
        requested_at=requested,
        answer_due_at=world.calendar(candidate.home_id).add_working_days(requested, 1) if requested else None,
        accepted_at=accepted,
        presented_at=moments.get("presented"),
        interviewed_at=moments.get("interview"),
        hired_at=hired,
        ended_at=ended,
        end_reason=talk.reason,
        created_by=order.assignee,
        created_at=talk.steps[0][0],
    )
    if accepted:
        nomination.acceptance_on, nomination.acceptance_by = accepted.date(), "Jobcentret"
        nomination.acceptance_channel = rng.choice(("phone", "meeting", "video", "mail"))
        nomination.talk_can_do = nomination.talk_wants_to = nomination.cv_checked = True
    if hired:
        starts = hired.date() + dt.timedelta(days=rng.randint(3, 30))
        nomination.hire_starts_on, nomination.hire_hours = starts, order.hours_min or 37
        nomination.hire_terms = "ordinary" if rng.random() < 0.85 else "subsidised"
        person.busy_until = hired + dt.timedelta(days=HIRED_OUT_DAYS)
        if person.busy_until > world.now:
            candidate.status, candidate.status_until, candidate.hired_from = Candidate.Status.HIRED, None, starts
            deeds.hired[candidate.pk] = person
    deeds.nominations.append(nomination)
    _releases(one, nomination, ended, deeds)
    _nomination_events(rng, one, nomination, talk, deeds)


def _releases(one: Drawn, nomination: Nomination, ended: dt.datetime | None, deeds: Deeds) -> None:
    common = {"candidate": nomination.candidate, "order": one.order.public_id, "ended_at": ended}
    if nomination.accepted_at and nomination.home_code != one.order.lead_id:
        started = nomination.accepted_at
        deeds.releases.append(Release(to_municipality=one.order.lead_id, started_at=started, **common))
    if nomination.presented_at:
        started, company = nomination.presented_at, one.order.company.public_id
        deeds.releases.append(Release(to_company=company, started_at=started, **common))


def _nomination_events(rng: Random, one: Drawn, nomination: Nomination, talk: Talk, deeds: Deeds) -> None:
    order, home = one.order, nomination.home_code
    for version, (moment, step) in enumerate(talk.steps, 1):
        data: dict[str, Any] = {"order": str(order.public_id), "home": home}
        if step == "hired":
            data |= {"terms": nomination.hire_terms, "starts_on": str(nomination.hire_starts_on)}
        if step in ("declined", "withdrawn"):
            data["reason"] = talk.reason
        seen = nomination.presented_at is not None and nomination.presented_at <= moment
        deeds.events.append(
            happened(
                rng, moment, f"nomination.{EVENTS[step]}", nomination.public_id, audience={order.lead_id, home},
                municipality=order.lead_id, company=order.company.public_id if seen else None, version=version,
                data=data, **_by(one, system=step == "lapsed"),
            )
        )  # fmt: skip


def _by(one: Drawn, *, system: bool = False) -> dict[str, Any]:
    """Who did it: the assignee, or the system."""
    user = one.order.assignee
    if system or user is None:
        return {"actor_kind": "system"}
    return {
        "actor_kind": "member",
        "actor_role": "consultant",
        "actor_municipality": one.order.lead_id,
        "actor_id": user.public_id,
    }


def _order_events(rng: Random, one: Drawn, deeds: Deeds) -> None:
    order, course = one.order, one.course
    company = {
        "number": order.number, "lead": order.lead_id, "routed_by": order.routed_by, "workplace": None,
        "coordinator_looks": False, "channel": order.channel, "occupation": order.occupation_id,
        "positions": order.positions,
    }  # fmt: skip
    steps: list[tuple[dt.datetime | None, str, dict[str, Any], bool]] = [
        (course.submitted, "submitted", company, True),
        (course.claimed, "claimed", {"assignee": str(order.assignee.public_id) if order.assignee else None}, False),
        (course.responded, "responded", {"kind": "phone"}, False),
        (course.shared, "shared", {}, False),
        (course.paused, "paused", {}, False),
    ]
    if course.state != "open":
        end = {
            "reason": course.reason, "positions": order.positions, "hires": order.hires,
            "filled_otherwise": order.filled_otherwise, "itself": course.ended_itself,
        }  # fmt: skip
        steps.append((course.end, course.state, end, course.ended_itself))
    done = sorted((step for step in steps if step[0] is not None), key=lambda step: (step[0], step[1] != "submitted"))
    for version, (moment, name, data, system) in enumerate(done, 1):
        deeds.events.append(
            happened(
                rng, order.received_at if name == "submitted" else moment, f"joborder.{name}", order.public_id,
                recorded_at=moment, audience=audience(order, moment), municipality=order.lead_id,
                company=order.company.public_id, version=version, data=data, **_by(one, system=system),
            )
        )  # fmt: skip
    if course.responded:
        deeds.contacts.append(_contact(rng, one))


def _contact(rng: Random, one: Drawn) -> ContactLogEntry:
    order = one.order
    return ContactLogEntry(
        public_id=new_id(rng),
        company=order.company,
        unit=order.unit,
        kind="phone",
        about=order.number,
        order=order.public_id,
        happened_at=one.course.responded,
        municipality_code=order.lead_id,
        by_user=order.assignee,
        by_name=order.assignee.name if order.assignee else "system",
    )


def _answers(world: World, rng: Random, one: Drawn, deeds: Deeds) -> None:
    """Some of the eight have answered."""
    order, shared = one.order, one.course.shared
    assert shared is not None
    for code in sorted(world.municipalities):
        answered = shared + dt.timedelta(hours=rng.randint(1, 60))
        last = min(world.now, order.ended_at or world.now)
        if code == order.lead_id or rng.random() > 0.35 or answered > last:
            continue
        count = rng.choice((0, 0, 1, 1, 2))
        by_date = answered.date() + dt.timedelta(days=rng.randint(2, 10)) if count else None
        deeds.answers.append(
            SupplyAnswer(
                order=order, municipality=world.municipalities[code], count=count, by_date=by_date, answered_at=answered
            )
        )
