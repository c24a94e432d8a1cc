"""The demo region is lively: something of everything that a consultant meets, around today."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from campaigns import goals
from campaigns.funnel import funnel
from campaigns.models import Attempt, Campaign, Target
from candidates.models import Candidate
from companies.models import Agreement, Company, ContactLogEntry
from events import clock
from events.models import Event
from gatherings.models import CompetenceNeed, Gathering, NetworkMember
from joborders.models import JobOrder, Nomination, SupplyAnswer
from municipalities.actor import Actor
from municipalities.models import Membership
from nrs.scenarios.demo import WorkingDays
from nrs.scenarios.world import DEMO_PASSWORD, STAFF, cvr_numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_every_jobcentre_has_its_people_and_the_region_its_own():
    roles = Membership.objects.order_by("pk").values_list("municipality", "role")
    assert {(code, role) for code in STAFF for role in ("consultant", "caseworker")} <= set(roles)
    assert {(None, "coordinator"), (None, "auditor"), (None, "admin")} <= set(roles)


def test_there_is_something_in_every_phase_and_state():
    orders = JobOrder.objects.order_by("pk")
    assert 50 <= orders.count() <= 80
    assert set(orders.values_list("state", flat=True)) == {"open", "filled", "closed"}
    open_orders = orders.open()
    assert open_orders.overdue(clock.now()).exists()
    for question in (
        {"assignee__isnull": True},
        {"paused_at__isnull": False},
        {"shared_at__isnull": False},
        {"screened_at__isnull": False, "with_company": 0},
        {"with_company__gt": 0},
    ):
        assert open_orders.filter(**question).exists(), question
    states = set(Nomination.objects.order_by("pk").values_list("state", flat=True))
    assert states >= set(Nomination.State.values) - {"lapsed"}
    assert SupplyAnswer.objects.filter(count=0).exists() and SupplyAnswer.objects.filter(count__gt=0).exists()


def test_it_is_as_large_as_a_region_that_one_can_look_through():
    assert Company.objects.count() == 40
    assert 280 <= Candidate.objects.count() <= 320
    assert Agreement.objects.count() >= 8 and ContactLogEntry.objects.count() >= 60


def test_the_coordinator_finds_a_campaign_under_way():
    campaign = Campaign.objects.get()
    found = funnel(campaign)
    assert campaign.state == "running" and found["targeted"] == campaign.targets.count() >= 20
    assert found["targeted"] > found["contacted"] > found["met"] > 0
    assert all(found[stage] >= 1 for stage in ("agreement", "order", "hire"))
    called = Attempt.objects.filter(target__campaign=campaign)
    assert len(set(called.order_by("pk").values_list("municipality_code", flat=True))) >= 3
    won = campaign.targets.get(company__name__startswith="Kranselskabet")
    assert Agreement.objects.get(company=won.company, kind="recruitment").forecast.count() == 3
    filled = JobOrder.objects.filter(company=won.company, state="filled", received_at__gt=won.first_contact_at)
    assert filled.exists()
    assert Target.objects.visible_to(Actor.system()).to_call(clock.today()).exists()


def test_the_coordinator_finds_meetings_the_network_goals_and_an_agreement_that_runs_out():
    held, coming = Gathering.objects.order_by("starts_at")
    assert held.ends_at < clock.now() < coming.starts_at
    assert held.invitations.filter(came__gt=0).exists() and held.invitations.filter(entry__isnull=False).count() == 1
    assert coming.invitations.filter(answer="coming").exists() and coming.invitations.filter(answer="").exists()
    assert NetworkMember.objects.count() == 3 and CompetenceNeed.objects.count() == 1
    standing = goals.standing(clock.today(), clock.now())
    assert {row["measure"] for row in standing} == {"new_companies", "promises_kept"}
    assert Agreement.objects.to_renew(clock.today()).count() == 1


def test_nothing_in_it_lies_in_the_future():
    now = clock.now()
    assert not JobOrder.objects.filter(received_at__gt=now).exists()
    assert not Event.objects.filter(recorded_at__gt=now).exists()
    assert Event.objects.filter(recorded_at__gt=now - dt.timedelta(days=6)).exists()


def test_a_demo_login_works():
    assert authenticate(None, username="konsulent.hilleroed@nrs.example", password=DEMO_PASSWORD) is not None


def test_the_logins_are_printed_in_the_demo_only(settings):
    out = StringIO()
    settings.DEMO = True
    call_command("demo_logins", stdout=out)
    told = out.getvalue()
    assert DEMO_PASSWORD in told and "koordinator@nrs.example" in told and "konsulent.gribskov@nrs.example" in told
    settings.DEMO = False
    with pytest.raises(CommandError, match="NRS_DEMO"):
        call_command("demo_logins", stdout=out)


def test_it_is_never_loaded_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never in production"):
        call_command("load_scenario", "demo", verbosity=0)


@pytest.mark.parametrize("today", [dt.date(2026, 1, 2), dt.date(2026, 4, 6), dt.date(2026, 11, 21)])
def test_what_happened_before_happened_on_working_days(today):
    days = WorkingDays(today)
    found = [dt.date.fromisoformat(days.back(count)) for count in range(1, 30)]
    assert found == sorted(set(found), reverse=True) and found[0] < today
    assert all(days.calendar.is_working_day(day) for day in found)


def test_made_up_numbers_start_with_nine_and_differ():
    numbers = [number for number, _ in zip(cvr_numbers(), range(200), strict=False)]
    assert len(set(numbers)) == 200 and all(number.startswith("9") for number in numbers)


def test_some_of_its_jobs_stand_on_the_open_list():
    assert 5 <= JobOrder.objects.advertised(clock.today()).count() <= 20
