"""As a coordinator would: from an empty page to a frozen list of 438, calls of three jobcentres, an order after contact
that is filled, and the funnel that shows it. Clicked through the pages; only the hire itself is made by the services.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.models import User
from campaigns.models import Campaign
from events import clock
from joborders.services import nominations
from municipalities.actor import Actor
from nrs.scenarios import register_2016
from nrs.scenarios.stories_2016 import FIRMS
from nrs.scenarios.world import build as build_world
from nrs.scenarios.world import register_company
from tests import factories
from tests.api.order_cases import HIRED, WHY, offered, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_an_empty_page_to_a_frozen_list_of_438_and_a_filled_order_in_the_funnel():
    world = build_world(dt.date(2026, 1, 1), with_office=False)
    register_2016.write(world.coordinator, FIRMS, world.industries)
    for firm in FIRMS:
        register_company(world, firm)
    kim = browser(world.coordinator)
    assert "Ingen kampagne endnu" in words(kim.get("/campaigns"))

    given = {"name": "Bygge og transport", "divisions": "41 42 43 49 52 53", "minimum_headcount": 5}
    asked = {**given, "ends_on": "2026-06-30"}
    assert "438 virksomheder passer" in words(kim.get("/campaigns/size", asked))
    page = kim.post("/campaigns/new", asked, follow=True)
    assert "438 virksomheder passer" in words(page)
    campaign = Campaign.objects.get()
    page = kim.post(f"/campaigns/{campaign.public_id}/freeze", {"version": campaign.version}, follow=True)
    assert "Listen er frosset: 438 virksomheder" in words(page)

    called = []
    for place in (factories.HILLEROED, factories.HELSINGOER, factories.EGEDAL):
        target = campaign.targets.filter(municipality=place).order_by("pk")[0]
        consultant = browser(world.consultants[place])
        page = consultant.post(
            f"/targets/{target.public_id}/contacts",
            {"outcome": "talked", "kind": "phone", "text": "Mangler folk."},
            follow=True,
        )
        assert "Noteret" in words(page) and "Mangler folk." in words(page)
        called.append(target)
    other = browser(world.consultants[factories.GRIBSKOV])
    page = other.post(f"/targets/{called[0].public_id}/contacts", {"outcome": "talked", "kind": "phone"})
    assert page.status_code == 422 and "Hillerød har talt med virksomheden" in words(page)

    with clock.at(clock.now() + dt.timedelta(days=3)):
        lead = world.consultants[factories.HILLEROED]
        order = shared_order(lead, of=called[0].company, positions=1)
        person = offered(order, lead)
        shown = nominations.present(person.public_id, lead, person.version, **WHY).nomination
        nominations.hire(shown.public_id, lead, shown.version, **HIRED)
        order.refresh_from_db()
        assert order.state == "filled"
        page = words(kim.get(f"/campaigns/{campaign.public_id}"))
        for found in ("438 På listen", "3 Kontaktet", "1 Jobordre efter kontakt", "1 Ansættelse efter kontakt"):
            assert found in page
        assert "tæller som efter kontakt" in words(kim.get(f"/targets/{called[0].public_id}"))
