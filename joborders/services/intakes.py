"""Calls and mails before they are orders: a draft in the queue with its clock, until somebody decides what it is.

Each step locks the intake, checks version and rule, writes and tells in one transaction, and raises NotVisible, Stale,
NotAllowed, StepRefused or Invalid, having written nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies import services as companies
from companies.duty import on_duty
from companies.lead import NINE
from companies.models import Company
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from events.services import append
from joborders import intake_workflow, promises, wanted
from joborders.intake_workflow import STEPS
from joborders.models import Intake, JobOrder
from joborders.problems import Problems
from joborders.promises import Promise
from joborders.services import dues
from joborders.services.base import moment, text_of, who_in_the_nine
from joborders.services.submitting import similar_open, submit
from municipalities.actor import Actor
from municipalities.models import Municipality
from municipalities.working_time import DEFAULT_CALENDAR

CHANNELS = ("phone", "mail")
#: States that stand in the queue with a running clock.
WAITING = (Intake.State.DRAFT,)
CONTACT = ("name", "phone", "email")


def visible(actor: Actor | None) -> QuerySet[Intake]:
    """Those whom the actor may see, with what one intake shows."""
    return Intake.objects.visible_to(actor).select_related("municipality", "taken_by", "order")


def alike(intake: Intake, actor: Actor, occupation: str | None = None) -> QuerySet[JobOrder]:
    """Open orders of the same company, received in the last 30 days, that the actor may see: "is it this one?"

    A call does not name its occupation: give it as soon as it is known, and only its orders are left.
    """
    company = Company.objects.with_cvr(intake.cvr).values_list("public_id", flat=True).first() if intake.cvr else None
    if company is None or not STEPS["merge"].at & {intake_workflow.State(intake.state)}:
        return JobOrder.objects.none()
    return similar_open(company, occupation).visible_to(actor)  # type: ignore[attr-defined, no-any-return]


def allowed(intake: Intake, actor: Actor) -> tuple[str, ...]:
    """Names of the steps that the actor may take now."""
    return intake_workflow.allowed(intake_workflow.State(intake.state), intake.municipality_id, actor)


@transaction.atomic
def draft(
    actor: Actor,
    *,
    channel: str,
    contact: Mapping[str, Any],
    cvr: str = "",
    text: str = "",
    received_at: datetime | None = None,
    municipality: str | None = None,
) -> Intake:
    """Write down a call or mail. It needs a name and a phone number or mail address; the clock runs from `received_at`.

    It stands in the queue of the actor's municipality, or of the one on duty. The system says itself in whose (a mail):
    `municipality`, None for nobody's but the coordinator's. Raises Invalid, or NotAllowed for anybody but consultant,
    coordinator and system.
    """
    if not intake_workflow.can_draft(actor):
        raise NotAllowed()
    problems = Problems()
    if channel not in CHANNELS:
        problems.add("channel", "unknown_code", _("A draft comes by phone or mail."))
    received = problems.of(lambda: moment(received_at, field="received_at"))
    fields = _read(problems, contact=contact, cvr=cvr, text=text)
    problems.raise_any()
    assert received is not None  # or a problem was found
    code = municipality if actor.is_system else actor.municipality or on_duty()
    intake = Intake.objects.create(
        channel=channel,
        received_at=received,
        recorded_at=clock.now(),
        municipality_id=code,
        taken_by_id=actor.user_id,
        response_due_at=_due(received, code),
        **fields,
    )
    tell(intake, "intake.drafted", actor, channel=channel, happened_at=received)
    return intake


def _due(received: datetime, code: str | None) -> datetime:
    """When the company must have heard from us: by the municipality's promise, or the usual one while nobody has it."""
    if code is None:
        return promises.due_at(received, promises.DEFAULT_DAYS[Promise.FIRST_RESPONSE], DEFAULT_CALENDAR)
    days = dues.days_of(Promise.FIRST_RESPONSE, Municipality.objects.get(code=code), None)
    return promises.due_at(received, days, dues.calendar_of(code))


@transaction.atomic
def take(intake_id: UUID, actor: Actor, version: int | None) -> Intake:
    """The actor deals with it: they are told when it runs late, and a file in quarantine is for them."""
    intake = _locked(intake_id, actor, version, "take")
    return _take("take", intake, actor, taken_by_id=actor.user_id)


@transaction.atomic
def move(intake_id: UUID, actor: Actor, version: int | None, *, to: str) -> Intake:
    """Into the queue of another municipality, whose it is: nobody there has taken it yet. The clock runs on."""
    intake = _locked(intake_id, actor, version, "move")
    if not Municipality.objects.filter(code=to, code__in=NINE).exists():
        raise Invalid.field("to", "unknown_municipality", _("This is not one of the nine municipalities."))
    if to == intake.municipality_id:
        raise Invalid.field("to", "already_there", _("It stands in this queue already."))
    was = intake.municipality_id
    due = _due(intake.received_at, to) if intake.response_due_at else None
    changes = {"municipality_id": to, "taken_by_id": None, "response_due_at": due}
    return _take("move", intake, actor, also={was} if was else set(), **changes)


@transaction.atomic
def change_draft(
    intake_id: UUID,
    actor: Actor,
    version: int | None,
    *,
    contact: Mapping[str, Any] | None = None,
    cvr: str | None = None,
    text: str | None = None,
) -> Intake:
    """Correct what was written down; None leaves a part as it is, the contact's parts too."""
    intake = _locked(intake_id, actor, version, "change")
    if contact is not None:
        contact = {name: getattr(intake, f"contact_{name}") for name in CONTACT} | dict(contact)
    problems = Problems()
    fields = _read(problems, contact=contact, cvr=cvr, text=text)
    problems.raise_any()
    return _take("change", intake, actor, **fields)


@transaction.atomic
def submit_draft(
    intake_id: UUID, actor: Actor, version: int | None, data: Mapping[str, Any], *, company: UUID | None = None
) -> JobOrder:
    """Make an order of it: received when it came, registered now; its contact counts if none is given.

    Without `company` it is the one registered under the intake's CVR number.
    """
    intake = _locked(intake_id, actor, version, "submit")
    if company is None:
        company = Company.objects.with_cvr(intake.cvr).values_list("public_id", flat=True).first()
    if company is None:
        raise Invalid.field("company", "required", _("Tell which registered company this is."))
    block = dict(data)
    if not block.get("contact"):
        block["contact"] = {name: getattr(intake, f"contact_{name}") for name in CONTACT}
    try:
        order = submit(actor, block, company=company, intake=intake)
    except NotVisible:
        raise Invalid.field("company", "unknown_company", _("This company is not known.")) from None
    _take("submit", intake, actor, also={order.lead_id}, order=order, cvr=order.company.cvr)
    return order


@transaction.atomic
def mark_spam(intake_id: UUID, actor: Actor, version: int | None) -> Intake:
    """It was no message of a company: out of the queue."""
    return _take("spam", _locked(intake_id, actor, version, "spam"), actor, response_due_at=None)


@transaction.atomic
def mark_enquiry(intake_id: UUID, actor: Actor, version: int | None, *, note: str = "") -> Intake:
    """A question that was dealt with, not an order: out of the queue; it may still become one."""
    intake = _locked(intake_id, actor, version, "enquiry")
    text = text_of(note, "note")
    words = f"{intake.text}\n{text}".strip()[:5000] if text else intake.text
    return _take("enquiry", intake, actor, text=words)


@transaction.atomic
def merge(intake_id: UUID, actor: Actor, version: int | None, *, order: UUID) -> Intake:
    """It is about an order that is there already ("is it this one?")."""
    intake = _locked(intake_id, actor, version, "merge")
    known = JobOrder.objects.visible_to(actor).filter(public_id=order).first()
    if known is None:
        raise Invalid.field("order", "unknown_order", _("This order is not known."))
    return _take("merge", intake, actor, also={known.lead_id}, order=known)


def tell(
    intake: Intake,
    event: str,
    actor: Actor,
    *,
    also: Iterable[str] = (),
    happened_at: datetime | None = None,
    **data: Any,
) -> Event:
    """Append the event to the municipality in whose queue it stands (and `also` codes)."""
    home = intake.municipality_id or ""
    return append(
        event,
        intake.public_id,
        by=actor,
        municipality=home,
        audience={home, *also} - {""},
        data=data,
        happened_at=happened_at,
        version=intake.version,
    )


def _read(
    problems: Problems, *, contact: Mapping[str, Any] | None, cvr: str | None, text: str | None
) -> dict[str, str]:
    """The columns of what was given; what is wrong is noted."""
    columns: dict[str, str] = {}
    if contact is not None:
        columns = wanted.contact(contact, problems)
        columns.pop("contact_best_time", None)
    if cvr is not None:
        columns["cvr"] = (problems.of(lambda: companies.valid_cvr(cvr, "/cvr")) or "") if cvr else ""
    if text is not None:
        columns["text"] = problems.text("text", text, 5000, multiline=True, empty=True, known=())
    return columns


def _locked(intake_id: UUID, actor: Actor, version: int | None, step: str) -> Intake:
    """The intake under its lock, as decided on at `version`, with the step possible for the actor now."""
    found = Intake.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=intake_id).first()
    if found is None:
        raise NotVisible()
    if version is not None and version != found.version:
        raise _stale(found, actor, version)
    refused = intake_workflow.refusal(step, intake_workflow.State(found.state), found.municipality_id, actor)
    if refused == intake_workflow.NOT_ALLOWED:
        raise NotAllowed()
    if refused is not None:
        raise StepRefused(allowed=allowed(found, actor))
    return found


def _stale(intake: Intake, actor: Actor, version: int) -> Stale:
    since = list(Event.objects.filter(subject=intake.public_id, version__gt=version).order_by("id"))
    return Stale(
        version=intake.version,
        changed=[event.type for event in since],
        changed_by=who_in_the_nine(since[-1]) if since else None,
        allowed=allowed(intake, actor),
    )


def _take(step: str, intake: Intake, actor: Actor, *, also: Iterable[str] = (), **changes: Any) -> Intake:
    """Write at the next version and tell. Raises Stale if somebody was faster."""
    row = STEPS[step]
    changes["version"] = intake.version + 1
    if row.to is not None:
        changes["state"] = row.to.value
    if not Intake.objects.filter(pk=intake.pk, version=intake.version).update(**changes):
        raise _stale(Intake.objects.get(pk=intake.pk), actor, intake.version)
    for name, value in changes.items():
        setattr(intake, name, value)
    about = {"order": intake.order.public_id} if intake.order is not None else {}
    tell(intake, row.event, actor, also=also, **about)
    return intake
