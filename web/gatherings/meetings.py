"""Gatherings: planned, companies invited by industry, attendance noted, leads carried on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from events.errors import Conflict, Invalid, NotVisible, Stale
from gatherings import services
from gatherings.models import Gathering, Invitation
from gatherings.network import may_work
from municipalities.actor import Actor
from web.actors import members_only
from web.gatherings.forms import GatheringForm, InviteForm, LeadForm, initial_of
from web.gatherings.network import form_page
from web.views.companies import READERS, WRITERS
from web.views.company_steps import version_of
from web.vocabulary_words import municipality_names

GET_OR_POST = ["GET", "HEAD", "POST"]
PAGE_SIZE, INVITATIONS = 25, 200
COUNTS = {
    "invited": Count("invitations"),
    "coming": Sum("invitations__people"),
    "came": Sum("invitations__came"),
}


@require_GET
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All gatherings, the latest first, with how many were asked, come and came."""
    found = Gathering.objects.visible_to(actor).annotate(**COUNTS).order_by("-starts_at", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "web/gatherings/list.html", {"page": page, "may_work": may_work(actor)})


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plan one."""
    form = GatheringForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan(actor, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            return redirect("web:gathering", made.public_id)
    return form_page(request, form, heading=_("Plan a meeting"), back="web:gatherings")


def _gathering(id: UUID, actor: Actor) -> Gathering:
    found: Gathering | None = Gathering.objects.visible_to(actor).annotate(**COUNTS).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def edit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Change it."""
    gathering, refusal = _gathering(id, actor), ""
    form = GatheringForm(request.POST or None, initial=initial_of(gathering))
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor, id, version_of(request), form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        except Stale:
            gathering, refusal = (
                _gathering(id, actor),
                _("A colleague changed it meanwhile. Look at it, and save again."),
            )
        except Conflict as error:
            refusal = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:gathering", id)
    context = {"heading": _("Change the meeting"), "back": "web:gathering", "back_id": id, "refusal": refusal}
    return form_page(request, form, version=gathering.version, **context)


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One gathering with everybody who was asked."""
    return _page(request, actor, _gathering(id, actor), InviteForm())


def _page(
    request: HttpRequest, actor: Actor, gathering: Gathering, form: InviteForm, refusal: str = ""
) -> HttpResponse:
    begun = gathering.starts_at <= clock.now()
    rows = gathering.invitations.select_related("company").order_by("company__name", "pk")
    answered = request.GET.get("answer", "")
    if answered in Invitation.Answer.values:
        rows = rows.filter(answer=answered)
    page = Paginator(rows, INVITATIONS).get_page(request.GET.get("page"))
    may = may_work(actor) and gathering.cancelled_at is None
    context: dict[str, Any] = {
        "gathering": gathering,
        "place": municipality_names().get(gathering.municipality_id or "", ""),
        "page": page,
        "answer": answered,
        "answers": Invitation.Answer.choices,
        "form": form,
        "refusal": refusal,
        "begun": begun,
        "may_work": may_work(actor),
        "may_invite": may and not begun,
        "may_note": may and begun,
    }
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    return render(request, "web/gatherings/page.html", context, status=status)


@require_POST
@members_only(*WRITERS)
def invite(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Invite the companies of an industry list."""
    form, refusal = InviteForm(request.POST), ""
    if form.is_valid():
        try:
            counts = services.invite(
                actor, id, **{**form.cleaned_data, "municipality": form.cleaned_data["municipality"] or None}
            )
        except Invalid as error:
            form.refuse(error, {"/divisions": "divisions"})
        except Conflict as error:
            refusal = str(error)
        else:
            said = _("Invited: %(invited)d. Without a mail address: %(no_address)d. Invited before: %(known)d.")
            messages.success(request, said % counts)
            return redirect("web:gathering", id)
    return _page(request, actor, _gathering(id, actor), form, refusal)


@require_POST
@members_only(*WRITERS)
def cancel(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """It will not take place."""
    services.cancel(actor, id, version_of(request))
    messages.success(request, _("The meeting is cancelled."))
    return redirect("web:gathering", id)


@require_POST
@members_only(*WRITERS)
def attendance(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Note how many of each company were there; an empty field says nothing."""
    came: dict[UUID, int] = {}
    for name, value in request.POST.items():
        text = str(value).strip()
        if name.startswith("came_") and text:
            try:
                came[UUID(name.removeprefix("came_"))] = int(text)
            except ValueError:
                return _page(request, actor, _gathering(id, actor), InviteForm(), _("Write a number from 0 to 20."))
    try:
        services.note_attendance(actor, id, came)
    except (Conflict, Invalid) as error:
        said = str(error.errors[0].detail) if isinstance(error, Invalid) else str(error)
        return _page(request, actor, _gathering(id, actor), InviteForm(), said)
    messages.success(request, _("Saved."))
    return redirect("web:gathering", id)


@require_http_methods(GET_OR_POST)
@members_only(*WRITERS)
def lead(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Carry a company's words on: into the contact log, and from there to an order where it wants people."""
    seen = Invitation.objects.filter(gathering__in=Gathering.objects.visible_to(actor))
    invitation = seen.select_related("gathering", "company").filter(public_id=id).first()
    if invitation is None:
        raise NotVisible
    form, refusal = LeadForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            services.note_lead(actor, id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        except Conflict as error:
            refusal = str(error)
        else:
            messages.success(request, _("Noted."))
            if "order" in request.POST:
                answer = redirect("web:quick")
                answer["Location"] += f"?company={invitation.company.public_id}"
                return answer
            return redirect("web:gathering", invitation.gathering.public_id)
    about = f"{invitation.company.name} · {invitation.gathering.title}"
    context = {"heading": _("What the company said"), "about": about, "refusal": refusal, "to_order": True}
    return form_page(request, form, back="web:gathering", back_id=invitation.gathering.public_id, **context)
