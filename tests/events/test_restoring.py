"""After a restore the feed gives all events, the old ones first."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from events.models import Event
from events.restoring import is_from_elsewhere
from tests.events.conftest import Append
from tests.settled import wait_until_settled

ANOTHER_CLUSTERS = 2**40


def after_restore() -> str:
    out = StringIO()
    call_command("after_restore", stdout=out)
    return out.getvalue()


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no transaction ids")
@pytest.mark.django_db(transaction=True)
def test_events_of_another_cluster_are_read_before_new_ones(append: Append) -> None:
    old = [append() for _ in range(3)]
    Event.objects.update(xid=ANOTHER_CLUSTERS)
    assert not Event.objects.after("").exists()
    assert after_restore().startswith("3 events settled")
    new = append()
    wait_until_settled()
    assert list(Event.objects.after("")) == [*old, new]


@pytest.mark.django_db(transaction=True)
def test_a_feed_that_is_in_order_is_left_alone(append: Append) -> None:
    append()
    wait_until_settled()
    before = list(Event.objects.values_list("pk", "xid"))
    assert after_restore().startswith("Nothing to do")
    assert list(Event.objects.values_list("pk", "xid")) == before
    assert connection.vendor == "sqlite" or before[0][1] > 0


@pytest.mark.parametrize(("xid", "is_foreign"), [(0, False), (ANOTHER_CLUSTERS, True)])
@pytest.mark.django_db
def test_a_cursor_of_another_cluster_is_known(xid: int, is_foreign: bool) -> None:
    assert is_from_elsewhere(xid) is (is_foreign and connection.vendor == "postgresql")
