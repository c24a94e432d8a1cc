"""The figures' pages: who reads them, what they are asked, and that they say what the API says."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from campaigns.figures import FUNCTIONS
from tests import factories
from tests.campaigns.scenes import Scene, day
from web.forms.figures import Ask

pytestmark = pytest.mark.usefixtures("reference")
PAGES = ["", "/definitions", "/sheet", *[f"/{name}" for name in FUNCTIONS]]
#: What each page may ask of the database, the reader and their membership included.
QUERIES = {
    "": 11, "/definitions": 2, "/sheet": 13, "/status": 10, "/flow": 7, "/times": 8, "/promises": 7, "/exchange": 6,
    "/reasons": 7,
}  # fmt: skip


def login(role: str, code: str | None = None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factories.member(role, code).user_id), "municipalities.login.MemberBackend")
    return client


@pytest.fixture
def kim() -> Client:
    """The coordinator, reading Danish."""
    return login("coordinator")


@pytest.fixture
def march() -> None:
    """Orders of March 2026: one filled across a border, one closed, one open."""
    Scene(2).answer(2, hour=11).hire(4, factories.HELSINGOER)
    Scene(3).take(5, "close", reason="withdrawn")
    Scene(4)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "code", "status"),
    [("coordinator", None, 200), ("consultant", "0217", 200), ("caseworker", "0217", 200), ("auditor", None, 403),
     ("admin", None, 403)],
)  # fmt: skip
def test_the_figures_are_for_the_nine_and_the_coordinator(page, role, code, status):
    assert login(role, code).get(f"/figures{page}").status_code == status


def test_strangers_log_in_first():
    assert Client().get("/figures").headers["Location"].startswith("/login")


def test_the_coordinator_lands_on_todays_picture():
    user = User.objects.create_user("kim@nrs.example", "en lang prøve-adgangskode", name="Kim")
    factories.membership("coordinator", who=user)
    client = Client()
    page = client.post("/login", {"username": "kim@nrs.example", "password": "en lang prøve-adgangskode"})
    assert page.headers["Location"] == "/figures"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_no_more_queries_for_more_orders(kim, march, page):
    address = f"/figures{page}"
    kim.get(address)
    with CaptureQueriesContext(connection) as few:
        kim.get(address)
    for number in range(9, 13):
        Scene(number, lead=factories.HELSINGOER).take(16, "close", reason="withdrawn")
    with CaptureQueriesContext(connection) as many:
        kim.get(address)
    assert len(many) == len(few) == QUERIES[page], "\n".join(each["sql"] for each in many)


def test_the_status_is_that_of_the_day_asked_for(kim, march):
    context = kim.get("/figures/status?as_of=2026-03-04").context
    assert {name: context["found"][name] for name in ("received", "filled", "closed", "open")} == {
        "received": 3, "filled": 1, "closed": 0, "open": 2,
    }  # fmt: skip
    assert kim.get("/figures/status?as_of=2026-03-04&known_on=2026-03-02").context["found"]["received"] == 1
    assert kim.get("/figures/status?as_of=2026-03-04&municipality=0270").context["found"]["received"] == 0
    assert kim.get("/figures/status?as_of=2026-03-04&industry=unknown").context["found"]["received"] == 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_download_is_the_figure_that_the_page_shows(kim, march, name):
    period = "" if name == "status" else "&since=2026-03-01&until=2026-03-31"
    page = kim.get(f"/figures/{name}?as_of=2026-03-31&known_on=2026-03-31&municipality=0219{period}")
    found = kim.get(page.context["download"]).json()
    shown = page.context["found"]
    for key in ("as_of", "from", "to", "municipality"):
        assert found.get(key) == (str(shown[key]) if key in shown else None)
    assert dt.datetime.fromisoformat(found["known_at"]) == shown["known_at"]
    assert found["registered_later"] == shown["registered_later"]
    for kind in ("csv", "xlsx"):
        assert kim.get(f"{page.context['download']}&format={kind}").status_code == 200
    assert page.context["download"].replace("&", "&amp;") + "&amp;format=csv" in page.content.decode()
    assert urlsplit(page.context["definition"]).fragment == name


@pytest.mark.parametrize(
    "query", ["as_of=2999-01-01", "as_of=x", "since=2026-03-02&until=2026-03-01", "municipality=0101", "per=year"]
)
def test_a_question_that_makes_no_sense_is_told_at_its_field(kim, query):
    page = kim.get(f"/figures/flow?{query}")
    assert page.status_code == 422
    text = page.content.decode()
    assert "Fejl:" in text and 'role="alert"' in text and "form-error-message" in text
    assert page.context["found"] is None


def test_few_people_are_not_on_the_page(kim, march):
    text = kim.get("/figures/exchange?as_of=2026-03-31").content.decode()
    assert "For få blev ansat" in text
    assert "skjult" in text


def test_the_sheet_prints_what_the_status_says(kim, march):
    page = kim.get("/figures/sheet?as_of=2026-03-31")
    text = page.content.decode()
    assert "Status pr. 31. marts 2026" in text and "data-print" in text
    assert page.context["found"]["received"] == 3
    assert [row["received"] for row in page.context["flow"]] == [0, 0, 0, 0, 0, 3]


def test_the_sheet_comes_as_one_page_of_pdf_with_danish_letters_and_nobodys_name(kim, march):
    answer = kim.get("/figures/sheet.pdf?as_of=2026-03-31")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nrs-status-2026-03-31.pdf"'
    read = PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == 1
    assert read.metadata.title == "Status pr. 31. marts 2026"
    text = read.pages[0].extract_text()
    for words in ("Alle ni kommuner", "Hillerød", "virksomheder har en rekrutteringsaftale", "Modtaget", "Side 1"):
        assert words in text, words
    for word in itertools.chain.from_iterable(User.objects.values_list("name", "email")):
        assert word not in text


def test_todays_picture_counts_what_is_now(kim, march):
    totals = kim.get("/figures").context["totals"]
    assert totals == {"open": 1, "overdue": 1, "new": 1, "filled": 0}


def test_a_question_goes_on_to_the_other_figures():
    form = Ask({"as_of": "2026-03-31", "municipality": "0219", "per": "week"}, "flow", [("0219", "Hillerød")], [])
    assert form.is_valid()
    assert form.for_another_page() == "as_of=2026-03-31&municipality=0219"
    assert form.for_the_api() == "as_of=2026-03-31&municipality=0219&per=week"


def test_the_day_known_is_its_end():
    form = Ask({"as_of": "2026-03-31", "known_on": "2026-04-01"}, "status", [], [])
    assert form.is_valid()
    assert form.question()["known_at"] == day(2, 0, 4)
