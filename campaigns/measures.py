"""What a goal counts: one function per measure, as of any date and as known at any time."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Max, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext

from campaigns.asked import Asked, asked
from campaigns.exchange import exchange
from campaigns.kept import PROMISES, promises
from campaigns.periods import months_before
from campaigns.statistics import ended_in
from campaigns.steering_models import Goal
from companies.models import Agreement
from events import clock
from events.models import Event


@dataclass(frozen=True)
class Reading:
    """What was reached: a number, or a share of a denominator; None where few people are not shown."""

    numerator: int | None
    denominator: int | None = None

    def value(self, *, is_share: bool) -> float | None:
        """The number, or the percentage with one decimal."""
        if not is_share:
            return self.numerator
        if self.numerator is None or not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator, 1)


def new_companies(question: Asked, look_back_months: int | None = None) -> Reading:
    """Companies whose cooperation with the municipality (with all nine: with any of them) began in the period, each
    counted once by its CVR number.

    Cooperation is a job order that the municipality led when it was handed in, a hire of one of its citizens, or the
    signing of an agreement of its own. New is a company that never cooperated before; with a look-back, one that had
    not for so many months.
    """
    first, after = question.period
    moments = _cooperation(question, after)
    before = Max("happened_at", filter=Q(happened_at__lt=first))
    began = Min("happened_at", filter=Q(happened_at__gte=first))
    rows = moments.values_list("company").annotate(before=before, began=began).filter(began__isnull=False)
    return Reading(
        sum(
            last is None or (look_back_months is not None and last < months_before(begun, look_back_months))
            for _company, last, begun in rows
        )
    )


def _cooperation(question: Asked, after: dt.datetime) -> QuerySet[Any]:
    """The events that cooperation is made of, up to the end of the period."""
    found = Event.objects.filter(
        company__isnull=False, happened_at__lt=after, recorded_at__lte=question.known_at
    ).order_by()
    orders, hires, signed = Q(type="joborder.submitted"), Q(type="nomination.hired"), Q(type="agreement.signed")
    code = question.municipality
    if code:
        own = Agreement.objects.filter(holder_municipality=code).values("public_id")
        found = found.annotate(home=Cast(KT("data__home"), CharField()))
        orders, hires = orders & Q(municipality=code), hires & Q(home=code)
        signed &= Q(subject__in=own)
    return found.filter(orders | hires | signed)


def partnerships(question: Asked, look_back_months: int | None = None) -> Reading:
    """Partnership agreements that came into force in the period, each counted once.

    A municipality has those that it holds itself, and those of the nine with companies that it led when they were
    signed.
    """
    found = Agreement.objects.filter(
        kind=Agreement.Kind.PARTNERSHIP,
        valid_from__gte=question.since,
        valid_from__lte=question.until,
        recorded_at__lte=question.known_at,
    )
    if question.municipality:
        code = question.municipality
        signed = Event.objects.filter(type="agreement.signed", municipality=code).order_by()
        shared = Q(holder_municipality=None, public_id__in=signed.values("subject"))
        found = found.filter(Q(holder_municipality=code) | shared)
    return Reading(found.count())


def promises_kept(question: Asked, look_back_months: int | None = None) -> Reading:
    """Promises kept out of those kept and broken, of the job orders received in the period: the first response and the
    first candidate together.
    """
    found = promises(question)
    return Reading(
        sum(found[name]["kept"] for name in PROMISES),
        sum(found[name]["kept"] + found[name]["broken"] for name in PROMISES),
    )


def orders_filled(question: Asked, look_back_months: int | None = None) -> Reading:
    """Job orders filled out of those that had ended, of the job orders received in the period."""
    return Reading(*ended_in(question))


def across_borders(question: Asked, look_back_months: int | None = None) -> Reading:
    """People hired by an order that another municipality than their own led, out of all hired in the period.

    A number of 1 to 4 people is not shown.
    """
    found = exchange(question)["crossed"]
    return Reading(found["numerator"], found["denominator"])


MEASURES: Mapping[str, Callable[[Asked, int | None], Reading]] = {
    Goal.Measure.NEW_COMPANIES: new_companies,
    Goal.Measure.PARTNERSHIPS: partnerships,
    Goal.Measure.PROMISES_KEPT: promises_kept,
    Goal.Measure.ORDERS_FILLED: orders_filled,
    Goal.Measure.ACROSS_BORDERS: across_borders,
}


def read(
    goal: Goal, as_of: dt.date, known_at: dt.datetime | None = None, municipality: str | None = None
) -> Reading | None:
    """What was reached by the end of `as_of`, for the goal's municipality or another one. None before it begins."""
    if as_of < goal.valid_from:
        return None
    code = goal.municipality if municipality is None else municipality
    question = asked(as_of, known_at or clock.now(), goal.valid_from, goal.valid_to, code or None)
    return MEASURES[goal.measure](question, goal.look_back_months)


def definition(measure: str) -> list[str]:
    """The measure's definition in English, paragraph by paragraph."""
    text = inspect.getdoc(MEASURES[measure]) or ""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def in_words(measure: str) -> list[str]:
    """The measure's definition in the reader's language."""
    return [gettext(paragraph) for paragraph in definition(measure)]
