"""One company, one lead: each branch of the rule, the duty, changes and the contact."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from companies.lead import NINE, Lead, Why, change_problem, contact_on, lead_of_company, lead_of_unit, on_duty

ALLEROED, HELSINGOER, HILLEROED, EGEDAL, GRIBSKOV, COPENHAGEN = "0201", "0217", "0219", "0240", "0270", "0101"


@pytest.mark.parametrize(
    ("main", "first", "intake", "lead", "why"),
    [
        (HILLEROED, HELSINGOER, GRIBSKOV, HILLEROED, Why.MAIN_UNIT),
        (COPENHAGEN, HELSINGOER, GRIBSKOV, HELSINGOER, Why.FIRST_UNIT),
        (None, HELSINGOER, GRIBSKOV, HELSINGOER, Why.FIRST_UNIT),
        (COPENHAGEN, None, GRIBSKOV, GRIBSKOV, Why.INTAKE),
        (None, COPENHAGEN, GRIBSKOV, GRIBSKOV, Why.INTAKE),
        (None, None, None, EGEDAL, Why.DUTY),
        ("", "", "", EGEDAL, Why.DUTY),
        (COPENHAGEN, COPENHAGEN, COPENHAGEN, EGEDAL, Why.DUTY),
    ],
)
def test_a_company_always_gets_one_lead(
    main: str | None, first: str | None, intake: str | None, lead: str, why: Why
) -> None:
    found = lead_of_company(main_unit=main, first_unit=first, intake_by=intake, duty=EGEDAL)
    assert found == Lead(lead, why)


def test_only_a_lead_by_duty_calls_the_coordinator() -> None:
    assert [why for why in Why if Lead(EGEDAL, why).coordinator_looks] == [Why.DUTY]


@pytest.mark.parametrize(
    ("tovholder", "lead"),
    [
        (ALLEROED, Lead(ALLEROED, Why.AGREEMENT)),
        (None, Lead(HILLEROED, Why.MAIN_UNIT)),
        ("", Lead(HILLEROED, Why.MAIN_UNIT)),
        (COPENHAGEN, Lead(HILLEROED, Why.MAIN_UNIT)),
    ],
)
def test_an_agreements_tovholder_within_the_nine_overrides_for_its_units(tovholder: str | None, lead: Lead) -> None:
    assert lead_of_unit(Lead(HILLEROED, Why.MAIN_UNIT), tovholder) == lead


def test_the_duty_changes_on_its_day() -> None:
    duties = [(date(2026, 7, 1), GRIBSKOV), (date(2026, 1, 1), ALLEROED)]
    assert on_duty(duties, date(2026, 1, 1)) == ALLEROED
    assert on_duty(duties, date(2026, 6, 30)) == ALLEROED
    assert on_duty(duties, date(2026, 7, 1)) == GRIBSKOV


def test_a_day_before_any_duty_is_an_error_not_a_guess() -> None:
    with pytest.raises(LookupError):
        on_duty([(date(2026, 1, 1), ALLEROED)], date(2025, 12, 31))


TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"to": COPENHAGEN}, ("to", "unknown_municipality")),
        ({"to": HILLEROED}, ("to", "already_lead")),
        ({"reason": "  "}, ("reason", "required")),
        ({"agreed_with": ""}, ("agreed_with", "required")),
        ({"agreed_with": COPENHAGEN}, ("agreed_with", "unknown_municipality")),
        ({"agreed_on": None}, ("agreed_on", "required")),
        ({"agreed_on": date(2026, 11, 21)}, ("agreed_on", "in_the_future")),
    ],
)
def test_a_change_of_lead_needs_a_reason_who_agreed_and_when(
    change: dict[str, object], problem: tuple[str, str] | None
) -> None:
    good: dict[str, object] = {
        "current": HILLEROED,
        "to": GRIBSKOV,
        "reason": "the site moved",
        "agreed_with": GRIBSKOV,
        "agreed_on": TODAY,
        "today": TODAY,
    }
    assert change_problem(**good | change) == problem  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("substitute", "until", "contact"),
    [
        (None, None, 1),
        (2, None, 2),
        (2, TODAY, 2),
        (2, date(2026, 11, 19), 1),
        (None, TODAY, 1),
    ],
)
def test_the_company_has_one_contact_on_every_day(substitute: int | None, until: date | None, contact: int) -> None:
    assert contact_on(TODAY, contact=1, substitute=substitute, substitute_until=until) == contact


def test_the_nine_are_those_of_the_reference_data() -> None:
    path = Path(__file__).parents[2] / "municipalities" / "data" / "municipalities.csv"
    with path.open(encoding="utf-8") as file:
        assert {row["code"] for row in csv.DictReader(file)} == NINE
