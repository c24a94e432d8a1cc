"""Writes of agreements: drawn up, signed, changed, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies import coverage, forecasts
from companies.coverage import covering
from companies.models import Agreement, Company, ProductionUnit
from companies.services import may_write, stale
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.services import append
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.text import clean_text

__all__ = ["change", "covering", "draft", "end", "may_change", "sign", "sign_draft"]

#: What may be changed at any time, and what only while it is a draft: figures of the past rest on the latter.
TERMS = ("parties", "schemes", "first_response_days", "first_candidate_days", "text", "tovholder")
FIXED = ("kind", "holder", "holder_municipality", "valid_from", "valid_to")
COVERAGE = ("area", "units")
#: Longest text by field.
TEXTS = {"parties": (500, False), "text": (5000, True)}
REFERENCES = ("holder_municipality", "tovholder")


def may_change(actor: Actor, agreement: Agreement) -> bool:
    """Who may change the company, and the consultants of the agreement's tovholder."""
    return may_write(actor, agreement.company) or actor.works_in(agreement.tovholder_id)


@transaction.atomic
def sign(
    actor: Actor,
    company: Company,
    *,
    kind: str,
    valid_from: dt.date,
    units: Sequence[ProductionUnit] | None = None,
    area: Iterable[str] = (),
    signed_on: dt.date | None = None,
    **terms: Any,
) -> Agreement:
    """Register a written agreement. Without `units` (chosen) and `area` (companies.areas) it covers all units.

    `terms`: holder, holder_municipality, tovholder (codes), valid_to, parties, schemes, first_response_days,
    first_candidate_days, text, forecast. Raises NotAllowed, Invalid, or Conflict `tovholder_overlap`; writes the event.
    """
    signed_on = signed_on or clock.today()
    made = _made(actor, company, {"kind": kind, "valid_from": valid_from, **terms}, units, area, signed_on)
    coverage.refuse_overlap(made)
    tell("agreement.signed", made, actor, signed_on=made.signed_on)
    return made


@transaction.atomic
def draft(
    actor: Actor,
    company: Company,
    *,
    kind: str,
    valid_from: dt.date,
    units: Sequence[ProductionUnit] | None = None,
    area: Iterable[str] = (),
    **terms: Any,
) -> Agreement:
    """Draw up an agreement that nobody has signed yet: as `sign`, but it is in force for nobody."""
    made = _made(actor, company, {"kind": kind, "valid_from": valid_from, **terms}, units, area, None)
    tell("agreement.drafted", made, actor)
    return made


def _made(
    actor: Actor,
    company: Company,
    terms: dict[str, Any],
    units: Sequence[ProductionUnit] | None,
    area: Iterable[str],
    signed_on: dt.date | None,
) -> Agreement:
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if not may_write(actor, company):
        raise NotAllowed
    lines = terms.pop("forecast", ())
    made = Agreement(company=company, signed_on=signed_on, recorded_at=clock.now())
    _take(made, terms)
    _check_signing(made)
    made.save(force_insert=True)
    _cover(made, units, area)
    forecasts.write(made, lines)
    return made


def _take(agreement: Agreement, terms: Mapping[str, Any]) -> None:
    """Put the terms on the agreement. Raises Invalid; TypeError for a name that is no term."""
    unknown = terms.keys() - {*TERMS, *FIXED}
    if unknown:
        raise TypeError(f"no terms of an agreement: {sorted(unknown)}")
    for name, value in terms.items():
        if name in TEXTS:
            length, multiline = TEXTS[name]
            value = clean_text(value or "", field=name, max_length=length, multiline=multiline)
        elif name == "schemes":
            value = _schemes(value)
        setattr(agreement, f"{name}_id" if name in REFERENCES else name, value)
    _check(agreement)


def _schemes(codes: Iterable[str]) -> list[str]:
    given = set(codes)
    if given - set(Agreement.Scheme.values):
        raise Invalid.field("schemes", "unknown_code", _("This value is not known."))
    return [code for code in Agreement.Scheme.values if code in given]


def _check(agreement: Agreement) -> None:
    if agreement.kind not in Agreement.Kind.values:
        raise Invalid.field("kind", "unknown_code", _("Recruitment, cooperation or partnership."))
    if agreement.holder not in Agreement.Holder.values:
        raise Invalid.field("holder", "unknown_code", _("NRS, a municipality or Jobservice Danmark."))
    is_municipal, holder = agreement.holder == Agreement.Holder.MUNICIPALITY, agreement.holder_municipality_id
    if is_municipal and not holder:
        raise Invalid.field("holder_municipality", "required", _("Name the municipality that holds the agreement."))
    for field, code in (("holder_municipality", holder), ("tovholder", agreement.tovholder_id)):
        if code and not Municipality.objects.filter(code=code).exists():
            raise Invalid.field(field, "unknown_code", _("This municipality is not one of the nine."))
    if holder and not is_municipal:
        raise Invalid.field("holder_municipality", "not_asked", _("Only a municipal agreement names its municipality."))
    if agreement.valid_to is not None and agreement.valid_to < agreement.valid_from:
        raise Invalid.field("valid_to", "before_start", _("The agreement ends before it begins."))


def _check_signing(agreement: Agreement) -> None:
    if agreement.signed_on is not None and agreement.signed_on > clock.today():
        raise Invalid.field("signed_on", "in_the_future", _("This lies in the future."))


def _cover(agreement: Agreement, units: Sequence[ProductionUnit] | None, area: Iterable[str]) -> None:
    """Write which units a saved agreement covers. Raises Invalid for none, or for another company's."""
    agreement.area = coverage.checked_area(area)
    agreement.covers_all_units = units is None and not agreement.area
    if units is not None and not units and not agreement.area:
        raise Invalid.field("units", "required", _("Name the units, or leave the field out to cover them all."))
    if any(unit.company_id != agreement.company_id for unit in units or ()):
        raise Invalid.field("units", "unit_of_another", _("A unit belongs to another company."))
    agreement.save(update_fields=["area", "covers_all_units"])
    agreement.units.set(units or ())
    if agreement.area and not coverage.covered_units(agreement).exists():
        raise Invalid.field("area", "no_unit", _("The company has no unit in this area."))


def _locked(actor: Actor, agreement_id: UUID, version: int) -> Agreement:
    """The agreement, locked after its company. Raises NotVisible, NotAllowed or Stale."""
    seen = Agreement.objects.visible_to(actor).filter(public_id=agreement_id)
    company = seen.values_list("company", flat=True).first()
    if company is None:
        raise NotVisible
    Company.objects.select_for_update(of=("self",)).get(pk=company)
    agreement: Agreement = seen.select_for_update(of=("self",)).select_related("company").get()
    if not may_change(actor, agreement):
        raise NotAllowed
    if agreement.version != version:
        raise stale(agreement.public_id, agreement.version, version)
    return agreement


@transaction.atomic
def change(actor: Actor, agreement_id: UUID, version: int, changes: Mapping[str, Any]) -> Agreement:
    """Change TERMS, the coverage (`units` and `area` together) and the `forecast`; FIXED only of a draft.

    Open orders keep what they were given. Raises NotVisible, NotAllowed, Stale, Invalid, or Conflict: `ended`,
    `signed` (fixed terms of a signed agreement), `tovholder_overlap`.
    """
    agreement = _locked(actor, agreement_id, version)
    if agreement.ended_on is not None:
        raise Conflict("ended", _("This agreement has ended already."))
    terms = {name: changes[name] for name in (*TERMS, *FIXED) if name in changes}
    if agreement.signed_on is not None and any(_differs(agreement, name, terms) for name in FIXED):
        raise Conflict("signed", _("A signed agreement keeps its kind, holder and period. End it, and sign a new one."))
    _take(agreement, terms)
    agreement.version += 1
    agreement.save()
    if any(name in changes for name in COVERAGE):
        _cover(agreement, changes.get("units"), changes.get("area", ()))
    if "forecast" in changes:
        forecasts.write(agreement, changes["forecast"])
    coverage.refuse_overlap(agreement)
    tell("agreement.changed", agreement, actor, fields=sorted({*terms, *changes}))
    return agreement


def _differs(agreement: Agreement, name: str, terms: Mapping[str, Any]) -> bool:
    return name in terms and terms[name] != getattr(agreement, f"{name}_id" if name in REFERENCES else name)


@transaction.atomic
def sign_draft(actor: Actor, agreement_id: UUID, version: int, *, signed_on: dt.date | None = None) -> Agreement:
    """The draft is signed: from `valid_from` on it is in force. `signed_on` defaults to today.

    Raises NotVisible, NotAllowed, Stale, Invalid, or Conflict `signed`, `tovholder_overlap`.
    """
    agreement = _locked(actor, agreement_id, version)
    if agreement.signed_on is not None:
        raise Conflict("signed", _("This agreement is signed already."))
    agreement.signed_on, agreement.recorded_at = signed_on or clock.today(), clock.now()
    _check_signing(agreement)
    agreement.version += 1
    agreement.save(update_fields=["signed_on", "recorded_at", "version"])
    coverage.refuse_overlap(agreement)
    tell("agreement.signed", agreement, actor, signed_on=agreement.signed_on)
    return agreement


@transaction.atomic
def end(actor: Actor, agreement_id: UUID, version: int, *, ended_on: dt.date) -> Agreement:
    """End an agreement: `ended_on` is the first day without it.

    Raises NotVisible, NotAllowed, Stale, Invalid, or Conflict when it has ended already or is a draft.
    """
    agreement = _locked(actor, agreement_id, version)
    if agreement.ended_on is not None:
        raise Conflict("ended", _("This agreement has ended already."))
    if agreement.signed_on is None:
        raise Conflict("not_signed", _("Nobody has signed this agreement."))
    if ended_on < agreement.valid_from:
        raise Invalid.field("ended_on", "before_start", _("The agreement ends before it begins."))
    if agreement.valid_to is not None and ended_on > agreement.valid_to:
        raise Invalid.field("ended_on", "after_end", _("The agreement has run out by then."))
    agreement.ended_on = ended_on
    agreement.ended_recorded_at = clock.now()
    agreement.version += 1
    agreement.save(update_fields=["ended_on", "ended_recorded_at", "version"])
    tell("agreement.ended", agreement, actor)
    return agreement


def tell(event: str, agreement: Agreement, actor: Actor, *, to_company: bool = True, **data: Any) -> None:
    """Write an event about it, for all nine and, unless it is theirs alone, the company."""
    append(
        event,
        agreement.public_id,
        by=actor,
        municipality=agreement.company.lead_id,
        audience=Municipality.objects.values_list("code", flat=True),
        company=agreement.company.public_id if to_company else None,
        data={
            "company": agreement.company.public_id,
            "kind": agreement.kind,
            "holder": agreement.holder,
            **data,
        },
        version=agreement.version,
    )
