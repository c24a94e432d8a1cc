"""Writes of agreements, and which of them covers a unit on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies.models import Agreement, Company, ProductionUnit
from companies.services import may_write, stale
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.services import append
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.text import clean_text


def covering(company: Company, unit: ProductionUnit | None, day: dt.date) -> Agreement | None:
    """The agreement in force that covers this unit: one that names a tovholder first, then the newest."""
    found = list(company.agreements.in_force(day).order_by("-valid_from", "-id"))
    chosen: set[int] = set()
    if unit is not None and not all(agreement.covers_all_units for agreement in found):
        chosen = set(unit.agreements.values_list("pk", flat=True))
    found = [agreement for agreement in found if agreement.covers_all_units or agreement.pk in chosen]
    return min(found, key=lambda agreement: agreement.tovholder_id is None, default=None)


@transaction.atomic
def sign(
    actor: Actor,
    company: Company,
    *,
    kind: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    holder: str = "nrs",
    holder_municipality: str | None = None,
    tovholder: str | None = None,
    units: Sequence[ProductionUnit] | None = None,
    first_response_days: int | None = None,
    first_candidate_days: int | None = None,
    text: str = "",
) -> Agreement:
    """Register a written agreement. `units` None covers all. Raises NotAllowed or Invalid; writes the event."""
    if not may_write(actor, company):
        raise NotAllowed
    _check(kind, holder, holder_municipality, tovholder, valid_from, valid_to)
    if units is not None and not units:
        raise Invalid.field("units", "required", _("Name the units, or leave the field out to cover them all."))
    if any(unit.company_id != company.pk for unit in units or ()):
        raise Invalid.field("units", "unit_of_another", _("A unit belongs to another company."))
    agreement = Agreement.objects.create(
        company=company,
        kind=kind,
        holder=holder,
        holder_municipality_id=holder_municipality,
        tovholder_id=tovholder,
        valid_from=valid_from,
        valid_to=valid_to,
        covers_all_units=units is None,
        first_response_days=first_response_days,
        first_candidate_days=first_candidate_days,
        text=clean_text(text, field="text", max_length=5000),
        recorded_at=clock.now(),
    )
    if units:
        agreement.units.set(units)
    _tell("agreement.signed", agreement, actor)
    return agreement


def _check(
    kind: str,
    holder: str,
    holder_municipality: str | None,
    tovholder: str | None,
    valid_from: dt.date,
    valid_to: dt.date | None,
) -> None:
    if kind not in Agreement.Kind.values:
        raise Invalid.field("kind", "unknown_code", _("Recruitment, cooperation or partnership."))
    if holder not in Agreement.Holder.values:
        raise Invalid.field("holder", "unknown_code", _("NRS, a municipality or Jobservice Danmark."))
    if holder == Agreement.Holder.MUNICIPALITY and not holder_municipality:
        raise Invalid.field("holder_municipality", "required", _("Name the municipality that holds the agreement."))
    for field, code in (("holder_municipality", holder_municipality), ("tovholder", tovholder)):
        if code and not Municipality.objects.filter(code=code).exists():
            raise Invalid.field(field, "unknown_code", _("This municipality is not one of the nine."))
    if holder != Agreement.Holder.MUNICIPALITY and holder_municipality:
        raise Invalid.field("holder_municipality", "not_asked", _("Only a municipal agreement names its municipality."))
    if valid_to is not None and valid_to < valid_from:
        raise Invalid.field("valid_to", "before_start", _("The agreement ends before it begins."))


@transaction.atomic
def end(actor: Actor, agreement_id: UUID, version: int, *, ended_on: dt.date) -> Agreement:
    """End an agreement: `ended_on` is the first day without it.

    Raises NotVisible, NotAllowed, Stale, Invalid, or Conflict when it has ended already.
    """
    found = Agreement.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=agreement_id)
    agreement = found.select_related("company").first()
    if agreement is None:
        raise NotVisible
    if not may_write(actor, agreement.company):
        raise NotAllowed
    if agreement.version != version:
        raise stale(agreement.public_id, agreement.version, version)
    if agreement.ended_on is not None:
        raise Conflict("ended", _("This agreement has ended already."))
    if ended_on < agreement.valid_from:
        raise Invalid.field("ended_on", "before_start", _("The agreement ends before it begins."))
    if agreement.valid_to is not None and ended_on > agreement.valid_to:
        raise Invalid.field("ended_on", "after_end", _("The agreement has run out by then."))
    agreement.ended_on = ended_on
    agreement.ended_recorded_at = clock.now()
    agreement.version += 1
    agreement.save(update_fields=["ended_on", "ended_recorded_at", "version"])
    _tell("agreement.ended", agreement, actor)
    return agreement


def _tell(event: str, agreement: Agreement, actor: Actor) -> None:
    append(
        event,
        agreement.public_id,
        by=actor,
        municipality=agreement.company.lead_id,
        audience=Municipality.objects.values_list("code", flat=True),
        company=agreement.company.public_id,
        data={"company": agreement.company.public_id, "kind": agreement.kind, "holder": agreement.holder},
        version=agreement.version,
    )
