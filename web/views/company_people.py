"""A new company, the people at it, and who of the nine has its contact while somebody is away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from companies import contacts, services
from companies.models import Company, Contact
from events.errors import Invalid, NotVisible, Stale
from joborders.services.places import unit_fields
from municipalities.actor import Actor
from web.actors import members_only
from web.forms.companies import AbsenceForm, ContactForm, NewCompanyForm
from web.views.companies import WRITERS
from web.views.company_steps import GET_OR_POST, form_page, mine, pointers, told, version_of

NAMES = tuple(contacts.LENGTHS)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a company that has no order yet; one that is known already is shown instead."""
    form = NewCompanyForm(request.POST if request.method == "POST" else None, initial={"cvr": request.GET.get("cvr")})
    if request.method == "POST" and form.is_valid():
        body = form.body()
        try:
            if "unit" in body:
                body["unit"] = unit_fields(body["unit"], "unit")
            company, is_new = services.take_in(actor, **body)
        except Invalid as error:
            form.refuse(error, pointers(NewCompanyForm) | {f"/unit/{name}": name for name in NewCompanyForm.UNIT})
        else:
            if is_new:
                messages.success(request, _("The company is registered."))
            else:
                messages.info(request, _("This company is registered already: here it is."))
            return redirect("web:company", company.public_id)
    return render(request, "web/companies/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new_contact(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Add somebody at the company who may be called."""
    company = mine(id, actor)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.add_contact(actor, services.locked(id, actor, None), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, pointers(ContactForm))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:company", id)
    return form_page(request, company, form, heading=_("Add a contact person"), button=_("Add"))


def _contact_of(company: Company, contact: UUID) -> Contact:
    """Somebody who may be called today. Raises NotVisible."""
    found = company.contacts.filter(public_id=contact, ended_on__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def _as_shown(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in NAMES}


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def edit_contact(request: HttpRequest, actor: Actor, id: UUID, contact: UUID) -> HttpResponse:
    """Correct somebody at the company; or the way to take them off the list."""
    company = mine(id, actor)
    person = _contact_of(company, contact)
    form = ContactForm(request.POST if request.method == "POST" else None, initial=_as_shown(person))
    form.remember()
    faster = None
    if request.method == "POST" and form.is_valid():
        try:
            if changes := {name: form.cleaned_data[name] for name in form.changed_data}:
                contacts.change(actor, id, version_of(request), contact, changes)
        except Stale as stale:
            faster, company = told(stale), mine(id, actor)
            form.renew(_as_shown(_contact_of(company, contact)))
        except Invalid as error:
            form.refuse(error, pointers(ContactForm))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:company", id)
    context = {"heading": _("Correct a contact person"), "button": _("Save"), "stale": faster, "ends": person}
    return form_page(request, company, form, **context)


@require_POST
@members_only(*WRITERS)
def end_contact(request: HttpRequest, actor: Actor, id: UUID, contact: UUID) -> HttpResponse:
    """Take somebody off the list of those who may be called."""
    company = mine(id, actor)
    name = _contact_of(company, contact).name
    try:
        contacts.end(actor, id, version_of(request), contact)
    except Stale as stale:
        known = told(stale)
        text = _("%(by)s changed the company in the meantime (%(changed)s). Nothing was done; look once more.")
        messages.warning(request, str(text) % known)
        return redirect("web:company-contact", id, contact)
    messages.success(request, str(_("%(name)s is no longer on the list.")) % {"name": name})
    return redirect("web:company", id)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def absence(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Who has the contact while its person is away; `back` ends it early."""
    company = mine(id, actor)
    now = {"substitute_until": company.substitute_until}
    now["substitute_user"] = str(company.substitute_user.public_id) if company.substitute_user else ""
    is_back = request.method == "POST" and "back" in request.POST
    form = AbsenceForm(request.POST if request.method == "POST" and not is_back else None, company=company, initial=now)
    faster = None
    if is_back or (request.method == "POST" and form.is_valid()):
        changes = {"substitute_user": None, "substitute_until": None} if is_back else form.cleaned_data
        try:
            services.change(actor, id, version_of(request), changes)
        except Stale as stale:
            faster, company = told(stale), mine(id, actor)
        except Invalid as error:
            form.refuse(error, pointers(AbsenceForm))
        else:
            messages.success(request, _("Welcome back.") if is_back else _("The substitute has the contact meanwhile."))
            return redirect("web:company", id)
    who = company.contact_user.name if company.contact_user else _("The contact person")
    explained = str(_("%(name)s stays the company's contact. Until the last day away the substitute is shown instead."))
    context = {"heading": _("Away for a while"), "button": _("Save"), "explained": explained % {"name": who}}
    return form_page(request, company, form, stale=faster, can_end=company.substitute_user is not None, **context)
