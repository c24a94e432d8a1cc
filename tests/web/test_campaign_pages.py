"""Pages of campaigns: the frozen list as it was, and beside it what has become of each company."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from companies import services as companies
from events import clock
from tests import factories
from tests.campaigns.outreach import firm, frozen, target_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def browser(kim) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=kim.user_id))
    return client


def grows(kim, company):
    company.units.update(headcount=25)


def shrinks_below_the_minimum(kim, company):
    company.units.update(headcount=1)


def moves_away(kim, company):
    company.units.update(municipality_code="0101")


def ceases(kim, company):
    company.units.update(ceased_on=clock.today())


def is_renamed(kim, company):
    companies.change(kim, company.public_id, company.version, {"name": "Et andet navn A/S"})


def is_led_by_another(kim, company):
    company.lead_id = factories.GRIBSKOV
    company.save(update_fields=["lead"])


def gets_another_industry(kim, company):
    company.units.update(industry_code="561110", industry_version="DB25")


def wants_no_calls(kim, company):
    companies.refuse_calls(kim, company)


@pytest.mark.parametrize(
    ("becomes", "beside"),
    [
        (grows, "nu 25 ansatte"),
        (shrinks_below_the_minimum, "nu 1 ansatte"),
        (moves_away, "er ophørt i de ni kommuner"),
        (ceases, "er ophørt i de ni kommuner"),
        (is_renamed, "hedder nu Et andet navn A/S"),
        (is_led_by_another, "har nu Gribskov som tovholder"),
        (gets_another_industry, "nu branche 561110"),
        (wants_no_calls, "vil ikke ringes op"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_frozen_list_keeps_its_company_and_tells_beside_it_what_has_become_of_it(kim, browser, becomes, beside):
    company = firm(headcount=10, industry_code="432100", industry_version="DB25")
    campaign = frozen(kim)
    address = f"/campaigns/{campaign.public_id}/targets"
    frozen_row = f"{company.name} 432100 10 Hillerød"
    assert frozen_row in words(browser.get(address))
    becomes(kim, company)
    page = words(browser.get(address))
    assert f"{company.name} {beside} 432100 10 Hillerød" in page
    target = target_of(campaign, company)
    assert (target.name, target.headcount, target.industry_code) == (company.name, 10, "432100")
    assert beside in words(browser.get(f"/targets/{target.public_id}"))


def test_the_same_industry_written_on_the_company_alone_is_no_change(kim, browser):
    company = firm()
    campaign = frozen(kim)
    assert f"{company.name} 432100 10" in words(browser.get(f"/campaigns/{campaign.public_id}/targets"))


def test_the_size_of_a_list_follows_the_forecasts_that_are_asked_for(kim, ann, browser):
    from companies import agreements

    line = {"month": clock.today(), "occupation": "8332", "positions": 3}
    agreements.sign(ann, firm(), kind="recruitment", valid_from=clock.today(), forecast=[line])
    firm()
    asked = {"needs": "forecasts", "minimum_headcount": 5}
    assert "1 virksomhed passer" in words(browser.get("/campaigns/size", asked))
    assert "1 virksomhed passer" in words(browser.get("/campaigns/size", {**asked, "occupations": "83"}))
    assert "0 virksomheder passer" in words(browser.get("/campaigns/size", {**asked, "occupations": "5223"}))
    given = {**asked, "name": "Chauffører", "ends_on": "2026-06-30", "occupations": "8332", "needs_until": "2026-06-30"}
    page = words(browser.post("/campaigns/new", given, follow=True))
    assert "dens aftale forudser behov for medarbejdere" in page and "Kun i disse stillingsbetegnelser" in page
    refused = browser.post("/campaigns/new", {**given, "occupations": "83329"})
    assert refused.status_code == 422 and "ikke kendt" in words(refused)
