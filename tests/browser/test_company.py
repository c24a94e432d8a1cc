"""A company that never saw the site: with mouse or keyboard, with or without JavaScript, impatient and forgetful."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from companies.models import Company
from joborders.models import JobOrder
from tests import factories
from tests.browser.ordering import company_and_workplace, contact, following, job, licence
from tests.browser.pages import draft
from tests.browser.watching import Watched
from web.models import OrderDraft

Visit = Callable[..., Watched]


@pytest.fixture(autouse=True)
def reference_data(emptied_after_each_test: None, transactional_db: None) -> None:
    """The nine and the vocabulary."""
    factories.load_reference()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_new_company_orders_people_and_follows_the_order(visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript).go("/")
    page.get_by_role("main").get_by_role("link", name="Bestil medarbejdere").click()
    company_and_workplace(page, factories.cvr())
    job(page)
    licence(page)
    assert page.locator(".nrs-asked strong").inner_text() == "C · Lastbil"
    page.get_by_role("link", name="Næste").click()
    contact(page)
    assert page.get_by_role("heading", level=1).inner_text().endswith("Tjek og send")
    following(page, "Send ordren")
    order = JobOrder.objects.get()
    assert order.number in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Se ordren").click()
    page.wait_for_url(f"**/follow/{order.number}")
    assert "Vi har fået jeres ordre" in page.get_by_role("main").inner_text()


def to(page: Page, id: str) -> None:
    """Tab on until this element has the focus: nothing on the way may hold it."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == id:
            return
    raise AssertionError(f"the keyboard does not reach {id}")


def onward(page: Page) -> None:
    """Enter, and wait for the page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tabbed(page: Page, words: str) -> None:
    """Tab on to the button or link that begins with these words."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.innerText") or "").strip().startswith(words):
            return
    raise AssertionError(f"the keyboard does not reach {words}")


def pressed(page: Page, words: str) -> None:
    """The same, then Enter, and wait for the page."""
    tabbed(page, words)
    onward(page)


def test_the_whole_order_is_made_and_withdrawn_with_the_keyboard_alone(visit: Visit) -> None:
    window = visit()
    page = window.go("/")
    pressed(page, "Bestil medarbejdere")
    to(page, "id_cvr")
    page.keyboard.type(factories.cvr())
    onward(page)
    for id, text in (("id_name", "Prøve Transport ApS"), ("id_street", "Prøvevej 1"), ("id_postal_code", "3400")):
        to(page, id)
        page.keyboard.type(text)
    to(page, "id_municipality")
    page.keyboard.type("Hillerød")
    pressed(page, "Næste")
    to(page, "id_title")
    page.keyboard.type("Lastbilchauffør")
    to(page, "id_description")
    page.keyboard.type("Kørsel med varer i Nordsjælland.")
    to(page, "id_shifts_0")
    page.keyboard.press("Space")
    pressed(page, "Næste")
    to(page, "id_listed_listed")
    page.keyboard.type("C · L")
    pressed(page, "Tilføj")
    assert page.locator(".nrs-asked strong").inner_text() == "C · Lastbil"
    pressed(page, "Næste")
    to(page, "id_name")
    page.keyboard.type("Kirsten Prøve")
    to(page, "id_phone")
    page.keyboard.type("48 00 00 00")
    pressed(page, "Næste")
    pressed(page, "Send ordren")
    order = JobOrder.objects.get()
    assert (order.shifts, order.contact_name) == (1, "Kirsten Prøve")
    pressed(page, "Se ordren")
    page.wait_for_url(f"**/follow/{order.number}")
    tabbed(page, "Træk ordren tilbage")
    page.keyboard.press("Enter")
    pressed(page, "Træk ordren tilbage")
    order.refresh_from_db()
    assert order.state == "closed"


def test_a_mistake_is_mended_with_the_keyboard_alone(visit: Visit) -> None:
    window = visit()
    window.expected.add(422)
    page = window.go("/order/company")
    to(page, "id_cvr")
    page.keyboard.type("12345678")
    onward(page)
    assert page.evaluate("document.activeElement.dataset.module") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_cvr"
    page.keyboard.press("Control+a")
    page.keyboard.type(factories.cvr())
    onward(page)
    assert page.url.endswith("/order/workplace")


def test_a_draft_survives_a_closed_browser_by_its_link(visit: Visit) -> None:
    page = visit().go("/order/company")
    company_and_workplace(page, factories.cvr())
    page.get_by_text("Stop her, og fortsæt en anden dag").click()
    link = page.locator(".nrs-resume .nrs-link a").get_attribute("href")
    assert link is not None
    other = visit().go(link)
    assert other.url.endswith("/order/job") and "resume" not in other.url
    other.goto("/order/workplace")
    assert other.get_by_label("Virksomhedens navn").input_value() == "Prøve Transport ApS"


def test_the_order_is_made_on_a_phone_in_few_taps(visit: Visit) -> None:
    """One tap per step and ten fields: what is not needed is not asked for."""
    window = visit()
    window.page.set_viewport_size({"width": 360, "height": 740})
    page = window.go("/")
    page.get_by_role("main").get_by_role("link", name="Bestil medarbejdere").click()
    company_and_workplace(page, factories.cvr())
    job(page)
    page.get_by_role("link", name="Næste").click()
    contact(page)
    following(page, "Send ordren")
    assert JobOrder.objects.get().number in page.get_by_role("main").inner_text()


def test_words_are_offered_while_typing(visit: Visit) -> None:
    window = visit()
    window.go(draft(job={}))
    page = window.go("/order/job")
    page.get_by_label("Hvad hedder jobbet?").press_sequentially("lastbil")
    page.wait_for_selector("#id_title_list option", state="attached")
    assert page.locator("#id_title_list option").first.get_attribute("value") == "Lastbilchauffør"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_impatient_double_click_makes_one_order(visit: Visit, javascript: bool) -> None:
    window = visit(javascript=javascript)
    page = window.go(draft())
    page.get_by_role("button", name="Send ordren").dblclick()
    page.wait_for_url("**/order/receipt")
    assert JobOrder.objects.count() == 1
    assert JobOrder.objects.get().number in page.get_by_role("main").inner_text()


def test_back_and_forward_lose_nothing(visit: Visit) -> None:
    page = visit().go("/order/company")
    cvr = factories.cvr()
    company_and_workplace(page, cvr)
    page.go_back()
    assert page.get_by_label("Virksomhedens navn").input_value() == "Prøve Transport ApS"
    page.go_back()
    assert page.get_by_label("CVR-nummer").input_value() == cvr
    page.go_forward()
    page.go_forward()
    assert page.url.endswith("/order/job")
    job(page)
    page.get_by_role("link", name="Tilbage").click()
    assert page.get_by_label("Hvad skal de lave?").input_value() == "Kørsel med varer i Nordsjælland."


def test_going_back_after_sending_cannot_send_again(visit: Visit) -> None:
    page = visit().go(draft())
    following(page, "Send ordren")
    page.go_back()
    if page.get_by_role("button", name="Send ordren").count():
        following(page, "Send ordren")
    assert page.url.endswith("/order/receipt")
    assert JobOrder.objects.count() == 1


def test_two_tabs_write_the_same_order_together(visit: Visit) -> None:
    window = visit()
    first = window.go(draft(contact={}))
    second = window.context.new_page()
    second.goto("/order/contact")
    first.goto("/order/job")
    first.get_by_label("Hvor mange medarbejdere?").fill("5")
    following(first)
    contact(second)
    assert second.url.endswith("/order/check")
    following(second, "Send ordren")
    order = JobOrder.objects.get()
    assert (order.positions, order.contact_name) == (5, "Kirsten Prøve")


def test_a_draft_that_is_gone_is_told_and_begun_again(visit: Visit) -> None:
    window = visit()
    page = window.go(draft())
    OrderDraft.objects.all().delete()
    following(page, "Send ordren")
    assert page.url.endswith("/order/company")
    assert "ingen ordre" in page.get_by_role("status").first.inner_text()
    assert not JobOrder.objects.exists() and not Company.objects.exists()
