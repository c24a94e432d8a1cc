"""Campaigns: who is on the list, what never changes, who is told before calling, and what the funnel counts."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import contacts, focus, letters, selecting, services
from campaigns.funnel import funnel
from campaigns.models import Letter, Target
from campaigns.selecting import Wanted
from companies import agreements
from companies import services as companies
from companies.models import Company, ContactLogEntry
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Event
from municipalities.actor import Actor
from notifications import rendering
from notifications.campaign_letters import write_letter
from notifications.models import Mail
from tests import factories
from tests.campaigns.outreach import drawn_up, firm, frozen, talked, target_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
BUILDING = Wanted(divisions=("41", "42", "43"))


def names(wanted: Wanted) -> set[str]:
    return set(selecting.companies(wanted).values_list("name", flat=True))


def elsewhere(of: Company, **fields: object) -> None:
    companies.add_unit(Actor.system(), of, street="Prøvevej 9", municipality_code="0101", **fields)


def at(day: str, hour: int = 10) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=clock.COPENHAGEN)


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_list_is_companies_of_the_industry_with_enough_employees_in_the_nine():
    fits = firm()
    firm(headcount=4)
    firm(code="561110")
    assert names(BUILDING) == {fits.name}


def test_a_company_is_counted_once_with_the_employees_of_its_units_in_the_nine_only():
    chain = firm(headcount=3)
    factories.unit(chain, factories.GRIBSKOV, headcount=2)
    elsewhere(chain, headcount=100)
    ceased = factories.unit(chain, factories.EGEDAL, headcount=50)
    ceased.ceased_on = clock.today()
    ceased.save()
    [found] = selecting.companies(BUILDING)
    assert (found.in_the_nine, found.local_units) == (5, 2)


def test_without_figures_of_units_the_companys_own_counts_only_if_all_lie_in_the_nine():
    local, wider = firm(headcount=None), firm(headcount=None)
    elsewhere(wider)
    Company.objects.filter(pk__in=[local.pk, wider.pk]).update(headcount=9, headcount_on=clock.today())
    assert names(BUILDING) == {local.name}
    assert selecting.of_unknown_size(BUILDING) == 1


def test_the_unit_decides_the_industry_where_it_has_one():
    shop = firm(code="561110")
    factories.unit(shop, factories.HELSINGOER, headcount=5, industry_code="432100", industry_version="DB25")
    [found] = selecting.companies(BUILDING)
    assert found.local_industry == "432100"


def test_who_does_not_want_to_be_called_or_was_spoken_with_lately_is_left_out(ann):
    refused, spoken, fits = firm(), firm(), firm()
    companies.refuse_calls(ann, refused)
    companies.log_contact(ann, spoken, kind="phone", about="Behov")
    wanted = Wanted(divisions=("43",), not_contacted_since=clock.today())
    assert names(wanted) == {fits.name}


def test_a_list_may_be_made_of_those_that_look_for_people(ann):
    ordered, advertised, _other = firm(), firm(code="561110"), firm()
    factories.order(ordered)
    companies.log_contact(ann, advertised, kind="visit", about="Set stillingsopslag i døren")
    assert names(Wanted(needs=("orders", "ads"))) == {ordered.name, advertised.name}
    assert names(Wanted(divisions=("43",), needs=("orders", "ads"))) == {ordered.name}


def test_a_frozen_list_stays_whatever_becomes_of_the_companies(kim):
    one, _two = firm(), firm()
    campaign = frozen(kim)
    companies.change(kim, one.public_id, one.version, {"name": "Et andet navn"})
    one.units.update(headcount=1, municipality_code="0101")
    firm()
    target = target_of(campaign, one)
    assert campaign.targets.count() == 2
    assert (target.name, target.headcount, target.lead_code) == (one.name, 10, factories.HILLEROED)
    with pytest.raises(Conflict):
        services.change(kim, campaign.public_id, campaign.version, {"minimum_headcount": 1})
    with pytest.raises(Conflict):
        services.freeze(kim, campaign.public_id, campaign.version)


def test_each_target_goes_to_its_lead_municipality_and_the_start_is_told(kim):
    abroad = firm(factories.GRIBSKOV)
    campaign = frozen(kim)
    assert target_of(campaign, abroad).municipality_id == factories.GRIBSKOV
    event = Event.objects.get(type="campaign.started")
    assert event.data == {"targets": 1} and factories.EGEDAL in event.audience


def test_the_second_wave_may_leave_out_the_first(kim):
    firm()
    first = frozen(kim)
    new = firm()
    second = frozen(kim, follows=first, without_earlier=True)
    assert [one.company for one in second.targets.all()] == [new]


def test_only_the_coordinator_runs_campaigns_and_on_the_version_that_was_seen(kim, ann):
    firm()
    with pytest.raises(NotAllowed):
        drawn_up(ann)
    made = drawn_up(kim)
    with pytest.raises(NotAllowed):
        services.freeze(ann, made.public_id, made.version)
    with pytest.raises(Stale):
        services.freeze(kim, made.public_id, made.version + 1)
    with pytest.raises(NotVisible):
        services.freeze(Actor.company_(factories.company().public_id), made.public_id, made.version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("divisions", "99999"), ("divisions", ""), ("municipalities", "0101"), ("needs", "wishes"), ("name", " "),
        ("ends_on", dt.date(2020, 1, 1)), ("minimum_headcount", -1), ("needs_since", dt.date(2999, 1, 1)),
    ],
)  # fmt: skip
def test_a_campaign_that_makes_no_sense_is_refused_at_its_field(kim, field, value):
    with pytest.raises(Invalid) as refused:
        drawn_up(kim, **{field: value})
    assert [one.pointer for one in refused.value.errors] == [f"/{field}"]


def test_an_empty_list_is_not_frozen(kim):
    made = drawn_up(kim)
    with pytest.raises(Conflict):
        services.freeze(kim, made.public_id, made.version)


# --- contacts -------------------------------------------------------------------------------------------------------


def test_a_contact_stands_in_the_companys_log_and_is_told(kim, ann):
    campaign = frozen(kim) if firm() else None
    target = talked(ann, campaign.targets.get(), next_step="Ring igen", next_on=dt.date(2026, 3, 9))
    entry = ContactLogEntry.objects.get(company=target.company)
    assert (entry.about, entry.next_step, entry.by_name) == (campaign.name, "Ring igen", "Ann Prøve")
    assert (target.last_outcome, target.next_on) == ("talked", dt.date(2026, 3, 9))
    event = Event.objects.get(type="campaign.contacted")
    assert (event.subject, event.data["outcome"]) == (target.public_id, "talked")


def test_another_jobcentre_is_told_before_it_calls_the_same_company(kim, ann, eva):
    company = firm()
    first, second = target_of(frozen(kim), company), target_of(frozen(kim), company)
    talked(ann, first)
    with pytest.raises(Conflict) as refused:
        talked(eva, second)
    assert [one["code"] for one in refused.value.extra["reasons"]] == ["other_municipality", "recently_contacted"]
    assert refused.value.extra["reasons"][1]["municipality"] == factories.HILLEROED
    assert talked(eva, second, knowing=True).last_outcome == "talked"


def test_after_thirty_days_or_where_nobody_was_reached_there_is_nothing_to_know(kim, ann, eva):
    company = firm(factories.HELSINGOER)
    target = target_of(frozen(kim), company)
    talked(ann, target, "no_answer", knowing=True)
    assert contacts.to_know_first(eva, target) == []
    talked(ann, target, knowing=True)
    assert [one["code"] for one in contacts.to_know_first(eva, target)] == ["recently_contacted"]
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert contacts.to_know_first(eva, target) == []


def test_who_does_not_want_to_be_called_is_not(kim, ann):
    company = firm()
    target = target_of(frozen(kim), company)
    talked(ann, target, do_not_call=True)
    with pytest.raises(Conflict) as refused:
        talked(ann, target)
    assert refused.value.code == "do_not_call"
    assert not Target.objects.visible_to(ann).to_call(clock.today()).exists()
    assert Event.objects.get(type="company.changed").data == {"fields": ["do_not_call"]}


def test_todays_calls_begin_with_what_was_agreed(kim, ann):
    later, due, new = firm(), firm(), firm()
    campaign = frozen(kim)
    talked(ann, target_of(campaign, later), next_step="Ring", next_on=dt.date(2026, 3, 9))
    talked(ann, target_of(campaign, due), next_step="Ring", next_on=dt.date(2026, 3, 2))
    listed = Target.objects.visible_to(ann).to_call(clock.today())
    assert [one.company for one in listed] == [due, new]


def test_targets_are_shared_out_evenly_and_moved_by_hand_with_their_history(kim, ann, bo, eva):
    for _number in range(4):
        firm()
    campaign = frozen(kim)
    assert contacts.share_out(kim, campaign, factories.HILLEROED) == 4
    assert sorted(campaign.targets.values_list("assignee", flat=True)) == sorted([ann.user_id, bo.user_id] * 2)
    one = campaign.targets.order_by("pk")[0]
    with pytest.raises(NotAllowed):
        contacts.move(eva, [one.public_id], to=factories.HELSINGOER)
    assert contacts.move(ann, [one.public_id], to=factories.HELSINGOER, reason="Ligger tættere på") == 1
    one.refresh_from_db()
    assert (one.municipality_id, one.assignee) == (factories.HELSINGOER, None)
    assert [row.municipality_code for row in one.placements.all()] == [factories.HILLEROED, factories.HELSINGOER]
    with pytest.raises(Invalid):
        contacts.assign(eva, one.public_id, one.version, assignee=ann.public_id)
    assert contacts.assign(eva, one.public_id, one.version, assignee=eva.public_id).assignee_id == eva.user_id


# --- letters --------------------------------------------------------------------------------------------------------


def test_a_letter_goes_to_whoever_can_have_one_and_holds_the_way_to_say_no(kim, ann):
    reached, silent, refused = firm(), firm(), firm()
    for company in (reached, refused):
        companies.add_contact(ann, company, name="Kirsten Prøve", email="kirsten@firma.example")
    companies.refuse_calls(ann, refused, "no_letters")
    ids = [one.public_id for one in frozen(kim).targets.all()]
    text = "Kære {kontakt} hos {virksomhed}"
    counts = letters.write(ann, ids, subject="Mangler I folk?", text=text)
    assert counts == {"sent": 1, "no_address": 1, "no_letters": 1, "do_not_call": 0}
    for event in Event.objects.filter(type="campaign.contacted"):
        write_letter(event)
        write_letter(event)
    mail = Mail.objects.get()
    assert mail.to == "kirsten@firma.example" and f"Kære Kirsten Prøve hos {reached.name}" in mail.text
    address = re.search(r"/no-more-letters/\S+", rendering.filled(mail))[0]
    browser = Client()
    assert browser.get(address).status_code == 200
    reached.refresh_from_db()
    assert not reached.no_letters, "mail programs open links by themselves"
    browser.post(address)
    reached.refresh_from_db()
    assert reached.no_letters
    assert browser.get(address[:-2] + "xx").status_code == 404
    assert silent.contacts.count() == 0


def test_a_letter_with_an_unknown_word_is_refused_whole(kim, ann):
    firm()
    with pytest.raises(Invalid):
        letters.write(ann, [frozen(kim).targets.get().public_id], subject="Hej", text="Kære {navn}")
    assert not Letter.objects.exists()


# --- the funnel -----------------------------------------------------------------------------------------------------


def test_the_funnel_counts_each_step_by_itself_and_what_came_after_contact(kim, ann):
    silent, met, ordered = firm(), firm(), firm(factories.GRIBSKOV)
    campaign = frozen(kim)
    with clock.at(at("2026-03-03")):
        factories.order(ordered, received_at=clock.now())
        talked(ann, target_of(campaign, met), "met")
        talked(ann, target_of(campaign, silent), "no_answer")
        talked(factories.consultant(factories.GRIBSKOV), target_of(campaign, ordered))
    with clock.at(at("2026-03-05")):
        agreements.sign(ann, met, kind="recruitment", valid_from=dt.date(2026, 4, 1))
        order = factories.order(ordered)
        found = funnel(campaign)
        assert [found[name] for name in ("targeted", "contacted", "met", "agreement", "order", "hire")] == [
            3, 2, 1, 1, 1, 0,
        ]  # fmt: skip
        assert found["orders"] == 1, "the order handed in before the call does not count"
        assert [(row["municipality"], row["order"]) for row in found["by_municipality"]] == [("0219", 0), ("0270", 1)]
        assert [row["industry"] for row in found["by_industry"]] == ["43"]
        contacts.link_order(
            kim, target_of(campaign, ordered).public_id, order=order.public_id, counts=False, reason="Nej"
        )
        assert funnel(campaign)["order"] == 0


def test_the_funnel_of_a_past_day_stands_whatever_happens_after(kim, ann):
    company = firm()
    campaign = frozen(kim)
    monday = clock.now()
    with clock.at(at("2026-03-10")):
        target = target_of(campaign, company)
        contacts.record_contact(ann, target.public_id, outcome="met", happened_at=at("2026-03-04"))
        contacts.move(ann, [target.public_id], to=factories.GRIBSKOV)
        late = at("2026-03-09")
        assert funnel(campaign, dt.date(2026, 3, 5), late)["contacted"] == 0, "nobody knew yet"
        assert funnel(campaign, dt.date(2026, 3, 5))["contacted"] == 1
        assert [row["municipality"] for row in funnel(campaign, dt.date(2026, 3, 5))["by_municipality"]] == ["0219"]
        assert [row["municipality"] for row in funnel(campaign)["by_municipality"]] == ["0270"]
        assert funnel(campaign, clock.local(monday).date() - dt.timedelta(days=1))["targeted"] == 0


def test_the_funnel_takes_the_same_queries_for_few_and_for_many(kim, ann):
    def queries(count: int) -> int:
        for _number in range(count):
            company = firm()
            factories.order(company)
        campaign = frozen(kim)
        for target in campaign.targets.all():
            talked(ann, target, knowing=True)
        with CaptureQueriesContext(connection) as done:
            funnel(campaign)
        return len(done)

    assert queries(1) == queries(6) <= 7


# --- focus industries -----------------------------------------------------------------------------------------------


def test_more_than_two_industries_at_a_time_are_told_and_not_refused(kim, ann):
    given = {"valid_from": dt.date(2026, 1, 1), "decided_by": "Styregruppen"}
    counts = [focus.decide(kim, name=code, divisions=code, **given)[1] for code in ("41", "49", "55")]
    assert counts == [1, 2, 3] and focus.is_unusual(3) and not focus.is_unusual(2)
    with pytest.raises(NotAllowed):
        focus.decide(ann, name="Nej", divisions="41", **given)
    with pytest.raises(Invalid):
        focus.decide(kim, name="Vendt om", divisions="41", **given, valid_to=dt.date(2025, 1, 1))
    with pytest.raises(Invalid):
        focus.decide(kim, name="Ukendt", divisions="00", **given)
