"""The business network: its members, what was promised, and what companies say that they will need."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from events import clock
from events.errors import Conflict, Invalid, NotVisible
from gatherings import network
from gatherings.models import CompetenceNeed, Invitation, NetworkMember
from municipalities.actor import Actor
from web.actors import members_only
from web.agreements.words import occupation_of
from web.forms.base import Form
from web.gatherings.forms import CommitmentForm, CompanyField, NeedForm
from web.views.companies import READERS, WRITERS
from web.vocabulary_words import municipality_names

GET_OR_POST = ["GET", "HEAD", "POST"]
PAGE_SIZE = 25
SHOWN_NEEDS = 50


@require_http_methods(GET_OR_POST)
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Members with their open promises, and the needs that stand; a new member by its CVR number."""
    form = CompanyField(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = network.join(actor, form.cleaned_data["cvr"].public_id)
        except Conflict as error:
            form.add_error("cvr", str(error))
        else:
            return redirect("web:network-member", made.public_id)
    open_promises = Count("commitments", filter=Q(commitments__kept_on__isnull=True))
    members = NetworkMember.objects.visible_to(actor).filter(left_on__isnull=True).select_related("company")
    members = members.annotate(promises=open_promises).order_by("company__name", "pk")
    places = municipality_names()
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [{"row": row, "lead": places.get(row.company.lead_id, "")} for row in page.object_list]
    needs = CompetenceNeed.objects.visible_to(actor).filter(expires_on__gte=clock.today())
    needs = needs.select_related("company", "occupation").order_by("needed_by", "pk")[:SHOWN_NEEDS]
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "needs": [{"row": row, "occupation": occupation_of(row.occupation) if row.occupation else ""} for row in needs],
        "may_work": network.may_work(actor),
        "today": clock.today().isoformat(),
    }
    return render(request, "web/gatherings/network.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new_need(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write down what a company says that it will lack."""
    form = NeedForm(request.POST or None, actor=actor, initial={"cvr": request.GET.get("cvr", "")[:12]})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            network.state_need(actor, typed.pop("cvr").public_id, **typed)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("Saved."))
            return redirect("web:network")
    return form_page(request, form, heading=_("What a company will need"), back="web:network")


def form_page(request: HttpRequest, form: Form, **context: Any) -> HttpResponse:
    """A page with one form."""
    shown = {"form": form, "about": "", "refusal": "", "version": None, "back_id": None, "to_order": False, **context}
    status = 409 if shown["refusal"] else 422 if form.is_bound and form.errors else 200
    return render(request, "web/gatherings/form.html", shown, status=status)


def _member(id: UUID, actor: Actor) -> NetworkMember:
    seen = NetworkMember.objects.visible_to(actor).select_related("company")
    found: NetworkMember | None = seen.filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


@require_http_methods(GET_OR_POST)
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One member: promises of both sides, and the meetings that it was asked to."""
    member = _member(id, actor)
    form = CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            network.commit(actor, id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("Saved."))
            return redirect("web:network-member", id)
    context = {
        "member": member,
        "promises": list(member.commitments.order_by("kept_on", "due_on", "pk")),
        "meetings": list(
            Invitation.objects.filter(company=member.company)
            .select_related("gathering")
            .order_by("-gathering__starts_at")
        ),
        "form": form,
        "today": clock.today(),
        "may_work": network.may_work(actor) and member.left_on is None,
    }
    return render(request, "web/gatherings/member.html", context, status=422 if form.errors else 200)


@require_POST
@members_only(*WRITERS)
def leave(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The company is no member any more."""
    network.leave(actor, id)
    messages.success(request, _("Saved."))
    return redirect("web:network")


@require_POST
@members_only(*WRITERS)
def kept(request: HttpRequest, actor: Actor, id: UUID, commitment: UUID) -> HttpResponse:
    """What was promised is done."""
    network.keep(actor, id, commitment)
    messages.success(request, _("Saved."))
    return redirect("web:network-member", id)
