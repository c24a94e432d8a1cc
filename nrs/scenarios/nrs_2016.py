"""`nrs-2016`: December 2015 to January 2017, played in time order through the services."""

from __future__ import annotations

import datetime as dt

from campaigns.models import FocusIndustry
from companies import agreements, services
from companies.models import Company, ProductionUnit
from events import clock
from municipalities.models import DutyPeriod
from nrs.scenarios import campaigns_2016, chain_2016, goals_2016, register_2016
from nrs.scenarios import world as worlds
from nrs.scenarios.player import Player, moment_of
from nrs.scenarios.stories_2016 import AGREEMENTS, FIRMS, FOCUS, STORIES

BEGINS = dt.date(2015, 12, 1)
SHOPS = 291
#: Where the chain's other shops lie: (municipality code, postal code); none of them in the nine. The first are in the
#: east of the country or near Tønder and Grenå, which the agreement covers.
EAST = (("0101", "2100"), ("0265", "4000"), ("0259", "4600"), ("0400", "3700"), ("0550", "6270"), ("0707", "8500"))
WEST = (("0461", "5000"), ("0751", "8000"), ("0851", "9000"), ("0561", "6700"), ("0615", "8700"))
COVERED = 150


def load() -> str:
    """Load everything; a sentence about what there is now. Call inside a transaction, on an empty region."""
    with clock.at(moment_of(BEGINS.isoformat(), "08:00")):
        world = worlds.build(BEGINS, with_office=False)
        DutyPeriod.objects.get_or_create(valid_from=BEGINS, defaults={"municipality_id": "0219"})
        assert world.coordinator is not None
        register_2016.write(world.coordinator, FIRMS, world.industries)
    player = Player(world)
    _plan_companies(player)
    for day, key, ended in AGREEMENTS:
        _plan_agreement(player, day, key, ended)
    for name, divisions, begins, ends, decided in FOCUS:
        player.at(moment_of(decided, "13:00"), _focus(name, divisions, begins, ends, decided))
    player.at(moment_of("2016-06-28"), lambda: _open_shops(world.companies["kaede"], player))
    player.at(moment_of("2016-06-29"), lambda: _sign_with_the_chain(player))
    goals_2016.plan(player)
    campaigns_2016.plan(player, {firm.key: firm for firm in FIRMS})
    for story in STORIES:
        player.tell(story)
    done = player.play()
    return (
        f"nrs-2016: {done} steps played, {len(STORIES)} job orders of {len(FIRMS)} companies in a register of "
        f"{register_2016.COMPANIES}, {len(campaigns_2016.WAVES)} campaigns."
    )


def _plan_companies(player: Player) -> None:
    """The companies that will do something stand in the register from the first day, like all others."""
    for number, firm in enumerate(FIRMS):
        moment = moment_of(BEGINS.isoformat(), "08:00") + dt.timedelta(minutes=number)
        player.at(moment, lambda firm=firm: worlds.register_company(player.world, firm))


def _plan_agreement(player: Player, day: str, key: str, ended: str | None) -> None:
    signed: list[agreements.Agreement] = []

    def sign() -> None:
        company = player.world.companies[key]
        actor = player.world.consultants[company.lead_id]
        signed.append(agreements.sign(actor, company, kind="recruitment", valid_from=dt.date.fromisoformat(day)))

    def end() -> None:
        actor = player.world.coordinator
        assert actor is not None
        agreements.end(actor, signed[0].public_id, signed[0].version, ended_on=clock.today())

    player.at(moment_of(day, "13:00"), sign)
    if ended:
        player.at(moment_of(ended, "12:00"), end)


def _focus(name: str, divisions: str, begins: str, ends: str, decided: str) -> object:
    def decide() -> None:
        FocusIndustry.objects.create(
            name=name,
            divisions=divisions,
            valid_from=dt.date.fromisoformat(begins),
            valid_to=dt.date.fromisoformat(ends),
            decided_by="Styregruppen for NRS",
            decided_on=dt.date.fromisoformat(decided),
        )

    return decide


def _open_shops(company: Company, player: Player) -> None:
    """The chain's 291 shops: one in each of the nine but the head office's, the rest all over the country."""
    places = [(code, worlds.POSTAL_CODES[code][0]) for code in worlds.STAFF if code != company.lead_id]
    east = [EAST[number % len(EAST)] for number in range(COVERED - len(places))]
    west = [WEST[number % len(WEST)] for number in range(SHOPS - COVERED)]
    ProductionUnit.objects.bulk_create(
        ProductionUnit(
            company=company,
            p_number=f"99{number:08}",
            name=f"Den Røde Kurv, butik {number + 1}",
            street=f"{worlds.STREETS[number % len(worlds.STREETS)]} {number % 60 + 1}",
            postal_code=postal_code,
            municipality_code=code,
        )
        for number, (code, postal_code) in enumerate([*places, *east, *west])
    )
    for unit in company.units.filter(is_main=False, municipality_code__in=list(worlds.STAFF)):
        player.world.units[f"kaede-{unit.municipality_code}"] = unit


def _sign_with_the_chain(player: Player) -> None:
    """Jobservice Danmark's agreement from 1 July 2016, with Allerød as its tovholder; some 150 shops are covered."""
    company = player.world.companies["kaede"]
    covered = company.units.filter(is_main=False).order_by("p_number")[:COVERED]
    actor = player.world.consultants["0201"]
    signed = agreements.sign(
        actor,
        company,
        kind="recruitment",
        holder="jobservice",
        tovholder="0201",
        valid_from=dt.date(2016, 7, 1),
        units=[company.units.get(is_main=True), *covered],
    )
    chain_2016.describe(actor, signed)
    services.log_contact(actor, company, kind="meeting", about="Aftalen om tovholder er underskrevet")
