"""What was done on the orders: nominations with leave to see people, supply answers, contact log, and the events."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from candidates.models import Candidate, Release
from companies.models import ContactLogEntry
from events.models import Event
from joborders.models import Nomination, SupplyAnswer
from nrs.region import telling
from nrs.region.bulk import insert
from nrs.region.course import Talk
from nrs.region.orders import Drawn
from nrs.region.people import Person
from nrs.region.staff import Staff
from nrs.region.telling import Told
from nrs.region.world import World, new_id

HIRED_OUT_DAYS = 120
TRIES, MOST_ON_ORDER = 60, 140
SUPPLIED = ("offer", "accepted", "presented", "interview", "hired")
Homes = Mapping[str, list[Person]]


@dataclass
class Deeds:
    """Rows waiting to be inserted; `hired` are those who are out of screening now."""

    nominations: list[Nomination] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    answers: list[SupplyAnswer] = field(default_factory=list)
    contacts: list[ContactLogEntry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    hired: dict[int, Person] = field(default_factory=dict)


def by_home(people: list[Person]) -> dict[str, list[Person]]:
    """Who can be nominated, by home municipality."""
    at_home: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if person.candidate.status != Candidate.Status.INACTIVE:
            at_home[person.candidate.home_id].append(person)
    return at_home


def draw(world: World, staff: Staff, drawn: list[Drawn], at_home: Homes, rng: Random) -> Deeds:
    """What was done on these orders; their versions and spans follow from it. Nothing is written."""
    deeds = Deeds()
    for one in drawn:
        told = Told()
        taken: set[int] = set()
        for talk in one.course.talks:
            person = _choose(world, rng, at_home, one, talk, taken)
            told.talks.append((talk, _nominate(world, rng, one, talk, person, deeds)))
        if one.course.shared:
            told.answers = _answers(world, staff, rng, one, told)
        if one.course.responded:
            deeds.contacts.append(_contact(rng, one))
        telling.tell(rng, staff, one, told)
        deeds.answers += told.answers
        drafted, submitted = telling.of_a_call(rng, staff, one)
        deeds.events += [*drafted, *told.events, *submitted]
    deeds.events.sort(key=lambda event: event.recorded_at)
    return deeds


def write(deeds: Deeds) -> None:
    """Insert everything, and take people hired of late out of screening."""
    insert(Nomination, deeds.nominations)
    insert(Release, deeds.releases)
    insert(SupplyAnswer, deeds.answers)
    insert(ContactLogEntry, deeds.contacts)
    insert(Event, deeds.events)
    Candidate.objects.bulk_update(
        [person.candidate for person in deeds.hired.values()], ["status", "status_until", "hired_from"], batch_size=500
    )


def _choose(world: World, rng: Random, at_home: Homes, one: Drawn, talk: Talk, taken: set[int]) -> Person:
    """Somebody of the right municipality; who is busy elsewhere is passed over while there are others.

    Nobody who is hired is nominated meanwhile, and who is hired waits for no answer elsewhere.
    """
    lead = one.order.lead_id
    others = [code for code in sorted(at_home) if code != lead]
    home = lead if at_home[lead] and (talk.is_own or not others) else rng.choice(others)
    begun, until, is_out = _spell(world, talk)
    for attempt in range(TRIES + MOST_ON_ORDER):
        person = rng.choice(at_home[home])
        is_busy = any((is_out or was_out) and start < until and begun < end for start, end, was_out in person.spells)
        if person.candidate.pk not in taken and (not is_busy or attempt > TRIES):
            taken.add(person.candidate.pk)
            person.spells.append((begun, until, is_out))
            return person
    raise ValueError("there are too few candidates for so many orders")


def _spell(world: World, talk: Talk) -> tuple[dt.datetime, dt.datetime, bool]:
    """From when to when the nomination keeps somebody, and whether it ends with work."""
    hired, ended = talk.at("hired"), talk.at("declined", "withdrawn", "lapsed")
    if hired:
        return talk.steps[0][0], hired + dt.timedelta(days=HIRED_OUT_DAYS), True
    return talk.steps[0][0], ended or world.now + dt.timedelta(days=1), False


def _nominate(world: World, rng: Random, one: Drawn, talk: Talk, person: Person, deeds: Deeds) -> Nomination:
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
        if hired + dt.timedelta(days=HIRED_OUT_DAYS) > world.now:
            candidate.status, candidate.status_until, candidate.hired_from = Candidate.Status.HIRED, None, starts
            deeds.hired[candidate.pk] = person
    deeds.nominations.append(nomination)
    _releases(one, nomination, ended, deeds)
    return nomination


def _releases(one: Drawn, nomination: Nomination, ended: dt.datetime | None, deeds: Deeds) -> None:
    common = {"candidate": nomination.candidate, "order": one.order.public_id, "ended_at": ended}
    if nomination.accepted_at and nomination.home_code != one.order.lead_id:
        started = nomination.accepted_at
        deeds.releases.append(Release(to_municipality=one.order.lead_id, started_at=started, **common))
    if nomination.presented_at:
        started, company = nomination.presented_at, one.order.company.public_id
        deeds.releases.append(Release(to_company=company, started_at=started, **common))


def _contact(rng: Random, one: Drawn) -> ContactLogEntry:
    order = one.order
    return ContactLogEntry(
        public_id=new_id(rng),
        company=order.company,
        kind="phone",
        about=f"{order.number} {order.title}",
        order=order.public_id,
        happened_at=one.course.responded,
        municipality_code=order.lead_id,
        by_user=order.assignee,
        by_name=order.assignee.name if order.assignee else "system",
    )


def _answers(world: World, staff: Staff, rng: Random, one: Drawn, told: Told) -> list[SupplyAnswer]:
    """Some of the eight have answered: never fewer than they have offered."""
    order, shared = one.order, one.course.shared
    assert shared is not None
    found = []
    for code in sorted(world.municipalities):
        answered = shared + dt.timedelta(hours=rng.randint(1, 60))
        last = min(world.now, order.ended_at or world.now)
        if code == order.lead_id or rng.random() > 0.35 or answered >= last:
            continue
        count = max(rng.choice((0, 0, 1, 1, 2)), _offered(told, code, answered))
        found.append(
            SupplyAnswer(
                order=order,
                municipality=world.municipalities[code],
                count=count,
                by_date=answered.date() + dt.timedelta(days=rng.randint(2, 10)) if count else None,
                answered_at=answered,
                by_user=rng.choice(staff.consultants[code]),
            )
        )
    return found


def _offered(told: Told, code: str, at: dt.datetime) -> int:
    """How many of this municipality stood on the order at that moment."""
    standing = 0
    for talk, nomination in told.talks:
        state = next((name for moment, name in reversed(talk.steps) if moment <= at), "")
        standing += nomination.home_code == code and state in SUPPLIED
    return standing
