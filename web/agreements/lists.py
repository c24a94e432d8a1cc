"""The list of agreements, and what their companies together expect to need."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from companies import coverage, forecasts
from companies.models import Agreement
from companies.querysets import RENEWAL_DAYS
from events import clock
from municipalities.actor import Actor
from vocabulary.models import IscoGroup
from web.actors import members_only
from web.agreements.words import STATES, days_left, last_day_of, occupation_of, state_of
from web.views.companies import READERS
from web.vocabulary_words import municipality_names

PAGE_SIZE = 25
MONTHS = 12
RENEW = "renew"


@require_GET
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Agreements by state, kind, tovholder and company, those that run out first on top of their list."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "state", "kind", "tovholder")}
    places, today = municipality_names(), clock.today()
    found = Agreement.objects.visible_to(actor).select_related("company")
    if asked["state"] == RENEW:
        found = found.to_renew(today)
    elif asked["state"] in STATES:
        found = found.in_state(asked["state"], today)
    if asked["kind"] in Agreement.Kind.values:
        found = found.filter(kind=asked["kind"])
    if asked["tovholder"] in places:
        found = found.filter(tovholder=asked["tovholder"])
    if asked["q"]:
        found = found.filter(company__name__icontains=asked["q"])
    ordered = ("valid_to", "company__name", "pk") if asked["state"] == RENEW else ("company__name", "-valid_from", "pk")
    page = Paginator(found.order_by(*ordered), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = _rows(list(page.object_list), places)
    context = {
        "page": page,
        **asked,
        "states": [*STATES.items()],
        "kinds": Agreement.Kind.choices,
        "places": list(places.items()),
        "to_renew": Agreement.objects.visible_to(actor).to_renew(today).count(),
        "renewal_days": RENEWAL_DAYS,
    }
    return render(request, "web/agreements/list.html", context)


def _rows(agreements: list[Agreement], places: dict[str, str]) -> list[dict[str, Any]]:
    sizes = coverage.sizes(agreements)
    return [
        {
            "row": one,
            "size": sizes[one.pk],
            "tovholder": places.get(one.tovholder_id or "", ""),
            "state": state_of(one),
            "last_day": last_day_of(one),
            "days_left": days_left(one),
        }
        for one in agreements
    ]


@require_GET
@members_only(*READERS)
def needs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The coming twelve months by occupation, summed over all agreements in force."""
    today = clock.today()
    months = months_from(today, MONTHS)
    counts: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for row in forecasts.coming(actor, today):
        if row["month"] <= months[-1]:
            counts[row["occupation"]][row["month"]] = row["positions"]
    titles = {group.code: occupation_of(group) for group in IscoGroup.objects.filter(code__in=list(counts))}
    rows = [table_row(titles[code], months, by_month) for code, by_month in counts.items()]
    rows.sort(key=lambda row: (-row["total"], row["title"]))
    return render(
        request,
        "web/agreements/needs.html",
        {"months": months, "rows": rows, "today": today.isoformat(), "last": months[-1].isoformat()},
    )


def months_from(day: dt.date, count: int) -> list[dt.date]:
    """The firsts of so many months, from the one of the day on."""
    return [dt.date(day.year + (day.month - 1 + n) // 12, (day.month - 1 + n) % 12 + 1, 1) for n in range(count)]


def table_row(title: str, months: list[dt.date], by_month: dict[dt.date, int]) -> dict[str, Any]:
    """One occupation: a number or 0 for each month, and the total."""
    cells = [{"month": month, "positions": by_month.get(month, 0)} for month in months]
    return {"title": title, "cells": cells, "total": sum(cell["positions"] for cell in cells)}
