"""Lists chosen by what agreements foresee, and agreements in the funnel by the day on which they were signed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns import selecting, services
from campaigns.funnel import funnel
from campaigns.selecting import Wanted
from companies import agreements
from events import clock
from events.errors import Invalid
from tests import factories
from tests.campaigns.outreach import drawn_up, firm, frozen, talked, target_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
JUNE = dt.date(2026, 6, 1)


def foreseeing(ann: Any, *lines: tuple[dt.date, str], **terms: Any) -> str:
    """The name of a company whose agreement foresees a need in each of the months and occupations."""
    company = firm()
    forecast = [{"month": month, "occupation": code, "positions": 2} for month, code in lines]
    agreements.sign(
        ann, company, **{"kind": "recruitment", "valid_from": dt.date(2026, 1, 1), "forecast": forecast, **terms}
    )
    return company.name


def names(**wanted: Any) -> set[str]:
    found = selecting.companies(Wanted(**{"needs": ("forecasts",), "minimum_headcount": 0, **wanted}))
    return set(found.values_list("name", flat=True))


def test_a_list_may_be_made_of_those_whose_agreements_foresee_a_need(ann):
    drivers, shops = foreseeing(ann, (JUNE, "8332")), foreseeing(ann, (dt.date(2026, 9, 1), "5223"))
    firm()
    assert names() == {drivers, shops}
    assert names(needs_until=dt.date(2026, 6, 30)) == {drivers}
    assert names(occupations=("5223",)) == {shops}
    assert names(occupations=("83", "52")) == {drivers, shops}
    assert names(occupations=("83",), needs_until=dt.date(2026, 5, 31)) == set()
    assert names(divisions=("43",)) == {drivers, shops} and names(divisions=("56",)) == set()


def test_months_that_have_passed_drafts_and_agreements_out_of_force_foresee_nothing(ann):
    this_month = foreseeing(ann, (dt.date(2026, 3, 31), "8332"))
    foreseeing(ann, (dt.date(2026, 2, 1), "8332"))
    foreseeing(ann, (JUNE, "8332"), valid_to=dt.date(2026, 3, 1))
    foreseeing(ann, (JUNE, "8332"), valid_from=JUNE)
    agreements.draft(
        ann, firm(), kind="recruitment", valid_from=dt.date(2026, 1, 1),
        forecast=[{"month": JUNE, "occupation": "8332", "positions": 1}],
    )  # fmt: skip
    assert names() == {this_month}


def test_orders_are_narrowed_to_the_occupations_too():
    ordered = firm()
    factories.order(ordered)
    assert names(needs=("orders",), occupations=(factories.LORRY_DRIVER,)) == {ordered.name}
    assert names(needs=("orders",), occupations=("5223",)) == set()


def test_a_campaign_keeps_what_its_forecasts_were_narrowed_to_and_refuses_what_is_unknown(kim, ann):
    found = foreseeing(ann, (JUNE, "8332"))
    foreseeing(ann, (JUNE, "5223"))
    chosen = {"divisions": "", "needs": "forecasts", "occupations": "8332", "needs_until": JUNE}
    campaign = frozen(kim, **chosen)
    assert [one.name for one in campaign.targets.all()] == [found]
    for field, value in (("occupations", "8332 99999"), ("needs_until", dt.date(2026, 3, 1))):
        with pytest.raises(Invalid) as refused:
            drawn_up(kim, **{**chosen, field: value})
        assert refused.value.errors[0].pointer == f"/{field}"
    draft = drawn_up(kim, **chosen)
    assert services.change(kim, draft.public_id, draft.version, {"occupations": ""}).occupations == ""


@pytest.fixture
def called(kim, ann):
    """A campaign frozen on the Monday at nine, whose one target was talked with at eleven that day."""
    company = firm()
    campaign = frozen(kim)
    with clock.at(factories.MONDAY + dt.timedelta(hours=2)):
        talked(ann, target_of(campaign, company))
    return campaign, company


def reached(campaign: Any, day: dt.date, known_at: dt.datetime | None = None) -> int:
    return funnel(campaign, day, known_at)["agreement"]


def test_an_agreement_counts_from_the_day_on_which_it_was_signed_once_that_is_known(called, ann):
    campaign, company = called
    signed_on, registered = dt.date(2026, 3, 10), factories.MONDAY + dt.timedelta(days=20)
    with clock.at(registered):
        agreements.sign(ann, company, kind="recruitment", valid_from=dt.date(2026, 5, 1), signed_on=signed_on)
    with clock.at(registered + dt.timedelta(days=90)):
        assert [reached(campaign, signed_on - dt.timedelta(days=late)) for late in (1, 0)] == [0, 1]
        assert reached(campaign, signed_on, registered - dt.timedelta(seconds=1)) == 0
        assert reached(campaign, signed_on, registered) == 1


def test_a_draft_counts_for_nothing_until_it_is_signed(called, ann):
    campaign, company = called
    made = agreements.draft(ann, company, kind="recruitment", valid_from=dt.date(2026, 3, 1))
    later = factories.MONDAY + dt.timedelta(days=9)
    with clock.at(later):
        assert reached(campaign, later.date()) == 0
        agreements.sign_draft(ann, made.public_id, 1, signed_on=dt.date(2026, 3, 9))
        assert reached(campaign, dt.date(2026, 3, 8)) == 0 and reached(campaign, dt.date(2026, 3, 9)) == 1


def test_what_was_signed_before_the_first_contact_did_not_come_after_it(called, ann):
    campaign, company = called
    with clock.at(factories.MONDAY + dt.timedelta(days=3)):
        agreements.sign(ann, company, kind="recruitment", valid_from=JUNE, signed_on=dt.date(2026, 3, 1))
        assert reached(campaign, dt.date(2026, 3, 5)) == 0


@pytest.mark.parametrize(("hours", "counts"), [(1, 0), (3, 1)], ids=["registered before", "registered after"])
def test_on_the_day_of_the_contact_an_agreement_counts_unless_it_was_registered_before(called, ann, hours, counts):
    campaign, company = called
    with clock.at(factories.MONDAY + dt.timedelta(hours=hours)):
        agreements.sign(ann, company, kind="recruitment", valid_from=JUNE)
    with clock.at(factories.MONDAY + dt.timedelta(days=1)):
        assert reached(campaign, factories.MONDAY.date()) == counts


def test_an_agreement_signed_more_than_six_months_after_the_campaign_does_not_count(called, kim, ann):
    campaign, company = called
    with clock.at(factories.MONDAY + dt.timedelta(days=1)):
        campaign = services.end(kim, campaign.public_id, campaign.version, ended_on=dt.date(2026, 3, 3))
    last = dt.date(2026, 9, 3)
    with clock.at(factories.MONDAY + dt.timedelta(days=300)):
        agreements.sign(ann, company, kind="recruitment", valid_from=JUNE, signed_on=last + dt.timedelta(days=1))
        assert reached(campaign, clock.today()) == 0
        agreements.sign(ann, company, kind="cooperation", valid_from=JUNE, signed_on=last)
        assert reached(campaign, clock.today()) == 1
