"""What the nine founded NRS for, clicked through: from an empty campaign page to a frozen list, calls of three
jobcentres, an agreement signed, an order from it filled, and the funnel and the A4 page that show it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from campaigns.models import Attempt, Campaign, Target
from companies.models import Agreement, Company
from events import clock
from joborders.models import JobOrder
from joborders.services import nominations, steps
from municipalities.actor import Actor
from tests import factories
from tests.browser.desk import login
from tests.browser.test_main_job import through, told
from tests.browser.watching import Watched
from tests.campaigns import outreach

Visit = Callable[..., Watched]
PLACES = (factories.HILLEROED, factories.HELSINGOER, factories.GRIBSKOV)


@pytest.fixture(autouse=True)
def reference_data(emptied_after_each_test: None, transactional_db: None) -> None:
    """The nine and the vocabulary."""
    factories.load_reference()


def draws_up_and_freezes(page: Page) -> Campaign:
    """The coordinator chooses by industry and size; the number is there before anything is saved, and after."""
    assert "Ingen kampagne endnu" in told(page)
    through(page, "link", "Ny kampagne")
    page.locator("[name=name]").fill("Bygge og anlæg")
    page.locator("[name=divisions]").fill("41 42 43")
    page.locator("[name=minimum_headcount]").fill("5")
    page.locator("[name=ends_on]").fill((clock.today() + dt.timedelta(days=90)).isoformat())
    page.locator("[name=ends_on]").blur()
    page.wait_for_selector("text=7 virksomheder passer")
    through(page, "button", "Gem, og se listen")
    assert "7 virksomheder passer" in told(page)
    through(page, "button", "Frys listen og begynd")
    assert "Listen er frosset: 7 virksomheder" in told(page)
    return Campaign.objects.get()


def calls(page: Page, campaign: Campaign, company: Company, outcome: str, text: str) -> None:
    """A consultant finds the company in the list of the own jobcentre and writes down what was said."""
    page.locator("[name=q]").fill(company.name)
    with page.expect_navigation():
        page.get_by_role("button", name="Vis", exact=True).click()
    through(page, "link", company.name)
    page.locator(f"label[for={page.locator(f'[name=outcome][value={outcome}]').get_attribute('id')}]").click()
    page.locator("[name=text]").fill(text)
    through(page, "button", "Notér")
    assert "Noteret." in told(page) and text in told(page)


def signs_an_agreement(page: Page, company: Company) -> Agreement:
    """On the company's page: a recruitment agreement that was signed today."""
    through(page, "link", f"CVR {company.cvr}")
    through(page, "link", "Ny aftale")
    page.locator("[name=kind]").select_option("recruitment")
    page.locator("[name=valid_from]").fill(clock.today().isoformat())
    page.locator("[name=signed_on]").fill(clock.today().isoformat())
    through(page, "button", "Gem")
    assert "gælder" in told(page)
    return Agreement.objects.get(company=company)


def fills_an_order(lead: Actor, company: Company) -> JobOrder:
    """The agreement's order is handed in and filled with an own candidate: the services' part, clicked elsewhere."""
    today = clock.today()
    order = factories.order(company, positions=1)
    order = steps.claim(order.public_id, lead, order.version)
    order = steps.verify_contact(order.public_id, lead, order.version, source="cvr_register")
    talk = {"accepted_on": today, "channel": "phone", "talk_can_do": True, "talk_wants_to": True, "cv_checked": True}
    person = factories.candidate(factories.HILLEROED)
    done = nominations.offer(order.public_id, lead, order.version, candidate=person.public_id, acceptance=talk)
    shown = nominations.present(done.nomination.public_id, lead, done.nomination.version, reason="Vil mødes nu.")
    hire = {"starts_on": today + dt.timedelta(days=7), "weekly_hours": 37, "terms": "ordinary"}
    nominations.hire(shown.nomination.public_id, lead, shown.nomination.version, **hire)
    order.refresh_from_db()
    return order


def funnel_of(page: Page) -> list[int]:
    """The steps of the funnel, from the list to the hires."""
    return [int(number) for number in page.locator(".nrs-tiles li strong").all_inner_texts()]


def test_a_campaign_from_an_empty_page_to_a_filled_order_in_the_funnel_and_on_the_a4_page(visit: Visit) -> None:
    kim = factories.coordinator(name="Kim Prøve")
    people = {code: factories.consultant(code, name=f"Konsulent {code}") for code in PLACES}
    firms = {code: outreach.firm(code) for code in PLACES}
    for code in PLACES[:2]:
        outreach.firm(code), outreach.firm(code)
    outreach.firm(headcount=4), outreach.firm(code="561110")
    coordinator = visit(user=login(kim))
    campaign = draws_up_and_freezes(coordinator.go("/campaigns"))

    windows = {code: visit(user=login(actor)) for code, actor in people.items()}
    for code, outcome in zip(PLACES, ("met", "talked", "no_answer"), strict=True):
        page = windows[code].go(f"/campaigns/{campaign.public_id}/targets")
        calls(page, campaign, firms[code], outcome, f"Talte om behov i {code}.")
    assert set(Attempt.objects.order_by("pk").values_list("municipality_code", flat=True)) == set(PLACES)

    company = firms[factories.HILLEROED]
    agreement = signs_an_agreement(windows[factories.HILLEROED].page, company)
    assert agreement.signed_on == clock.today()
    order = fills_an_order(people[factories.HILLEROED], company)
    assert (order.state, order.agreement) == ("filled", agreement)

    page = coordinator.go(f"/campaigns/{campaign.public_id}")
    assert funnel_of(page) == [7, 2, 1, 1, 1, 1], "listed, contacted, met, agreement, order, hire"
    assert coordinator.violations() == []
    target = Target.objects.get(campaign=campaign, company=company)
    assert "tæller som efter kontakt" in told(coordinator.go(f"/targets/{target.public_id}"))

    page = coordinator.go("/figures/sheet")
    assert "1 virksomhed har en rekrutteringsaftale." in told(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Hent som PDF").click()
    pdf = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    words = " ".join(pdf.pages[0].extract_text().split())
    assert len(pdf.pages) == 1 and "1 modtaget" in words and "1 besat" in words
    assert "1 virksomhed har en rekrutteringsaftale." in words
