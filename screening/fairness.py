"""Fairness of selection: of those whom screenings listed, how many were put forward, group by group.

Counts people, so small cells are hidden, and what would give them away. Only whole quarters that have ended can be
asked for: two answers never overlap, so none can be subtracted from another one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from candidates.hiding import hide_table
from candidates.models import CandidateLanguage
from companies.lead import NINE
from events import clock
from joborders.models import Nomination
from municipalities import wall
from screening.models import VerdictRow

DIMENSIONS: dict[str, Any] = {
    "municipality": _("Home municipality"),
    "language": _("Danish, spoken"),
    "unemployment": _("Unemployed for"),
}
#: Group by the level of spoken Danish, 0 to 6; no level recorded is 0.
LEVELS = ("none", "A", "A", "B", "B", "C", "C")
LANGUAGE_GROUPS: dict[str, Any] = {
    "none": _("none, or not recorded"), "A": "A1–A2", "B": "B1–B2", "C": "C1–C2",
}  # fmt: skip
#: Group and its first month too many.
SPELLS = (("under_6", 6), ("under_12", 12), ("under_24", 24))
UNEMPLOYMENT_GROUPS: dict[str, Any] = {
    "under_6": _("under 6 months"),
    "under_12": _("6 to 11 months"),
    "under_24": _("12 to 23 months"),
    "longer": _("2 years or more"),
    "unknown": _("not recorded"),
}
#: A group put forward at less than this share of the highest rate is marked (the four-fifths line).
FOUR_FIFTHS = 80


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter: `2026-Q1`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Raises ValueError for anything but `YYYY-Qn`."""
        year, _sign, number = text.partition("-Q")
        if not (len(year) == 4 and year.isascii() and year.isdigit() and number in ("1", "2", "3", "4")):
            raise ValueError(text)
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def before(self) -> Quarter:
        """The one before."""
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> dt.date:
        """The day after its last."""
        return dt.date(self.year + (self.number == 4), 3 * self.number % 12 + 1, 1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


#: Nothing was screened before the service began.
OLDEST = Quarter(2015, 4)


def quarters(count: int = 8) -> list[Quarter]:
    """The latest quarters that have ended, newest first."""
    found = [Quarter.of(clock.today()).before]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def fairness(quarter: Quarter) -> dict[str, Any]:
    """Of the people whom screenings listed as qualified or to check in a quarter, how many were put forward on that job
    order, by home municipality, level of spoken Danish and length of unemployment.

    A person counts once for each job order that a screening listed them on. Put forward means requested from their
    jobcentre or offered by it on that order by the end of the quarter, whatever came of it. The groups are those of the
    profile as it is now, the length of unemployment that at the end of the quarter. People who have been deleted
    since are not counted any more.

    The four-fifths line lies at 80 % of the highest rate shown in the same table. A group under it is marked: a reason
    to look into the cases, not a proof of unfair treatment, as groups may differ in what the orders asked for.

    A number of 1 to 4 people is not shown, nor another one from which it could be worked out, and no rate that needs
    one. Only quarters that have ended can be asked for, so that no two answers can be subtracted from each other.
    """
    found = Counter[tuple[str, str, bool]]()
    for home, oral, since, is_put in _listed(quarter):
        for cell in _groups(quarter, home, oral, since):
            found[(*cell, is_put)] += 1
    tables = {
        "municipality": dict.fromkeys(sorted(NINE)),
        "language": dict.fromkeys(LANGUAGE_GROUPS),
        "unemployment": dict.fromkeys(UNEMPLOYMENT_GROUPS),
    }
    cells, sums = _table(tables, found)
    hidden = hide_table(cells, sums)
    shown = {name: None if name in hidden else count for name, count in cells.items()}
    return {
        "quarter": str(quarter),
        "from": quarter.first,
        "to": quarter.after - dt.timedelta(days=1),
        "all": _row(shown, "all", ""),
        "tables": [
            {"dimension": name, **_with_line([_row(shown, name, one) for one in tables[name]])} for name in tables
        ],
    }


@wall.by_the_system
def _listed(quarter: Quarter) -> list[tuple[str, int | None, dt.date | None, bool]]:
    """(home, oral level, unemployed since, put forward) of each person on each order: one query."""
    first, after = clock.day_start(quarter.first), clock.day_start(quarter.after)
    danish = CandidateLanguage.objects.filter(candidate=OuterRef("candidate"), language__code="da").order_by()
    put = Nomination.objects.filter(
        order=OuterRef("run__order"), candidate=OuterRef("candidate"), created_at__lt=after
    ).order_by()
    rows = (
        VerdictRow.objects.filter(
            run__created_at__gte=first, run__created_at__lt=after, outcome__in=["qualified", "check"]
        )
        .order_by()
        .annotate(oral=Subquery(danish.values("oral")[:1]), is_put=Exists(put))
        .values_list("run__order", "candidate", "candidate__home", "oral", "candidate__unemployed_since", "is_put")
        .distinct()
    )
    return [row[2:] for row in rows]


def _groups(quarter: Quarter, home: str, oral: int | None, since: dt.date | None) -> Iterator[tuple[str, str]]:
    yield "municipality", home
    yield "language", LEVELS[oral or 0]
    yield "unemployment", _spell(quarter.after, since)


def _spell(on: dt.date, since: dt.date | None) -> str:
    """The group of somebody unemployed since the month of a day; in whole months."""
    if since is None:
        return "unknown"
    months = (on.year - since.year) * 12 + on.month - since.month
    return next((name for name, limit in SPELLS if months < limit), "longer")


Cell = tuple[str, str, str]


def _table(
    tables: dict[str, dict[str, Any]], found: Counter[tuple[str, str, bool]]
) -> tuple[dict[Cell, int], list[tuple[Cell, list[Cell]]]]:
    """Every cell and every sum. Who was not put forward is a cell too: what is left of the others tells it."""
    cells: dict[Cell, int] = {}
    sums: list[tuple[Cell, list[Cell]]] = []
    for name, groups in tables.items():
        for one in groups:
            cells[name, one, "put"], cells[name, one, "not"] = found[name, one, True], found[name, one, False]
            sums.append(((name, one, "listed"), [(name, one, "put"), (name, one, "not")]))
        for kind in ("put", "not", "listed"):
            sums.append((("all", "", kind), [(name, one, kind) for one in groups]))
    sums.append((("all", "", "listed"), [("all", "", "put"), ("all", "", "not")]))
    for total, parts in sums:
        cells[total] = sum(cells[part] for part in parts)
    return cells, sums


def _row(shown: dict[Cell, int | None], name: str, one: str) -> dict[str, Any]:
    listed, put = shown[name, one, "listed"], shown[name, one, "put"]
    percent = round(100 * put / listed, 1) if listed and put is not None else None
    return {"group": one, "listed": listed, "put_forward": put, "percent": percent}


def _with_line(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows, each against the highest rate shown, and where the four-fifths line lies."""
    highest = max((row["percent"] for row in rows if row["percent"] is not None), default=None)
    for row in rows:
        against = round(100 * row["percent"] / highest) if highest and row["percent"] is not None else None
        row |= {"of_highest": against, "under_line": against is not None and against < FOUR_FIFTHS}
    return {"line": round(highest * FOUR_FIFTHS / 100, 1) if highest else None, "rows": rows}


def flat(found: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """One line per group of every table, for a spreadsheet."""
    for table in found["tables"]:
        for row in table["rows"]:
            yield {"quarter": found["quarter"], "dimension": table["dimension"], "line": table["line"], **row}
