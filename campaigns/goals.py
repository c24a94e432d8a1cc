"""The steering group's goals: set, withdrawn, and where each stands as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import measures
from campaigns.asked import NINE
from campaigns.steering_models import Goal
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.replica import from_replica
from municipalities.actor import Actor
from vocabulary.text import clean_text

MONTH_DAYS = 365.25 / 12
MOST_MONTHS = 240


@transaction.atomic
def set_goal(
    actor: Actor,
    *,
    name: str,
    measure: str,
    value: Decimal | float,
    valid_from: dt.date,
    valid_to: dt.date,
    municipality: str = "",
    frequency: str = Goal.Frequency.MONTHLY,
    look_back_months: int | None = None,
    baseline: Decimal | float | None = None,
    baseline_from: str = "",
    compared_with: Sequence[str] = (),
    assumptions: str = "",
) -> Goal:
    """Write a goal down. The coordinator's and the system's; raises NotAllowed, or Invalid."""
    may_steer(actor)
    if measure not in Goal.Measure.values:
        raise Invalid.field("measure", "unknown_code", _("This is not measured."))
    if frequency not in Goal.Frequency.values:
        raise Invalid.field("frequency", "unknown_code", _("This is no frequency."))
    if valid_to < valid_from:
        raise Invalid.field("valid_to", "before_start", _("The period ends before it begins."))
    goal = Goal(
        name=clean_text(name, field="name", max_length=120, min_length=1, multiline=False),
        measure=measure,
        value=value,
        municipality=_one_of_the_nine(municipality, "municipality") if municipality else "",
        valid_from=valid_from,
        valid_to=valid_to,
        frequency=frequency,
        look_back_months=look_back_months,
        baseline=baseline,
        baseline_from=clean_text(baseline_from, field="baseline_from", max_length=200, multiline=False),
        compared_with=" ".join(_one_of_the_nine(code, "compared_with") for code in dict.fromkeys(compared_with)),
        assumptions=clean_text(assumptions, field="assumptions", max_length=1000),
        recorded_at=clock.now(),
        by_name=actor.name or "system",
    )
    _check_numbers(goal)
    goal.save()
    return goal


def _check_numbers(goal: Goal) -> None:
    if goal.value <= 0 or (goal.is_share and goal.value > 100):
        raise Invalid.field("value", "out_of_range", _("A goal is more than 0, and a share at most 100 percent."))
    if not goal.is_share and goal.value != int(goal.value):
        raise Invalid.field("value", "invalid", _("This goal is a whole number."))
    if goal.look_back_months is not None:
        if goal.measure != Goal.Measure.NEW_COMPANIES:
            raise Invalid.field("look_back_months", "not_here", _("Only for companies that newly cooperate."))
        if not 1 <= goal.look_back_months <= MOST_MONTHS:
            raise Invalid.field("look_back_months", "out_of_range", _("From 1 to 240 months."))


@transaction.atomic
def withdraw(actor: Actor, public_id: UUID) -> Goal:
    """Take a goal back; packs of before still show it. Raises NotAllowed, NotVisible, or Conflict."""
    may_steer(actor)
    goal = Goal.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if goal is None:
        raise NotVisible
    if goal.withdrawn_at is not None:
        raise Conflict("withdrawn", _("This goal was withdrawn before."))
    goal.withdrawn_at = clock.now()
    goal.save(update_fields=["withdrawn_at"])
    return goal


@from_replica
def progress(goal: Goal, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[str, Any]:
    """Where a goal stands by the end of `as_of`, as known at `known_at`; `state` is None where nothing can be said.

    A goal is reached or missed when its period is over; a number is reached as soon as it is. Before that it is on
    track or behind. A number is on track while it is at least the part of the goal that belongs to the part of the
    period that has passed, day by day; the needed pace is how many more each month of the rest must bring. A share is
    on track while it is at least the goal; nothing is said while there are too few to show, or none.
    """
    reading = measures.read(goal, as_of, known_at)
    value = reading.value(is_share=goal.is_share) if reading else None
    wanted = float(goal.value)
    total = (goal.valid_to - goal.valid_from).days + 1
    passed = min(total, max(0, (as_of - goal.valid_from).days + 1))
    expected = wanted if goal.is_share else round(wanted * passed / total, 1)
    state = _state(goal, value, expected, passed, total)
    return {
        "id": goal.public_id,
        "name": goal.name,
        "measure": goal.measure,
        "municipality": goal.municipality or None,
        "from": goal.valid_from,
        "to": goal.valid_to,
        "frequency": goal.frequency,
        "look_back_months": goal.look_back_months,
        "goal": wanted,
        "is_share": goal.is_share,
        "baseline": None if goal.baseline is None else float(goal.baseline),
        "baseline_from": goal.baseline_from,
        "numerator": reading.numerator if reading else None,
        "denominator": reading.denominator if reading else None,
        "value": value,
        "expected": expected,
        "state": state,
        "needed_per_month": _needed(goal, value, wanted, total - passed)
        if state in ("on_track", "off_track")
        else None,
        "compared": [_compared(goal, code, as_of, known_at) for code in goal.compared_with.split()],
        "assumptions": goal.assumptions,
    }


COLUMNS = (
    "name", "measure", "municipality", "from", "to", "baseline", "numerator", "denominator", "value", "expected",
    "goal", "state", "needed_per_month",
)  # fmt: skip


def flat(found: dict[str, Any]) -> dict[str, Any]:
    """Where a goal stands as a row: the COLUMNS."""
    return {name: found[name] for name in COLUMNS}


@from_replica
def standing(as_of: dt.date, known_at: dt.datetime) -> list[dict[str, Any]]:
    """The goals of the year that the day lies in, as they stood then."""
    year = dt.date(as_of.year, 1, 1)
    found = Goal.objects.known(known_at).filter(valid_from__lte=as_of, valid_to__gte=year).order_by("name", "pk")
    return [progress(goal, as_of, known_at) for goal in found]


def _state(goal: Goal, value: float | None, expected: float, passed: int, total: int) -> str | None:
    if not passed:
        return "not_begun"
    if value is None:
        return None
    if not goal.is_share and value >= goal.value:
        return "reached"
    if passed == total:
        return "reached" if value >= goal.value else "missed"
    return "on_track" if value >= expected else "off_track"


def _needed(goal: Goal, value: float | None, wanted: float, days_left: int) -> float | None:
    """How many each month of the rest of the period must bring; None for a share."""
    if goal.is_share or value is None or not days_left:
        return None
    return round((wanted - value) / (days_left / MONTH_DAYS), 1)


def _compared(goal: Goal, code: str, as_of: dt.date, known_at: dt.datetime | None) -> dict[str, Any]:
    reading = measures.read(goal, as_of, known_at, code)
    return {"municipality": code, "value": reading.value(is_share=goal.is_share) if reading else None}


def may_steer(actor: Actor) -> None:
    """Raises NotAllowed for anybody but the coordinator and the system."""
    if not (actor.is_coordinator or actor.is_system):
        raise NotAllowed


def _one_of_the_nine(code: str, field: str) -> str:
    if code not in NINE:
        raise Invalid.field(field, "unknown_code", _("This municipality is not one of the nine."))
    return code
