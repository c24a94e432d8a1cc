"""The status as of any date, as known at any date: what happened later changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns import statistics
from campaigns.asked import share
from companies import agreements
from events import clock
from joborders.services import steps
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=clock.COPENHAGEN)


def day(number: int) -> dt.datetime:
    return NOON.replace(day=number)


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def order():
    with clock.at(day(10)):
        return cases.order(positions=3)


def close(order, **given):
    actor = build.consultant(order.lead_id)
    return steps.close(order.public_id, actor, cases.version_of(order), reason="withdrawn", **given)


def counts(**given):
    found = statistics.status(**given)
    return found["received"], found["open"], found["filled"], found["closed"]


def test_an_order_counts_by_the_day_it_was_received_in_the_state_it_had_then(order):
    with clock.at(day(15)):
        close(order)
    with clock.at(day(20)):
        assert counts(as_of=dt.date(2026, 3, 9)) == (0, 0, 0, 0)
        assert counts(as_of=dt.date(2026, 3, 10)) == counts(as_of=dt.date(2026, 3, 14)) == (1, 1, 0, 0)
        assert counts(as_of=dt.date(2026, 3, 15)) == counts() == (1, 0, 0, 1)
        assert statistics.status()["positions"]["wanted"] == 3
        assert statistics.status()["filled_of_ended"] == {"numerator": 0, "denominator": 1, "percent": 0.0}


def test_a_step_registered_late_corrects_the_past_and_keeps_what_was_known(order):
    with clock.at(day(20)):
        close(order, happened_at=day(12))
        assert counts(as_of=dt.date(2026, 3, 12), known_at=day(19)) == (1, 1, 0, 0)
        assert counts(as_of=dt.date(2026, 3, 12)) == (1, 0, 0, 1)


def test_an_order_registered_later_is_in_that_days_figures_only_as_known_later(order):
    with clock.at(day(18)):
        assert counts(as_of=dt.date(2026, 3, 10), known_at=day(10) - dt.timedelta(hours=1)) == (0, 0, 0, 0)
        before = statistics.status(as_of=dt.date(2026, 3, 10), known_at=day(9))
        assert before["registered_later"] == 1


def test_the_same_pair_gives_the_same_figures_for_ever(order):
    asked = {"as_of": dt.date(2026, 3, 11), "known_at": day(11)}
    with clock.at(day(11)):
        first = counts(**asked)
    with clock.at(day(20)):
        close(order, happened_at=day(11) - dt.timedelta(hours=1))
        assert counts(**asked) == first


def test_the_lead_keeps_its_own_figures(order):
    with clock.at(day(20)):
        assert counts(municipality=order.lead_id)[0] == 1 and counts(municipality=build.GRIBSKOV)[0] == 0


def test_agreements_are_companies_with_a_recruitment_agreement_of_nrs_in_force(order):
    actor = build.consultant(order.lead_id)
    with clock.at(day(12)):
        one = agreements.sign(actor, order.company, kind="recruitment", valid_from=dt.date(2026, 3, 1))
        agreements.sign(actor, order.company, kind="recruitment", valid_from=dt.date(2026, 3, 1))
        agreements.sign(actor, order.company, kind="cooperation", valid_from=dt.date(2026, 3, 1))
        assert statistics.agreements_at(dt.date(2026, 3, 12), clock.now()) == 1
        assert statistics.agreements_at(dt.date(2026, 2, 28), clock.now()) == 0
        assert statistics.agreements_at(dt.date(2026, 3, 12), day(11)) == 0
        assert one.recorded_at == day(12)


def test_figures_of_the_last_three_months_are_provisional():
    with clock.at(day(20)):
        assert statistics.is_provisional(dt.date(2026, 3, 20)) and not statistics.is_provisional(dt.date(2025, 11, 1))


def test_a_share_over_nothing_is_nothing():
    assert share(0, 0)["percent"] is None and share(1, 3)["percent"] == 33.3
