"""Exchange: who was hired from where on whose orders. Counts people, so small cells are hidden."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT

from campaigns.asked import NINE, Asked, of_industry
from candidates.hiding import hide_table, is_small
from events.models import Event
from joborders.models import Nomination
from municipalities.wall import to_score

Cell = Hashable


def exchange(question: Asked) -> dict[str, Any]:
    """People hired in the period: the municipality that led the job order against the home municipality of the person
    hired, and the share that crossed a border, out of all hired.

    A hire counts on the day on which it was agreed, for the municipality that led the order then. One that had turned
    out not to start by the day of the figure is not counted. Hires of the last three months before that day are
    provisional.

    A number of 1 to 4 people is not shown, nor another one from which it could be worked out. A zero is shown.
    """
    found = _hires(question, question.known_at)
    cells, sums = _table(found)
    hidden = hide_table(cells, sums)

    def shown(name: Cell) -> int | None:
        return None if name in hidden else cells[name]

    # A part of the table is cut out of the whole, so that it hides what the whole hides.
    only = question.municipality
    everybody, crossed = shown(("lead", only) if only else "all"), shown(("crossed", only) if only else "crossed")
    return {
        **question.head(),
        "hires": everybody,
        "crossed": _share(crossed, everybody),
        "registered_later": _later(question, found),
        "provisional_from": question.provisional_from,
        "provisional": question.until >= question.provisional_from,
        "leads": [
            {
                "municipality": lead,
                "hires": shown(("lead", lead)),
                "crossed": _share(shown(("crossed", lead)), shown(("lead", lead))),
                "homes": [{"municipality": home, "hires": shown((lead, home))} for home in NINE],
            }
            for lead in NINE
            if only in (None, lead)
        ],
        "homes": [] if only else [{"municipality": home, "hires": shown(("home", home))} for home in NINE],
    }


def _share(numerator: int | None, denominator: int | None) -> dict[str, Any]:
    """A share of people; nothing of it where one side is hidden."""
    is_shown = numerator is not None and denominator
    percent = round(100 * numerator / denominator, 1) if is_shown else None
    return {"numerator": numerator, "denominator": denominator, "percent": percent}


@to_score
def _hires(question: Asked, known_at: dt.datetime) -> Counter[tuple[str, str]]:
    """Hires that stand, by lead and home: one query."""
    first, after = question.period
    undone = _told(question, known_at, "nomination.not_started").filter(subject=OuterRef("subject"))
    hired = (
        _told(question, known_at, "nomination.hired")
        .filter(~Exists(undone), happened_at__gte=first, happened_at__lt=after)
        .annotate(home=KT("data__home"))
    )
    if question.industry:
        fitting = of_industry(Nomination.objects.order_by(), question.industry)
        hired = hired.filter(subject__in=fitting.values("public_id"))
    rows = hired.values_list("municipality", "home").annotate(n=Count("pk"))
    return Counter({(lead, home): n for lead, home, n in rows})


def _told(question: Asked, known_at: dt.datetime, kind: str) -> QuerySet[Event]:
    return Event.objects.filter(type=kind, happened_at__lt=question.end, recorded_at__lte=known_at).order_by()


def _later(question: Asked, found: Counter[tuple[str, str]]) -> int | None:
    """How many more hires are registered now than at `known_at`; hidden where few."""
    if question.known_at == question.asked_at:
        return 0
    more = Counter(_hires(question, question.asked_at))
    more.subtract(found)
    difference = sum(n for (lead, _home), n in more.items() if question.municipality in (None, lead))
    return None if is_small(abs(difference)) else difference


def _table(found: Mapping[tuple[str, str], int]) -> tuple[dict[Cell, int], list[tuple[Cell, list[Cell]]]]:
    """Every cell and every sum, and which cells each sum is made of; some sums are made of others in two ways."""
    cells: dict[Cell, int] = {(lead, home): found.get((lead, home), 0) for lead in NINE for home in NINE}
    sums: list[tuple[Cell, list[Cell]]] = []
    for one in NINE:
        sums.append((("crossed", one), [(one, home) for home in NINE if home != one]))
        sums.append((("lead", one), [(one, one), ("crossed", one)]))
        sums.append((("lead", one), [(one, home) for home in NINE]))
        sums.append((("home", one), [(lead, one) for lead in NINE]))
    sums.append(("own", [(one, one) for one in NINE]))
    sums.append(("crossed", [("crossed", one) for one in NINE]))
    sums.append(("all", ["own", "crossed"]))
    sums.append(("all", [("lead", one) for one in NINE]))
    sums.append(("all", [("home", one) for one in NINE]))
    for name, parts in sums:
        cells[name] = sum(cells[part] for part in parts)
    return cells, sums
