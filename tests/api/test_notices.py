"""News about lists in the desk: for the jobcentre that leads the order, and nobody else."""

from __future__ import annotations

import pytest

from events import clock
from joborders.services.steps import mark_lists_changed
from screening.models import Notice
from tests import factories
from tests.api.order_cases import client_of, client_of_company, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
URL = "/api/v1/notices"


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant()


def test_the_lead_reads_the_news_of_its_orders(ann, eva, kim, cas):
    order = shared_order(ann)
    Notice.objects.create(order=order, hour=clock.now(), changed_at=clock.now(), came=2, left=1)
    [row] = client_of(ann).get(URL).json()["results"]
    assert (row["order"], row["number"], row["came"], row["left"]) == (str(order.public_id), order.number, 2, 1)
    assert client_of(ann).get(f"{URL}?order={order.public_id}&since=2026-03-02T00:00:00Z").json()["count"] == 1
    assert client_of(ann).get(f"{URL}?since=2026-03-03T00:00:00Z").json()["count"] == 0
    for who in (eva, kim, cas):
        assert client_of(who).get(URL).json()["count"] == 0
    assert client_of_company(order.company).get(URL).json()["count"] == 0


def test_the_queue_says_when_a_list_changed_to_the_lead_only(ann, eva):
    order = shared_order(ann)
    version = order.version
    mark_lists_changed([order.pk], clock.now())
    [row] = client_of(ann).get("/api/v1/queue").json()["results"]
    assert row["list_changed_at"] is not None and row["version"] == version
    [row] = client_of(eva).get("/api/v1/queue?view=asked").json()["results"]
    assert row["list_changed_at"] is None
