"""Figures over everybody: made at once in a small region, by night in a large one; small cells are hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from candidates import cv_principles
from candidates.hiding import hidden_cells, hide_with_total, is_small, shown
from candidates.models import Candidate
from events import clock
from events.errors import NotVisible
from joborders.models import JobOrder
from screening import cv_gaps, skills_gap
from screening.models import Figures
from screening.skills_gap import ALL

COMPUTE: Mapping[str, Callable[[], dict[str, Any]]] = {
    Figures.Kind.SKILLS_GAP: skills_gap.compute,
    Figures.Kind.CV_GAPS: cv_gaps.compute,
}
#: Up to so many people × open orders (people, for the CVs) the answer is computed when it is asked for.
LIVE = {Figures.Kind.SKILLS_GAP: 400_000, Figures.Kind.CV_GAPS: 5_000}


@dataclass(frozen=True)
class Made:
    """Figures with the day that they describe; `is_live` where they were computed for this answer."""

    as_of: dt.date
    made_at: dt.datetime
    is_live: bool
    data: dict[str, Any]


def make(kind: str) -> Figures:
    """Compute today's figures and keep them, over those of an earlier run of the same day."""
    data = COMPUTE[kind]()
    values = {"data": data, "made_at": clock.now()}
    figures, _new = Figures.objects.update_or_create(kind=kind, as_of=clock.today(), defaults=values)
    return figures


def of(kind: str, as_of: dt.date | None = None) -> Made:
    """The figures of a day: those kept; for today, in a small region, computed now. None: the newest there is.

    Raises NotVisible where no figures of that day were kept.
    """
    if as_of in (None, clock.today()) and _load(kind) <= LIVE[Figures.Kind(kind)]:
        return Made(clock.today(), clock.now(), True, COMPUTE[kind]())
    kept = Figures.objects.filter(kind=kind)
    found = kept.filter(as_of=as_of).first() if as_of else kept.order_by("-as_of").first()
    if found is None:
        raise NotVisible(message=_("There are no figures of that day yet: they are made every night."))
    return Made(found.as_of, found.made_at, False, found.data)


def _load(kind: str) -> int:
    people = Candidate.objects.active().count()
    return people * JobOrder.objects.open().count() if kind == Figures.Kind.SKILLS_GAP else people


def gap_rows(
    data: Mapping[str, Any], *, municipality: str | None = None, industry: str | None = None
) -> list[dict[str, Any]]:
    """The gaps, most positions first, with people hidden where they are few.

    `municipality` keeps gaps of its people, `industry` (a division) those on its orders. A cell that is hidden in the
    whole table stays hidden in the part of it.
    """
    rows = []
    for gap in data["gaps"]:
        found = gap["industries"].get(industry or ALL)
        if found is None or (municipality and not found["people"].get(municipality)):
            continue
        visible, total = hide_with_total(found["people"])
        rows.append(
            {
                "kind": gap["kind"],
                "code": gap["code"],
                "orders": found["orders"],
                "positions": found["reach"].get(municipality, 0) if municipality else found["positions"],
                "people": visible[municipality] if municipality else total,
                "municipalities": _by_home(found, visible, municipality),
                "industries": [] if industry else _by_industry(gap["industries"], municipality),
            }
        )
    return sorted(rows, key=lambda row: (-row["positions"], -row["orders"], row["kind"], row["code"]))


def _by_home(found: Mapping[str, Any], visible: Mapping[str, int | None], only: str | None) -> list[dict[str, Any]]:
    return [
        {"municipality": home, "positions": found["reach"].get(home, 0), "people": count}
        for home, count in visible.items()
        if only in (None, home) and count != 0
    ]


def _by_industry(industries: Mapping[str, Any], municipality: str | None) -> list[dict[str, Any]]:
    rows = []
    for name, found in industries.items():
        if name == ALL or (municipality and not found["people"].get(municipality)):
            continue
        visible, total = hide_with_total(found["people"])
        people = visible[municipality] if municipality else total
        rows.append({"industry": name, "orders": found["orders"], "positions": found["positions"], "people": people})
    return rows


def cv_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per principle: how many miss it, in all and by home municipality, hidden where either side is few."""
    homes = data["municipalities"]
    too_few = [home for home, found in homes.items() if is_small(found["people"])]
    rows = []
    for code in cv_principles.CHECKLISTS[data["version"]]:
        missing = {home: found["missing"].get(code, 0) for home, found in homes.items()}
        passing_few = [home for home, count in missing.items() if is_small(homes[home]["people"] - count)]
        visible, total = hide_with_total(missing, {*too_few, *passing_few})
        everybody = sum(found["people"] for found in homes.values())
        in_all = None if is_small(everybody - sum(missing.values())) else total
        cells = [{"municipality": home, "missing": count} for home, count in visible.items()]
        rows.append({"principle": code, "missing": in_all, "municipalities": cells})
    return rows


def people_checked(data: Mapping[str, Any]) -> dict[str, int | None]:
    """Candidates looked at by home municipality, hidden where few."""
    homes = {home: found["people"] for home, found in data["municipalities"].items()}
    hidden = hidden_cells(homes)
    return {home: None if home in hidden else shown(count) for home, count in homes.items()}
