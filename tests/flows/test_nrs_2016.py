"""The first year gives the handbook's figures (§6.2) on any date, whatever happened after it.

The figures below are counted by hand from `nrs/scenarios/stories_2016.py`.
"""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Min

from campaigns.figures import FUNCTIONS, figure
from campaigns.funnel import funnel
from campaigns.models import Campaign, FocusIndustry, Target
from campaigns.statistics import status
from companies.lead import NINE
from companies.models import Agreement, Company
from events import clock
from events.models import Event
from joborders.models import JobOrder
from joborders.services import submitting
from municipalities.membership import actor_of
from municipalities.models import Membership
from notifications.models import Mail, Notice
from notifications.writing import write_for
from nrs.scenarios.player import moment_of
from nrs.scenarios.world import contact_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nrs_2016")]

#: as of: received, filled, closed, open, agreements
FIGURES = {
    "2015-12-06": (0, 0, 0, 0, 0),
    "2015-12-31": (4, 0, 0, 4, 0),
    "2016-01-31": (12, 2, 2, 8, 2),
    "2016-02-29": (21, 6, 4, 11, 4),
    "2016-03-31": (32, 10, 6, 16, 6),
    "2016-04-10": (33, 9, 5, 19, 6),
    "2016-06-30": (38, 25, 10, 3, 6),
    "2016-12-31": (48, 33, 13, 2, 7),
    "2017-01-31": (50, 33, 13, 4, 7),
}


def figures(day: str, **more: object) -> tuple[int, ...]:
    found = status(dt.date.fromisoformat(day), **more)
    return tuple(found[name] for name in ("received", "filled", "closed", "open", "agreements"))


@pytest.mark.parametrize("day", FIGURES)
def test_the_figures_of_a_day_are_those_counted_by_hand(day):
    assert figures(day) == FIGURES[day]


def test_the_figures_of_march_were_the_same_on_the_first_of_april_and_are_today():
    with clock.at(moment_of("2016-04-01", "00:01")):
        assert figures("2016-03-31") == FIGURES["2016-03-31"]
    assert figures("2016-03-31", known_at=moment_of("2016-04-01", "00:01")) == FIGURES["2016-03-31"]


def test_the_command_prints_the_figures_as_json():
    out = StringIO()
    call_command("statistics", "status", "--as-of", "2016-03-31", stdout=out)
    found = json.loads(out.getvalue())
    assert {name: found[name] for name in ("as_of", "received", "filled", "closed", "open", "agreements")} == {
        "as_of": "2016-03-31", "received": 32, "filled": 10, "closed": 6, "open": 16, "agreements": 6,
    }  # fmt: skip


#: month: received, filled, closed, reopened, open at its end
FLOW = {
    "2015-12": (4, 0, 0, 0, 4),
    "2016-01": (8, 2, 2, 0, 8),
    "2016-02": (9, 4, 2, 0, 11),
    "2016-03": (11, 4, 2, 0, 16),
    "2016-04": (2, 3, 2, 2, 15),
}


def test_the_flow_of_the_months_is_that_counted_by_hand():
    found = figure("flow", as_of=dt.date(2016, 4, 30), since=dt.date(2015, 12, 1))
    names = ("received", "filled", "closed", "reopened", "open")
    assert {row["period"]: tuple(row[name] for name in names) for row in found["periods"]} == FLOW


@pytest.mark.parametrize("day", [day for day in FIGURES if day > "2016"])
def test_the_flow_leads_to_the_status(day):
    as_of = dt.date.fromisoformat(day)
    found, then = figure("flow", as_of=as_of, since=dt.date(2015, 12, 1)), status(as_of)
    assert (found["received"], found["open"]) == (then["received"], then["open"])
    assert found["filled"] + found["closed"] - found["reopened"] == then["filled"] + then["closed"]


@pytest.mark.parametrize(
    ("day", "hired"), [("2016-01-31", 4), ("2016-03-31", 15), ("2016-04-10", 15), ("2016-12-31", 50)]
)
def test_the_people_exchanged_are_those_hired(day, hired):
    as_of = dt.date.fromisoformat(day)
    found = figure("exchange", as_of=as_of, since=dt.date(2015, 12, 1))
    assert (found["hires"] or hired) == status(as_of)["positions"]["hired"] == hired


def test_the_reasons_of_march_are_those_counted_by_hand():
    found = figure("reasons", as_of=dt.date(2016, 3, 31))
    assert {row["reason"]: row["numerator"] for row in found["orders"] if row["numerator"]} == {
        "filled": 9, "partly_filled": 1, "hired_elsewhere": 1, "withdrawn": 2, "no_suitable_candidates": 1,
        "deadline_expired": 1, "labour_conflict": 1,
    }  # fmt: skip


def test_times_and_promises_of_march_are_the_same_known_then_and_now():
    for name in ("times", "promises"):
        then = figure(name, as_of=dt.date(2016, 3, 31), known_at=moment_of("2016-04-01", "00:01"))
        now = figure(name, as_of=dt.date(2016, 3, 31))
        assert {**then, "known_at": None} == {**now, "known_at": None}
    assert now["first_candidate"]["denominator"] + now["first_candidate"]["running"] == 32


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_command_prints_every_figure(name):
    out = StringIO()
    call_command("statistics", name, "--as-of", "2016-03-31", stdout=out)
    assert json.loads(out.getvalue())["as_of"] == "2016-03-31"


def test_the_command_refuses_a_period_turned_round():
    with pytest.raises(CommandError, match="before it begins"):
        call_command("statistics", "flow", "--as-of", "2016-03-31", "--from", "2016-04-01")


def test_an_order_registered_five_days_late_counts_on_its_day_only_for_those_who_know_it():
    """The mail of 17 March was written down on the 22nd: the 20th has 28 orders, of which 27 were known by then."""
    assert figures("2016-03-20")[0] == 28
    assert figures("2016-03-20", known_at=moment_of("2016-03-20", "23:00"))[0] == 27
    assert figures("2016-03-20", known_at=moment_of("2016-03-22", "11:00"))[0] == 28


def test_an_order_received_on_a_day_and_registered_five_days_later_is_in_that_days_figures_only_when_known_later():
    order = JobOrder.objects.order_by("id").last()
    company = order.company
    actor = _consultant(company.lead_id)
    block = {
        "title": "Chauffør",
        "occupation": "8332",
        "description": "Chauffør søges.",
        "positions": 1,
        "unit": str(company.units.get(is_main=True).public_id),
        "contact": contact_of(1),
    }
    before = figures("2017-01-25")
    with clock.at(moment_of("2017-01-30", "10:00")):
        submitting.submit(
            actor, block, company=company.public_id, channel="mail", received_at=moment_of("2017-01-25", "10:00")
        )
    assert figures("2017-01-25", known_at=moment_of("2017-01-30", "09:59")) == before
    assert figures("2017-01-25")[0] == before[0] + 1
    assert figures("2017-01-24") == figures("2017-01-24", known_at=moment_of("2017-01-30", "09:59"))


def _consultant(code):
    return actor_of(Membership.objects.select_related("user").get(municipality=code, role="consultant"))


def test_an_order_handed_over_later_was_still_led_by_its_first_municipality_in_march():
    assert status(dt.date(2016, 3, 31), municipality="0240")["open"] == 2
    assert status(dt.date(2016, 4, 10), municipality="0240")["open"] == 2
    orders = JobOrder.objects.filter(lead="0250", company__lead="0240")
    assert [order.title for order in orders] == ["Kloakarbejder"]


def test_everything_was_written_as_events_when_it_happened():
    assert Event.objects.filter(type="joborder.submitted").count() >= 50
    assert not Event.objects.filter(recorded_at__gte=moment_of("2017-02-01")).exists()
    assert not Event.objects.filter(happened_at__gt=F("recorded_at")).exists()
    late = Event.objects.filter(type="joborder.submitted").exclude(happened_at=F("recorded_at"))
    assert late.count() >= 1


def test_the_chain_has_a_head_office_and_291_shops_and_allerod_leads_for_the_covered():
    chain = Company.objects.get(name__contains="Den Røde Kurv")
    assert chain.units.filter(is_main=False).count() == 291
    agreement = Agreement.objects.get(company=chain)
    assert (agreement.tovholder_id, agreement.holder, agreement.valid_from) == (
        "0201",
        "jobservice",
        dt.date(2016, 7, 1),
    )
    assert agreement.units.filter(is_main=False).count() == 150
    assert agreement.forecast.count() == 5 and agreement.schemes
    with clock.at(moment_of("2016-06-30")):
        assert agreement.state == "draft" and agreement.signed_on == dt.date(2016, 6, 29)
    with clock.at(moment_of("2016-07-01")):
        assert agreement.state == "active"
    [in_helsingor] = JobOrder.objects.filter(company=chain, workplace_municipality="0217")
    assert in_helsingor.lead_id == "0201"


def test_two_focus_industries_at_a_time():
    for day in ("2016-03-31", "2016-10-01"):
        in_force = FocusIndustry.objects.filter(valid_from__lte=day, valid_to__gte=day)
        assert in_force.count() == 2


def test_made_up_companies_have_numbers_that_no_real_one_has():
    numbers = set(Company.objects.order_by("pk").values_list("cvr", flat=True))
    assert len(numbers) == 6000 and all(number.startswith("9") for number in numbers)


def test_the_first_campaign_went_to_438_companies_with_at_least_five_employees():
    """Handbook §6.2: building, construction and transport in the nine, frozen before the first call."""
    first, second = Campaign.objects.order_by("frozen_at")
    targets = Target.objects.filter(campaign=first)
    assert targets.count() == 438
    assert targets.aggregate(least=Min("headcount"))["least"] == 5
    assert set(targets.values_list("division", flat=True)) <= {"41", "42", "43", "49", "52", "53"}
    assert set(targets.values_list("municipality_id", flat=True)) == NINE
    assert second.follows == first and second.frozen_at > moment_of("2016-08-01")
    assert set(second.targets.values_list("division", flat=True)) <= {"55", "56", "10", "22", "25", "28"}


def test_the_funnel_of_march_is_the_same_known_then_and_now():
    first = Campaign.objects.earliest("frozen_at")
    then = funnel(first, dt.date(2016, 3, 31), moment_of("2016-04-01", "00:01"))
    now = funnel(first, dt.date(2016, 3, 31))
    assert {**then, "known_at": None} == {**now, "known_at": None}
    assert now["targeted"] == 438 > now["contacted"] > now["met"] > now["order"] >= now["hire"] > 0
    assert now["agreement"] == 5, "six agreements were signed by then, one of them in another industry"
    assert sum(row["targeted"] for row in now["by_municipality"]) == 438
    later = funnel(first, dt.date(2016, 6, 30))
    assert later["contacted"] > now["contacted"] and later["hire"] > now["hire"]


def test_what_comes_more_than_six_months_after_the_campaign_does_not_count_for_it():
    first = Campaign.objects.earliest("frozen_at")
    assert funnel(first)["counts_until"] == dt.date(2016, 12, 30)
    assert funnel(first, dt.date(2017, 1, 31))["orders"] == funnel(first, dt.date(2016, 12, 30))["orders"]


def test_a_second_load_is_refused_in_a_sentence_or_left_alone_when_asked():
    before = JobOrder.objects.count()
    with pytest.raises(CommandError, match="empty region"):
        call_command("load_scenario", "nrs-2016", verbosity=0)
    call_command("load_scenario", "demo", if_empty=True, verbosity=0)
    assert JobOrder.objects.count() == before


def test_history_sends_no_mail():
    """Whoever starts the worker on this region writes to nobody about 2016."""
    events = Event.objects.filter(type__in=["joborder.submitted", "nomination.presented"]).order_by("id")
    assert events.count() > 80
    for event in events:
        write_for(event)
    assert not Mail.objects.exists() and not Notice.objects.exists()
