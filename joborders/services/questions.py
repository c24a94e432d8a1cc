"""What the system asks companies by itself: to answer about candidates, and whether an old order is still needed.

Each question is a row and an event in one transaction; whatever runs twice, or dies in between, asks once.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from companies.models import ContactLogEntry
from events import clock
from events.errors import DomainError, Invalid, NotAllowed
from events.models import Event
from joborders import workflow
from joborders.models import Escalation, JobOrder, Nomination, StillNeeded
from joborders.services import dues, steps
from joborders.services.base import facts, locked, require_step, save_and_tell, tell
from municipalities.actor import Actor
from municipalities.working_time import DEFAULT_CALENDAR, Calendar

log = logging.getLogger(__name__)
CLOCK = Actor.system("clock")

#: Working days after which a company is reminded of candidates that it has not answered about.
REMIND_AFTER = 3
#: Working days without anybody touching an open order, after which its company is asked.
UNTOUCHED = 20
#: Working days that the company has to answer, before its order is paused.
ANSWER_WITHIN = 5
REMINDED = "company_reminded"
ANSWERS = (StillNeeded.Answer.YES, StillNeeded.Answer.PAUSE, StillNeeded.Answer.NO)


def run(now: datetime | None = None) -> int:
    """Ask all that is to be asked by now, and pause what was not answered; how many. Repeatable at any time."""
    if now is not None:
        with clock.at(now):
            return run()
    calendars = dues.calendars()
    return _remind(calendars) + _ask(calendars) + _pause()


def _remind(calendars: dict[str, Calendar]) -> int:
    """Companies that have had candidates for three working days without a word; one event per order."""
    waiting = _unanswered().filter(order__state="open", order__paused_at__isnull=True)
    told = set(_reminded().values_list("order_id", "promise"))
    late: dict[UUID, list[int]] = defaultdict(list)
    rows = waiting.values_list("pk", "order_id", "order__public_id", "order__lead_id", "presented_at")
    for pk, order, order_id, lead, presented_at in rows.order_by("order_id", "id"):
        due = calendars.get(lead, DEFAULT_CALENDAR).add_working_days(presented_at, REMIND_AFTER)
        if due <= clock.now() and (order, _key(pk)) not in told:
            late[order_id].append(pk)
    return sum(_safely(_remind_of, order_id, pks) for order_id, pks in late.items())


def _unanswered() -> QuerySet[Nomination]:
    return Nomination.objects.filter(state="presented", presented_at__isnull=False, reported_start_on__isnull=True)


def _reminded() -> QuerySet[Escalation]:
    return Escalation.objects.filter(level=REMINDED, order__state="open").order_by()


def _key(nomination: int) -> str:
    return f"answer:{nomination}"


@transaction.atomic
def _remind_of(order_id: UUID, pks: list[int]) -> int:
    order = locked(order_id, CLOCK)
    if order.state != JobOrder.State.OPEN or order.paused_at is not None:
        return 0
    still = list(_unanswered().filter(pk__in=pks, order=order).order_by("id").values_list("pk", flat=True))
    if not still:
        return 0
    now = clock.now()
    for pk in still:
        Escalation.objects.create(order=order, promise=_key(pk), level=REMINDED, told_at=now)
    tell(order, "joborder.company_reminded", CLOCK, count=len(still))
    return 1


def _ask(calendars: dict[str, Calendar]) -> int:
    """Open orders that no person has touched for twenty working days, asked about at most once in that time."""
    before = {code: calendar.add_working_days(clock.now(), -UNTOUCHED) for code, calendar in calendars.items()}
    usual = DEFAULT_CALENDAR.add_working_days(clock.now(), -UNTOUCHED)
    latest = max([usual, *before.values()])
    old = (
        JobOrder.objects.in_queue()
        .filter(received_at__lte=latest)
        .exclude(questions__asked_at__gt=latest)
        .exclude(questions__answered_at__isnull=True, questions__asked_at__isnull=False)
        .annotate(**_touches())
        .order_by("id")
    )
    names = ("by_order", "by_nomination", "by_contact")
    asked = 0
    for order_id, version, lead, *touches in old.values_list("public_id", "version", "lead_id", *names):
        limit = before.get(lead, usual)
        if not any(touch > limit for touch in touches if touch is not None):
            asked += _safely(_ask_about, order_id, version)
    return asked


def _touches() -> dict[str, Subquery]:
    """When a person last did something: with the order, with its nominations, in the contact log."""
    done = Event.objects.exclude(actor_kind="system").order_by("-id")
    own = Nomination.objects.filter(order=OuterRef(OuterRef("pk"))).order_by().values("public_id")
    calls = ContactLogEntry.objects.filter(order=OuterRef("public_id")).order_by("-happened_at")
    found = {
        "by_order": done.filter(subject=OuterRef("public_id")).values("recorded_at"),
        "by_nomination": done.filter(subject__in=own).values("recorded_at"),
        "by_contact": calls.values("happened_at"),
    }
    return {name: Subquery(rows[:1], output_field=DateTimeField()) for name, rows in found.items()}


@transaction.atomic
def _ask_about(order_id: UUID, version: int) -> int:
    order = locked(order_id, CLOCK)
    if order.version != version or order.state != JobOrder.State.OPEN or order.paused_at is not None:
        return 0  # somebody was here just now
    now = clock.now()
    due = dues.calendar_of(order.lead_id).add_working_days(now, ANSWER_WITHIN) if order.contact_email else None
    StillNeeded.objects.create(order=order, asked_at=now, due_at=due)
    tell(order, "joborder.still_needed_asked", CLOCK, due_at=due, by_mail=due is not None)
    return 1


def _pause() -> int:
    """Questions whose time is over."""
    over = StillNeeded.objects.filter(answered_at__isnull=True).filter(
        Q(due_at__lte=clock.now()) | ~Q(order__state="open") | Q(order__paused_at__isnull=False)
    )
    return sum(_safely(_end, order_id) for order_id in over.values_list("order__public_id", flat=True))


@transaction.atomic
def _end(order_id: UUID) -> int:
    order = locked(order_id, CLOCK)
    question = open_question(order)
    if question is None:
        return 0
    refused = workflow.refusal("pause", facts(order), CLOCK)
    if refused is not None or _is_touched(order, question.asked_at):
        _settle(question, StillNeeded.Answer.MOOT)
        return 0
    _settle(question, StillNeeded.Answer.NONE)
    order.paused_at = clock.now()
    save_and_tell(order, "joborder.paused", CLOCK, unanswered=True)
    return 1


def _is_touched(order: JobOrder, since: datetime) -> bool:
    """Whether a person has done something with the order since: then the question has its answer in the world."""
    [touches] = JobOrder.objects.filter(pk=order.pk).annotate(**_touches()).values_list(*_touches())
    return any(touch > since for touch in touches if touch is not None)


def open_question(order: JobOrder) -> StillNeeded | None:
    """The question that waits for an answer."""
    return StillNeeded.objects.filter(order=order, answered_at__isnull=True).first()


def _settle(question: StillNeeded, answer: str) -> None:
    question.answer, question.answered_at = answer, clock.now()
    question.save(update_fields=["answer", "answered_at"])


@transaction.atomic
def answer(order_id: UUID, actor: Actor, version: int | None, *, answer: str) -> JobOrder:
    """The company's word on "still needed?": `yes` (looked for again if paused), `pause` or `no` (it withdraws).

    Said twice it changes nothing more. Raises NotVisible, Stale, NotAllowed (not the company), StepRefused (the order
    has ended) or Invalid.
    """
    if answer not in ANSWERS:
        raise Invalid.field("answer", "unknown_code", _("Answer yes, pause or no."))
    order = locked(order_id, actor, version)
    if not actor.is_company:
        raise NotAllowed()
    question = open_question(order)
    if question is not None:
        _settle(question, answer)
    is_paused = order.paused_at is not None
    if answer == StillNeeded.Answer.NO:
        return steps.withdraw(order_id, actor, order.version)
    if answer == StillNeeded.Answer.PAUSE:
        return order if is_paused else steps.pause(order_id, actor, order.version)
    if is_paused:
        return steps.resume(order_id, actor, order.version)
    if order.state != JobOrder.State.OPEN:
        require_step("resume", order, actor)
    if question is not None:
        tell(order, "joborder.still_needed_answered", actor, answer=answer)
    return order


def _safely(work: Callable[..., int], *arguments: object) -> int:
    """One order's work: asked in the same moment by another worker is 0, a failure is logged and stops no other."""
    try:
        return work(*arguments)
    except IntegrityError:
        return 0
    except DomainError:
        log.exception("a question about order %s could not be asked", arguments[0])
        return 0
