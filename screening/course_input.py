"""A course as it comes in, checked: all problems at once, each with its pointer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from events.errors import FieldProblem, Invalid
from joborders.models import JobOrder
from municipalities.actor import Actor
from municipalities.models import Municipality
from screening.models import Course
from vocabulary.models import Certificate, Licence, Skill
from vocabulary.text import clean_text

TEXTS = ("title", "provider")
DAYS = ("starts_on", "ends_on")
GIVES = ("certificates", "licences", "skills")
MAX_ROWS = 50
MAX_DAYS = 366


@dataclass
class Given:
    """What is to be written: columns, rows of the many-to-many lists by name, seats by municipality (None: as is)."""

    columns: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    seats: dict[str, int] | None = None


def read(given: Mapping[str, Any], actor: Actor, course: Course | None = None) -> Given:
    """Check the fields of a new course, or of changes to `course`; types are those of the API. Raises Invalid.

    Keys: title, provider, starts_on, ends_on, certificates and licences (codes), skills and orders (public ids),
    seats (list of {municipality, seats}).
    """
    problems: list[FieldProblem] = []
    found = Given()
    if course is None:
        needed = (*TEXTS, *DAYS)
        problems += [FieldProblem(f"/{name}", "required", REQUIRED) for name in needed if not given.get(name)]
    for name in [name for name in TEXTS if given.get(name) is not None]:
        try:
            found.columns[name] = clean_text(given[name], field=f"/{name}", max_length=200, min_length=1)
        except Invalid as refused:
            problems.extend(refused.errors)
    found.columns |= {name: given[name] for name in DAYS if given.get(name) is not None}
    for name in [name for name in LISTS if given.get(name) is not None]:
        found.lists[name] = _rows(name, given[name], LISTS[name](actor), problems)
    if given.get("seats") is not None:
        found.seats = _seats(given["seats"], problems)
    if not problems:
        problems.extend(_do_not_fit(found, course))
    if problems:
        raise Invalid(problems)
    return found


REQUIRED = _("This field is required.")


def _by(queryset: QuerySet[Any], column: str) -> tuple[QuerySet[Any], str]:
    return queryset, column


LISTS: Mapping[str, Callable[[Actor], tuple[QuerySet[Any], str]]] = {
    "certificates": lambda actor: _by(Certificate.objects.all(), "pk"),
    "licences": lambda actor: _by(Licence.objects.all(), "pk"),
    "skills": lambda actor: _by(Skill.objects.filter(is_group=False, retired=False), "public_id"),
    "orders": lambda actor: _by(JobOrder.objects.visible_to(actor), "public_id"),
}


def _rows(name: str, asked: list[Any], where: tuple[QuerySet[Any], str], problems: list[FieldProblem]) -> list[Any]:
    queryset, column = where
    if len(asked) > MAX_ROWS:
        problems.append(FieldProblem(f"/{name}", "too_many", _("At most %(n)d entries.") % {"n": MAX_ROWS}))
        return []
    rows = {getattr(row, column): row for row in queryset.filter(**{f"{column}__in": asked}).order_by("pk")}
    for index, key in enumerate(asked):
        if key not in rows:
            problems.append(FieldProblem(f"/{name}/{index}", "unknown_code", _("This is not known.")))
    return list(rows.values())


def _seats(asked: list[Mapping[str, Any]], problems: list[FieldProblem]) -> dict[str, int]:
    nine = set(Municipality.objects.order_by("code").values_list("code", flat=True))
    seats: dict[str, int] = {}
    for index, row in enumerate(asked):
        code = row["municipality"]
        if code not in nine:
            said = _("This municipality is not one of the nine.")
            problems.append(FieldProblem(f"/seats/{index}/municipality", "unknown_code", said))
        elif code in seats:
            problems.append(FieldProblem(f"/seats/{index}/municipality", "duplicate", _("This is listed twice.")))
        seats[code] = row["seats"]
    return seats


def _do_not_fit(found: Given, course: Course | None) -> list[FieldProblem]:
    """Problems between fields, judged on what the course will be."""
    begins, ends = (_will_be(name, found, course) for name in DAYS)
    problems = []
    if ends < begins:
        problems.append(FieldProblem("/ends_on", "before_start", _("The course ends before it begins.")))
    elif ends - begins > dt.timedelta(days=MAX_DAYS):
        problems.append(FieldProblem("/ends_on", "out_of_range", _("A course lasts a year at most.")))
    gives_something = any(
        found.lists[name] if name in found.lists else course is not None and getattr(course, name).exists()
        for name in GIVES
    )
    if not gives_something:
        said = _("Name what the course gives: a certificate, a licence or a skill.")
        problems.append(FieldProblem("/certificates", "required", said))
    return problems


def _will_be(name: str, found: Given, course: Course | None) -> dt.date:
    day: dt.date = found.columns.get(name) or getattr(course, name)
    return day
