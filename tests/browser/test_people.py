"""Screening and candidates in use: by keyboard, with suggestions as one types, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

from joborders.models import Nomination
from tests import factories
from tests.browser import people_pages as scenes
from tests.browser.watching import Watched

Visit = Callable[..., Watched]


def test_words_are_suggested_as_one_types_and_added(visit: Visit) -> None:
    factories.load_reference()
    scene = scenes.candidate("/list/skills")()
    window = visit(user=scene.user)
    page = window.go(scene.path)
    page.locator("#q").press_sequentially("truck")
    page.wait_for_function("() => document.querySelectorAll('#choices input').length < 20")
    word = page.locator("#choices label").first.inner_text()
    page.locator("#choices label").first.click()
    page.get_by_role("button", name="Tilføj").click()
    page.wait_for_load_state("networkidle")
    assert word in page.locator(".nrs-held").inner_text()
    assert window.violations() == []


def test_open_orders_that_fit_come_without_leaving_the_page(visit: Visit) -> None:
    factories.load_reference()
    scene = scenes.matched()
    window = visit(user=scene.user)
    page = window.go(scene.path.removesuffix("/matches"))
    page.get_by_role("link", name="Hvilke åbne ordrer passer?").click()
    page.wait_for_selector("#matches .nrs-verdict")
    assert page.url.endswith(scene.path.removesuffix("/matches"))
    assert window.violations() == []


def test_what_if_opens_and_closes_in_the_funnel_and_keeps_the_focus(visit: Visit) -> None:
    factories.load_reference()
    scene = scenes.screened("/screenings/{run}")()
    window = visit(user=scene.user)
    page = window.go(scene.path)
    page.locator("#what-if").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".nrs-way")
    assert page.url.endswith(scene.path)
    assert page.evaluate("document.activeElement.id") == "what-if"
    assert window.violations() == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".nrs-way", state="detached")
    assert page.get_by_role("link", name="Hvad hvis?").is_visible()


def test_a_screening_is_read_and_compared_by_keyboard_only(visit: Visit) -> None:
    factories.load_reference()
    scene = scenes.screened("/screenings/{run}")()
    window = visit(user=scene.user)
    page = window.go(scene.path)
    page.locator(".nrs-tick input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details[open] .nrs-musts").first.is_visible()
    assert window.violations() == []
    page.get_by_role("button", name="Sammenlign op til 3").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*")
    assert page.locator(".nrs-compare thead th").count() == 2


def test_candidates_are_requested_and_offered_without_scripts(visit: Visit) -> None:
    factories.load_reference()
    scene = scenes.screened("/screenings/{run}")()
    window = visit(user=scene.user, javascript=False)
    page = window.go(scene.path)
    for box in page.locator(".nrs-tick label").all():
        box.click()
    page.get_by_role("button", name="Spørg efter eller tilbyd de valgte").click()
    page.get_by_role("button", name="Spørg efter 2 kandidater").click()
    for label in ("Kan løse opgaverne", "Vil løse opgaverne", "CV'et er gennemgået med kandidaten"):
        for box in page.get_by_text(label).all():
            box.click()
    page.get_by_role("button", name="Tilbyd 2 kandidater").click()
    assert "2 kandidater er tilbudt." in page.locator("main").inner_text()
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["accepted"] * 2 + ["requested"] * 2
