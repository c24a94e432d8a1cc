"""The coordinator's desk: today's picture, the figures with their charts, and the status to print."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import definitions, statistics
from campaigns.figures import FUNCTIONS, figure
from events import clock
from municipalities.actor import Actor, Role
from notifications.services import feedback_counts
from web.actors import members_only
from web.figures import charts_of as charts
from web.figures import sheet as sheets
from web.figures import tables_of as tables
from web.figures import words
from web.forms.figures import Ask

READERS = (Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR)
WEEKS = dt.timedelta(weeks=12)
#: What the steering group follows beside the figures.
STEERING = (
    ("web:figures-fairness", gettext_lazy("Fairness of selection")),
    ("web:goals", gettext_lazy("Goals")),
    ("web:savings", gettext_lazy("Savings estimate")),
    ("web:packs", gettext_lazy("Status packs")),
)


@members_only(*READERS)
def today(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What stands open, overdue, new and filled now, who hired across borders, and the last twelve weeks."""
    names, rows = words.municipalities(), statistics.today()
    since = clock.today() - WEEKS
    exchange = figure("exchange")
    weeks = figure("flow", since=since - dt.timedelta(days=since.weekday()), per="week")
    promises = figure("promises")
    keys = ("open", "overdue", "new", "filled")
    context = {
        "pages": pages("", ""),
        "totals": {key: sum(row[key] for row in rows) for key in keys},
        "rows": tables.by_place(rows, names),
        "crossed": exchange["crossed"],
        "crossed_in_words": charts.crossed(exchange),
        "charts": [charts.flow(weeks)[0], *charts.promises(promises)],
        "feedback": feedback_counts(actor),
        "has_provisional": True,
        "now": clock.now(),
        "orders": reverse("api:job-orders-list") if actor.role != Role.CASEWORKER else "",
        "kinds": (("csv", "CSV"), ("xlsx", "Excel")),
    }
    return render(request, "web/figures/today.html", context)


@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """One figure, as it was asked for: its charts, tables, downloads and definition."""
    names = words.municipalities()
    form = ask(request, name, names)
    if not form.is_valid():
        context = {"form": form, "found": None, "pages": pages("", name), "title": definitions.TITLES[name]}
        return render(request, f"web/figures/{name}.html", context, status=422)
    question = form.question()
    found = figure(name, **question)
    context = {
        "form": form,
        "found": found,
        "title": definitions.TITLES[name],
        "pages": pages(form.for_another_page(), name),
        "download": f"{reverse(f'api:statistics-{name}')}?{form.for_the_api()}",
        "definition": f"{reverse('web:figures-definitions')}#{name}",
        "sheet": f"{reverse('web:figures-sheet')}?{form.for_another_page()}",
        "has_provisional": has_provisional(found),
        **PARTS[name](found, names, question),
    }
    return render(request, f"web/figures/{name}.html", context)


@members_only(*READERS)
def definitions_(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What each figure counts, from the docstrings of their functions."""
    rows = [(name, definitions.TITLES[name], definitions.in_words(name)) for name in definitions.TITLES]
    return render(request, "web/figures/definitions.html", {"figures": rows, "pages": pages("", "")})


@members_only(*READERS)
def sheet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The status on one A4 page, for the steering group."""
    names = words.municipalities()
    form = ask(request, "status", names)
    query = form.for_another_page() if form.is_valid() else ""
    found = sheets.read(form.question() if form.is_valid() else {}, names)
    context = {
        **found,
        "title": sheets.title_of(found["found"]),
        "note": sheets.how_it_is_counted(),
        "has_provisional": True,
        "back": f"{reverse('web:figures-status')}?{query}",
        "pdf": f"{reverse('web:figures-sheet-pdf')}?{query}",
    }
    return render(request, "web/figures/sheet.html", context)


@members_only(*READERS)
def sheet_pdf(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same page as a PDF to send on."""
    names = words.municipalities()
    form = ask(request, "status", names)
    found = sheets.read(form.question() if form.is_valid() else {}, names)
    name = f"nrs-status-{found['found']['as_of']}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(sheets.as_pdf(found), content_type="application/pdf", headers=headers)


def ask(request: HttpRequest, name: str, names: dict[str, str]) -> Ask:
    """The form as the address has filled it in."""
    kinds = words.industries(statistics.industries())
    return Ask(request.GET, name, list(names.items()), list(kinds.items()))


def pages(query: str, current: str) -> list[dict[str, Any]]:
    """The figures' own menu; another figure is asked the same question."""
    rows = [{"href": reverse("web:figures"), "text": _("Today"), "current": current == "" and query == ""}]
    for name in FUNCTIONS:
        address = reverse(f"web:figures-{name}")
        href = f"{address}?{query}" if query else address
        rows.append({"href": href, "text": definitions.TITLES[name], "current": name == current})
    for route, text in STEERING:
        rows.append({"href": reverse(route), "text": text, "current": route == current})
    return rows


def has_provisional(found: dict[str, Any]) -> bool:
    """Whether something of it is marked as provisional."""
    return bool(found.get("provisional")) or any(row.get("provisional") for row in found.get("periods", ()))


def _status(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    places = statistics.status_by("municipality", **question)
    kinds = statistics.status_by("industry", **question)
    titles = words.industries({row["industry"] for row in kinds})
    drawn = []
    if places:
        drawn = [
            charts.status(places, "municipality", names, _("Job orders by municipality")),
            charts.status(kinds, "industry", titles, _("Job orders by industry")),
        ]
    return {"charts": drawn, "places": tables.by_place(places, names), "facts": sheets.facts(found)}


def _flow(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    return {"charts": charts.flow(found)}


def _times(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    return {"charts": charts.times(found), "rows": tables.times(found, names)}


def _promises(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    return {"charts": charts.promises(found), "rows": tables.promises(found, names), "tables": tables.outcomes(found)}


def _exchange(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    chart = charts.exchange(found, names)
    return {
        "charts": [chart] if chart else [],
        "crossed_in_words": charts.crossed(found),
        "matrix": tables.matrix(found, names),
    }


def _reasons(found: dict[str, Any], names: dict[str, str], question: dict[str, Any]) -> dict[str, Any]:
    return {"charts": [charts.reasons(found)] if found["ended"] else [], "ends": tables.ends(found)}


PARTS = {
    "status": _status, "flow": _flow, "times": _times, "promises": _promises, "exchange": _exchange,
    "reasons": _reasons,
}  # fmt: skip
