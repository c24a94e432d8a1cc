"""Orders and nominations in any state, and everybody who may come near them."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from candidates.models import Candidate
from companies.models import Company
from events import clock
from joborders import nomination_workflow as rules
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, spans
from municipalities.actor import Actor, Role
from tests.candidates import build

LEAD, HOME, THIRD = build.HILLEROED, build.HELSINGOER, build.GRIBSKOV
YES = {
    "accepted_on": "2026-01-05",
    "channel": "phone",
    "by": "Sagsbehandler",
    "talk_can_do": True,
    "talk_wants_to": True,
    "cv_checked": True,
}
HIRE = {"starts_on": "2027-02-01", "weekly_hours": 37, "terms": "ordinary"}
#: The people of these tests have bare CVs: they are shown with a reason.
WHY = {"reason": "Virksomheden vil se kandidaten nu."}
_numbers = count(1)


def order(**changes: Any) -> JobOrder:
    """An open, shared, claimed order of Hillerød whose contact was verified, with its first span."""
    number, now = next(_numbers), clock.now() - dt.timedelta(hours=1)
    company = Company.objects.create(cvr=f"9{number:07d}", name="Firma", lead_id=LEAD, created_at=now)
    values = {
        "number": f"NRS-2026-9{number:04d}",
        "company": company,
        "lead_id": LEAD,
        "routed_by": "main_unit",
        "channel": "web",
        "received_at": now,
        "submitted_at": now,
        "shared_at": now,
        "contact_verified_at": now,
        "title": "Chauffør",
        "description": "Kørsel",
        "positions": 2,
        "contact_name": "Kontakt",
        "contact_phone": "49 00 00 00",
        "response_due_at": now + dt.timedelta(days=1),
        "candidate_due_at": now + dt.timedelta(days=5),
        "next_due_at": now + dt.timedelta(days=1),
        **changes,
    }
    made = JobOrder.objects.create(**values)
    spans.write(made, now)
    return made


def nomination(order: JobOrder, state: str, home: str = HOME, person: Candidate | None = None) -> Nomination:
    """A nomination brought to that state through the services, by whoever may."""
    person = person or build.candidate(home)
    if state == "requested":
        return request(order, person).nomination
    lead, company = build.consultant(order.lead_id), Actor.company_(order.company.public_id)
    one = offer(order, person)
    paths: dict[str, list[tuple[str, Actor, dict[str, Any]]]] = {
        "accepted": [],
        "presented": [("present", lead, {})],
        "interview": [("present", lead, {}), ("interview", company, {})],
        "hired": [("present", lead, {}), ("hire", lead, HIRE)],
        "declined": [("present", lead, {}), ("decline", company, {"reason": "experience"})],
        "withdrawn": [("withdraw", build.consultant(home), {"reason": "found_work"})],
        "not_started": [
            ("present", lead, {}),
            ("hire", lead, HIRE),
            ("not_started", lead, {"reason": "no_show"}),
        ],
    }
    for step, actor, arguments in paths[state]:
        one = take(step, one, actor, **arguments)
    return one


def version_of(order: JobOrder) -> int:
    """The order's present version."""
    return JobOrder.objects.values_list("version", flat=True).get(pk=order.pk)


def request(order: JobOrder, *people: Candidate, actor: Actor | None = None) -> nominations.Done:
    """Ask for people; the first answer."""
    lead = actor or build.consultant(order.lead_id)
    ids = [one.public_id for one in people]
    return nominations.request(order.public_id, lead, version_of(order), candidates=ids)[0]


def offer(order: JobOrder, person: Candidate, **acceptance: Any) -> Nomination:
    """The home jobcentre's own nomination."""
    home = build.consultant(person.home_id)
    return nominations.offer(
        order.public_id, home, version_of(order), candidate=person.public_id, acceptance={**YES, **acceptance}
    ).nomination


def take(step: str, one: Nomination, actor: Actor, **arguments: Any) -> Nomination:
    """Take a step on the present version."""
    version = Nomination.objects.values_list("version", flat=True).get(pk=one.pk)
    arguments = {**(WHY if step == "present" else {}), **arguments}
    return getattr(nominations, step)(one.public_id, actor=actor, version=version, **arguments).nomination


ARGUMENTS: dict[str, dict[str, Any]] = {
    "accept": {"acceptance": YES},
    "present": WHY,
    "interview": {},
    "report_hire": {"starts_on": "2027-02-01"},
    "hire": HIRE,
    "decline": {"reason": "experience"},
    "withdraw": {"reason": "found_work"},
    "not_started": {"reason": "no_show"},
}
STATES = [str(state) for state in rules.State]
P = rules.Part
#: Everybody, with the parts that they have in a nomination of Helsingør on an order of Hillerød.
ROLES: dict[str, frozenset[rules.Part]] = {
    "lead consultant": frozenset({P.LEAD_CONSULTANT}),
    "home consultant": frozenset({P.HOME_CONSULTANT, P.OFFERING_CONSULTANT}),
    "home caseworker": frozenset({P.HOME_CASEWORKER}),
    "third consultant": frozenset(),
    "lead caseworker": frozenset(),
    "coordinator": frozenset(),
    "auditor": frozenset(),
    "admin": frozenset(),
    "company": frozenset({P.COMPANY}),
    "link": frozenset({P.COMPANY}),
    "another company": frozenset(),
    "system": frozenset({P.SYSTEM}),
}


def actor_of(role: str, order: JobOrder) -> Actor:
    """Somebody in that role."""
    makers = {
        "lead consultant": lambda: build.consultant(LEAD),
        "home consultant": lambda: build.consultant(HOME),
        "home caseworker": lambda: build.member(Role.CASEWORKER, HOME),
        "third consultant": lambda: build.consultant(THIRD),
        "lead caseworker": lambda: build.member(Role.CASEWORKER, LEAD),
        "coordinator": lambda: Actor.member(role=Role.COORDINATOR),
        "auditor": lambda: Actor.member(role=Role.AUDITOR),
        "admin": lambda: Actor.member(role=Role.ADMIN),
        "company": lambda: Actor.company_(order.company.public_id),
        "link": lambda: Actor.link(order.public_id, order.company.public_id),
        "another company": lambda: Actor.company_(build.candidate(THIRD).public_id),
        "system": Actor.system,
    }
    return makers[role]()
