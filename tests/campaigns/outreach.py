"""Companies, campaigns and contacts for the tests of campaigns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from campaigns import contacts, services
from campaigns.models import Campaign, Target
from companies import services as company_services
from companies.models import Company
from events import clock
from municipalities.actor import Actor
from tests import factories


def firm(
    municipality: str = factories.HILLEROED, headcount: int | None = 10, code: str = "432100", **unit: Any
) -> Company:
    """A company whose main unit has that many employees, an electrician's unless said otherwise."""
    number = next(factories._numbers)
    made, _new = company_services.register(
        Actor.system(), cvr=factories.cvr(), name=f"Prøve El {number} ApS", lead=municipality, why="main_unit",
        industry_code=code, industry_version="DB25",
    )  # fmt: skip
    factories.unit(made, municipality, headcount=headcount, **unit)
    return made


def drawn_up(kim: Actor, **changes: Any) -> Campaign:
    """A campaign for building and construction that nobody has frozen yet."""
    given = {"name": "Bygge og anlæg", "divisions": "41 42 43", "ends_on": clock.today() + dt.timedelta(days=90)}
    return services.draw_up(kim, **(given | changes))


def frozen(kim: Actor, **changes: Any) -> Campaign:
    """The same, frozen."""
    made = drawn_up(kim, **changes)
    return services.freeze(kim, made.public_id, made.version)


def target_of(campaign: Campaign, company: Company) -> Target:
    """The target that the company is."""
    return Target.objects.get(campaign=campaign, company=company)


def talked(actor: Actor, target: Target, outcome: str = "talked", **more: Any) -> Target:
    """Somebody has tried to reach the target."""
    contacts.record_contact(actor, target.public_id, outcome=outcome, **more)
    target.refresh_from_db()
    return target
