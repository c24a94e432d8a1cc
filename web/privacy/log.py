"""The auditor's monthly look into the access log, and the readers' answers to its questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from companies.models import Company
from events import clock
from events.errors import Invalid, NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor, Role
from privacy import sampling
from privacy.models import Check, Sample
from web.actors import members_only
from web.forms.base import Form
from web.methods import post_or
from web.people.candidate_page import FIELDS, PURPOSES
from web.privacy.forms import AnswerForm, ConclusionForm, QuestionForm
from web.vocabulary_words import municipality_names

READERS = (Role.CONSULTANT, Role.CASEWORKER)
GET_OR_POST = ["GET", "HEAD", "POST"]


@require_GET
@members_only(Role.AUDITOR)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sample of a month, by municipality; the newest unless another is chosen."""
    months = list(Sample.objects.values_list("month", flat=True)[:24])
    asked = request.GET.get("month", "")
    month = next((one for one in months if f"{one:%Y-%m}" == asked), months[0] if months else None)
    sample = Sample.objects.filter(month=month).first() if month else None
    checks = list(Check.objects.visible_to(actor).filter(sample=sample)) if sample else []
    last = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    context = {
        "months": [{"value": f"{one:%Y-%m}", "month": one} for one in months],
        "sample": sample,
        "rows": in_words(checks),
        "waiting": sum(not check.conclusion for check in checks),
        "last": None if last in months else last,
    }
    return render(request, "web/privacy/log.html", context)


@post_or("web:access-log")
@members_only(Role.AUDITOR)
def draw(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw last month's sample, where the night has not done it."""
    sampling.draw_last_month()
    return redirect("web:access-log")


@require_GET
@members_only(Role.AUDITOR)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One read that was drawn."""
    return _check_page(request, actor, id)


@require_POST
@members_only(Role.AUDITOR)
def ask(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Ask the reader why."""
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            sampling.ask(id, actor, _version(request), form.cleaned_data["question"])
        except Invalid as error:
            form.refuse(error, {"/question": "question"})
        else:
            messages.success(request, _("The question is put. The reader meets it at the next login."))
            return redirect("web:access-check", id)
    return _check_page(request, actor, id, question=form)


@require_POST
@members_only(Role.AUDITOR)
def conclude(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Say what came of it."""
    form = ConclusionForm(request.POST)
    if form.is_valid():
        try:
            sampling.conclude(id, actor, _version(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {"/conclusion": "conclusion", "/remark": "remark"})
        else:
            messages.success(request, _("The conclusion is kept."))
            return redirect("web:access-log")
    return _check_page(request, actor, id, conclusion=form)


@require_GET
@members_only(*READERS)
def questions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The questions about the reader's own look-ups, those without an answer first."""
    found = list(Check.objects.visible_to(actor).order_by("-asked_at"))
    found.sort(key=lambda check: not check.is_open)
    return render(request, "web/privacy/questions.html", {"rows": in_words(found)})


@require_http_methods(GET_OR_POST)
@members_only(*READERS)
def question(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One question; sent, it keeps the answer."""
    check = _seen(id, actor)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sampling.answer(id, actor, _version(request), form.cleaned_data["answer"])
        except Invalid as error:
            form.refuse(error, {"/answer": "answer"})
        else:
            messages.success(request, _("Your answer is sent."))
            return redirect("web:questions")
    context = {"row": in_words([check])[0], "form": form, "here": f"/questions/{id}"}
    return render(request, "web/privacy/question.html", context, status=422 if form.is_bound else 200)


def in_words(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Reads as lines of a table; four queries whatever the number. They name the reader, never the citizen."""
    places = municipality_names()
    people = _by_id(User, "name", [check.actor_id for check in checks])
    firms = _by_id(Company, "name", [check.company for check in checks])
    orders = _by_id(JobOrder, "number", [check.order for check in checks])
    return [
        {
            "check": check,
            "who": people.get(check.actor_id) or firms.get(check.company) or _("somebody who has left"),
            "place": places.get(check.place, check.place),
            "order": orders.get(check.order, ""),
            "purpose": PURPOSES.get(check.purpose, check.purpose),
            "fields": ", ".join(str(FIELDS.get(name, name)) for name in check.fields.split(",") if name),
            "citizen": str(check.candidate)[:8],
            "state": _state(check),
        }
        for check in checks
    ]


def _state(check: Check) -> str:
    if check.conclusion:
        return str(check.get_conclusion_display())
    if check.answered_at:
        return _("answered")
    return _("waits for an answer") if check.asked_at else _("not looked at")


def _by_id(model: Any, column: str, ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
    wanted = {one for one in ids if one is not None}
    return dict(model.objects.filter(public_id__in=wanted).order_by().values_list("public_id", column))


def _seen(id: UUID, actor: Actor) -> Check:
    found = Check.objects.visible_to(actor).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _check_page(
    request: HttpRequest, actor: Actor, id: UUID, *, question: Form | None = None, conclusion: Form | None = None
) -> HttpResponse:
    check = _seen(id, actor)
    context = {
        "row": in_words([check])[0],
        "question_form": question or QuestionForm(),
        "conclusion_form": conclusion or ConclusionForm(),
        "may_ask": check.actor_id is not None and check.asked_at is None and not check.conclusion,
        "here": f"/access-log/{id}",
    }
    return render(request, "web/privacy/check.html", context, status=422 if question or conclusion else 200)
