"""What every step does: lock, check version and rule, write, tell. One way each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from candidates.models import Release
from companies.lead import NINE
from events import clock, kept, services
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from joborders import workflow
from joborders.models import HistoryNote, JobOrder, Nomination
from joborders.services import dues, spans
from municipalities import wall
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.text import clean_text

#: Steps that are the jobcentres' own business: not in the company's feed.
INTERNAL = frozenset({"joborder.overdue", "joborder.supply_answered", "joborder.screened", "joborder.reassigned"})
RELATED = ("company", "lead", "assignee", "agreement")
P = ParamSpec("P")
Result = TypeVar("Result")


def joined(service: Callable[P, Result]) -> Callable[P, Result]:
    """A transaction of its own, or a part of the caller's without a savepoint.

    For services that refuse before they write: who goes on after a refusal has nothing to take back.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            return service(*args, **kwargs)

    return run


def locked(order_id: UUID, actor: Actor, version: int | None = None, *, known: JobOrder | None = None) -> JobOrder:
    """The order under its row lock, as decided on at `version` (None: the caller has none, as the system).

    `known` has been read already, with what it is related to; it is not read again if nobody has changed it since.
    Who saves the order gives none: what has no version may have changed.

    Raises NotVisible outside the actor's scope, Stale if it has changed since. Call inside a transaction.
    """
    # Locked first, read after: PostgreSQL rechecks a row that it waited for, but not the rows joined to it.
    seen = kept.rows(_locking, (actor,), order_id)
    if not seen:
        raise NotVisible()
    [(pk, version_now)] = seen
    if known is not None and known.version == version_now:
        return known
    order = JobOrder.objects.select_related(*RELATED).get(pk=pk)
    if version is not None and version != order.version:
        raise stale(order, actor, version)
    spans.remember(order)
    return order


def _locking(actor: Actor, order_id: UUID) -> QuerySet[Any, tuple[int, int]]:
    seen = JobOrder.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=order_id)
    return seen.order_by().values_list("pk", "version")


def stale(order: JobOrder, actor: Actor, version: int) -> Stale:
    """The refusal of a decision made on an older version: what changed since, and by whom."""
    since = list(Event.objects.filter(subject=order.public_id, version__gt=version).order_by("id"))
    return Stale(
        version=order.version,
        changed=[event.type for event in since] or ["nominations"],
        changed_by=_by(since[-1], actor, order) if since else None,
        allowed=workflow.allowed(facts(order), actor),
    )


def _by(event: Event, reader: Actor, order: JobOrder) -> dict[str, str | None]:
    """Who changed it: a person for members of the nine; a company only learns the jobcentre's label."""
    code = event.actor_municipality or None
    if event.actor_kind in ("company", "link"):
        return {"name": order.company.name, "municipality": None}
    if reader.is_company:
        code = code or order.lead_id
        label = Municipality.objects.filter(code=code).values_list("jobcentre", flat=True).first()
        return {"name": label or "NRS", "municipality": code}
    return who_in_the_nine(event)


def who_in_the_nine(event: Event) -> dict[str, str | None]:
    """The person behind an event and their municipality; NRS for the clock."""
    name = None
    if event.actor_id:
        name = User.objects.filter(public_id=event.actor_id).values_list("name", flat=True).first()
    return {"name": name or "NRS", "municipality": event.actor_municipality or None}


def facts(order: JobOrder) -> workflow.OrderFacts:
    """What the rules need to know; no query if `company`, `assignee` are loaded."""
    return workflow.OrderFacts(
        public_id=order.public_id,
        company=order.company.public_id,
        lead=order.lead_id,
        state=workflow.State(order.state),
        assignee=order.assignee.public_id if order.assignee is not None else None,
        intake_by=order.intake_by or None,
        workplace=order.workplace_municipality or None,
        tovholder=order.tovholder or None,
        shared=order.shared_at is not None,
        paused=order.paused_at is not None,
        responded=order.responded_at is not None,
        screened=order.screened_at is not None,
        presented=order.with_company > 0,
        positions=order.positions,
        hires=order.hires,
        filled_otherwise=order.filled_otherwise,
    )


def require_step(step: str, order: JobOrder, actor: Actor) -> None:
    """Raises NotAllowed if the step is not this actor's, StepRefused (with `allowed`) if it is not possible now."""
    known = facts(order)
    refused = workflow.refusal(step, known, actor)
    if refused == workflow.NOT_ALLOWED:
        raise NotAllowed()
    if refused is not None:
        raise StepRefused(allowed=workflow.allowed(known, actor), unmet=list(workflow.unmet(step, known)))


def save(order: JobOrder, *, happened_at: datetime | None = None) -> JobOrder:
    """Write every column at the next version, and the span if its values changed. Raises Stale if somebody was faster.

    The version is checked in the UPDATE itself as well: SQLite has no row locks.
    """
    old = order.version
    order.version = old + 1
    dues.refresh(order)
    values = {field.attname: getattr(order, field.attname) for field in order._meta.concrete_fields}
    del values["id"]
    if not JobOrder.objects.filter(pk=order.pk, version=old).update(**values):
        raise Stale(version=JobOrder.objects.values_list("version", flat=True).get(pk=order.pk))
    spans.follow(order, happened_at or clock.now())
    return order


def tell(
    order: JobOrder,
    event: str,
    actor: Actor,
    *,
    note: str = "",
    happened_at: datetime | None = None,
    also: Iterable[str] = (),
    **data: Any,
) -> Event:
    """Append the event to those who may know of the order (and `also` codes); free text goes to a HistoryNote."""
    written = services.append(
        event,
        order.public_id,
        by=actor,
        municipality=order.lead_id,
        audience={*audience(order), *also},
        company=None if event in INTERNAL else order.company.public_id,
        data=data,
        happened_at=happened_at,
        version=order.version,
    )
    if note:
        HistoryNote.objects.create(
            order=order, event=written.public_id, text=note[:2000], by_name=(actor.name or str(actor.kind))[:120]
        )
    return written


def save_and_tell(
    order: JobOrder,
    event: str,
    actor: Actor,
    *,
    note: str = "",
    happened_at: datetime | None = None,
    also: Iterable[str] = (),
    **data: Any,
) -> JobOrder:
    """Write the order at its next version and append the event. `note` must have passed clean_text."""
    save(order, happened_at=happened_at)
    tell(order, event, actor, note=note, happened_at=happened_at, also=also, **data)
    return order


def tell_nomination(
    nomination: Nomination,
    order: JobOrder,
    event: str,
    actor: Actor,
    *,
    note: str = "",
    happened_at: datetime | None = None,
    to_company: bool = False,
    **data: Any,
) -> Event:
    """Append a nomination's event to lead and home; the company only of those it has seen. No candidate id."""
    written = services.append(
        event,
        nomination.public_id,
        by=actor,
        municipality=order.lead_id,
        audience={order.lead_id, nomination.home_code},
        company=order.company.public_id if to_company else None,
        data={"order": order.public_id, "home": nomination.home_code, **data},
        happened_at=happened_at,
        version=nomination.version,
    )
    if note:
        HistoryNote.objects.create(
            order=order, event=written.public_id, text=note[:2000], by_name=(actor.name or str(actor.kind))[:120]
        )
    return written


def audience(order: JobOrder) -> set[str]:
    """Codes that may read the order's events: lead, intake, workplace, tovholder; all nine when shared."""
    codes = {order.lead_id, order.intake_by, order.workplace_municipality, order.tovholder} & set(NINE)
    return codes | set(NINE) if order.shared_at is not None else codes | {order.lead_id}


def moment(value: datetime | None, *, after: datetime | None = None, field: str = "happened_at") -> datetime:
    """When it happened, in UTC: now, or a moment given. Raises Invalid for one in the future or too early."""
    now = clock.now()
    if value is None:
        return now
    if value.utcoffset() is None:
        raise Invalid.field(field, "invalid", _("A time needs its offset from UTC."))
    if value > now:
        raise Invalid.field(field, "in_the_future", _("This time has not come yet."))
    if after is not None and value < after:
        raise Invalid.field(field, "too_early", _("This is before the order was received."))
    return value.astimezone(UTC)


def text_of(value: object, field: str, max_length: int = 1000, *, needed: bool = False) -> str:
    """A free text through the guard; `needed` refuses an empty one. Raises Invalid."""
    return clean_text(value or "", field=field, max_length=max_length, min_length=1 if needed else 0)


def refuse(problem: tuple[str, str] | None) -> None:
    """Turn a pure rule's (field, code) into Invalid; None passes."""
    if problem is not None:
        field, code = problem
        raise Invalid.field(field, code, DETAILS.get(code, _("This value is not possible here.")))


DETAILS: dict[str, Any] = {
    "required": _("This field is required."),
    "unknown_municipality": _("This is not one of the nine municipalities."),
    "already_lead": _("This municipality already leads."),
    "in_the_future": _("This time has not come yet."),
    "not_yours": _("A company can only withdraw its order."),
    "no_hire": _("Nobody from the nine municipalities has been hired on this order."),
    "too_few": _("An order has at least one position."),
    "too_many": _("An order has at most 999 positions."),
    "negative": _("This cannot be below 0."),
    "below_hires": _("There are already more hires than this."),
    "more_than_positions": _("Hires and positions filled otherwise are more than the positions."),
}


@wall.by_the_system
def move_releases(order: JobOrder, old: str, new: str) -> None:
    """Named candidates on this order follow its lead: leave ends for the old one and begins for the new one."""
    now = clock.now()
    Release.objects.filter(order=order.public_id, to_municipality=old, ended_at__isnull=True).update(ended_at=now)
    named = order.nominations.filter(state__in=["accepted", "presented", "interview", "hired"])
    people = set(named.exclude(home_code=new).exclude(candidate=None).values_list("candidate_id", flat=True))
    people -= set(
        Release.objects.filter(
            order=order.public_id, to_municipality=new, ended_at__isnull=True, candidate__in=people
        ).values_list("candidate_id", flat=True)
    )
    Release.objects.bulk_create(
        Release(candidate_id=person, order=order.public_id, to_municipality=new, started_at=now)
        for person in sorted(people)
    )
