"""Which companies a campaign would go to: one query, shown as a number until the list is frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from campaigns.asked import NINE
from campaigns.models import Campaign, Target
from campaigns.rules import codes_of, versions_of
from companies.models import Agreement, Company, ContactLogEntry, ForecastLine, ProductionUnit
from events import clock
from joborders.models import JobOrder

#: How consultants write that they have seen a company look for people.
AD_WORDS = ("jobopslag", "stillingsopslag", "jobannonce", "stillingsannonce", "job ad")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is chosen by; see `Campaign`. `earlier` are campaigns (keys) whose targets are left out."""

    divisions: tuple[str, ...] = ()
    industry_version: str = "DB25"
    minimum_headcount: int = 5
    municipalities: tuple[str, ...] = ()
    not_contacted_since: dt.date | None = None
    needs: tuple[str, ...] = ()
    needs_since: dt.date | None = None
    needs_until: dt.date | None = None
    occupations: tuple[str, ...] = ()
    earlier: tuple[int, ...] = ()


def wanted_of(campaign: Campaign) -> Wanted:
    """What the campaign's list is chosen by."""
    return Wanted(
        codes_of(campaign.divisions),
        campaign.industry_version,
        campaign.minimum_headcount,
        codes_of(campaign.municipalities),
        campaign.not_contacted_since,
        codes_of(campaign.needs),
        campaign.needs_since,
        campaign.needs_until,
        codes_of(campaign.occupations),
        earlier_waves(campaign) if campaign.without_earlier else (),
    )


def earlier_waves(campaign: Campaign) -> tuple[int, ...]:
    """Keys of the waves before it, the nearest first."""
    found: list[int] = []
    before = campaign.follows
    while before is not None and before.pk not in found:
        found.append(before.pk)
        before = before.follows
    return tuple(found)


def companies(wanted: Wanted) -> QuerySet[Company]:
    """Those that the list would hold, by name, each with `in_the_nine` (employees), `local_units` and `local_industry`.

    Employees are those of its units in the nine that have not ceased; where no unit has a figure, the company's own, if
    all its units lie in the nine.
    """
    units = ProductionUnit.objects.active().filter(company=OuterRef("pk"), municipality_code__in=NINE)
    fitting = (units.filter(_of_industry(wanted)) if wanted.divisions else units).exclude(industry_code="")
    industry = Subquery(fitting.order_by("-is_main", "pk").values("industry_code")[:1])
    found = _of_any_size(wanted).filter(in_the_nine__gte=wanted.minimum_headcount)
    return found.annotate(local_industry=industry).order_by("name", "pk")


def of_unknown_size(wanted: Wanted) -> int:
    """How many would fit if only somebody knew how many people work there."""
    return _of_any_size(wanted).filter(in_the_nine__isnull=True).count() if wanted.minimum_headcount else 0


def _of_any_size(wanted: Wanted) -> QuerySet[Company]:
    elsewhere = ProductionUnit.objects.active().filter(company=OuterRef("pk")).exclude(municipality_code__in=NINE)
    own = Case(When(~Exists(elsewhere), then=F("headcount")), output_field=IntegerField())
    here = Company.objects.filter(units__ceased_on__isnull=True, units__municipality_code__in=NINE, do_not_call=False)
    sized = here.annotate(
        local_units=Count("units"), in_the_nine=Coalesce(Sum("units__headcount"), own, output_field=IntegerField())
    )
    return _narrowed(sized, wanted)


def _narrowed(found: QuerySet[Company], wanted: Wanted) -> QuerySet[Company]:
    places = ProductionUnit.objects.active().filter(
        company=OuterRef("pk"), municipality_code__in=wanted.municipalities or NINE
    )
    found = found.filter(Exists(places.filter(_of_industry(wanted)) if wanted.divisions else places))
    if wanted.not_contacted_since:
        since = clock.day_start(wanted.not_contacted_since)
        talks = ContactLogEntry.objects.filter(company=OuterRef("pk"), happened_at__gte=since)
        found = found.filter(~Exists(talks))
    if wanted.needs:
        shown = Q()
        for code in wanted.needs:
            shown |= Q(Exists(NEEDS[code].found(wanted)))
        found = found.filter(shown)
    if wanted.earlier:
        found = found.filter(~Exists(Target.objects.filter(campaign__in=wanted.earlier, company=OuterRef("pk"))))
    return found


def _of_industry(wanted: Wanted) -> Q:
    """Units of one of the industries; a unit without a code has its company's."""
    found = Q()
    for code in wanted.divisions:
        versions = versions_of(code, wanted.industry_version)
        found |= Q(industry_code__startswith=code, industry_version__in=versions)
        found |= Q(industry_code="", company__industry_code__startswith=code, company__industry_version__in=versions)
    return found


def _since(wanted: Wanted) -> dt.datetime:
    """From when on signs count: a year back unless the campaign says otherwise."""
    return clock.day_start(wanted.needs_since or clock.today() - dt.timedelta(days=365))


def _of_occupation(wanted: Wanted) -> Q:
    """Rows whose `occupation` is one of those asked for, or below it (ISCO-08: 83 holds 8332)."""
    found = Q()
    for code in wanted.occupations:
        found |= Q(occupation__code__startswith=code)
    return found


def _orders(wanted: Wanted) -> QuerySet[Any]:
    orders = JobOrder.objects.filter(company=OuterRef("pk"), received_at__gte=_since(wanted))
    return orders.filter(_of_occupation(wanted))


def _ads(wanted: Wanted) -> QuerySet[Any]:
    said = Q()
    for word in AD_WORDS:
        said |= Q(about__icontains=word) | Q(text__icontains=word)
    return ContactLogEntry.objects.filter(said, company=OuterRef("pk"), happened_at__gte=_since(wanted))


def _forecasts(wanted: Wanted) -> QuerySet[Any]:
    """What an agreement in force today foresees, from this month on, until the month of `needs_until`."""
    today = clock.today()
    lines = ForecastLine.objects.filter(
        _of_occupation(wanted),
        agreement__in=Agreement.objects.in_force(today).order_by().values("pk"),
        agreement__company=OuterRef("pk"),
        month__gte=today.replace(day=1),
    )
    return lines.filter(month__lte=wanted.needs_until) if wanted.needs_until else lines


@dataclass(frozen=True, slots=True)
class Need:
    """A sign that a company looks for people: its words, and the rows (of the outer company) that show it."""

    label: Any
    found: Callable[[Wanted], QuerySet[Any]]


#: Signs by code, as a campaign stores them.
NEEDS: Mapping[str, Need] = {
    "orders": Need(_("has handed in a job order"), _orders),
    "ads": Need(_("a job ad is noted in the contact log"), _ads),
    "forecasts": Need(_("its agreement foresees a need for people"), _forecasts),
}
