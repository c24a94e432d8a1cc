"""The steering group's pages: goals, the savings estimate and the status packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from accounts.models import User
from campaigns import goals, packs, savings
from events import clock
from municipalities.membership import actor_for_user
from tests import factories
from tests.browser.cases import Case, Scene
from tests.campaigns import scenes as march

NO_PAGES = ("web:goal-withdraw", "web:pack-download")


def steering(path: str, *, empty: bool = False) -> Callable[[], Scene]:
    """As the coordinator reads it, of a spring with orders, two goals, a test period and two packs."""

    def prepare() -> Scene:
        kim = User.objects.get(pk=factories.coordinator(name="Kim Prøve").user_id)
        if not empty:
            _fill(kim)
        return Scene(path, kim)

    return prepare


def _fill(kim: User) -> None:
    for number in range(2, 5):
        march.Scene(number).answer(number, hour=11).hire(number + 3)
    actor, year = actor_for_user(kim), clock.today().year
    assert actor is not None
    period = {"valid_from": dt.date(year, 1, 1), "valid_to": dt.date(year, 12, 31)}
    goals.set_goal(
        actor, name="45 nye virksomheder", measure="new_companies", value=45, municipality="0201",
        compared_with=["0223"], baseline=38, baseline_from="Resultat for året før", **period,
    )  # fmt: skip
    goals.set_goal(actor, name="Besatte ordrer", measure="orders_filled", value=60, **period)
    savings.begin(
        actor, name="Tovholder", municipality="0201", cost_per_year=475_000, weekly_saving=2_600, weeks_low=4,
        weeks_high=26, due_low=25, due_high=75, assumptions="Antagelser for prøven.", **period,
    )  # fmt: skip
    for day in (dt.date(2026, 3, 31), None):
        packs.make(actor, day)


PAGES = (
    Case("web:goals", steering("/figures/goals")),
    Case("web:goals", steering("/figures/goals", empty=True), "none yet"),
    Case("web:goal-new", steering("/figures/goals/new", empty=True)),
    Case("web:savings", steering("/figures/savings")),
    Case("web:packs", steering("/figures/packs")),
    Case("web:packs", steering("/figures/packs", empty=True), "none yet"),
)
