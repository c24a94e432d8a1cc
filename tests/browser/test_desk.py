"""The desk in a real browser: with the keyboard only, with news, with a colleague, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from joborders.models import JobOrder
from joborders.services import steps
from tests import factories
from tests.browser.desk import full_order, login
from tests.browser.watching import Watched

Visit = Callable[..., Watched]
LONG = 80


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something that can be used says these words."""
    for _press in range(LONG):
        page.keyboard.press("Tab")
        focus = "document.activeElement"
        said = page.evaluate(f"{focus}.innerText || {focus}.getAttribute('aria-label') || ''")
        if words in said.replace("\n", " "):
            return
    raise AssertionError(f"the keyboard does not reach {words!r}")


def test_an_order_is_claimed_called_about_and_shared_with_the_keyboard_only(visit: Visit) -> None:
    factories.load_reference()
    ann, order = factories.consultant(name="Ann Prøve"), factories.order()
    page = visit(user=login(ann)).go("/queue")
    tab_to(page, f"Tag {order.number}")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Din nu.")
    assert page.evaluate("document.activeElement.className") == "desk-job"
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/**")
    tab_to(page, "Ringet, talte med Kirsten Prøve")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=det første løfte er holdt")
    tab_to(page, "Del regionalt")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Ordren er delt med de otte andre.")
    order.refresh_from_db()
    assert order.assignee_id == ann.user_id
    assert order.responded_at and order.shared_at


def test_what_is_under_more_is_reached_with_the_keyboard_too(visit: Visit) -> None:
    factories.load_reference()
    path, ann = full_order()
    page = visit(user=login(ann)).go(path)
    tab_to(page, "Mere")
    page.keyboard.press("Enter")
    tab_to(page, "Sæt på pause")
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/pause")
    tab_to(page, "Sæt på pause")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Ordren er sat på pause.")
    assert JobOrder.objects.get().paused_at is not None


def test_filters_swap_the_results_only_and_stay_in_the_address(visit: Visit) -> None:
    factories.load_reference()
    ann = factories.consultant()
    factories.order(title="Gartner")
    factories.order(title="Kok")
    page = visit(user=login(ann)).go("/queue")
    page.evaluate("window.kept = true")
    page.fill("#id_q", "gartner")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 åben jobordre")
    assert page.evaluate("window.kept") is True
    assert page.url.endswith("/queue?view=own&q=gartner")
    assert page.locator("#queue-results").get_by_role("link", name="Kok").count() == 0
    page.reload(wait_until="networkidle")
    assert page.input_value("#id_q") == "gartner"
    page.go_back()
    page.wait_for_selector("#queue-results >> text=Kok")
    assert page.url.endswith("/queue")


def test_news_is_told_without_a_reload_and_without_taking_the_focus(visit: Visit) -> None:
    factories.load_reference()
    ann = factories.consultant()
    factories.order()
    page = visit(user=login(ann)).go("/queue")
    page.focus("#tab-all")
    factories.order()
    page.evaluate("htmx.ajax('GET', document.querySelector('#queue-tabs').getAttribute('hx-get'), '#queue-tabs')")
    page.wait_for_selector("text=1 ny ordre")
    assert page.evaluate("document.activeElement.id") == "tab-all"


def test_of_two_windows_the_slower_is_told_in_its_row(visit: Visit) -> None:
    factories.load_reference()
    ann, bo, order = factories.consultant(name="Ann Prøve"), factories.consultant(name="Bo Prøve"), factories.order()
    window = visit(user=login(ann))
    page = window.go("/queue")
    steps.claim(order.public_id, bo, order.version)
    page.get_by_role("button", name=f"Tag {order.number}").click()
    page.wait_for_selector("text=Bo Prøve har ændret det")
    assert window.violations() == []


def test_the_row_is_claimed_without_javascript(visit: Visit) -> None:
    factories.load_reference()
    ann, order = factories.consultant(), factories.order()
    page = visit(user=login(ann), javascript=False).go("/queue")
    page.get_by_role("button", name=f"Tag {order.number}").click()
    page.wait_for_load_state()
    assert page.get_by_text(f"{order.number} er din nu.").is_visible()


def test_suggestions_for_the_occupation_come_while_typing(visit: Visit) -> None:
    factories.load_reference()
    page = visit(user=login(factories.consultant())).go("/quick")
    page.get_by_text("Du ved mere allerede").click()
    page.locator("#id_occupation").press_sequentially("lastbil")
    page.wait_for_selector("#occupations option", state="attached")
    assert "8332" in page.locator("#occupations option").first.get_attribute("value")
