"""Agreements, with the scenes that fill them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from companies import agreements
from companies.models import Agreement, ProductionUnit
from events import clock
from tests import factories
from tests.browser.cases import Case, Scene
from tests.browser.people_pages import login

#: Steps that are only sent to, and the download.
NO_PAGES = frozenset(f"web:agreement-{name}" for name in ("sign", "end", "papers", "paper"))
EAST = ["0101", "0217", "6200-6299", "8500"]


def chain() -> Agreement:
    """A chain with 40 shops, 30 of them covered by an area, with a forecast, that runs out soon."""
    ann, company = factories.consultant(name="Ann Prøve"), factories.company(name="Den Prøvede Kurv A/S")
    places = [("0101", "2100"), ("0217", "3000"), ("0550", "6270"), ("0461", "5000")]
    ProductionUnit.objects.bulk_create(
        ProductionUnit(
            company=company, p_number=factories.p_number(), name=f"Den Prøvede Kurv, butik {number}",
            street=f"Prøvevej {number}", postal_code=places[number % 4][1], municipality_code=places[number % 4][0],
        )
        for number in range(40)
    )  # fmt: skip
    today = clock.today()
    month = today.replace(day=1)
    lines = [{"month": month + dt.timedelta(days=32 * n), "occupation": "5223", "positions": 4 + n} for n in range(3)]
    return agreements.sign(
        ann, company, kind="recruitment", holder="jobservice", tovholder=factories.ALLEROED, area=EAST,
        valid_from=today - dt.timedelta(days=300), valid_to=today + dt.timedelta(days=40), schemes=["wage_subsidy"],
        first_candidate_days=3, text="Butikkerne ringer til tovholderen.", parties="HK Handel", forecast=lines,
    )  # fmt: skip


def of_chain(path: str, *, at: str = "agreement") -> Callable[[], Scene]:
    """A page of the chain's agreement or company."""

    def prepare() -> Scene:
        made = chain()
        ann = factories.consultant(name="Bo Prøve")
        order = factories.order(made.company, unit=str(made.company.units.get(is_main=True).public_id))
        assert order.agreement is None
        ids = {"agreement": made.public_id, "company": made.company.public_id}
        return Scene(path.format(id=ids[at]), login(ann))

    return prepare


def draft() -> Scene:
    """An agreement that nobody has signed."""
    ann, company = factories.consultant(name="Ann Prøve"), factories.company()
    made = agreements.draft(ann, company, kind="partnership", valid_from=clock.today())
    return Scene(f"/agreements/{made.public_id}", login(ann))


def listed() -> Scene:
    """Several agreements, one of them of a chain."""
    chain()
    for _number in range(4):
        factories.agreement(factories.company(), tovholder=factories.GRIBSKOV)
    return Scene("/agreements", login(factories.coordinator()))


PAGES = (
    Case("web:agreements", listed),
    Case("web:agreements", lambda: Scene("/agreements?state=ended", login(factories.consultant())), "nothing found"),
    Case("web:agreement-needs", of_chain("/agreements/needs")),
    Case("web:agreement-new", of_chain("/companies/{id}/agreements/new", at="company")),
    Case("web:agreement", of_chain("/agreements/{id}")),
    Case("web:agreement", draft, "draft"),
    Case("web:agreement-edit", of_chain("/agreements/{id}/edit")),
    Case("web:agreement-units", of_chain("/agreements/{id}/units")),
    Case("web:agreement-forecast", of_chain("/agreements/{id}/forecast")),
)
