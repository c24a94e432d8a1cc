"""The screening of an order: start one, read a stored one, compare, and print what the company may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from candidates.models import Candidate
from events.errors import NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor, Role
from screening import services
from screening.models import Run
from screening.why import explanation
from web.actors import members_only
from web.people import screening_words as words
from web.people.screening_page import Listed, against_the_list, beginnings, card_of, funnel, nominated_on
from web.people.whatif_page import ways_of
from web.vocabulary_words import municipality_names

COMPARED = 3
EARLIER = 10


def order_of(id: UUID, actor: Actor) -> JobOrder:
    """The order, with what its rules ask about. Raises NotVisible."""
    seen = JobOrder.objects.visible_to(actor).select_related("company", "lead", "assignee")
    found = seen.filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


def run_of(id: UUID, actor: Actor) -> Run:
    """The run, with its order. Raises NotVisible."""
    seen = Run.objects.visible_to(actor).select_related("order__company", "order__lead", "order__assignee", "by_user")
    found = seen.filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.CONSULTANT)
def of_order(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The newest stored run of the own jobcentre, or the invitation to make one; a POST makes one."""
    if request.method == "POST":
        made = services.run(id, actor=actor, scope=request.POST.get("scope", ""))
        return redirect("web:screening", made.public_id)
    order = order_of(id, actor)
    newest = Run.objects.visible_to(actor).filter(order=order).select_related("by_user").first()
    if newest is not None:
        newest.order = order
    return _page(request, actor, order, newest)


@require_GET
@members_only(Role.CONSULTANT)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One stored run."""
    run = run_of(id, actor)
    return _page(request, actor, run.order, run)


def _page(request: HttpRequest, actor: Actor, order: JobOrder, run: Run | None) -> HttpResponse:
    """The whole page; htmx gets the funnel only, which is what it opens and closes."""
    if run is not None and request.htmx:  # type: ignore[attr-defined]
        return render(request, "web/screening/funnel.html", _funnel(request, actor, run))
    home, lane = request.GET.get("municipality", ""), request.GET.get("lane", "")
    context: dict[str, Any] = {
        "order": order,
        "run": run,
        "is_lead": actor.works_in(order.lead_id),
        "is_open": order.state == JobOrder.State.OPEN,
    }
    if run is not None:
        listed = Listed(run, actor)
        runs = Run.objects.visible_to(actor).filter(order=order).exclude(pk=run.pk).select_related("by_user")
        tiles = listed.tiles(home)
        is_regional = run.scope == Run.Scope.REGION
        context |= _funnel(request, actor, run) | {
            "tiles": tiles,
            "map": listed.map_of(tiles) if is_regional else None,
            "home": home if home in listed.places else "",
            "home_name": listed.places.get(home, ""),
            "lane": lane if lane in words.LANES else "",
            "lanes": listed.lanes(home, lane if lane in words.LANES else ""),
            "others_hidden": is_regional and not services.sees_others(order, actor),
            "begins": beginnings(order, actor),
            "overrides": against_the_list(run),
            "runs": list(runs[:EARLIER]),
            "is_old": run.order_revision != order.revision,
            "has_news": order.list_changed_at is not None and order.list_changed_at > run.created_at,
        }
    return render(request, "web/screening/page.html", context)


def _funnel(request: HttpRequest, actor: Actor, run: Run) -> dict[str, Any]:
    """The funnel of the run; with `?whatif=1` also what loosening each must-have would give, counted now.

    Not of an order that has ended or was changed since: its must-haves are others than those of the funnel.
    """
    can_loosen = run.order.state == JobOrder.State.OPEN and run.order_revision == run.order.revision
    is_loosened = can_loosen and request.GET.get("whatif") == "1"
    return {
        "bars": funnel(run, ways_of(run.order, actor) if is_loosened else {}),
        "can_loosen": can_loosen,
        "is_loosened": is_loosened,
        "counts_others": services.sees_others(run.order, actor),
    }


@require_GET
@members_only(Role.CONSULTANT)
def compare(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Up to three people of the list side by side."""
    run = run_of(id, actor)
    asked = cards_in(request)
    people = Listed(run, actor).chosen(asked)[:COMPARED]
    context = {
        "run": run,
        "order": run.order,
        "people": people,
        "rows": side_by_side(people, "musts"),
        "parts": side_by_side(people, "parts"),
    }
    context["too_many"] = len(asked) > COMPARED
    return render(request, "web/screening/compare.html", context)


def side_by_side(people: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """One row for each criterion, with a cell for each person; all of a run were asked the same."""
    return [
        {**first, "cells": [{**person[what][index], "who": person["pseudonym"]} for person in people]}
        for index, first in enumerate(people[0][what] if people else ())
    ]


def cards_in(request: HttpRequest) -> list[UUID]:
    """The card ids that the address names; what is no id is left out."""
    found = []
    for text in request.GET.getlist("card") or request.POST.getlist("card"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_GET
@members_only(Role.CONSULTANT)
def why(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Why one of the own candidates is, or is not, on the list: judged anew, whatever the rank."""
    order = order_of(id, actor)
    reference = request.GET.get("q", "").strip()
    known = Candidate.objects.visible_to(actor).of(actor.municipality or "")
    person = known.filter(external_reference=reference).first()
    card = None
    if person is not None:
        verdict = explanation(id, person.public_id, actor=actor)
        card = card_of(verdict, words.labels_for([verdict]), municipality_names(), nominated_on(order))
    return render(request, "web/screening/why.html", {"order": order, "q": reference, "card": card})
