"""What the nine do with a company: note a talk, keep the register, hand it over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from companies import services
from companies.models import Company
from events.errors import Invalid, NotAllowed, Stale
from joborders.services.changes import hand_over_company
from joborders.services.places import unit_fields
from municipalities.actor import Actor
from web.actors import members_only
from web.forms.base import Form
from web.forms.companies import CompanyForm, HandOverForm, TalkForm, UnitForm, initial_of
from web.views.companies import READERS, WRITERS, company_of, page_of

GET_OR_POST = ["GET", "HEAD", "POST"]
#: What a change of the company is called, by the names in its events.
CHANGED = {
    "name": _("the name"),
    "industry_code": _("the industry"),
    "industry_version": _("the industry"),
    "headcount": _("the number of employees"),
    "headcount_on": _("the number of employees"),
    "do_not_call": _("whether it may be called"),
    "no_letters": _("whether it wants letters"),
    "contact_user": _("the contact person of the nine"),
    "substitute_user": _("the substitute"),
    "substitute_until": _("the substitute"),
    "contacts": _("the contact persons at the company"),
    "lead_changed": _("the lead municipality"),
}


def pointers(form: type[Form]) -> dict[str, str]:
    """Every field of the form by the JSON pointer of the same name."""
    return {f"/{name}": name for name in form.base_fields}


def mine(id: UUID, actor: Actor) -> Company:
    """The company, for those who may change it. Raises NotVisible or NotAllowed."""
    company = company_of(id, actor)
    if not services.may_write(actor, company):
        raise NotAllowed
    return company


def version_of(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def form_page(request: HttpRequest, company: Company, form: Form, **context: Any) -> HttpResponse:
    shown = {"company": company, "form": form, "explained": "", "stale": None, **context}
    status = 412 if shown["stale"] else 422 if request.method == "POST" else 200
    return render(request, "web/companies/form.html", shown, status=status)


def told(stale: Stale) -> dict[str, str]:
    """Who was faster, and what they changed, in words."""
    changed = ", ".join(dict.fromkeys(str(CHANGED.get(name, name)) for name in stale.changed))
    return {"by": str(stale.changed_by or _("a colleague")), "changed": changed}


@require_POST
@members_only(*READERS)
def log(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Note a contact with the company."""
    company = company_of(id, actor, "units")
    form = TalkForm(request.POST, company=company)
    if form.is_valid():
        try:
            services.log_contact(actor, company, **form.talk())
        except Invalid as error:
            form.refuse(error, pointers(TalkForm))
        else:
            messages.success(request, _("Noted."))
            return redirect("web:company", id)
    return page_of(request, actor, company, form)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def edit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Change the register's entry or the contact person. After a colleague's change what was typed is kept."""
    company = mine(id, actor)
    form = CompanyForm(request.POST or None, company=company, initial=initial_of(company))
    faster = None
    if request.method == "POST" and form.is_valid():
        try:
            if changes := form.changes():
                services.change(actor, id, version_of(request), changes)
        except Stale as stale:
            faster, company = told(stale), mine(id, actor)
            form.renew(initial_of(company))
        except Invalid as error:
            form.refuse(error, pointers(CompanyForm))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:company", id)
    return form_page(request, company, form, heading=_("Change the register"), button=_("Save"), stale=faster)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def hand_over(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Another municipality becomes lead; open orders that no tovholder covers move along."""
    company = mine(id, actor)
    form = HandOverForm(request.POST or None, lead=company.lead_id)
    faster = None
    if request.method == "POST" and form.is_valid():
        try:
            _company, moved = hand_over_company(id, actor, version_of(request), **form.cleaned_data)
        except Stale as stale:
            faster, company = told(stale), mine(id, actor)
        except Invalid as error:
            form.refuse(error, pointers(HandOverForm))
        else:
            text = ngettext("%(n)s open order moved along.", "%(n)s open orders moved along.", moved) % {"n": moved}
            messages.success(request, f"{_('The company is handed over.')} {text}")
            return redirect("web:company", id)
    explained = _("The company gets a new contact. Open orders move along, unless an agreement's tovholder has them.")
    context = {"heading": _("Hand over to another municipality"), "button": _("Hand over"), "explained": explained}
    return form_page(request, company, form, stale=faster, **context)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new_unit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Add a production unit."""
    company = mine(id, actor)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value not in ("", False)}
        try:
            with transaction.atomic():
                services.add_unit(actor, services.locked(id, actor, None), **unit_fields(given))
        except Invalid as error:
            form.refuse(error, pointers(UnitForm))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:company", id)
    return form_page(request, company, form, heading=_("Add a production unit"), button=_("Add"))
