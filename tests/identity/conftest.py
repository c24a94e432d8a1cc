"""Two identity providers on the loopback, and a browser that goes there and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client

from accounts.identity.config import Provider
from municipalities.models import ClaimRule
from tests.factories import HELSINGOER
from tests.identity.provider import CLIENT, SECRET, IdentityProvider, running

BASE = "http://127.0.0.1:8000"


def known(id: str, server: IdentityProvider, **more: Any) -> Provider:
    return Provider(
        id=id, name=f"{id.title()} Kommune", issuer=server.issuer, client_id=CLIENT, client_secret=SECRET, **more
    )


@pytest.fixture
def servers(settings: Any) -> Iterator[tuple[IdentityProvider, IdentityProvider]]:
    """Helsingør's provider and another one."""
    cache.clear()
    settings.BASE_URL = BASE
    with running(f"{BASE}/login/with/helsingoer/done") as one, running(f"{BASE}/login/with/anden/done") as other:
        settings.OIDC_PROVIDERS = {
            "helsingoer": known("helsingoer", one, strong_acr=frozenset({"strong"}), strong_amr=frozenset({"mfa"})),
            "anden": known("anden", other),
        }
        yield one, other
    cache.clear()


@pytest.fixture
def idp(servers: tuple[IdentityProvider, IdentityProvider]) -> IdentityProvider:
    """Helsingør's provider; its person is in the group of the consultants."""
    servers[0].person["groups"] = ["alle", "nrs-konsulent"]
    return servers[0]


@pytest.fixture
def foreign(servers: tuple[IdentityProvider, IdentityProvider]) -> IdentityProvider:
    """The other provider."""
    return servers[1]


@pytest.fixture
def rule(reference: None) -> ClaimRule:
    """Helsingør's group of consultants are Helsingør's consultants."""
    return rule_for("nrs-konsulent")


def rule_for(value: str, **more: Any) -> ClaimRule:
    values = {"provider": "helsingoer", "claim": "groups", "municipality_id": HELSINGOER, "role": "consultant"}
    return ClaimRule.objects.create(**(values | {"valid_from": date(2020, 1, 1), "value": value} | more))


def address_of(page: Any) -> str:
    """Where our page sends the browser."""
    assert page.status_code == 200, page.content.decode()
    return str(page["Refresh"]).removeprefix("0; url=")


def go_there(page: Any) -> str:
    """The person logs in at the provider; gives the address that leads back, without its host."""
    answer = requests.get(address_of(page), allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == BASE
    return f"{parts.path}?{parts.query}"


LogIn = Callable[..., Any]


@pytest.fixture
def log_in(client: Client) -> LogIn:
    """Log in through a provider in this browser, or another; gives our answer to the way back."""

    def through(provider: str = "helsingoer", browser: Client | None = None, **form: str) -> Any:
        browser = browser or client
        return browser.get(go_there(browser.post(f"/login/with/{provider}", form)))

    return through
