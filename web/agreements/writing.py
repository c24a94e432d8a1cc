"""What the nine write of an agreement: drawn up, signed, changed, its units chosen, its forecast kept, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from companies import agreements, coverage
from companies.models import Agreement
from events.errors import Conflict, Invalid, NotAllowed, Stale
from municipalities.actor import Actor
from web.actors import members_only
from web.agreements import words
from web.agreements.forms import (
    CoverageForm,
    EndForm,
    ForecastForm,
    NewForm,
    SignForm,
    TermsForm,
    initial_coverage,
    initial_terms,
)
from web.agreements.pages import agreement_of, page_of
from web.forms.base import Form
from web.views.companies import WRITERS
from web.views.company_steps import mine, version_of
from web.vocabulary_words import municipality_names

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN_UNITS = 25


def _own(id: UUID, actor: Actor) -> Agreement:
    """The agreement, for those who may change it. Raises NotVisible or NotAllowed."""
    found = agreement_of(id, actor)
    if not agreements.may_change(actor, found):
        raise NotAllowed
    return found


def _told(error: Stale) -> str:
    """Who was faster, and what they changed."""
    changed = ", ".join(dict.fromkeys(str(words.CHANGED.get(name, name)) for name in error.changed))
    who = error.changed_by or _("a colleague")
    return _(
        "%(who)s changed the agreement in the meantime: %(changed)s. Nothing was saved. Look at it, and save again."
    ) % {
        "who": who,
        "changed": changed,
    }


def _pointers(form: Form) -> dict[str, str]:
    return {f"/{name}": name for name in form.fields} | {"/units": "p_numbers", "/forecast": "month_0"}


def _page(request: HttpRequest, template: str, form: Form, refusal: str, **context: Any) -> HttpResponse:
    shown = {"form": form, "refusal": refusal, "agreement": None, "preview": None, **context}
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, f"web/agreements/{template}.html", shown, status=status)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Draw up an agreement with a company, or register a signed one."""
    company, refusal, preview = mine(id, actor), "", None
    form = NewForm(request.POST or None, request.FILES or None, company=company)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            preview = _preview(form)
        else:
            signed_on = form.cleaned_data["signed_on"]
            terms = {**form.terms(), **form.covered()}
            try:
                if signed_on:
                    made = agreements.sign(actor, company, signed_on=signed_on, **terms)
                else:
                    made = agreements.draft(actor, company, **terms)
            except Invalid as error:
                form.refuse(error, _pointers(form))
            except Conflict as error:
                refusal = str(error)
            else:
                messages.success(request, _("Saved."))
                return redirect("web:agreement", made.public_id)
    back = reverse("web:company", args=[id])
    return _page(
        request, "form", form, refusal, company=company, back=back, preview=preview, heading=_("New agreement")
    )


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def edit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Change the terms."""
    agreement, refusal = _own(id, actor), ""
    form = TermsForm(request.POST or None, agreement=agreement, initial=initial_terms(agreement))
    if request.method == "POST" and form.is_valid():
        done, refusal = _change(request, actor, agreement, form, form.terms())
        if done:
            return done
        agreement = _own(id, actor)
    context = {"agreement": agreement, "company": agreement.company, "heading": _("Change the agreement")}
    return _page(request, "form", form, refusal, back=reverse("web:agreement", args=[id]), **context)


def _change(
    request: HttpRequest, actor: Actor, agreement: Agreement, form: Form, changes: dict[str, Any]
) -> tuple[HttpResponse | None, str]:
    """Change it: to its page where that went well, else the refusal in words (or the mistakes in the form)."""
    try:
        agreements.change(actor, agreement.public_id, version_of(request), changes)
    except Stale as error:
        return None, _told(error)
    except Conflict as error:
        return None, str(error)
    except Invalid as error:
        form.refuse(error, _pointers(form))
        return None, ""
    messages.success(request, _("Saved."))
    return redirect("web:agreement", agreement.public_id), ""


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def units(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Choose the covered units; "look first" shows them before anything is saved."""
    agreement, refusal, preview = _own(id, actor), "", None
    bound = request.method == "POST"
    form = CoverageForm(
        request.POST if bound else None, request.FILES if bound else None, company=agreement.company,
        initial=initial_coverage(agreement),
    )  # fmt: skip
    if bound and form.is_valid():
        if "look" in request.POST:
            preview = _preview(form)
        else:
            done, refusal = _change(request, actor, agreement, form, form.covered())
            if done:
                return done
            agreement = _own(id, actor)
    context = {"agreement": agreement, "company": agreement.company, "heading": _("Covered units"), "preview": preview}
    return _page(request, "form", form, refusal, back=reverse("web:agreement", args=[id]), **context)


def _preview(form: CoverageForm) -> dict[str, Any]:
    """How many units there would be, and the first of them."""
    covered = coverage.would_cover(form.company, form.areas, form.chosen)
    places = municipality_names()
    first = [{"row": unit, "place": places.get(unit.municipality_code, "")} for unit in covered[:SHOWN_UNITS]]
    count = covered.count()
    return {"count": count, "of": form.company.units.active().count(), "first": first, "more": count - len(first)}


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def forecast(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """What the company expects to need."""
    agreement, refusal = _own(id, actor), ""
    form = ForecastForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        done, refusal = _change(request, actor, agreement, form, {"forecast": form.lines})
        if done:
            return done
        agreement = _own(id, actor)
    context = {"agreement": agreement, "company": agreement.company}
    return _page(request, "forecast", form, refusal, back=reverse("web:agreement", args=[id]), **context)


@require_POST
@members_only(*WRITERS)
def sign(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The draft is signed, on the day that is given."""
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            agreements.sign_draft(actor, id, version_of(request), **form.cleaned_data)
        except Stale as error:
            return page_of(request, actor, agreement_of(id, actor), refusal=_told(error))
        except Conflict as error:
            return page_of(request, actor, agreement_of(id, actor), refusal=str(error))
        except Invalid as error:
            form.refuse(error, {"/signed_on": "signed_on"})
        else:
            messages.success(request, _("The agreement is signed."))
            return redirect("web:agreement", id)
    return page_of(request, actor, agreement_of(id, actor), sign=form)


@require_POST
@members_only(*WRITERS)
def end(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """End it before its last day."""
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            agreements.end(actor, id, version_of(request), **form.cleaned_data)
        except Stale as error:
            return page_of(request, actor, agreement_of(id, actor), refusal=_told(error))
        except Conflict as error:
            return page_of(request, actor, agreement_of(id, actor), refusal=str(error))
        except Invalid as error:
            form.refuse(error, {"/ended_on": "ended_on"})
        else:
            messages.success(request, _("The agreement is ended."))
            return redirect("web:agreement", id)
    return page_of(request, actor, agreement_of(id, actor), end=form)
