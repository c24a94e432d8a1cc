"""Goals, the savings estimate and the status pack: as of a day, as known at a time, the same whenever they are made."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from campaigns import goals, measures, packs, savings
from campaigns.models import Goal, StatusPack, TestPeriod
from campaigns.periods import months_before
from candidates.hiding import SMALLEST_SHOWN
from companies import agreements
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor
from tests import factories
from tests.campaigns.scenes import Scene, day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SPRING = {"valid_from": dt.date(2026, 3, 1), "valid_to": dt.date(2026, 4, 30)}


def goal(measure: str = "new_companies", value: float = 4, **more: Any) -> Goal:
    """A goal of March and April, set in February."""
    with clock.at(day(1, month=2)):
        return goals.set_goal(factories.coordinator(), name="Mål", measure=measure, value=value, **{**SPRING, **more})


def stands(one: Goal, on: int, known: int | None = None) -> dict[str, Any]:
    """The goal on a day of March, seen from the first of May."""
    with clock.at(day(1, month=5)):
        return goals.progress(one, dt.date(2026, 3, on), day(known, 23) if known else None)


def test_a_company_is_new_once_and_only_if_it_never_cooperated_before() -> None:
    one = goal()
    with clock.at(day(2, month=2)):
        old = factories.company(factories.HILLEROED)
        factories.order(old)
    with clock.at(day(5)):
        factories.order(old)
    Scene(3)
    twice = Scene(4)
    with clock.at(day(6)):
        factories.order(twice.order.company)
    assert stands(one, 31)["numerator"] == 2


def test_with_a_look_back_a_company_is_new_again_after_so_many_months() -> None:
    with clock.at(day(2, month=1)):
        old = factories.company(factories.HILLEROED)
        factories.order(old)
    with clock.at(day(5)):
        factories.order(old)
    assert [stands(goal(look_back_months=months), 31)["value"] for months in (1, 2, 3)] == [1, 1, 0]


def test_a_goal_of_a_municipality_counts_its_own_orders_and_its_own_citizens() -> None:
    Scene(3)
    Scene(4, lead=factories.HELSINGOER).hire(9, factories.HILLEROED)
    assert stands(goal(municipality=factories.HILLEROED), 31)["value"] == 2
    assert stands(goal(municipality=factories.HELSINGOER), 31)["value"] == 1
    compared = stands(goal(compared_with=["0217", "0270"]), 31)["compared"]
    assert {one["municipality"]: one["value"] for one in compared} == {"0217": 1, "0270": 0}


def test_a_number_is_on_track_while_it_is_its_part_of_the_goal() -> None:
    one = goal(value=4)
    assert stands(one, 1)["state"] == "off_track"
    Scene(2)
    assert (stands(one, 10)["state"], stands(one, 31)["state"]) == ("on_track", "off_track")
    later = stands(one, 31)
    assert (later["expected"], later["needed_per_month"]) == (2.0, 3.0)
    for number in (9, 10, 11):
        Scene(number)
    assert stands(one, 31)["state"] == "reached"


def test_before_its_period_nothing_has_begun_and_after_it_a_goal_is_missed() -> None:
    one = goal()
    with clock.at(day(1, month=6)):
        assert goals.progress(one, dt.date(2026, 2, 28))["state"] == "not_begun"
        assert goals.progress(one, dt.date(2026, 5, 31))["state"] == "missed"


def test_partnership_agreements_count_from_their_first_day_as_far_as_known() -> None:
    one = goal("partnerships", 2)
    with clock.at(day(20)):
        company = factories.company(factories.HILLEROED)
        agreements.sign(factories.coordinator(), company, kind="partnership", valid_from=dt.date(2026, 3, 10))
    assert (stands(one, 9)["value"], stands(one, 10)["value"], stands(one, 31, known=15)["value"]) == (0, 1, 0)
    assert stands(goal("partnerships", 2, municipality="0270"), 31)["value"] == 0


def test_shares_show_what_they_are_made_of() -> None:
    Scene(2).answer(2, hour=11).hire(3)
    Scene(3).take(4, "close", reason="withdrawn")
    filled = stands(goal("orders_filled", 50), 31)
    assert (filled["numerator"], filled["denominator"], filled["value"], filled["state"]) == (1, 2, 50.0, "on_track")
    kept = stands(goal("promises_kept", 90), 31)
    assert (kept["numerator"], kept["denominator"]) == (2, 3)


def test_few_people_are_not_shown_by_a_goal_either() -> None:
    Scene(2).hire(3, factories.HELSINGOER)
    found = stands(goal("across_borders", 20), 31)
    assert (found["numerator"], found["value"], found["state"]) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"value": 0}, "value"), ({"value": 101, "measure": "orders_filled"}, "value"), ({"value": 1.5}, "value"),
     ({"valid_to": dt.date(2026, 2, 1)}, "valid_to"), ({"municipality": "0101"}, "municipality"),
     ({"look_back_months": 3, "measure": "partnerships"}, "look_back_months"), ({"measure": "luck"}, "measure")],
)  # fmt: skip
def test_a_goal_that_makes_no_sense_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        goal(**{"measure": "new_companies", "value": 4, **changes})
    assert refused.value.errors[0].pointer == f"/{field}"
    assert not Goal.objects.exists()


def test_only_the_coordinator_sets_and_withdraws_and_a_withdrawn_goal_stays_known_as_it_was() -> None:
    ann = factories.consultant(factories.HILLEROED)
    with pytest.raises(NotAllowed):
        goals.set_goal(ann, name="x", measure="partnerships", value=1, **SPRING)
    one = goal()
    with pytest.raises(NotAllowed):
        goals.withdraw(ann, one.public_id)
    with clock.at(day(15)):
        goals.withdraw(factories.coordinator(), one.public_id)
        with pytest.raises(Conflict):
            goals.withdraw(factories.coordinator(), one.public_id)
    known = [Goal.objects.known(moment).count() for moment in (day(14), day(16))]
    assert known == [1, 0]


def test_every_measure_says_what_it_counts() -> None:
    assert set(measures.MEASURES) == set(Goal.Measure.values)
    assert all(measures.definition(measure)[0] for measure in Goal.Measure.values)


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [(day(31), 1, day(28, month=2)), (day(31), 3, dt.datetime(2025, 12, 31, 9, tzinfo=clock.COPENHAGEN))],
)
def test_months_are_counted_back_in_the_calendar(moment: dt.datetime, months: int, before: dt.datetime) -> None:
    assert months_before(moment, months) == before


TRIED = {
    "valid_from": dt.date(2026, 3, 1), "valid_to": dt.date(2026, 8, 31), "cost_per_year": 475_000,
    "weekly_saving": 2_600, "weeks_low": 4, "weeks_high": 26, "due_low": 25, "due_high": 75,
}  # fmt: skip


def tried(**changes: Any) -> TestPeriod:
    """A post tried in Hillerød."""
    with clock.at(day(1, month=2)):
        return savings.begin(
            factories.coordinator(), name="Tovholder", municipality="0219", assumptions="Antaget.", **TRIED | changes
        )


def estimate(period: TestPeriod, on: int = 31) -> dict[str, Any]:
    """As of a day of March, seen from May."""
    with clock.at(day(1, month=5)):
        return savings.estimate(period, dt.date(2026, 3, on), clock.now())


def placed(count: int) -> None:
    """So many of Hillerød's people hired on orders that it has as tovholder."""
    for number in range(count):
        scene = Scene(2 + number % 3)
        JobOrder.objects.filter(public_id=scene.id).update(tovholder="0219")
        scene.hire(9)


def test_an_estimate_is_a_range_of_assumptions_against_the_cost_so_far() -> None:
    placed(SMALLEST_SHOWN)
    Scene(2).hire(9)  # not on an order of the tovholder
    found = estimate(tried())
    assert found["placements"] == 5
    assert found["cost"] == round(475_000 * 31 / 365)
    assert (found["saved_low"], found["saved_high"]) == (round(5 * 0.25 * 4 * 2600), round(5 * 0.75 * 26 * 2600))
    assert found["balance_low"] == found["saved_low"] - found["cost"]


def test_few_placements_show_only_what_would_pay_the_cost() -> None:
    placed(2)
    found = estimate(tried())
    assert [found[name] for name in ("placements", "saved_low", "saved_high", "balance_low")] == [None] * 4
    assert found["weeks_to_pay"] == -(-found["cost"] // 2_600)


def test_a_range_turned_round_is_refused() -> None:
    with pytest.raises(Invalid):
        tried(weeks_high=3)


def made(on: dt.datetime, known: dt.datetime | None = None) -> StatusPack:
    with clock.at(on):
        return packs.make(factories.coordinator(), dt.date(2026, 3, 31), known)


def test_the_same_day_known_at_the_same_time_gives_the_same_bytes_whenever_it_is_made() -> None:
    goal()
    tried()
    Scene(2).answer(2, hour=11).hire(4, factories.HELSINGOER)
    first = made(day(1, month=4))
    with clock.at(day(2, month=4)):
        goals.withdraw(factories.coordinator(), Goal.objects.get().public_id)
    with clock.at(day(20, month=4)):
        ann = factories.consultant(factories.HILLEROED)
        factories.order(factories.company(factories.HILLEROED), ann, received_at=day(11))
    again, today = made(day(1, month=9), first.known_at), made(day(1, month=9))
    assert (again.figures, again.digest) == (first.figures, first.digest)
    assert packs.figures(first.as_of, first.known_at) == packs.figures(again.as_of, again.known_at)
    assert today.figures["status"]["received"] > first.figures["status"]["received"] == 1
    assert first.figures["goals"][0]["name"] == "Mål"
    assert today.figures["goals"] == []


def test_a_pack_is_the_coordinators_and_of_no_day_to_come() -> None:
    with pytest.raises(NotAllowed):
        packs.make(factories.consultant(factories.HILLEROED))
    with pytest.raises(Invalid):
        packs.make(factories.coordinator(), clock.today() + dt.timedelta(days=1))
    pack = packs.make(factories.coordinator())
    with pytest.raises(NotVisible):
        packs.get(Actor.member(role="auditor"), pack.public_id)
