"""Allerød's own goals of 2017, and the test of its post as tovholder (handbook 6.3, items 8 and 12)."""

from __future__ import annotations

import datetime as dt

from campaigns import goals, savings
from campaigns.models import Goal
from nrs.scenarios.player import Player, moment_of

ALLEROED = "0201"
YEAR = {"valid_from": dt.date(2017, 1, 1), "valid_to": dt.date(2017, 12, 31), "municipality": ALLEROED}


def plan(player: Player) -> None:
    """The test begins with the chain's agreement; the goals are set before their year."""
    player.at(moment_of("2016-06-30", "10:00"), lambda: _test(player))
    player.at(moment_of("2016-12-15", "14:00"), lambda: _goals(player))


def _goals(player: Player) -> None:
    actor = player.world.coordinator
    assert actor is not None
    goals.set_goal(
        actor,
        name="45 nye virksomheder",
        measure=Goal.Measure.NEW_COMPANIES,
        value=45,
        assumptions="Virksomheder, der aldrig før har samarbejdet med jobcentret i Allerød.",
        **YEAR,
    )
    goals.set_goal(
        actor,
        name="10 partnerskabsaftaler",
        measure=Goal.Measure.PARTNERSHIPS,
        value=10,
        assumptions="Kvalitet går forud for antal: aftaler, der fører til job.",
        **YEAR,
    )


def _test(player: Player) -> None:
    actor = player.world.coordinator
    assert actor is not None
    savings.begin(
        actor,
        name="Tovholder i Allerød",
        municipality=ALLEROED,
        valid_from=dt.date(2016, 7, 1),
        valid_to=dt.date(2016, 12, 31),
        cost_per_year=475_000,
        weekly_saving=2_600,
        weeks_low=4,
        weeks_high=26,
        due_low=25,
        due_high=75,
        report_due=dt.date(2017, 3, 31),
        assumptions=(
            "Satser og uger er antagelser for scenariet, ikke målinger. Om besparelsen skyldes stillingen, kan ikke "
            "skilles fra andre indsatser."
        ),
    )
