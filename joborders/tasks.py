"""The clocks: promises in danger or broken are told, level by level, and day 4 shares the order (design §4)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from celery import shared_task
from django.db import IntegrityError, transaction
from django.db.models import Q

from events import clock
from events.errors import DomainError
from joborders import promises, workflow
from joborders.models import Escalation, Intake, IntakeEscalation, JobOrder, Nomination
from joborders.promises import Level, Promise, Tell
from joborders.services import dues, intakes, questions, steps
from joborders.services.base import facts, locked, tell
from municipalities.actor import Actor
from municipalities.working_time import DEFAULT_CALENDAR, Calendar

log = logging.getLogger(__name__)
CLOCK = Actor.system("clock")


@shared_task(name="joborders.tasks.clocks", ignore_result=True)
def clocks() -> None:
    """Celery's way in, once a minute. Lost or doubled runs do no harm."""
    run_clocks()


@shared_task(name="joborders.tasks.questions", ignore_result=True)
def ask_companies() -> None:
    """Celery's way in, every ten minutes: reminders to answer, "still needed?", and pauses after no answer."""
    questions.run()


def run_clocks(now: datetime | None = None) -> int:
    """Tell of every level reached and not yet told of, each once; how many. Repeatable at any time.

    `now` sets the clock for the run. An order that fails is logged and does not stop the rest.
    """
    if now is not None:
        with clock.at(now):
            return run_clocks()
    calendars = dues.calendars()
    return _orders(calendars) + _intakes(calendars) + _requests(calendars)


def _orders(calendars: dict[str, Calendar]) -> int:
    """Levels of the two promises to the company."""
    running = (
        JobOrder.objects.in_queue()
        .filter(Q(responded_at__isnull=True) | Q(presented_at__isnull=True))
        .select_related("lead", "agreement")
        .order_by("id")
    )
    seen = _seen(Q(promise__in=[Promise.FIRST_RESPONSE, Promise.FIRST_CANDIDATE]))
    return sum(
        _tell(order, promise.value, promise, level, due)
        for order in running.iterator(chunk_size=500)
        for promise, due in _unkept(order)
        for level in promises.reached(
            promise,
            due=due,
            days=dues.days_of(promise, order.lead, order.agreement),
            now=clock.now(),
            told=seen[order.pk, promise.value],
            calendar=calendars.get(order.lead_id, DEFAULT_CALENDAR),
        )
    )


def _unkept(order: JobOrder) -> Iterable[tuple[Promise, datetime]]:
    if order.responded_at is None and order.response_due_at is not None:
        yield Promise.FIRST_RESPONSE, order.response_due_at
    if order.presented_at is None and order.candidate_due_at is not None:
        yield Promise.FIRST_CANDIDATE, order.candidate_due_at


def _intakes(calendars: dict[str, Calendar]) -> int:
    """The first response to calls and mails that are no orders yet: who took it is told, then the coordinator."""
    waiting = (
        Intake.objects.filter(state__in=intakes.WAITING, response_due_at__lte=clock.now())
        .select_related("municipality")
        .order_by("id")
    )
    seen: dict[int, set[str]] = defaultdict(set)
    for pk, level in IntakeEscalation.objects.filter(intake__in=waiting).values_list("intake_id", "level"):
        seen[pk].add(level)
    return sum(
        _tell_intake(row.pk, level, row.response_due_at)
        for row in waiting.iterator(chunk_size=500)
        for level in promises.reached(
            Promise.FIRST_RESPONSE,
            due=row.response_due_at,
            days=dues.days_of(Promise.FIRST_RESPONSE, row.municipality, None),
            now=clock.now(),
            told=seen[row.pk],
            calendar=calendars.get(row.municipality_id, DEFAULT_CALENDAR),
        )
    )


def _tell_intake(pk: int, level: Level, due: datetime) -> int:
    """One level of one intake: its row and its event. 0 if it was told, or decided on, in the same moment."""
    try:
        with transaction.atomic():
            owed = Intake.objects.filter(pk=pk, state__in=intakes.WAITING, response_due_at=due)
            row = owed.select_for_update(of=("self",)).first()
            if row is None:
                return 0
            IntakeEscalation.objects.create(intake=row, level=level.name, told_at=clock.now())
            intakes.tell(
                row,
                "intake.overdue",
                CLOCK,
                promise=Promise.FIRST_RESPONSE.value,
                level=level.name,
                tells=level.tells.value,
                assignee=row.taken_by.public_id if row.taken_by else None,
                due_at=due,
            )
        return 1
    except IntegrityError:  # told in the same moment by another worker
        return 0


def _requests(calendars: dict[str, Calendar]) -> int:
    """Requests that a home jobcentre has not answered; levels are kept per nomination."""
    waiting = (
        Nomination.objects.filter(
            state="requested",
            answer_due_at__lte=clock.now(),
            order__state="open",
            order__paused_at__isnull=True,
        )
        .select_related("order")
        .order_by("id")
    )
    seen = _seen(Q(promise__startswith="request:"))
    return sum(
        _tell(row.order, f"request:{row.pk}", Promise.REQUEST_ANSWER, level, row.answer_due_at, row)
        for row in waiting.iterator(chunk_size=500)
        for level in promises.reached(
            Promise.REQUEST_ANSWER,
            due=row.answer_due_at,
            days=promises.DEFAULT_DAYS[Promise.REQUEST_ANSWER],
            now=clock.now(),
            told=seen[row.order_id, f"request:{row.pk}"],
            calendar=calendars.get(row.home_code, DEFAULT_CALENDAR),
        )
    )


def _seen(which: Q) -> dict[tuple[int, str], set[str]]:
    """Levels already told of, by order and promise; only of orders that are still open."""
    seen: dict[tuple[int, str], set[str]] = defaultdict(set)
    rows = Escalation.objects.filter(which, order__state="open").order_by()
    for order, promise, level in rows.values_list("order_id", "promise", "level"):
        seen[order, promise].add(level)
    return seen


def _tell(
    order: JobOrder,
    key: str,
    promise: Promise,
    level: Level,
    due: datetime,
    nomination: Nomination | None = None,
) -> int:
    """One level of one order: its row, its event and, at day 4, the sharing. 0 if another run was faster."""
    try:
        with transaction.atomic():
            fresh = locked(order.public_id, CLOCK)
            if not _still_owed(fresh, promise, due, nomination):
                return 0
            Escalation.objects.create(order=fresh, promise=key, level=level.name, told_at=clock.now())
            home = {"home": nomination.home_code, "nomination": nomination.public_id} if nomination else {}
            tell(
                fresh,
                "joborder.overdue",
                CLOCK,
                also={nomination.home_code} if nomination else (),
                promise=promise.value,
                level=level.name,
                tells=level.tells.value,
                assignee=fresh.assignee.public_id if fresh.assignee else None,
                due_at=due,
                **home,
            )
            if level.tells is Tell.SHARE and workflow.refusal("share", facts(fresh), CLOCK) is None:
                steps.share_locked(fresh, CLOCK)
        return 1
    except IntegrityError:  # told in the same moment by another worker
        return 0
    except DomainError:
        log.exception("the clock could not tell %s of order %s", level.name, order.public_id)
        return 0


def _still_owed(order: JobOrder, promise: Promise, due: datetime, nomination: Nomination | None) -> bool:
    """Whether the promise still stands as it was read, now that the order is locked."""
    if order.state != JobOrder.State.OPEN or order.paused_at is not None:
        return False
    if nomination is not None:
        return Nomination.objects.filter(pk=nomination.pk, state="requested", answer_due_at=due).exists()
    return (promise, due) in set(_unkept(order))
