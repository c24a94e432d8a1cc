"""Every list and figure is there as CSV and as a workbook: the rows of the page, nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns import contacts, focus, goals, savings
from campaigns.figures import FUNCTIONS
from candidates.models import AccessLog
from companies import agreements
from companies import services as companies
from companies.models import Company
from events import clock
from gatherings import network
from joborders.models import JobOrder
from joborders.services import steps
from municipalities.actor import Actor
from tests import factories
from tests.campaigns.outreach import firm, frozen, target_of
from tests.campaigns.test_goals_and_packs import TRIED, tried
from tests.gatherings.test_gatherings import builder, invited, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
EVIL = "=HYPERLINK(0)"
LINK = re.compile(r'href="(/api/v1/[^"]*format=(?:csv|xlsx))"')


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def world(ann, kim):
    """Something in every list, with a company whose name a spreadsheet would run."""
    company = builder(name=EVIL)
    today = clock.today()
    line = {"month": today, "occupation": "8332", "positions": 3}
    terms = {"kind": "recruitment", "valid_from": today, "forecast": [line]}
    signed = agreements.sign(ann, company, valid_to=today + dt.timedelta(days=30), **terms)
    companies.log_contact(ann, company, kind="phone", about=EVIL, text="+45 48 00 00 00")
    order = factories.order(company, title=EVIL)
    steps.claim(order.public_id, ann, order.version)
    factories.candidate()
    gathering = meeting(ann, title=EVIL)
    invited(ann, gathering)
    member = network.join(ann, company.public_id)
    network.commit(ann, member.public_id, side="nine", text=EVIL)
    network.state_need(ann, company.public_id, text=EVIL, needed_by=today)
    target = firm()
    Company.objects.filter(pk=target.pk).update(name=EVIL + "1")
    campaign = frozen(kim)
    year = {"valid_from": today.replace(month=1, day=1), "valid_to": today.replace(month=12, day=31)}
    goals.set_goal(kim, name=EVIL, measure="partnerships", value=10, **year)
    savings.begin(kim, name=EVIL, municipality="0219", assumptions=EVIL, **TRIED)
    focus.decide(kim, name=EVIL, divisions="41", valid_from=today, decided_by="Styregruppen")
    assert target_of(campaign, target).name == EVIL + "1"
    return {
        "company": company.public_id, "agreement": signed.public_id, "gathering": gathering.public_id,
        "campaign": campaign.public_id,
    }  # fmt: skip


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


#: Page (with ids in braces) → who opens it, how many lists it offers, rows of the first one (None: a figure's own).
PAGES: dict[str, tuple[str, int, int | None]] = {
    "/queue?view=own": ("ann", 1, 1),
    "/queue?view=all&assignee=me&due=week": ("ann", 1, 1),
    "/queue?view=all&assignee=nobody": ("ann", 0, None),
    "/candidates": ("ann", 1, 1),
    "/companies": ("ann", 1, None),
    "/companies?q=HYPERLINK&lead=0219": ("ann", 1, 2),
    "/companies/{company}": ("ann", 1, 1),
    "/agreements": ("ann", 1, 1),
    "/agreements?state=renew": ("ann", 1, 1),
    "/agreements?state=active&kind=recruitment": ("kim", 1, 1),
    "/agreements/needs": ("ann", 1, 1),
    "/agreements/{agreement}": ("ann", 2, 1),
    "/campaigns": ("kim", 1, 1),
    "/campaigns/focus": ("kim", 1, 1),
    "/campaigns/calls": ("kim", 1, None),
    "/campaigns/{campaign}": ("kim", 1, None),
    "/campaigns/{campaign}/targets": ("kim", 1, None),
    "/gatherings": ("ann", 1, 1),
    "/gatherings/{gathering}": ("ann", 1, None),
    "/network": ("ann", 2, 1),
    "/figures": ("kim", 1, 1),
    "/figures/goals": ("kim", 1, 1),
    "/figures/savings": ("kim", 1, 1),
    **{reverse(f"web:figures-{name}"): ("kim", 1, None) for name in FUNCTIONS},
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_offers_its_list_as_csv_and_as_a_workbook(world, ann, kim, page):
    who, lists, rows = PAGES[page]
    client = browser({"ann": ann, "kim": kim}[who])
    shown = client.get(page.format(**world))
    assert shown.status_code == 200
    links = [html.unescape(link) for link in LINK.findall(shown.content.decode())]
    assert [link.rpartition("=")[2] for link in links] == ["csv", "xlsx"] * lists
    for place, link in enumerate(links):
        answer = client.get(link)
        assert answer.status_code == 200, (link, body_of(answer)[:300])
        read: Callable[[bytes], int] = _csv_rows if link.endswith("csv") else _xlsx_rows
        found = read(body_of(answer))
        assert found >= 1 and (place > 1 or rows is None or found == rows), link


def _csv_rows(content: bytes) -> int:
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "@"))]
    return len(table) - 1


def _xlsx_rows(content: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return int(sheet.max_row) - 1


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("view=own", 3),
        ("view=own&assignee=me", 1),
        ("view=own&assignee=nobody", 2),
        ("view=own&industry=43", 1),
        ("view=own&due=today", 1),
        ("view=own&due=week", 3),
        ("view=own&due=overdue", 0),
        ("view=all&municipality=0219&phase=new", 2),
    ],
)
def test_the_download_of_the_queue_holds_the_orders_that_its_filters_leave(ann, query, numbers):
    claimed = factories.order(firm())
    steps.claim(claimed.public_id, ann, claimed.version)
    for hours in (1, 20):  # due today, and due by the end of next week
        order = factories.order()
        JobOrder.objects.filter(pk=order.pk).update(next_due_at=clock.now() + dt.timedelta(hours=hours))
    client = browser(ann)
    shown = client.get(f"/queue?{query}").content.decode()
    orders = set(re.findall(r'id="order-([0-9a-f-]{36})"', shown))
    assert len(orders) == numbers
    links = [html.unescape(link) for link in LINK.findall(shown)]
    assert bool(links) is bool(orders)
    if links:
        table = list(csv.reader(io.StringIO(body_of(client.get(links[0])).decode("utf-8-sig"))))
        assert {row[0] for row in table[1:]} == orders


def test_words_that_only_the_page_can_search_by_offer_no_download_of_something_else(world, ann):
    assert not LINK.findall(browser(ann).get("/queue?view=own&industry=murer").content.decode())
    assert not LINK.findall(browser(ann).get("/candidates?q=a").content.decode())


def test_the_candidates_as_a_workbook_are_the_own_and_nobodys_name(ann, eva):
    factories.candidate(name="Hemmelig Person")
    factories.candidate(factories.HELSINGOER)
    text = body_of(browser(ann).get("/api/v1/candidates?format=csv")).decode()
    assert len(text.strip().splitlines()) == 2 and "Hemmelig" not in text
    assert not AccessLog.objects.exists(), "no name is shown: nobody is read"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"talked", "free", "away"}),
        ("outcome=none", {"free", "away"}),
        ("outcome=talked", {"talked"}),
        ("assigned=yes", {"talked"}),
        ("assigned=no&municipality=0219", {"free"}),
        ("industry=43&municipality=0217", {"away"}),
    ],
)
def test_the_download_of_targets_holds_those_that_the_page_shows(ann, kim, query, names):
    firms = {"talked": firm(), "free": firm(), "away": firm(factories.HELSINGOER)}
    campaign = frozen(kim)
    target = target_of(campaign, firms["talked"])
    contacts.assign(ann, target.public_id, target.version, assignee=ann.public_id)
    contacts.record_contact(ann, target.public_id, outcome="talked")
    shown = browser(kim).get(f"/campaigns/{campaign.public_id}/targets?{query}").content.decode()
    wanted = {firms[name].name for name in names}
    assert {one.name for one in firms.values() if one.name in shown} == wanted
    link = html.unescape(LINK.findall(shown)[0])
    table = list(csv.reader(io.StringIO(body_of(browser(kim).get(link)).decode("utf-8-sig"))))
    assert {row[table[0].index("name")] for row in table[1:]} == wanted


def test_the_savings_estimate_is_the_same_by_the_api_as_a_file_and_on_another_day(kim):
    tried(report_due=dt.date(2027, 1, 31))
    client = browser(kim)
    with clock.at(clock.now() + dt.timedelta(days=60)):
        [told] = client.get("/api/v1/statistics/savings?as_of=2026-03-31").json()["savings"]
        assert told["cost"] == round(475_000 * 31 / 365) and told["placements"] == 0
        assert (told["from"], told["until"], told["weeks"]) == ("2026-03-01", "2026-03-31", [4, 26])
        content = body_of(client.get("/api/v1/statistics/savings?as_of=2026-03-31&format=csv")).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(content))
        assert (row["cost"], row["weeks_low"], row["weeks_high"]) == (str(told["cost"]), "4", "26")
        assert client.get("/api/v1/statistics/savings?as_of=2026-03-00").status_code == 400
    assert client.get("/api/v1/statistics/savings?known_at=2026-01-01T00:00:00Z").json()["savings"] == []
