"""What needs no login has a brake, counted by the address that the outermost trusted proxy saw."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client, RequestFactory

from events import clock
from web import limits
from web.limits import PER_HOUR, TooMany, address_of, brake
from web.models import Tries
from web.tasks import forget_drafts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def braking(settings) -> None:
    """Tests come from one address and are not braked, but for these."""
    settings.TEST = False


def test_after_so_many_tries_an_address_waits_and_the_others_do_not(rf: RequestFactory) -> None:
    request = rf.post("/order/company", REMOTE_ADDR="10.0.0.1")
    for _try in range(PER_HOUR["company"]):
        brake(request, "company")
    with pytest.raises(TooMany):
        brake(request, "company")
    brake(request, "order")
    brake(rf.post("/order/company", REMOTE_ADDR="10.0.0.2"), "company")


def test_who_is_braked_reads_why(client: Client) -> None:
    counted = PER_HOUR["company"]
    Tries.objects.create(what="company", address=limits.digest_of("127.0.0.1"), hour=limits.hour(), count=counted)
    page = client.post("/order/company", {"cvr": "1"})
    assert page.status_code == 429
    assert "Vent lidt, eller ring til os" in page.content.decode()


def test_what_one_process_counted_another_knows(rf: RequestFactory) -> None:
    """Nothing is remembered in the process: the count is read where it is written."""
    request = rf.post("/order/company", REMOTE_ADDR="10.0.0.1")
    brake(request, "code")
    Tries.objects.update(count=PER_HOUR["code"])
    with pytest.raises(TooMany):
        brake(request, "code")


def test_an_address_is_not_kept_in_words_and_its_count_not_longer_than_its_hour(rf: RequestFactory) -> None:
    request = rf.post("/order/company", REMOTE_ADDR="10.0.0.1")
    with clock.at(clock.now() - dt.timedelta(hours=1)):
        brake(request, "code")
    brake(request, "code")
    assert [row.count for row in Tries.objects.order_by("hour")] == [1, 1]
    assert not any("10.0.0.1" in row.address for row in Tries.objects.order_by("hour"))
    forget_drafts()
    assert Tries.objects.get().hour == limits.hour()


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
