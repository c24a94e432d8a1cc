"""One agreement: terms, covered units a page at a time, forecast, papers, and the orders under it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from companies import agreements, coverage
from companies.models import Agreement
from events.errors import NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor
from web.actors import members_only
from web.agreements import words
from web.agreements.forms import EndForm, PaperForm, SignForm
from web.agreements.lists import table_row
from web.views.companies import READERS
from web.vocabulary_words import municipality_names

UNITS = 25
ORDERS = 20


def agreement_of(id: UUID, actor: Actor) -> Agreement:
    """The agreement with its company. Raises NotVisible."""
    seen = Agreement.objects.visible_to(actor).select_related("company", "tovholder", "holder_municipality")
    found: Agreement | None = seen.filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The page."""
    return page_of(request, actor, agreement_of(id, actor))


def page_of(
    request: HttpRequest,
    actor: Actor,
    agreement: Agreement,
    *,
    paper: PaperForm | None = None,
    end: EndForm | None = None,
    sign: SignForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The agreement's page, with a form that was refused as it was filled in."""
    places = municipality_names()
    q = request.GET.get("q", "").strip()[:100]
    covered = coverage.covered_units(agreement).active()
    if q:
        covered = covered.search(q)
    page = Paginator(covered, UNITS).get_page(request.GET.get("page"))
    page.object_list = [{"row": unit, "place": places.get(unit.municipality_code, "")} for unit in page.object_list]
    orders = JobOrder.objects.visible_to(actor).filter(agreement=agreement)
    sees_orders = actor.is_consultant or actor.is_coordinator
    context: dict[str, Any] = {
        "agreement": agreement,
        "state": words.state_of(agreement),
        "days_left": words.days_left(agreement),
        "last_day": words.last_day_of(agreement),
        "schemes": words.schemes_of(agreement),
        "area": words.area_of(agreement, places),
        "size": coverage.sizes([agreement])[agreement.pk],
        "places": places,
        "page": page,
        "q": q,
        "by_place": _by_place(agreement, places),
        **_forecast(agreement),
        "papers": list(agreement.documents.all()),
        "sees_orders": sees_orders,
        "orders": list(orders[:ORDERS]) if sees_orders else [],
        "may_change": agreements.may_change(actor, agreement),
        "paper": paper or PaperForm(),
        "end": end or EndForm(),
        "sign": sign or SignForm.of_today(),
        "refusal": refusal,
        "refused": paper or end or sign,
    }
    status = 409 if refusal else 422 if paper or end or sign else 200
    return render(request, "web/agreements/page.html", context, status=status)


def _by_place(agreement: Agreement, places: dict[str, str]) -> list[dict[str, Any]]:
    """Covered units in each of the nine, most first, and in the rest of the country."""
    rows = coverage.covered_units(agreement).active().order_by().values("municipality_code").annotate(n=Count("pk"))
    counts = {row["municipality_code"]: row["n"] for row in rows}
    nine = [{"place": places[code], "n": n} for code, n in counts.items() if code in places]
    others = sum(n for code, n in counts.items() if code not in places)
    listed = sorted(nine, key=lambda row: (-row["n"], row["place"]))
    return [*listed, *([{"place": "", "n": others}] if others else [])]


def _forecast(agreement: Agreement) -> dict[str, Any]:
    """The forecast as a table: occupations down, the months that it names across."""
    lines = list(agreement.forecast.select_related("occupation"))
    months: list[dt.date] = sorted({line.month for line in lines})
    counts: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for line in lines:
        counts[words.occupation_of(line.occupation)][line.month] = line.positions
    return {"months": months, "forecast": [table_row(title, months, found) for title, found in sorted(counts.items())]}
