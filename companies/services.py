"""Writes of companies: register once, keep one lead with history, log contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr as cvr_rule
from stdnum.exceptions import ValidationError as NumberProblem

from accounts.models import User
from companies.duty import on_duty
from companies.lead import change_problem, lead_of_company
from companies.models import Company, Contact, ContactLogEntry, LeadPeriod, ProductionUnit
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Event
from events.services import append
from municipalities import membership
from municipalities.actor import Actor, Role
from municipalities.models import Municipality
from vocabulary.models import Industry
from vocabulary.text import clean_text


def valid_cvr(value: str, field: str = "cvr") -> str:
    """The eight digits of a CVR number (spaces and DK allowed). Raises Invalid when the check digit is wrong."""
    try:
        return str(cvr_rule.validate(str(value)))
    except NumberProblem:
        raise Invalid.field(field, "cvr_invalid", _("This is not a valid CVR number.")) from None


def valid_p_number(value: str, field: str = "p_number") -> str:
    """Ten digits, which is all that a P-number promises. Raises Invalid otherwise."""
    digits = "".join(str(value).split())
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise Invalid.field(field, "p_number_invalid", _("A P-number has ten digits."))
    return digits


def _valid_industry(code: str, version: str) -> None:
    if code and not Industry.objects.filter(code=code, version=version).exists():
        raise Invalid.field("industry_code", "unknown_code", _("This industry code is not known."))


def may_write(actor: Actor, company: Company) -> bool:
    """Lead consultants, the coordinator and the system may change a company (design §6)."""
    return actor.is_system or actor.is_coordinator or actor.works_in(company.lead_id)


def locked(company_id: UUID, actor: Actor, version: int | None) -> Company:
    """The company, locked, on the version it was decided on. Raises NotVisible, NotAllowed or Stale."""
    found = Company.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=company_id).first()
    if found is None:
        raise NotVisible
    if not may_write(actor, found):
        raise NotAllowed
    if version is not None and version != found.version:
        raise stale(found.public_id, found.version, version)
    return found


def stale(subject: UUID, current: int, version: int) -> Stale:
    """What changed in a company or agreement since `version`, and the last person who did it."""
    since = Event.objects.filter(subject=subject, version__gt=version).order_by("id")
    events = list(since.values_list("type", "data", "actor_id"))
    changed = {name for kind, data, _who in events for name in data.get("fields", [kind.partition(".")[2]])}
    who = User.objects.filter(public_id=events[-1][2]).first() if events and events[-1][2] else None
    return Stale(version=current, changed=sorted(changed), changed_by=who.name if who else None)


@transaction.atomic
def take_in(
    actor: Actor, *, cvr: str, name: str, unit: dict[str, Any] | None = None, **fields: Any
) -> tuple[Company, bool]:
    """A company that a consultant or coordinator registers, led as the lead rule says; an existing one as it is.

    `unit` becomes the main unit. Raises NotAllowed for everybody else, and Invalid as `register` and `add_unit`.
    """
    if not (actor.is_consultant or actor.is_coordinator):
        raise NotAllowed
    main = unit["municipality_code"] if unit else None
    lead = lead_of_company(main_unit=main, first_unit=None, intake_by=actor.municipality, duty="")
    if not lead.municipality:
        lead = replace(lead, municipality=on_duty())
    company, is_new = register(actor, cvr=cvr, name=name, lead=lead.municipality, why=lead.why, **fields)
    if is_new and unit:
        with _below("unit"):
            add_unit(actor, company, **unit, is_main=True)
    return company, is_new


@contextmanager
def _below(name: str) -> Iterator[None]:
    """Problems of a part point into the part."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid([replace(one, pointer=f"/{name}{one.pointer}") for one in invalid.errors]) from None


@transaction.atomic
def register(
    actor: Actor,
    *,
    cvr: str,
    name: str,
    lead: str,
    why: str,
    industry_code: str = "",
    industry_version: str = "",
    headcount: int | None = None,
    headcount_on: dt.date | None = None,
) -> tuple[Company, bool]:
    """The company of a CVR number, and whether it is new. An existing one is returned as it is, never doubled.

    `lead` is a municipality code, `why` a code of `companies.lead`. Raises Invalid for a wrong number or name.
    """
    number = valid_cvr(cvr)
    existing = Company.objects.with_cvr(number).first()
    if existing is not None:
        return existing, False
    _valid_industry(industry_code, industry_version)
    now = clock.now()
    company = Company(
        cvr=number,
        name=clean_text(name, field="name", max_length=200, min_length=1, multiline=False),
        lead_id=lead,
        industry_code=industry_code,
        industry_version=industry_version if industry_code else "",
        headcount=headcount,
        headcount_on=headcount_on or (clock.today() if headcount is not None else None),
        contact_user_id=actor.user_id if actor.works_in(lead) else None,
        created_at=now,
    )
    try:
        with transaction.atomic():
            company.save(force_insert=True)
    except IntegrityError:  # somebody registered it in the same moment: theirs is the company
        return Company.objects.with_cvr(number).get(), False
    LeadPeriod.objects.create(company=company, municipality_id=lead, started_at=now, why=why, decided_by=actor.name)
    _tell("company.registered", company, actor, lead=lead)
    return company, True


def _tell(event: str, company: Company, actor: Actor, **data: Any) -> None:
    everybody = Municipality.objects.values_list("code", flat=True)
    append(
        event,
        company.public_id,
        by=actor,
        municipality=company.lead_id,
        audience=everybody,
        company=company.public_id,
        data=data,
        version=company.version,
    )


def _bump(company: Company, *fields: str) -> Company:
    company.version += 1
    company.save(update_fields=[*fields, "version"])
    return company


def note_change(company: Company, actor: Actor, *fields: str) -> Company:
    """A new version of a locked company of which something beside its own columns changed."""
    _bump(company)
    _tell("company.changed", company, actor, fields=sorted(fields))
    return company


CHANGEABLE = (
    "name", "industry_code", "industry_version", "headcount", "headcount_on", "do_not_call", "no_letters",
    "contact_user", "substitute_user", "substitute_until",
)  # fmt: skip


@transaction.atomic
def change(actor: Actor, company_id: UUID, version: int, changes: Mapping[str, Any]) -> Company:
    """Change CHANGEABLE fields; `contact_user` and `substitute_user` are public ids of consultants of the lead.

    Raises Invalid, NotAllowed, NotVisible or Stale.
    """
    company = locked(company_id, actor, version)
    values = {field: changes[field] for field in CHANGEABLE if field in changes}
    if "name" in values:
        values["name"] = clean_text(values["name"], field="name", max_length=200, min_length=1, multiline=False)
    for field in ("contact_user", "substitute_user"):
        if values.get(field) is not None:
            values[field] = _colleague(values[field], company.lead_id, field)
    for field, value in values.items():
        setattr(company, field, value)
    if not company.industry_code:
        company.industry_version = ""
    _valid_industry(company.industry_code, company.industry_version)
    if company.headcount is not None and company.headcount_on is None:
        company.headcount_on = clock.today()
    _bump(company, *CHANGEABLE)
    _tell("company.changed", company, actor, fields=sorted(values))
    return company


def _colleague(user: UUID, municipality: str, field: str) -> User:
    """A current consultant of the municipality. Raises Invalid for anybody else."""
    found = membership.current(user__public_id=user, municipality=municipality, role=Role.CONSULTANT).first()
    if found is None:
        raise Invalid.field(field, "not_a_consultant", _("This is no consultant of the lead municipality."))
    return found.user


@transaction.atomic
def add_unit(actor: Actor, company: Company, **fields: Any) -> ProductionUnit:
    """A production unit with its municipality; by P-number, or by address where the company does not know it.

    A P-number that this company has already is returned as it is. Raises Invalid when another company has it.
    """
    p_number = fields.pop("p_number", None) or None
    if p_number:
        p_number = valid_p_number(p_number)
        existing = ProductionUnit.objects.filter(p_number=p_number).first()
        if existing is not None and existing.company_id == company.pk:
            return existing
        if existing is not None:
            raise Invalid.field("p_number", "p_number_of_another", _("This P-number belongs to another company."))
    elif not fields.get("street"):
        raise Invalid.field("street", "address_needed", _("Give a P-number or an address."))
    _valid_industry(fields.get("industry_code", ""), fields.get("industry_version", ""))
    for name in ("name", "street"):
        fields[name] = clean_text(fields.get(name) or "", field=name, max_length=200, multiline=False)
    fields["name"] = fields["name"] or company.name
    first = not company.units.filter(is_main=True).exists()
    is_main = first if fields.get("is_main") is None else fields["is_main"]
    if is_main and not first:
        company.units.filter(is_main=True).update(is_main=False)
    return ProductionUnit.objects.create(company=company, p_number=p_number, **{**fields, "is_main": is_main})


@transaction.atomic
def add_contact(actor: Actor, company: Company, **fields: Any) -> Contact:
    """A person who may be called. Raises Invalid without phone and mail, or with a CPR number in a field."""
    if not fields.get("phone") and not fields.get("email"):
        raise Invalid.field("phone", "contact_needed", _("Give a phone number or an e-mail address."))
    unit = fields.get("unit")
    if unit is not None and unit.company_id != company.pk:
        raise Invalid.field("unit", "unit_of_another", _("A unit belongs to another company."))
    for name, length in (("name", 120), ("title", 120), ("email", 254), ("phone", 30), ("best_time", 120)):
        fields[name] = clean_text(fields.get(name) or "", field=name, max_length=length, multiline=False)
    if not fields["name"]:
        raise Invalid.field("name", "required", _("A contact person has a name."))
    return Contact.objects.create(company=company, **fields)


LEAD_PROBLEMS = {
    "unknown_municipality": _("This municipality is not one of the nine."),
    "required": _("This is required."),
    "in_the_future": _("This lies in the future."),
}


def change_lead(
    company: Company,
    to: str,
    actor: Actor,
    *,
    reason: str,
    agreed_with: str,
    agreed_on: dt.date | None = None,
    why: str = "override",
) -> Company:
    """Give a locked company another lead, with reason and the agreeing municipality; history is kept.

    Moving its open orders is the work of `joborders.services`, in the same transaction. Raises Invalid, Conflict.
    """
    agreed_on = agreed_on or clock.today()
    problem = change_problem(
        current=company.lead_id, to=to, reason=reason, agreed_with=agreed_with, agreed_on=agreed_on, today=clock.today()
    )
    if problem is not None and problem[1] == "already_lead":
        raise Conflict("same_lead", _("This municipality leads already."))
    if problem is not None:
        raise Invalid.field(problem[0], problem[1], LEAD_PROBLEMS[problem[1]])
    text = clean_text(reason, field="reason", max_length=1000, min_length=1)
    was = company.lead_id
    company.lead_id = to
    company.contact_user = company.substitute_user = company.substitute_until = None
    _bump(company, "lead", "contact_user", "substitute_user", "substitute_until")
    LeadPeriod.objects.create(
        company=company,
        municipality_id=to,
        started_at=clock.now(),
        why=why,
        reason=text,
        agreed_with=agreed_with,
        agreed_on=agreed_on,
        decided_by=actor.name,
    )
    _tell("company.lead_changed", company, actor, lead=to, was=was)
    return company


@transaction.atomic
def refuse_calls(actor: Actor, company: Company, field: str = "do_not_call") -> None:
    """The company wants no calls (or, by `field`, `no_letters`) for campaigns: whoever hears it notes it."""
    found = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if not getattr(found, field):
        setattr(found, field, True)
        _bump(found, field)
        _tell("company.changed", found, actor, fields=[field])
    setattr(company, field, True)
    company.version = found.version


@transaction.atomic
def log_contact(
    actor: Actor,
    company: Company,
    *,
    kind: str,
    about: str,
    text: str = "",
    next_step: str = "",
    next_on: dt.date | None = None,
    order: UUID | None = None,
    unit: ProductionUnit | None = None,
    happened_at: dt.datetime | None = None,
    do_not_call: bool = False,
) -> ContactLogEntry:
    """Note that somebody of the nine spoke with the company. Raises Invalid, or NotAllowed for anybody else.

    `do_not_call`: the company asked in this talk not to be called for campaigns; that holds from now on, whoever heard.
    """
    if actor.role not in {Role.CONSULTANT, Role.COORDINATOR, Role.CASEWORKER}:
        raise NotAllowed
    if kind not in ContactLogEntry.Kind.values:
        raise Invalid.field("kind", "unknown_code", _("Phone, mail, visit or meeting."))
    now = clock.now()
    if unit is not None and unit.company_id != company.pk:
        raise Invalid.field("unit", "unit_of_another", _("A unit belongs to another company."))
    if happened_at is not None and happened_at > now:
        raise Invalid.field("happened_at", "in_the_future", _("This lies in the future."))
    if do_not_call:
        refuse_calls(actor, company)
    return ContactLogEntry.objects.create(
        company=company,
        unit=unit,
        kind=kind,
        about=clean_text(about, field="about", max_length=200, min_length=1, multiline=False),
        text=clean_text(text, field="text", max_length=2000),
        next_step=clean_text(next_step, field="next_step", max_length=200, multiline=False),
        next_on=next_on,
        do_not_call=do_not_call,
        order=order,
        happened_at=happened_at or now,
        municipality_code=actor.municipality or "",
        by_user_id=actor.user_id,
        by_name=actor.name,
    )
