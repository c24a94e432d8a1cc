"""The two campaigns of 2016 (001:1138-1143): who was called when and what came of it, in time order with the orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns import contacts, services
from campaigns.models import Campaign, Target
from events import clock
from municipalities.working_time import DEFAULT_CALENDAR
from nrs.scenarios.player import Player, moment_of
from nrs.scenarios.register_2016 import AUTUMN, MINIMUM, SPRING
from nrs.scenarios.world import Firm

#: What came of a call, in the order in which calls are made; the scenario's own companies are met at the first one.
OUTCOMES = ("talked", "no_answer", "talked", "met", "not_interested", "talked", "call_again", "no_answer", "met")
ABOUT = {
    "talked": ("Behov for medarbejdere i foråret", "Virksomheden har folk nok indtil videre."),
    "no_answer": ("Opkald", ""),
    "met": ("Møde om rekruttering", "Gennemgang af, hvad NRS kan hjælpe med."),
    "not_interested": ("Opkald", "Virksomheden rekrutterer selv."),
    "call_again": ("Opkald", "Chefen er på byggepladsen."),
}
NEXT = {"talked": ("Ring igen efter ferien", 60), "call_again": ("Ring igen", 7), "met": ("Send tilbud om aftale", 14)}


@dataclass(frozen=True, slots=True)
class Wave:
    """One campaign: from its first to its last day, so many calls, and what its list is chosen by."""

    name: str
    frozen: str
    ends: str
    end_written: str
    divisions: tuple[str, ...]
    calls: int
    calls_until: str


WAVES = (
    Wave("Bygge, anlæg og transport, forår 2016", "2016-01-04", "2016-06-30", "2016-06-30", SPRING, 260, "2016-06-17"),
    Wave(
        "Hotel, restauration og industri, efterår 2016", "2016-08-15", "2016-12-31", "2017-01-02", AUTUMN, 110,
        "2016-11-25",
    ),
)  # fmt: skip


def plan(player: Player, firms: dict[str, Firm]) -> None:
    """Put both waves into the programme."""
    before: list[Campaign] = []
    for wave in WAVES:
        _plan_wave(player, wave, before, [firm.name for firm in firms.values()])


def _plan_wave(player: Player, wave: Wave, before: list[Campaign], first: list[str]) -> None:
    targets: list[Target] = []
    own: list[Campaign] = []

    def freeze() -> None:
        coordinator = player.world.coordinator
        assert coordinator is not None
        made = services.draw_up(
            coordinator,
            name=wave.name,
            purpose="Styregruppens fokusbrancher: alle virksomheder med mindst fem ansatte får et tilbud om et møde.",
            divisions=" ".join(wave.divisions),
            minimum_headcount=MINIMUM,
            ends_on=dt.date.fromisoformat(wave.ends),
            follows=before[-1] if before else None,
        )
        made = services.freeze(coordinator, made.public_id, made.version)
        own.append(made)
        before.append(made)
        for code in player.world.consultants:
            contacts.share_out(coordinator, made, code)
        rows = Target.objects.filter(campaign=made).order_by("pk")
        targets.extend(sorted(rows, key=lambda one: one.name not in first))

    def end() -> None:
        coordinator = player.world.coordinator
        assert coordinator is not None
        services.end(coordinator, own[0].public_id, 2, ended_on=dt.date.fromisoformat(wave.ends))

    player.at(moment_of(wave.frozen, "12:00"), freeze)
    for number, moment in enumerate(_moments(wave)):
        player.at(moment, lambda number=number: _call(player, targets, number, first))
    player.at(moment_of(wave.end_written, "14:00"), end)


def _moments(wave: Wave) -> Iterator[dt.datetime]:
    """The calls, spread evenly over the working days, four minutes apart."""
    day, last = dt.date.fromisoformat(wave.frozen), dt.date.fromisoformat(wave.calls_until)
    days = [
        day + dt.timedelta(days=one)
        for one in range((last - day).days + 1)
        if DEFAULT_CALENDAR.is_working_day(day + dt.timedelta(days=one))
    ]
    for number in range(wave.calls):
        of_the_day = days[number * len(days) // wave.calls]
        at = moment_of(of_the_day.isoformat(), "12:30")
        yield at + dt.timedelta(minutes=number % 7 * 4)


def _call(player: Player, targets: list[Target], number: int, first: list[str]) -> None:
    """The municipality's consultant calls; whoever was out before is called again."""
    target = targets[number % len(targets)]
    outcome = "met" if target.name in first else OUTCOMES[number % len(OUTCOMES)]
    about, text = ABOUT[outcome]
    step, days = NEXT.get(outcome, ("", 0))
    contacts.record_contact(
        player.world.consultants[target.municipality_id],
        target.public_id,
        outcome=outcome,
        kind="visit" if outcome == "met" else "phone",
        about=about,
        text=text,
        next_step=step,
        next_on=clock.today() + dt.timedelta(days=days) if step else None,
        knowing=True,
    )
