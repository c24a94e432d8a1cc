"""How a nomination begins: requested by the order's lead, or offered by the home jobcentre (design §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Candidate
from events import clock
from events.errors import FieldProblem, Invalid
from joborders import nomination_workflow as rules
from joborders.models import JobOrder, Nomination
from joborders.models.nomination import UNFINISHED
from joborders.problems import below
from joborders.services import base, dues, nominations_input
from joborders.services.nominations_base import Case, Done, release, require, tell
from municipalities import wall
from municipalities.actor import Actor

MAX_AT_ONCE = 50
ANSWER_DAYS = 1
NO_HOME = ""


@transaction.atomic
def request(
    order_id: UUID,
    actor: Actor,
    version: int,
    *,
    candidates: Sequence[UUID],
    happened_at: datetime | None = None,
) -> list[Done]:
    """Ask the home jobcentres for other municipalities' candidates, all of them or none; `version` is the order's.

    Raises NotVisible, Stale, NotAllowed, StepRefused (the order; or a single candidate nominated already), or Invalid
    with the rows that cannot be asked for.
    """
    order = base.locked(order_id, actor, version)
    require("request", _begins(order, NO_HOME), actor)
    if not 1 <= len(candidates) <= MAX_AT_ONCE or len(set(candidates)) != len(candidates):
        raise Invalid.field("/candidates", "out_of_range", _("Name 1 to 50 different candidates."))
    people = _people(candidates)
    busy = _unfinished_on(order, people)
    if len(candidates) == 1 and busy:
        require("request", _begins(order, NO_HOME, another=True), actor)
    _refuse_rows(order, candidates, people, busy)
    moment = base.moment(happened_at, after=order.received_at)
    elsewhere = _live_elsewhere(order, people.values())
    done = []
    for candidate in (people[public_id] for public_id in candidates):
        case = _create("request", order, candidate, actor, moment, _asked(candidate.home_id, moment))
        tell(case)
        done.append(Done(case.nomination, ("live_elsewhere",) if candidate.pk in elsewhere else ()))
    return done


@transaction.atomic
def offer(
    order_id: UUID,
    actor: Actor,
    version: int,
    *,
    candidate: UUID,
    acceptance: Mapping[str, Any],
    happened_at: datetime | None = None,
) -> Done:
    """Nominate an own candidate, who has said yes; `version` is the order's, `acceptance` as in `accept`.

    Raises NotVisible, Stale, NotAllowed, StepRefused or Invalid.
    """
    order = base.locked(order_id, actor, version)
    home = actor.municipality or NO_HOME
    require("offer", _begins(order, home), actor)
    person = Candidate.objects.of(home).filter(public_id=candidate).first()
    if person is None:
        raise Invalid.field("/candidate", "unknown_code", _("Your jobcentre has no such candidate."))
    require("offer", _begins(order, home, another=bool(_unfinished_on(order, {candidate: person}))), actor)
    if problem := _unavailable(person, "/candidate"):
        raise Invalid(problem)
    try:
        taken = nominations_input.acceptance(acceptance, order=order, cv_text=person.cv_text, by=actor.name)
    except Invalid as refused:
        raise below("/acceptance", refused) from None
    moment = base.moment(happened_at, after=order.received_at)
    case = _create("offer", order, person, actor, moment, {"accepted_at": moment, **taken.columns})
    if home != order.lead_id:
        release(case, to_municipality=order.lead_id)
    tell(case, offered=True)
    elsewhere = ("live_elsewhere",) if _live_elsewhere(order, [person]) else ()
    return Done(case.nomination, (*elsewhere, *taken.warnings))


def _begins(order: JobOrder, home: str, *, another: bool = False) -> rules.NominationFacts:
    """The facts of a nomination that is not there yet."""
    return rules.NominationFacts(
        order=base.facts(order),
        home=home,
        contact_verified=order.contact_verified_at is not None,
        another_unfinished=another,
    )


@wall.to_score
def _people(public_ids: Sequence[UUID]) -> dict[UUID, Candidate]:
    found = Candidate.objects.as_scored().filter(public_id__in=public_ids).order_by("pk")
    return {one.public_id: one for one in found}


def _unfinished_on(order: JobOrder, people: Mapping[UUID, Candidate]) -> set[int]:
    """Primary keys of those who have an unfinished nomination on this order."""
    found = order.nominations.filter(state__in=UNFINISHED, candidate__in=[one.pk for one in people.values()])
    return set(found.values_list("candidate_id", flat=True))


@wall.to_score
def _live_elsewhere(order: JobOrder, people: Any) -> set[int]:
    """Primary keys of those who wait for an answer on another order: the actor is warned, not stopped."""
    live = Nomination.objects.unfinished().exclude(order=order).filter(candidate__in=[one.pk for one in people])
    return set(live.values_list("candidate_id", flat=True))


def _refuse_rows(order: JobOrder, asked: Sequence[UUID], people: Mapping[UUID, Candidate], busy: set[int]) -> None:
    """Raises Invalid with every candidate that cannot be asked for."""
    problems = []
    for index, public_id in enumerate(asked):
        pointer, person = f"/candidates/{index}", people.get(public_id)
        if person is None:
            problems.append(FieldProblem(pointer, "unknown_code", _("There is no such candidate.")))
        elif person.home_id == order.lead_id:
            problems.append(FieldProblem(pointer, "own_candidate", _("Offer your own candidates instead.")))
        elif person.pk in busy:
            problems.append(FieldProblem(pointer, "already_nominated", _("Already nominated on this order.")))
        elif problem := _unavailable(person, pointer):
            problems.append(problem)
    if problems:
        raise Invalid(problems)


def _unavailable(person: Candidate, pointer: str) -> FieldProblem | None:
    if person.status in (Candidate.Status.AVAILABLE, Candidate.Status.IN_COURSE):
        return None
    return FieldProblem(pointer, "not_available", _("The candidate is no longer available."))


def _asked(home: str, moment: datetime) -> dict[str, Any]:
    """The columns of a request: the home jobcentre has one working day to answer."""
    due = dues.calendar_of(home).add_working_days(moment, ANSWER_DAYS)
    return {"requested_at": moment, "answer_due_at": due}


def _create(
    step: str, order: JobOrder, person: Candidate, actor: Actor, moment: datetime, columns: Mapping[str, Any]
) -> Case:
    """Insert the nomination in the table's first state. Called under the order's lock."""
    state = rules.STEPS[step].to
    nomination = Nomination.objects.create(
        order=order,
        candidate=person,
        home_code=person.home_id,
        pseudonym=person.pseudonym,
        state=state.value if state else "",
        created_by_id=actor.user_id,
        created_at=clock.now(),
        **columns,
    )
    return Case(step, order, nomination, actor, moment)
