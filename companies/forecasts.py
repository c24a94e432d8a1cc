"""What a company of an agreement expects to need: people by month and occupation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from companies.models import Agreement, ForecastLine
from events.errors import Invalid
from municipalities.actor import Actor
from vocabulary.models import IscoGroup

MOST_LINES = 240
MOST_POSITIONS = 9999


def write(agreement: Agreement, lines: Iterable[Mapping[str, Any]]) -> None:
    """Replace the forecast by `lines` of month (any day of it), occupation (ISCO-08 code) and positions.

    Several lines for one month and occupation are added up. Raises Invalid that points at the line.
    """
    wanted: dict[tuple[dt.date, str], int] = {}
    given = list(lines)
    if len(given) > MOST_LINES:
        raise Invalid.field("forecast", "too_many", _("These are too many lines."))
    codes = {str(line["occupation"]) for line in given}
    known = set(IscoGroup.objects.filter(code__in=codes).order_by().values_list("code", flat=True))
    for number, line in enumerate(given):
        month, code, positions = line["month"].replace(day=1), str(line["occupation"]), line["positions"]
        if code not in known:
            raise Invalid.field(f"forecast/{number}/occupation", "unknown_code", _("This occupation is not known."))
        if not 1 <= positions <= MOST_POSITIONS:
            raise Invalid.field(f"forecast/{number}/positions", "out_of_range", _("Write a number above zero."))
        wanted[month, code] = wanted.get((month, code), 0) + positions
    ForecastLine.objects.filter(agreement=agreement).delete()
    ForecastLine.objects.bulk_create(
        ForecastLine(agreement=agreement, month=month, occupation_id=code, positions=positions)
        for (month, code), positions in wanted.items()
    )


def coming(actor: Actor, since: dt.date) -> QuerySet[ForecastLine, dict[str, Any]]:
    """What all agreements in force together expect, from the month of `since` on: `month`, `occupation`, `positions`.

    For those who plan joint courses; drafts and ended agreements do not count.
    """
    agreements = Agreement.objects.visible_to(actor).in_force(since).order_by()
    lines = ForecastLine.objects.filter(agreement__in=agreements, month__gte=since.replace(day=1))
    summed = lines.order_by("month", "occupation").values("month", "occupation")
    return summed.annotate(positions=Sum("positions"))
