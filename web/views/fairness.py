"""Fairness of selection on the desk: who was put forward of those whom screenings listed, group by group."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from municipalities.actor import Actor
from screening import fairness
from web.actors import members_only
from web.figures import words
from web.views.figures import READERS, pages


@require_GET
@members_only(*READERS)
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The selection rates of a quarter, with their line, and the addresses to take them home."""
    quarters = fairness.quarters()
    asked = request.GET.get("quarter", str(quarters[0]))
    quarter = next((one for one in quarters if str(one) == asked), None)
    if quarter is None:
        raise Http404
    found = fairness.fairness(quarter)
    labels = {
        "municipality": words.municipalities(),
        "language": fairness.LANGUAGE_GROUPS,
        "unemployment": fairness.UNEMPLOYMENT_GROUPS,
    }
    context = {
        "title": _("Fairness of selection"),
        "pages": pages("", "web:figures-fairness"),
        "found": found,
        "quarters": [{"value": str(one), "text": in_words(one), "is_chosen": one == quarter} for one in quarters],
        "tables": [_table(table, labels[table["dimension"]]) for table in found["tables"]],
        "download": f"{reverse('api:figures-fairness')}?quarter={quarter}",
        "definition": f"{reverse('web:figures-definitions')}#fairness",
    }
    return render(request, "web/figures/fairness.html", context)


def in_words(quarter: fairness.Quarter) -> str:
    """`2nd quarter 2026`, in the reader's language."""
    return _("Quarter %(number)s, %(year)s") % {"number": quarter.number, "year": quarter.year}


def _table(table: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    rows = [{**row, "name": labels[row["group"]]} for row in table["rows"]]
    return {"title": fairness.DIMENSIONS[table["dimension"]], "line": table["line"], "rows": rows}
