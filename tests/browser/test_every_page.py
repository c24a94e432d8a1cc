"""Every page, in both languages: usable by everybody, at every width, asking nobody else for anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from tests import factories
from tests.browser.conftest import WIDTHS
from tests.browser.pages import PAGES, Case, routes_of_the_web
from tests.browser.watching import Watched

Visit = Callable[..., Watched]


def test_every_page_of_the_web_has_a_case() -> None:
    assert {case.route for case in PAGES} >= routes_of_the_web()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_everybody_can_use_the_page(visit: Visit, language: str, case: Case) -> None:
    factories.load_reference()
    scene = case.prepare()
    window = visit(user=scene.user, language=language)
    window.context.add_cookies([{"domain": "localhost", **cookie} for cookie in scene.cookies])  # type: ignore[list-item]
    for path in scene.before:
        window.go(path)
    page = window.go(scene.path, status=case.status)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    for width in WIDTHS:
        assert window.sideways(width) <= 0, f"scrolls sideways at {width} px"
        if width != 768:
            assert window.violations() == []


def test_the_checks_find_what_they_look_for(visit: Visit) -> None:
    window = visit()
    page = window.go("/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x.png><div id=wide>.</div>'")
    page.evaluate("document.getElementById('wide').style.width = '3000px'")
    page.evaluate("document.body.setAttribute('onclick', 'alert(1)')")
    page.evaluate(
        "const s = document.createElement('script'); s.src = 'https://elsewhere.example/x.js'; document.body.append(s)"
    )
    assert any("image-alt" in found for found in window.violations())
    assert window.sideways(320) > 0
    page.wait_for_timeout(200)
    seen = "\n".join(window.complaints)
    assert "CSP: script-src" in seen
    assert "404 from" in seen
    window.complaints.clear()


def test_the_menu_opens_on_a_phone_and_keeps_the_keyboard_inside(visit: Visit) -> None:
    factories.load_reference()
    ann = User.objects.get(pk=factories.consultant(factories.HILLEROED).user_id)
    window = visit(user=ann)
    window.page.set_viewport_size({"width": 320, "height": 800})
    page = window.go("/queue")
    page.get_by_role("button", name="Menu").click()
    drawer = page.get_by_role("dialog")
    assert drawer.get_by_role("link", name="Kø").is_visible()
    for _press in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.mobile-drawer') !== null")
    assert window.violations() == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('js-menu-open')")


def test_the_language_is_switched_and_stays(visit: Visit) -> None:
    window = visit()
    page = window.go("/login")
    page.get_by_role("button", name="English").first.click()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/login")
    assert page.locator("h1").inner_text() == "Log in"
    assert window.go("/").locator("html").get_attribute("lang") == "en"


def test_a_mistake_takes_the_focus_and_leads_to_its_field(visit: Visit) -> None:
    window = visit()
    page = window.go("/login")
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Fejl:")
    assert page.evaluate("document.activeElement.dataset.module") == "error-summary"
    assert window.violations() == []
    page.locator("[data-module=error-summary] a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_username"
    assert page.locator("#id_username").get_attribute("aria-describedby") == "id_username_error"
