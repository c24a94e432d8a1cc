"""The tour of the main job ends well against a product that is running (issue 2, item 8)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from joborders.models import JobOrder
from nrs.tour.run import take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("a_log_that_can_be_emptied")]
log_triggers = import_module("candidates.migrations.0002_the_access_log_is_only_added_to")


@pytest.fixture(scope="module")
def a_log_that_can_be_emptied(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Emptying the test database after a test deletes access-log rows; SQLite's triggers would refuse that."""
    if connection.vendor != "sqlite":
        yield
        return
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        log_triggers.take_down(None, editor)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        log_triggers.put_up(None, editor)


def test_the_tour_ends_well_on_an_empty_region(live_server, capsys):
    code = take(live_server.url)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "0 failed" in told
    assert sorted(JobOrder.objects.values_list("state", flat=True)) == ["closed", "filled"]


def test_a_tour_that_is_answered_wrongly_says_so_and_fails(live_server, capsys):
    assert take(live_server.url + "/nowhere") == 1
    assert "cannot go on" in capsys.readouterr().out
