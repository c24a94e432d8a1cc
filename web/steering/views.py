"""The steering group's pages: goals with where they stand, the savings estimate, and the status packs to take along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import goals, measures, packs, savings
from campaigns.models import Goal, StatusPack
from events import clock
from events.errors import Invalid
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.figures import words as figure_words
from web.methods import post_or
from web.steering import pack_pdf, pack_xlsx, words
from web.steering.forms import GoalForm, PackForm
from web.views.figures import READERS, pages

PAGE_SIZE = 25
KINDS = {"pdf": pack_pdf, "xlsx": pack_xlsx}


@require_GET
@members_only(*READERS)
def goals_(request: HttpRequest, actor: Actor) -> HttpResponse:
    """This year's goals and those to come, against today."""
    names, now, today = figure_words.municipalities(), clock.now(), clock.today()
    found = Goal.objects.visible_to(actor).known(now).filter(valid_to__gte=today.replace(month=1, day=1))
    rows = [words.goal(goals.progress(goal, today, now), names) for goal in found.order_by("valid_from", "name", "pk")]
    defined = [(label, measures.in_words(measure)) for measure, label in Goal.Measure.choices]
    context = {
        "rows": rows, "defined": defined, "pages": pages("", "web:goals"), "may_steer": actor.is_coordinator,
    }  # fmt: skip
    return render(request, "web/steering/goals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.COORDINATOR)
def new_goal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set a goal."""
    form = GoalForm(request.POST or None, figure_words.municipalities())
    if form.is_valid():
        try:
            goals.set_goal(actor, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("The goal is set."))
            return redirect("web:goals")
    return render(request, "web/steering/goal_new.html", {"form": form}, status=422 if form.is_bound else 200)


@post_or("web:goals")
@members_only(Role.COORDINATOR)
def withdraw_goal(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Take a goal back."""
    goals.withdraw(actor, id)
    messages.success(request, _("The goal is withdrawn. Packs of before still show it."))
    return redirect("web:goals")


@require_GET
@members_only(*READERS)
def savings_(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the test periods cost, and what they may have saved."""
    names, now = figure_words.municipalities(), clock.now()
    rows = [words.saving(one, names) for one in savings.standing(clock.today(), now)]
    return render(request, "web/steering/savings.html", {"rows": rows, "pages": pages("", "web:savings")})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*READERS)
def packs_(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The packs that were made, and (the coordinator) one more."""
    form = PackForm(request.POST or None)
    if form.is_valid():
        known_on = form.cleaned_data["known_on"]
        packs.make(actor, form.cleaned_data["as_of"], clock.day_end(known_on) if known_on else None)
        messages.success(request, _("The pack is made."))
        return redirect("web:packs")
    found = StatusPack.objects.visible_to(actor).defer("figures")
    context: dict[str, Any] = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "pages": pages("", "web:packs"),
        "may_make": actor.is_coordinator,
    }
    return render(request, "web/steering/packs.html", context, status=422 if form.is_bound else 200)


@require_GET
@members_only(*READERS)
def download(request: HttpRequest, actor: Actor, id: UUID, kind: str) -> HttpResponse:
    """A pack as a document or a workbook, out of the figures that were kept with it."""
    if kind not in KINDS:
        raise Http404
    pack = packs.get(actor, id)
    maker = KINDS[kind]
    name = f"nrs-status-{pack.as_of}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(maker.of(pack, figure_words.municipalities()), content_type=maker.TYPE, headers=headers)
