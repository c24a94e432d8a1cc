"""What needs no login has a brake, counted by the address that the outermost trusted proxy saw."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from web.limits import PER_HOUR, TooMany, address_of, brake

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def braking(settings) -> None:
    """Tests come from one address and are not braked, but for these."""
    settings.TEST = False
    cache.clear()


def test_after_so_many_tries_an_address_waits_and_the_others_do_not(rf: RequestFactory) -> None:
    request = rf.post("/order/company", REMOTE_ADDR="10.0.0.1")
    for _try in range(PER_HOUR["company"]):
        brake(request, "company")
    with pytest.raises(TooMany):
        brake(request, "company")
    brake(request, "order")
    brake(rf.post("/order/company", REMOTE_ADDR="10.0.0.2"), "company")


def test_who_is_braked_reads_why(client: Client) -> None:
    cache.set("web-limit:company:127.0.0.1", PER_HOUR["company"])
    page = client.post("/order/company", {"cvr": "1"})
    assert page.status_code == 429
    assert "Vent lidt, eller ring til os" in page.content.decode()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_comes_from(
    rf: RequestFactory, settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))
    assert address_of(request) == address
