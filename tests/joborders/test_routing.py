"""Where orders go: each branch of the rule, and who is told."""

from __future__ import annotations

import pytest

from companies.lead import Lead, Why
from joborders.routing import COMPANY_LEAD, Origin, Route, hand_over_problem, moves_with_company, route

ALLEROED, HELSINGOER, HILLEROED, EGEDAL, GRIBSKOV, COPENHAGEN = "0201", "0217", "0219", "0240", "0270", "0101"

# main unit, unit of the order, taken by, agreement's tovholder → lead and why (a company's first order)
FIRST_ORDER = [
    (HILLEROED, HELSINGOER, GRIBSKOV, None, HILLEROED, "main_unit"),
    (COPENHAGEN, HELSINGOER, GRIBSKOV, None, HELSINGOER, "first_unit"),
    (None, HELSINGOER, None, None, HELSINGOER, "first_unit"),
    (COPENHAGEN, COPENHAGEN, GRIBSKOV, None, GRIBSKOV, "intake"),
    (COPENHAGEN, COPENHAGEN, None, None, EGEDAL, "duty"),
    (None, None, None, None, EGEDAL, "duty"),
    (HILLEROED, HELSINGOER, GRIBSKOV, ALLEROED, ALLEROED, "agreement"),
    (HILLEROED, HELSINGOER, GRIBSKOV, COPENHAGEN, HILLEROED, "main_unit"),
]


@pytest.mark.parametrize(("main", "unit", "intake", "tovholder", "lead", "why"), FIRST_ORDER)
def test_a_first_order_follows_the_lead_rule(
    main: str | None, unit: str | None, intake: str | None, tovholder: str | None, lead: str, why: str
) -> None:
    found = route(Origin(duty=EGEDAL, main_unit=main, unit=unit, intake_by=intake, tovholder=tovholder))
    assert (found.lead, found.why) == (lead, why)


def test_a_known_company_keeps_its_lead_wherever_the_order_comes_from() -> None:
    origin = Origin(duty=EGEDAL, company_lead=GRIBSKOV, main_unit=HILLEROED, unit=GRIBSKOV, intake_by=HELSINGOER)
    assert route(origin) == Route(
        lead=GRIBSKOV, why=COMPANY_LEAD, company=None, workplace=None, coordinator_looks=False
    )


def test_a_known_company_with_a_tovholder_follows_the_agreement() -> None:
    found = route(Origin(duty=EGEDAL, company_lead=GRIBSKOV, unit=GRIBSKOV, tovholder=ALLEROED))
    assert (found.lead, found.why, found.company) == (ALLEROED, "agreement", None)


def test_a_new_company_is_registered_under_its_own_lead_also_when_a_tovholder_takes_the_order() -> None:
    found = route(Origin(duty=EGEDAL, main_unit=HILLEROED, tovholder=ALLEROED))
    assert found.lead == ALLEROED
    assert found.company == Lead(HILLEROED, Why.MAIN_UNIT)


def test_the_workplace_in_another_of_the_nine_is_told() -> None:
    found = route(Origin(duty=EGEDAL, main_unit=HILLEROED, unit=HELSINGOER))
    assert found.workplace == HELSINGOER
    assert found.to_tell == (HILLEROED, HELSINGOER)


@pytest.mark.parametrize("unit", [HILLEROED, COPENHAGEN, None, ""])
def test_no_further_jobcentre_is_told_of_work_at_home_or_outside_the_nine(unit: str | None) -> None:
    found = route(Origin(duty=EGEDAL, main_unit=HILLEROED, unit=unit))
    assert found.workplace is None
    assert found.to_tell == (HILLEROED,)


def test_the_coordinator_looks_at_what_only_the_duty_caught() -> None:
    assert route(Origin(duty=EGEDAL)).coordinator_looks
    assert not route(Origin(duty=EGEDAL, intake_by=GRIBSKOV)).coordinator_looks
    assert not route(Origin(duty=EGEDAL, company_lead=EGEDAL)).coordinator_looks


@pytest.mark.parametrize(
    ("is_open", "tovholder", "moves"),
    [
        (True, None, True),
        (True, "", True),
        (True, COPENHAGEN, True),
        (True, ALLEROED, False),
        (False, None, False),
        (False, ALLEROED, False),
    ],
)
def test_open_orders_without_a_tovholder_move_with_their_company(
    is_open: bool, tovholder: str | None, moves: bool
) -> None:
    assert moves_with_company(is_open=is_open, tovholder=tovholder) is moves


@pytest.mark.parametrize(
    ("to", "reason", "agreed_by", "problem"),
    [
        (GRIBSKOV, "their site", "Ann", None),
        (COPENHAGEN, "their site", "Ann", ("to", "unknown_municipality")),
        (HILLEROED, "their site", "Ann", ("to", "already_lead")),
        (GRIBSKOV, " ", "Ann", ("reason", "required")),
        (GRIBSKOV, "their site", "", ("agreed_by", "required")),
    ],
)
def test_handing_over_needs_another_of_the_nine_a_reason_and_who_agreed(
    to: str, reason: str, agreed_by: str, problem: tuple[str, str] | None
) -> None:
    assert hand_over_problem(current=HILLEROED, to=to, reason=reason, agreed_by=agreed_by) == problem
