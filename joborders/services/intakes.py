"""Calls and mails before they are orders: a draft in the queue with its clock, until somebody decides what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies import services as companies
from companies.duty import on_duty
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from joborders import promises, wanted
from joborders.models import Intake, JobOrder
from joborders.problems import Problems
from joborders.promises import Promise
from joborders.services import dues
from joborders.services.base import moment, text_of
from joborders.services.submitting import submit
from municipalities.actor import Actor
from municipalities.models import Municipality

CHANNELS = ("phone", "mail")
WAITING = (Intake.State.DRAFT, Intake.State.ENQUIRY)


def visible(actor: Actor | None) -> QuerySet[Intake]:
    """Intakes of the own municipality; all for coordinator and system. Nobody else sees any."""
    rows = Intake.objects.select_related("municipality", "taken_by", "order")
    if actor is not None and (actor.is_system or actor.is_coordinator):
        return rows
    if actor is not None and actor.is_consultant:
        return rows.filter(Q(municipality=actor.municipality) | Q(order__lead=actor.municipality))
    return rows.none()


@transaction.atomic
def draft(
    actor: Actor,
    *,
    channel: str,
    contact: Mapping[str, Any],
    cvr: str = "",
    text: str = "",
    received_at: datetime | None = None,
) -> Intake:
    """Write down a call or mail. It needs a name and a phone number or mail address; the clock runs from `received_at`.

    Raises Invalid, or NotAllowed for anybody but consultant, coordinator and system.
    """
    if not (actor.is_consultant or actor.is_coordinator or actor.is_system):
        raise NotAllowed()
    if channel not in CHANNELS:
        raise Invalid.field("channel", "unknown_code", _("A draft comes by phone or mail."))
    received = moment(received_at, field="received_at")
    fields = _read(contact, cvr, text)
    home = Municipality.objects.get(code=actor.municipality or on_duty())
    days = dues.days_of(Promise.FIRST_RESPONSE, home, None)
    return Intake.objects.create(
        channel=channel,
        received_at=received,
        recorded_at=clock.now(),
        municipality=home,
        taken_by_id=actor.user_id,
        response_due_at=promises.due_at(received, days, dues.calendar_of(home.code)),
        **fields,
    )


def _read(contact: Mapping[str, Any], cvr: str, text: str) -> dict[str, str]:
    problems = Problems()
    read = wanted.contact({name: value for name, value in contact.items() if name != "best_time"}, problems)
    read.pop("contact_best_time", None)
    words = problems.text("text", text, 5000, multiline=True, empty=True, known=())
    number = ""
    if cvr:
        try:
            number = companies.valid_cvr(cvr, "/cvr")
        except Invalid as error:
            problems.found.extend(error.errors)
    problems.raise_any()
    return read | {"cvr": number, "text": words}


def _locked(intake_id: UUID, actor: Actor, version: int | None) -> Intake:
    """The intake under its lock, still waiting. Raises NotVisible, Stale or StepRefused."""
    found = visible(actor).select_related(None).select_for_update(of=("self",)).filter(public_id=intake_id).first()
    if found is None:
        raise NotVisible()
    if version is not None and version != found.version:
        raise Stale(version=found.version)
    if found.state not in WAITING:
        raise StepRefused()
    return found


def _saved(intake: Intake, **changes: Any) -> Intake:
    """Write at the next version. Raises Stale if somebody was faster."""
    changes["version"] = intake.version + 1
    if not Intake.objects.filter(pk=intake.pk, version=intake.version).update(**changes):
        raise Stale(version=Intake.objects.values_list("version", flat=True).get(pk=intake.pk))
    for name, value in changes.items():
        setattr(intake, name, value)
    return intake


@transaction.atomic
def change_draft(
    intake_id: UUID, actor: Actor, version: int | None, *, contact: Mapping[str, Any], cvr: str = "", text: str = ""
) -> Intake:
    """Correct a draft."""
    intake = _locked(intake_id, actor, version)
    return _saved(intake, **_read(contact, cvr, text))


@transaction.atomic
def submit_draft(
    intake_id: UUID, actor: Actor, version: int | None, data: Mapping[str, Any], *, company: UUID
) -> JobOrder:
    """Make an order of it: received when it came, registered now; its contact counts if none is given."""
    intake = _locked(intake_id, actor, version)
    block = dict(data)
    if not block.get("contact"):
        block["contact"] = {
            "name": intake.contact_name,
            "phone": intake.contact_phone,
            "email": intake.contact_email,
        }
    order = submit(actor, block, company=company, intake=intake)
    _saved(intake, state=Intake.State.SUBMITTED, order=order, cvr=order.company.cvr)
    return order


@transaction.atomic
def mark_spam(intake_id: UUID, actor: Actor, version: int | None) -> Intake:
    """It was no message of a company: out of the queue."""
    return _saved(_locked(intake_id, actor, version), state=Intake.State.SPAM, response_due_at=None)


@transaction.atomic
def mark_enquiry(intake_id: UUID, actor: Actor, version: int | None, *, note: str = "") -> Intake:
    """A question, not an order; it may still become one."""
    intake = _locked(intake_id, actor, version)
    text = text_of(note, "note")
    words = f"{intake.text}\n{text}".strip()[:5000] if text else intake.text
    return _saved(intake, state=Intake.State.ENQUIRY, text=words)


@transaction.atomic
def merge(intake_id: UUID, actor: Actor, version: int | None, *, order: UUID) -> Intake:
    """It is about an order that is there already ("is it this one?")."""
    intake = _locked(intake_id, actor, version)
    known = JobOrder.objects.visible_to(actor).filter(public_id=order).first()
    if known is None:
        raise Invalid.field("order", "unknown_order", _("This order is not known."))
    return _saved(intake, state=Intake.State.MERGED, order=known)
