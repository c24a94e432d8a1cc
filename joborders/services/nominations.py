"""The steps of a nomination: one verb, one function, one transaction (design §4).

Each locks the order first, then the nomination; takes the actor and the nomination's version; raises NotVisible, Stale,
NotAllowed, StepRefused or Invalid, and then has written nothing. `happened_at` is for what is written down later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.services import mark_hired, mark_not_hired
from events.errors import DomainError, FieldProblem, Invalid, NotAllowed
from joborders.models import Nomination
from joborders.nomination_workflow import DeclineReason, NotStartedReason, WithdrawReason
from joborders.services import base, nominations_input
from joborders.services.nominations_base import (
    Case,
    Done,
    allowed_steps,
    cv_checked,
    end_releases,
    open_case,
    release,
    save,
    settle,
    tell,
)
from joborders.services.nominations_begin import MAX_AT_ONCE, offer, request
from municipalities import wall
from municipalities.actor import Actor

__all__ = [
    "Done",
    "accept",
    "accept_many",
    "allowed_steps",
    "cv_checked",
    "decline",
    "decline_many",
    "hire",
    "hire_many",
    "interview",
    "interview_many",
    "move_interview",
    "move_interview_many",
    "not_started",
    "not_started_many",
    "offer",
    "offer_many",
    "present",
    "present_many",
    "report_hire",
    "request",
    "withdraw",
    "withdraw_many",
]


@transaction.atomic
def accept(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    acceptance: Mapping[str, Any],
    happened_at: datetime | None = None,
) -> Done:
    """Home says yes after asking the candidate; the order's lead sees the person from now on.

    `acceptance`: see `nominations_input.acceptance`. The CV text is copied as confirmed for this order.
    """
    case = open_case("accept", nomination_id, actor, version, happened_at)
    taken = nominations_input.acceptance(
        acceptance, order=case.order, cv_text=case.nomination.candidate.cv_text, by=actor.name
    )
    save(case, {"accepted_at": case.happened_at, **taken.columns})
    if case.nomination.home_code != case.order.lead_id:
        release(case, to_municipality=case.order.lead_id)
    tell(case)
    return Done(case.nomination, taken.warnings)


@transaction.atomic
def present(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    reason: object = "",
    together: UUID | None = None,
    happened_at: datetime | None = None,
) -> Done:
    """Show the person to the company, whose contact must have been verified; the first one keeps the promise.

    `reason` (free text) is needed where the CV fails a principle, and kept with what failed; the history shows it, no
    event holds it. `together` is the same for all presented in one step, so that the company gets one mail.
    """
    case = open_case("present", nomination_id, actor, version, happened_at)
    failing = nominations_input.cv_columns(reason, cv_checked(case.nomination).missing)
    save(case, {"presented_at": case.happened_at, **failing})
    release(case, to_company=case.order.company.public_id)
    case.order.presented_at = min(case.order.presented_at or case.happened_at, case.happened_at)
    settle(case)
    tell(case, note=failing["cv_reason"], together=together or uuid4())
    return Done(case.nomination)


@transaction.atomic
def interview(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    interview_at: object = None,
    happened_at: datetime | None = None,
) -> Done:
    """The company wants to talk to the person; `interview_at` is when they meet, if that is agreed already."""
    case = open_case("interview", nomination_id, actor, version, happened_at)
    at = nominations_input.interview_time(interview_at)
    save(case, {"interviewed_at": case.happened_at, "interview_at": at})
    tell(case, interview_at=at)
    return Done(case.nomination)


@transaction.atomic
def move_interview(nomination_id: UUID, actor: Actor, version: int, *, interview_at: object) -> Done:
    """A time for the interview, or another one. Calendars that hold the old one are told."""
    case = open_case("move_interview", nomination_id, actor, version)
    at = nominations_input.interview_time(interview_at, needed=True)
    was = case.nomination.interview_at
    save(case, {"interview_at": at})
    tell(case, interview_at=at, was=was)
    return Done(case.nomination)


@transaction.atomic
def report_hire(nomination_id: UUID, actor: Actor, version: int, *, starts_on: object) -> Done:
    """The company says that it hires; the state waits for the consultant to confirm the start date."""
    case = open_case("report_hire", nomination_id, actor, version)
    save(case, {"reported_start_on": nominations_input.start_date(starts_on)})
    tell(case)
    return Done(case.nomination)


@transaction.atomic
def hire(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    starts_on: object,
    weekly_hours: object,
    terms: object,
    happened_at: datetime | None = None,
) -> Done:
    """A hire: takes a position and the person out of screening; the last one fills the order.

    The person's unfinished nominations on other orders are flagged to the consultants there and at home.
    """
    case = open_case("hire", nomination_id, actor, version, happened_at)
    columns = nominations_input.hire(starts_on, weekly_hours, terms)
    save(case, {"hired_at": case.happened_at, **columns})
    mark_hired(case.nomination.candidate_id, actor=actor, starts_on=columns["hire_starts_on"])
    tell(case, terms=columns["hire_terms"], starts_on=columns["hire_starts_on"])
    settle(case)
    return Done(case.nomination, _flag_others(case))


@transaction.atomic
def decline(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    reason: object,
    text: object = "",
    happened_at: datetime | None = None,
) -> Done:
    """No to a presented person: the company stops seeing them at once."""
    return _end("decline", nomination_id, actor, version, (reason, text, DeclineReason), happened_at)


@transaction.atomic
def withdraw(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    reason: object,
    text: object = "",
    happened_at: datetime | None = None,
) -> Done:
    """Home takes the person off, or refuses a request."""
    return _end("withdraw", nomination_id, actor, version, (reason, text, WithdrawReason), happened_at)


@transaction.atomic
def not_started(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    reason: object,
    text: object = "",
    happened_at: datetime | None = None,
) -> Done:
    """The hired person did not begin: the position is open again, an order that filled itself reopens."""
    why = (reason, text, NotStartedReason)
    done = _end("not_started", nomination_id, actor, version, why, happened_at)
    with wall.as_system():  # a hire on anybody's order counts
        others = Nomination.objects.filter(candidate=done.nomination.candidate_id, state="hired")
        starts = others.order_by("hire_starts_on").values_list("hire_starts_on", flat=True).first()
    mark_not_hired(done.nomination.candidate_id, actor=actor, other_hire_from=starts)
    return done


def _end(
    step: str,
    nomination_id: UUID,
    actor: Actor,
    version: int,
    why: tuple[object, object, Any],
    happened_at: datetime | None,
) -> Done:
    """What decline, withdraw and not_started have in common: a reason, and nobody outside home sees the person."""
    case = open_case(step, nomination_id, actor, version, happened_at)
    reason, text = nominations_input.reason(*why)
    save(case, {"end_reason": reason, "end_text": text})
    end_releases(case)
    tell(case, note=text, reason=reason)
    settle(case)
    return Done(case.nomination)


@wall.by_the_system
def _flag_others(case: Case) -> tuple[str, ...]:
    """One event per unfinished nomination of the hired person on another order, to its lead and to home."""
    live = Nomination.objects.unfinished().filter(candidate=case.nomination.candidate_id).exclude(order=case.order)
    others = list(live.select_related("order__company", "order__lead").order_by("id"))
    for other in others:
        base.tell_nomination(other, other.order, "nomination.hired_elsewhere", case.actor)
    return ("live_elsewhere",) if others else ()


def _many(step: Callable[..., Done], items: Sequence[Mapping[str, Any]], actor: Actor, **common: Any) -> list[Done]:
    """Take a step on several nominations, all or none. Each item holds `id`, `version` and the step's arguments.

    Orders are locked in one sequence first, so that two such calls cannot wait for each other. Raises Invalid
    (`rows_refused`) with a problem per row that cannot be taken.
    """
    if not 1 <= len(items) <= MAX_AT_ONCE or len({item["id"] for item in items}) != len(items):
        raise Invalid.field("/", "out_of_range", _("Name 1 to 50 different nominations."))
    with transaction.atomic():
        visible = Nomination.objects.visible_to(actor).filter(public_id__in=[item["id"] for item in items])
        orders = visible.order_by("order_id").values_list("order__public_id", flat=True)
        for order_id in dict.fromkeys(orders):
            base.locked(order_id, Actor.system())
        done: list[Done] = []
        problems: list[FieldProblem] = []
        for index, item in enumerate(items):
            arguments = {name: value for name, value in item.items() if name != "id"}
            try:
                done.append(step(item["id"], actor=actor, **arguments, **common))
            except DomainError as error:
                problems.extend(_at_row(index, error))
        if problems:
            raise Invalid(problems, code="rows_refused", message=_("Nothing was done: some rows are refused."))
    return done


def _at_row(index: int, error: DomainError) -> list[FieldProblem]:
    """The problems of one row, with its place in front."""
    if isinstance(error, Invalid):
        return [FieldProblem(f"/{index}{problem.pointer}", problem.code, problem.detail) for problem in error.errors]
    return [FieldProblem(f"/{index}", error.code, error.message)]


@transaction.atomic
def offer_many(order_id: UUID, actor: Actor, version: int, items: Sequence[Mapping[str, Any]]) -> list[Done]:
    """Offer several own candidates on one order, all or none: items of {candidate, acceptance}, `version` the order's.

    Raises NotVisible, Stale or NotAllowed for the order, Invalid (`rows_refused`) with the rows refused.
    """
    if not 1 <= len(items) <= MAX_AT_ONCE or len({item["candidate"] for item in items}) != len(items):
        raise Invalid.field("/", "out_of_range", _("Name 1 to 50 different candidates."))
    base.locked(order_id, actor, version)
    done: list[Done] = []
    problems: list[FieldProblem] = []
    for index, item in enumerate(items):
        try:
            done.append(offer(order_id, actor, version, **item))
        except NotAllowed:
            raise
        except DomainError as error:
            problems.extend(_at_row(index, error))
    if problems:
        raise Invalid(problems, code="rows_refused", message=_("Nothing was done: some rows are refused."))
    return done


def accept_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, acceptance}. Raises Invalid with the rows refused."""
    return _many(accept, items, actor)


def present_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, reason}, told as one. Raises Invalid with the rows refused."""
    return _many(present, items, actor, together=uuid4())


def interview_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, interview_at}. Raises Invalid with the rows refused."""
    return _many(interview, items, actor)


def move_interview_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, interview_at}. Raises Invalid with the rows refused."""
    return _many(move_interview, items, actor)


def decline_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, reason, text}. Raises Invalid with the rows refused."""
    return _many(decline, items, actor)


def withdraw_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, reason, text}. Raises Invalid with the rows refused."""
    return _many(withdraw, items, actor)


def hire_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, starts_on, weekly_hours, terms}. Raises Invalid with the rows refused."""
    return _many(hire, items, actor)


def not_started_many(items: Sequence[Mapping[str, Any]], actor: Actor) -> list[Done]:
    """Several at once: items of {id, version, reason, text}. Raises Invalid with the rows refused."""
    return _many(not_started, items, actor)
