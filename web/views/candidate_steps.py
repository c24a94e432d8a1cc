"""What the home jobcentre does with a candidate: keep the profile, confirm the CV, answer requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from candidates import services
from candidates.access import named
from candidates.models import Candidate
from events import clock
from events.errors import Conflict, Invalid, NotVisible, Stale
from joborders.models import JobOrder, Nomination
from joborders.services import nominations
from municipalities.actor import Actor
from web.actors import members_only
from web.forms.candidates import ConfirmForm, ProfileForm, initial_of
from web.forms.nominations import AnswerForm, WithdrawForm
from web.people.candidate_page import marks_in
from web.views.candidates import IDENTITY, KEEPERS, own_candidate, read_name
from web.vocabulary_words import municipality_names

POINTERS = {f"/{name}": name for name in ProfileForm.base_fields}
ANSWER_POINTERS = {f"/{name}": name for name in AnswerForm.base_fields}
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@members_only(*KEEPERS)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register somebody of the own municipality."""
    form = ProfileForm(request.POST or None, initial={"status": Candidate.Status.AVAILABLE, "contact_way": "jobcentre"})
    if request.method == "POST" and form.is_valid():
        profile = form.changes() | {name: form.cleaned_data[name] for name in ("status", "contact_way")}
        try:
            made = services.register(actor, profile)
        except Invalid as error:
            form.refuse(error, POINTERS)
        except Conflict as error:
            form.add_error("external_reference", str(error))
        else:
            messages.success(request, _("The candidate is registered. Go on with the lists below."))
            return redirect("web:candidate", made.public_id)
    context = {"form": form, "candidate": None, "changed_by": "", "taken_over": []}
    return render(request, "web/candidates/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(GET_OR_POST)
@members_only(*KEEPERS)
def edit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Change the profile. Where a colleague was faster, the page shows both: theirs in the fields that they changed."""
    with transaction.atomic():
        candidate = own_candidate(id, actor)
        initial = initial_of(candidate, read_name(candidate, actor, *IDENTITY, "cv_text"))
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"candidate": candidate, "changed_by": "", "taken_over": []}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if changes := form.changes():
                    services.update(id, actor, _version(request), changes)
            except Stale as stale:
                status = 412
                form, context["taken_over"] = _with_theirs(request, stale, initial)
                context["changed_by"] = stale.changed_by or _("a colleague")
            except Invalid as error:
                form.refuse(error, POINTERS)
            except Conflict as error:
                form.add_error("external_reference", str(error))
            else:
                messages.success(request, _("The profile is saved."))
                return redirect("web:candidate", id)
    return render(request, "web/candidates/form.html", context | {"form": form}, status=status)


def _with_theirs(request: HttpRequest, stale: Stale, initial: dict[str, Any]) -> tuple[ProfileForm, list[str]]:
    """The form with the colleague's values where they changed something, the own ones elsewhere."""
    data = request.POST.copy()
    theirs = [name for name in stale.changed if name in ProfileForm.base_fields]
    blank = ProfileForm(initial=initial)
    for name in theirs:
        value = blank[name].value()
        data.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
    form = ProfileForm(data, initial=initial)
    return form, [str(blank[name].label) for name in theirs]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


@require_POST
@members_only(*KEEPERS)
def confirm(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Note the day on which the citizen confirmed the CV."""
    form = ConfirmForm(request.POST)
    day = form.cleaned_data["confirmed_on"] if form.is_valid() else clock.today()
    try:
        services.update(id, actor, _version(request), {"confirmed_on": day})
    except Invalid as error:
        messages.error(request, "; ".join(str(problem.detail) for problem in error.errors))
    else:
        messages.success(request, _("The CV is confirmed."))
    return redirect("web:candidate", id)


@require_POST
@members_only(*KEEPERS)
def withdraw(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Take somebody out of screening."""
    services.withdraw(id, actor, _version(request))
    messages.success(request, _("The candidate is out of screening."))
    return redirect("web:candidate", id)


def nomination_of(id: UUID, candidate: Candidate, actor: Actor) -> Nomination:
    """A nomination of the candidate. Raises NotVisible."""
    related = ("order__company", "order__lead", "order__assignee", "order__unit")
    found = Nomination.objects.visible_to(actor).filter(public_id=id, candidate=candidate)
    one = found.select_related(*related).first()
    if one is None:
        raise NotVisible
    return one  # type: ignore[no-any-return]


@require_http_methods(GET_OR_POST)
@members_only(*KEEPERS)
def answer(request: HttpRequest, actor: Actor, id: UUID, nomination: UUID) -> HttpResponse:
    """A request for the own candidate: accept with acceptance and talk, or take the candidate off with a reason."""
    with transaction.atomic():
        candidate = own_candidate(id, actor)
        one = nomination_of(nomination, candidate, actor)
        people: Any = Candidate.objects.filter(pk=candidate.pk)
        order = one.order
        fields = ("name", "cv_text")
        [person] = named(people, actor=actor, purpose="nomination.show", fields=fields, order=order.public_id)
    accepting = request.method == "POST" and request.POST.get("step") == "accept"
    withdrawing = request.method == "POST" and not accepting
    yes = AnswerForm(
        request.POST if accepting else None,
        is_special=order.type == JobOrder.Type.SPECIAL,
        initial={"cv_text": one.cv_text or person.cv_text},
    )
    no = WithdrawForm(request.POST if withdrawing else None)
    if (accepting and yes.is_valid()) or (withdrawing and no.is_valid()):
        try:
            return _answered(request, actor, one, yes if accepting else no)
        except Invalid as error:
            (yes if accepting else no).refuse(error, ANSWER_POINTERS | {"/reason": "reason", "/text": "text"})
    cv_text = yes["cv_text"].value() or ""
    context = {
        "candidate": candidate,
        "person": person,
        "nomination": one,
        "order": order,
        "lead": municipality_names().get(order.lead_id, ""),
        "steps": nominations.allowed_steps(one, actor),
        "yes": yes,
        "no": no,
        "marks": marks_in(cv_text),
    }
    return render(request, "web/candidates/answer.html", context, status=422 if request.method == "POST" else 200)


def _answered(request: HttpRequest, actor: Actor, one: Nomination, form: Any) -> HttpResponse:
    """Take the step that was filled in."""
    version = _version(request)
    if isinstance(form, AnswerForm):
        done = nominations.accept(one.public_id, actor, version, acceptance=form.acceptance())
        messages.success(
            request, _("The candidate is accepted on the order. The order's consultant sees the name now.")
        )
        if any(code.startswith("cv_") for code in done.warnings):
            messages.warning(request, _("The CV still holds words that a company should not read. Look at it again."))
    else:
        nominations.withdraw(one.public_id, actor, version, **form.cleaned_data)
        messages.success(request, _("The candidate is off the order."))
    return redirect("web:candidate", one.candidate.public_id)
