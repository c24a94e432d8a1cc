"""Each number of the scenario's paragraph, counted from what was loaded: lists, agreements, the chain, the goals."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Min, Q

from campaigns import goals, selecting
from campaigns.funnel import funnel
from campaigns.models import Campaign, Goal, Target
from campaigns.selecting import Wanted
from campaigns.statistics import status
from companies import coverage
from companies.lead import NINE
from companies.models import Agreement, Company, ProductionUnit
from events import clock
from events.models import Event
from joborders.models import JobOrder
from nrs.scenarios.player import moment_of
from nrs.scenarios.register_2016 import AUTUMN, SPRING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nrs_2016")]
MARCH = dt.date(2016, 3, 31)
ALLEROED = "0201"


def waves() -> tuple[Campaign, Campaign]:
    first, second = Campaign.objects.order_by("frozen_at")
    return first, second


def chain() -> Agreement:
    return Agreement.objects.select_related("company").get(company__name__contains="Den Røde Kurv")


def test_the_register_holds_some_6000_companies_with_a_place_of_work_in_the_nine():
    units = ProductionUnit.objects.filter(municipality_code__in=NINE)
    assert Company.objects.count() == 6000
    assert Company.objects.filter(pk__in=units.order_by().values("company")).count() == 6000


def test_438_of_them_with_at_least_5_employees_stand_on_the_first_list_each_once():
    first, _second = waves()
    targets = Target.objects.filter(campaign=first).order_by("pk")
    assert targets.count() == len(set(targets.values_list("company", flat=True))) == 438
    assert targets.aggregate(least=Min("headcount"))["least"] == 5
    assert {code[:2] for code in targets.values_list("industry_code", flat=True)} <= set(SPRING)
    assert first.divisions.split() == list(SPRING) and first.minimum_headcount == 5
    assert Event.objects.get(type="campaign.started", subject=first.public_id).data == {"targets": 438}


def test_the_register_has_others_of_these_industries_that_are_too_small_for_the_list():
    first, _second = waves()
    smaller = selecting.companies(Wanted(divisions=SPRING, minimum_headcount=0)).filter(in_the_nine__lt=5)
    assert smaller.count() > 438
    assert not Target.objects.filter(campaign=first, company__in=smaller.values("pk")).exists()


def test_the_list_was_frozen_before_anybody_called_and_has_not_changed_since():
    first, _second = waves()
    calls = Event.objects.filter(type="campaign.contacted").order_by("happened_at")
    assert first.frozen_at < calls[0].happened_at
    for day in ("2016-01-31", "2016-03-31", "2016-06-30", "2017-01-31"):
        assert funnel(first, dt.date.fromisoformat(day))["targeted"] == 438


def test_the_second_wave_went_to_hotels_restaurants_and_industry_after_the_summer():
    first, second = waves()
    assert dt.date(2016, 8, 1) <= clock.local(second.frozen_at).date() <= dt.date(2016, 10, 1)
    assert second.follows == first and second.divisions.split() == list(AUTUMN)
    rows = Target.objects.filter(campaign=second)
    assert rows.count() > 200 and rows.filter(first_contact_at__isnull=False).count() > 50
    assert {code[:2] for code in rows.order_by("pk").values_list("industry_code", flat=True)} <= set(AUTUMN)
    assert not rows.filter(company__in=Target.objects.filter(campaign=first).values("company")).exists()


def test_six_agreements_were_signed_by_the_31st_of_march():
    signed = Agreement.objects.filter(kind="recruitment", holder="nrs", signed_on__lte=MARCH)
    assert signed.count() == len(set(signed.order_by("pk").values_list("company", flat=True))) == 6
    assert signed.in_force(MARCH).count() == 6 == status(MARCH)["agreements"]
    assert not Agreement.objects.filter(Q(signed_on__gt=MARCH), signed_on__lte=dt.date(2016, 6, 1)).exists()


def test_the_chain_has_292_units_of_which_150_shops_are_covered_and_lies_with_alleroed():
    agreement = chain()
    assert (agreement.holder, agreement.tovholder_id) == ("jobservice", ALLEROED)
    assert coverage.sizes([agreement])[agreement.pk].units == 292
    assert coverage.covered_units(agreement).filter(is_main=False).count() == 150


def test_the_covered_shops_lie_in_eastern_denmark_and_around_toender_and_grenaa():
    codes = set(coverage.covered_units(chain()).order_by().values_list("municipality_code", flat=True))
    east = {"0101", "0265", "0259", "0400"}
    assert codes - set(NINE) - east == {"0550", "0707"}, "Tønder and Norddjurs, where Grenå lies"
    others = chain().company.units.exclude(pk__in=coverage.covered_units(chain()).values("pk"))
    assert others.count() == 292 - 151
    assert not set(others.order_by().values_list("municipality_code", flat=True)) & {"0550", "0707", *east}


def test_the_chains_agreement_is_expected_until_the_1st_of_july_2016():
    """Signed before, in force from that day: the handbook knows no more than that it was expected."""
    agreement = chain()
    for day, state in (("2016-06-29", "draft"), ("2016-06-30", "draft"), ("2016-07-01", "active")):
        with clock.at(moment_of(day)):
            assert agreement.state == state
    assert agreement not in Agreement.objects.in_force(dt.date(2016, 6, 30))
    assert agreement in Agreement.objects.in_force(dt.date(2016, 7, 1))


def test_alleroed_as_tovholder_leads_orders_of_covered_shops_in_other_municipalities():
    led = JobOrder.objects.filter(agreement=chain(), lead=ALLEROED).exclude(workplace_municipality=ALLEROED)
    assert led.exists()


def test_alleroed_wants_45_companies_that_never_worked_with_it_before_and_10_partnership_agreements_in_2017():
    found = {goal.measure: goal for goal in Goal.objects.filter(municipality=ALLEROED)}
    assert {measure: goal.value for measure, goal in found.items()} == {"new_companies": 45, "partnerships": 10}
    assert found["new_companies"].look_back_months is None, "new is never before; a look-back would be an option"
    for goal in found.values():
        assert (goal.valid_from, goal.valid_to) == (dt.date(2017, 1, 1), dt.date(2017, 12, 31))


def test_where_the_goals_stand_is_told_from_the_year_on():
    known = moment_of("2017-02-01")
    assert goals.standing(dt.date(2016, 12, 31), known) == []
    found = {row["measure"]: row for row in goals.standing(dt.date(2017, 1, 31), known)}
    assert found["new_companies"]["goal"] == 45 and found["partnerships"]["goal"] == 10
    assert {row["state"] for row in found.values()} <= {"on_track", "off_track"}
