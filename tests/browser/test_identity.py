"""Through an identity provider and back in a real browser: the strict policy lets it, and each page is usable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from tests import factories
from tests.browser.watching import Watched
from tests.identity.conftest import known, rule_for
from tests.identity.provider import IdentityProvider, running

Visit = Callable[..., Watched]


@pytest.fixture
def idp(live_server: Any, settings: Any) -> Iterator[IdentityProvider]:
    """A provider on the loopback that knows the live server."""
    cache.clear()
    settings.BASE_URL = live_server.url
    with running(f"{live_server.url}/login/with/helsingoer/done") as server:
        settings.OIDC_PROVIDERS = {"helsingoer": known("helsingoer", server)}
        yield server
    cache.clear()


def looked_at(window: Watched) -> None:
    for width in (320, 1440):
        assert window.sideways(width) <= 0
        assert window.violations() == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_somebody_logs_in_through_a_provider_and_out_again(visit: Visit, idp: IdentityProvider, language: str) -> None:
    factories.load_reference()
    rule_for("nrs-konsulent")
    window = visit(language=language, javascript=language == "da")
    page = window.go("/login?next=/queue")
    if language == "da":
        looked_at(window)
    window.page.remove_listener("request", window._note_request)  # from here on the provider is asked, too
    page.locator("[formaction='/login/with/helsingoer']").click()
    page.wait_for_url("**/login/with/helsingoer/done**")
    assert page.locator("h1").count() == 1, "no group, no access"
    window.expected.add(403)
    window.complaints[:] = [one for one in window.complaints if not one.startswith("403")]
    if language == "da":
        looked_at(window)
    idp.person["groups"] = ["nrs-konsulent"]
    page.goto(f"{window.base}/login?next=/queue")
    page.locator("[formaction='/login/with/helsingoer']").click()
    page.wait_for_url(f"{window.base}/queue")
    page.locator("form[action='/logout'] button").first.click()
    page.wait_for_selector(f"a[href^='{idp.issuer}/logout']")
    assert urlsplit(page.url).path == "/logout"
    if language == "da":
        looked_at(window)
