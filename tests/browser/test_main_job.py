"""The whole main job, clicked through: a company, two consultants, and the coordinator who counts what became of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page

from accounts.models import User
from events import clock
from joborders.models import JobOrder, Nomination
from notifications.models import Mail
from screening import services
from tests import factories
from tests.browser.desk import login
from tests.browser.ordering import company_and_workplace, contact, following, job, licence
from tests.browser.people_pages import FIT, cards_of, shared_order
from tests.browser.watching import Watched

Visit = Callable[..., Watched]
PASSWORD = "en lang prøve-adgangskode"  # noqa: S105 - of made-up people
DRIVER = "Gry Prøve"


@pytest.fixture(autouse=True)
def reference_data(emptied_after_each_test: None, transactional_db: None) -> None:
    """The nine and the vocabulary."""
    factories.load_reference()


def may_log_in(user: User) -> User:
    """The user, with a password that the test knows."""
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(page: Page, user: User) -> None:
    """E-mail and password, on the login page that is open."""
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    following(page, "Log ind")


def through(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Press a button or follow a link of the page's main part, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


def told(page: Page) -> str:
    """The words of the page."""
    return page.get_by_role("main").inner_text()


def orders(page: Page) -> str:
    """The company orders one lorry driver; gives the secret follow link of the receipt."""
    page.get_by_role("main").get_by_role("link", name="Bestil medarbejdere").click()
    company_and_workplace(page, factories.cvr())
    job(page, positions=1)
    licence(page)
    page.get_by_role("link", name="Næste").click()
    contact(page, email="kirsten@firma.example")
    following(page, "Send ordren")
    return page.locator(".nrs-link a").get_attribute("href") or ""


def takes_it(page: Page, order: JobOrder) -> None:
    """The lead's consultant claims it from the queue, calls, verifies and shares."""
    page.get_by_role("button", name=f"Tag {order.number}").click()
    page.wait_for_selector("text=Din nu.")
    through(page, "link", order.title)
    through(page, "button", "Ringet, talte med Kirsten Prøve")
    assert "det første løfte er holdt" in told(page)
    through(page, "link", "Bekræft kontakten")
    page.get_by_text("CVR-registret").click()
    through(page, "button", "Bekræft kontakten")
    assert "Kontakten er bekræftet." in told(page)
    through(page, "button", "Del regionalt")
    assert "Ordren er delt med de otte andre." in told(page)


def screens_and_requests(page: Page) -> None:
    """All nine are screened; the one of the other municipality is asked for, unnamed."""
    through(page, "link", "Find kandidater")
    through(page, "button", "Screen alle ni")
    assert DRIVER not in told(page)
    page.locator(".nrs-verdict", has_text="Gribskov").locator(".nrs-tick label").click()
    through(page, "button", "Spørg efter eller tilbyd de valgte")
    if (why := page.locator("textarea[name$=reason]")).count():  # others may stand before her, by lot
        why.first.fill("Hun har kørt ruten før.")
    through(page, "button", "Spørg efter 1 kandidat")
    assert "Der er spurgt efter 1 kandidat." in told(page)


def accepts(page: Page, order: JobOrder) -> None:
    """The home jobcentre's consultant finds the request, reads the CV, and writes down the yes and the talk."""
    with page.expect_navigation():
        page.get_by_role("link", name="Spurgt hos os").click()
    through(page, "link", order.title)
    through(page, "link", f"Acceptér {DRIVER}")
    through(page, "link", "Læs CV'et først, med markeringer")
    for label in ("Kan løse opgaverne", "Vil løse opgaverne", "CV'et er gennemgået med kandidaten"):
        page.get_by_text(label).click()
    through(page, "button", "Acceptér")
    assert "Kandidaten er accepteret på ordren." in told(page)


def presents(window: Watched) -> None:
    """The lead sees the name now, and shows the candidate to the company: it takes a reason, for the CV has gaps."""
    page = window.page
    through(page, "link", "Til ordren")
    through(page, "link", f"Præsentér {DRIVER}")
    assert "CV'et mangler:" in told(page) and "valgfri" not in told(page)
    window.expected.add(422)
    through(page, "button", "Præsentér")
    window.expected.remove(422)
    assert page.title().startswith("Fejl:")
    page.get_by_label("Hvorfor vises et CV, der ikke følger alle principper?").fill("Kirsten vil møde hende nu.")
    through(page, "button", "Præsentér")
    assert "1 kandidat er præsenteret" in told(page)


def sees_and_answers(page: Page, link: str, first_day: dt.date) -> None:
    """The company opens its link, enters the mailed code, invites to a talk, and reports the hire."""
    page.goto(link)
    assert DRIVER not in told(page)
    through(page, "button", "Send mig en kode")
    code = Mail.objects.get(template="follow_code").secret
    page.get_by_label("De seks cifre i mailen").fill(code)
    through(page, "button", "Vis kandidaterne")
    assert page.get_by_role("heading", name=DRIVER).is_visible()
    through(page, "button", f"Indkald til samtale {DRIVER}")
    assert "Jobcentret har fået jeres svar." in told(page)
    page.locator("summary", has_text="Vi ansætter").click()
    page.get_by_label("Første arbejdsdag").fill(first_day.isoformat())
    through(page, "button", "Giv jobcentret besked")
    assert "Jeres kontaktperson bekræfter det." in told(page)


def confirms_the_hire(page: Page, order: JobOrder, first_day: dt.date) -> None:
    """The lead confirms what the company reported: that fills the order."""
    through(page, "link", "Til køen")
    through(page, "link", order.title)
    assert "Virksomheden melder" in told(page)
    through(page, "link", f"Ansæt {DRIVER}")
    assert page.get_by_label("Første arbejdsdag").input_value() == first_day.isoformat()
    page.get_by_label("Timer om ugen").fill("37")
    through(page, "button", "Ansæt")
    assert "1 kandidat er ansat." in told(page)


def is_counted(page: Page) -> None:
    """The coordinator's day begins with the order that was filled; the status has it as received and filled."""
    assert tile(page, "besat denne måned") == "1"
    through(page, "link", "Status")
    assert (tile(page, "modtaget"), tile(page, "besat"), tile(page, "stadig åbne")) == ("1", "1", "0")


def tile(page: Page, words: str) -> str:
    """The number above these words."""
    found = page.locator(".nrs-tiles li").filter(has=page.get_by_text(words, exact=True))
    return found.locator("strong").inner_text()


def test_a_lorry_driver_is_ordered_found_presented_hired_and_counted(visit: Visit) -> None:
    lead = may_log_in(login(factories.consultant(factories.HILLEROED, name="Ann Prøve")))
    home = may_log_in(login(factories.consultant(factories.GRIBSKOV, name="Gro Prøve")))
    kim = may_log_in(login(factories.coordinator(name="Kim Prøve")))
    factories.candidate(factories.HILLEROED, **FIT)
    factories.candidate(factories.GRIBSKOV, **FIT, name=DRIVER)
    first_day = clock.today() + dt.timedelta(days=7)
    company, ann, gro, coordinator = (visit() for _window in range(4))

    link = orders(company.go("/"))
    order = JobOrder.objects.get()
    for window, user in ((ann, lead), (gro, home)):
        log_in(window.go("/queue"), user)
    takes_it(ann.page, order)
    screens_and_requests(ann.page)
    accepts(gro.page, order)
    presents(ann)
    sees_and_answers(company.page, link, first_day)
    confirms_the_hire(ann.page, order, first_day)

    order.refresh_from_db()
    assert (order.state, order.close_reason, order.hires) == ("filled", "filled", 1)
    assert Nomination.objects.get().hire_starts_on == first_day
    company.page.reload()
    assert "Alle pladser er besat." in told(company.page)
    log_in(coordinator.go("/login"), kim)
    is_counted(coordinator.page)


def click_a_link(page: Page, order: JobOrder) -> None:
    """To the order, from the queue."""
    page.locator(f"#order-{order.public_id} .desk-job").click()


def click_in_the_row(page: Page, order: JobOrder) -> None:
    """A part of the page is asked for, not a page."""
    page.get_by_role("button", name=f"Tag {order.number}").click()


def send_a_form(page: Page, order: JobOrder) -> None:
    """To an address that is sent to only."""
    page.get_by_role("button", name="Spørg efter 1 kandidat").click()


@pytest.mark.parametrize(
    ("begins", "click", "back"),
    [
        ("/queue", click_a_link, "/orders/{order}"),
        ("/queue", click_in_the_row, "/queue"),
        ("/screenings/{run}/nominate?{cards}", send_a_form, "/screenings/{run}/nominate?{cards}"),
    ],
    ids=["a link", "a part of the page", "a form"],
)
def test_who_is_no_longer_logged_in_is_led_back_after_the_login(
    visit: Visit, begins: str, click: Callable[[Page, JobOrder], None], back: str
) -> None:
    lead = factories.consultant(name="Ann Prøve")
    factories.candidate(factories.GRIBSKOV, **FIT)
    run = services.run(shared_order(lead).public_id, actor=lead, scope="region")
    order = factories.order()
    names = {"order": order.public_id, "run": run.public_id, "cards": cards_of(run)}
    user = may_log_in(login(lead))
    window = visit(user=user)
    page = window.go(begins.format(**names))
    window.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with page.expect_navigation(url=re.compile(r"/login\?next=")):
        click(page, order)
    assert page.get_by_role("heading", level=1).inner_text() == "Log ind"
    log_in(page, user)
    assert page.url.endswith(back.format(**names))
