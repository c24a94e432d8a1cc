"""From targets to hires: how far a campaign has come, as of any day and as known at any time. Six queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q

from campaigns.asked import spans_at
from campaigns.models import Attempt, Campaign, OrderLink, Placement, Target
from campaigns.rules import comes_after_contact, last_counting_day
from companies.models import Agreement
from events import clock
from joborders.models import JobOrder

STAGES = ("targeted", "contacted", "met", "agreement", "order", "hire")
UNKNOWN = "unknown"


@dataclass(slots=True)
class Reached:
    """One target: where it belonged, its division, and what has been reached by the day."""

    company: int
    municipality: str
    industry: str
    contacted: dt.datetime | None = None
    met: bool = False
    agreement: bool = False
    orders: int = 0
    hires: int = 0
    by_hand: dict[int, bool] = field(default_factory=dict)

    def stages(self) -> tuple[bool, ...]:
        """As STAGES."""
        return (True, self.contacted is not None, self.met, self.agreement, self.orders > 0, self.hires > 0)


def funnel(campaign: Campaign, as_of: dt.date | None = None, known_at: dt.datetime | None = None) -> dict[str, Any]:
    """Companies of the frozen list by how far each has come by the end of the day of the figure.

    Contacted: somebody was reached, or a letter was sent; met: a meeting took place. Agreement, order and hire are
    those signed, received and made after the first contact, until six months after the campaign's last day; an order
    also where a person has linked it, never where a person has said that it does not belong. They come after the
    contact: whether because of it, nobody can tell. Each stage counts companies by itself, so that an order without a
    meeting is seen.

    By municipality as the list was divided on that day, and by the industry that the company had when it was frozen.
    Orders and hires are their numbers; hires of the last three months before today are provisional.
    """
    now = clock.now()
    as_of, known_at = as_of or clock.today(), min(known_at or now, now)
    reached = _reached(campaign, as_of, known_at)
    total = _counts(reached.values())
    return {
        "campaign": campaign.public_id,
        "as_of": as_of,
        "known_at": known_at,
        "counts_until": last_counting_day(_last_day(campaign, known_at)),
        **total,
        "by_municipality": _grouped(reached.values(), "municipality"),
        "by_industry": _grouped(reached.values(), "industry"),
    }


def _reached(campaign: Campaign, as_of: dt.date, known_at: dt.datetime) -> dict[int, Reached]:
    """By target, what was reached; nothing before the list was frozen."""
    until = min(clock.day_end(as_of), known_at + dt.timedelta(microseconds=1))
    if campaign.frozen_at is None or campaign.frozen_at >= until:
        return {}
    placed = Placement.objects.filter(target__campaign=campaign, placed_at__lt=until).order_by("placed_at", "id")
    places = dict(placed.values_list("target_id", "municipality_code"))
    rows = Target.objects.filter(campaign=campaign).order_by().values_list("pk", "company_id", "division")
    reached = {pk: Reached(company, places.get(pk, ""), division or UNKNOWN) for pk, company, division in rows}
    _talks(reached, campaign, as_of, known_at)
    by_company = {one.company: one for one in reached.values()}
    last_day = _last_day(campaign, known_at)
    _agreements(by_company, campaign, as_of, known_at, last_day)
    _orders(reached, by_company, campaign, as_of, known_at, last_day)
    return reached


def _last_day(campaign: Campaign, known_at: dt.datetime) -> dt.date:
    """The campaign's last day as it was known: the planned one until the end was registered."""
    if campaign.ended_on is None or campaign.ended_recorded_at is None or campaign.ended_recorded_at > known_at:
        return campaign.ends_on
    return campaign.ended_on


def _talks(reached: Mapping[int, Reached], campaign: Campaign, as_of: dt.date, known_at: dt.datetime) -> None:
    done = Attempt.objects.filter(
        target__campaign=campaign, happened_at__lt=clock.day_end(as_of), recorded_at__lte=known_at
    ).exclude(outcome=Attempt.Outcome.NO_ANSWER)
    first = done.order_by().values("target_id").annotate(
        first=Min("happened_at"), met=Min("happened_at", filter=Q(outcome=Attempt.Outcome.MET))
    )  # fmt: skip
    for target, contacted, met in first.values_list("target_id", "first", "met"):
        reached[target].contacted, reached[target].met = contacted, met is not None


def _agreements(
    by_company: Mapping[int, Reached], campaign: Campaign, as_of: dt.date, known_at: dt.datetime, last_day: dt.date
) -> None:
    """An agreement has come on the day on which it was signed, whenever it was registered or takes force."""
    companies = Target.objects.filter(campaign=campaign).order_by().values("company_id")
    signed = Agreement.objects.filter(company__in=companies, signed_on__lte=as_of, recorded_at__lte=known_at)
    for company, day, recorded_at in signed.order_by().values_list("company_id", "signed_on", "recorded_at"):
        one = by_company[company]
        # Of the day of signing only the end is known, unless it was registered before: then it was signed by then.
        moment = min(recorded_at, clock.day_end(day))
        if comes_after_contact(moment, day, first_contact=one.contacted, last_day=last_day):
            one.agreement = True


def _orders(
    reached: Mapping[int, Reached],
    by_company: Mapping[int, Reached],
    campaign: Campaign,
    as_of: dt.date,
    known_at: dt.datetime,
    last_day: dt.date,
) -> None:
    """The company's orders since the list was frozen, and those linked by hand, each as it stood that day."""
    until = min(clock.day_end(as_of), known_at + dt.timedelta(microseconds=1))
    links = OrderLink.objects.filter(target__campaign=campaign, linked_at__lt=until).order_by("linked_at", "id")
    linked = set()
    for target, order, counts in links.values_list("target_id", "order_id", "counts"):
        reached[target].by_hand[order] = counts
        linked.add(order)
    companies = Target.objects.filter(campaign=campaign).order_by().values("company_id")
    since = JobOrder.objects.filter(company__in=companies, received_at__gt=campaign.frozen_at)
    wanted = {*since.order_by().values_list("pk", flat=True), *linked}
    spans = spans_at(as_of, known_at).filter(order__in=wanted) if wanted else ()
    rows = spans.values_list("order_id", "order__company_id", "received_at", "hires") if wanted else ()
    for order, company, received, hires in rows:
        one = by_company[company]
        if one.by_hand.get(order, _counts_for(one, received, last_day)):
            one.orders += 1
            one.hires += hires


def _counts_for(one: Reached, moment: dt.datetime, last_day: dt.date) -> bool:
    day = clock.local(moment).date()
    return comes_after_contact(moment, day, first_contact=one.contacted, last_day=last_day)


def _counts(rows: Iterable[Reached]) -> dict[str, int]:
    listed = list(rows)
    found = {name: sum(one.stages()[place] for one in listed) for place, name in enumerate(STAGES)}
    return {**found, "orders": sum(one.orders for one in listed), "hires": sum(one.hires for one in listed)}


def _grouped(rows: Iterable[Reached], by: str) -> list[dict[str, Any]]:
    groups: dict[str, list[Reached]] = defaultdict(list)
    for one in rows:
        groups[getattr(one, by)].append(one)
    return [{by: key, **_counts(groups[key])} for key in sorted(groups)]
