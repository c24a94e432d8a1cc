"""The savings estimate of a test period: what a post cost, and what its placements may have saved. Never an effect."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from campaigns.asked import NINE
from campaigns.goals import may_steer
from campaigns.steering_models import TestPeriod
from candidates.hiding import is_small
from events import clock
from events.errors import Invalid
from events.models import Event
from events.replica import from_replica
from joborders.models import JobOrder
from municipalities.actor import Actor
from vocabulary.text import clean_text


@transaction.atomic
def begin(actor: Actor, *, name: str, municipality: str, assumptions: str, **numbers: Any) -> TestPeriod:
    """Write a test period down: `valid_from`, `valid_to`, `cost_per_year`, `weekly_saving`, `weeks_low`, `weeks_high`,
    `due_low`, `due_high` and perhaps `report_due`. The coordinator's and the system's; raises NotAllowed, or Invalid.
    """
    may_steer(actor)
    if municipality not in NINE:
        raise Invalid.field("municipality", "unknown_code", _("This municipality is not one of the nine."))
    if numbers["valid_to"] < numbers["valid_from"]:
        raise Invalid.field("valid_to", "before_start", _("The period ends before it begins."))
    for low, high, most in (("weeks_low", "weeks_high", 520), ("due_low", "due_high", 100)):
        if not 0 <= numbers[low] <= numbers[high] <= most:
            raise Invalid.field(high, "out_of_range", _("The upper end is at least the lower one."))
    return TestPeriod.objects.create(
        name=clean_text(name, field="name", max_length=120, min_length=1, multiline=False),
        municipality=municipality,
        assumptions=clean_text(assumptions, field="assumptions", max_length=2000, min_length=1),
        recorded_at=clock.now(),
        by_name=actor.name or "system",
        **numbers,
    )


def estimate(period: TestPeriod, as_of: dt.date, known_at: dt.datetime) -> dict[str, Any]:
    """What the post cost in the test period up to the day of the figure, and an estimate of what its placements saved:
    a range, between the lower and the upper assumptions. It is no proof of an effect.

    Placements are people of the municipality who were hired in the period on job orders that it has as tovholder, and
    who had not turned out not to start. The cost is the year's, for the days that have passed. Saved is the number of
    placements, times the percent that is due to the post, times the weeks without benefit, times the saving of a week.

    Fewer than five placements are not shown, and no range then; only how many weeks without benefit would pay the cost.
    """
    until = min(as_of, period.valid_to)
    days = max(0, (until - period.valid_from).days + 1)
    cost = round(period.cost_per_year * days / 365)
    placements = _placements(period, until, as_of, known_at) if days else 0
    is_hidden = is_small(placements)

    def saved(due: int, weeks: int) -> int | None:
        return None if is_hidden else round(placements * due / 100 * weeks * period.weekly_saving)

    low, high = saved(period.due_low, period.weeks_low), saved(period.due_high, period.weeks_high)
    return {
        "id": period.public_id,
        "name": period.name,
        "municipality": period.municipality,
        "from": period.valid_from,
        "to": period.valid_to,
        "until": until,
        "is_over": as_of >= period.valid_to,
        "report_due": period.report_due,
        "cost": cost,
        "cost_per_year": period.cost_per_year,
        "placements": None if is_hidden else placements,
        "saved_low": low,
        "saved_high": high,
        "balance_low": None if low is None else low - cost,
        "balance_high": None if high is None else high - cost,
        "weeks_to_pay": -(-cost // period.weekly_saving) if period.weekly_saving else None,
        "weekly_saving": period.weekly_saving,
        "weeks": [period.weeks_low, period.weeks_high],
        "due_percent": [period.due_low, period.due_high],
        "assumptions": period.assumptions,
    }


_ENDS = ("low", "high")
#: Of an estimate, in a file; ranges are two columns each.
COLUMNS = (
    "name", "municipality", "from", "to", "until", "is_over", "report_due", "cost_per_year", "cost", "placements",
    "due_percent_low", "due_percent_high", "weeks_low", "weeks_high", "weekly_saving", "saved_low", "saved_high",
    "balance_low", "balance_high", "weeks_to_pay",
)  # fmt: skip


@from_replica
def standing(as_of: dt.date, known_at: dt.datetime) -> list[dict[str, Any]]:
    """The estimates of all test periods that were written down, as they stood then."""
    return [estimate(one, as_of, known_at) for one in TestPeriod.objects.known(known_at).order_by("name", "pk")]


def flat(found: dict[str, Any]) -> dict[str, Any]:
    """An estimate as a row: the COLUMNS."""
    ranges = {f"{name}_{end}": found[name][at] for name in ("weeks", "due_percent") for at, end in enumerate(_ENDS)}
    return {name: {**found, **ranges}[name] for name in COLUMNS}


def _placements(period: TestPeriod, until: dt.date, as_of: dt.date, known_at: dt.datetime) -> int:
    """Hires that stand; two queries."""
    orders = JobOrder.objects.filter(tovholder=period.municipality).order_by().values_list("public_id", flat=True)
    told = Event.objects.filter(happened_at__lt=clock.day_end(as_of), recorded_at__lte=known_at).order_by()
    undone = told.filter(type="nomination.not_started", subject=OuterRef("subject"))
    hired = (
        told.filter(
            ~Exists(undone),
            type="nomination.hired",
            happened_at__gte=clock.day_start(period.valid_from),
            happened_at__lt=clock.day_end(until),
        )
        .annotate(home=Cast(KT("data__home"), CharField()), order=KT("data__order"))
        .filter(home=period.municipality)
    )
    mine = {str(order) for order in orders}
    return sum(order in mine for order in hired.values_list("order", flat=True))
