"""The feed: for its audience, in order, and complete."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from events import clock
from events.cloudevents import cloudevent, routing_key
from events.models import Event
from events.querysets import cursor_of, parse_cursor
from tests.events.conftest import Append
from tests.settled import wait_until_settled


@pytest.mark.django_db
def test_only_the_audience_sees_an_event(append: Append) -> None:
    company = uuid4()
    shared = append(audience=["0219", "0217"])
    own = append(audience=["0219"], company=company)
    silent = append(audience=[])
    seen = Event.objects.visible_to_codes
    assert set(seen("0219")) == {shared, own}
    assert set(seen("0217")) == {shared}
    assert set(seen(None, company)) == {own}
    assert set(seen(everything=True)) == {shared, own, silent}
    assert not seen("0201").exists()
    assert not seen().exists(), "nobody in particular sees nothing"


@pytest.mark.django_db
def test_a_history_is_told_from_the_beginning(append: Append) -> None:
    subject = uuid4()
    told = [append(kind, subject) for kind in ("joborder.submitted", "joborder.claimed", "joborder.shared")]
    append()
    assert list(Event.objects.of(subject)) == told


@pytest.mark.django_db(transaction=True)
def test_the_feed_goes_on_behind_its_cursor(append: Append) -> None:
    events = [append() for _ in range(5)]
    wait_until_settled()
    first = list(Event.objects.after("")[:2])
    rest = list(Event.objects.after(cursor_of(first[-1])))
    assert first + rest == events
    assert not Event.objects.after(cursor_of(rest[-1])).exists()


@pytest.mark.parametrize("nonsense", ["x", "1", "1.", ".1", "-1.2", "1.2.3", "١.1", "9" * 20 + ".1", "1 .2"])
def test_a_cursor_that_the_feed_did_not_write_is_refused(nonsense: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        parse_cursor(nonsense)


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_the_feed_waits_for_a_transaction_that_commits_late(append: Append) -> None:
    """The slow one has the lower id and commits second: a reader by id alone would never see it."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            append("joborder.submitted")
            written.set()
            assert may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    append("joborder.closed")
    assert not Event.objects.after("").exists(), "the fast one is held back"
    may_commit.set()
    thread.join(10)
    wait_until_settled()
    assert [event.type for event in Event.objects.after("")] == ["joborder.submitted", "joborder.closed"]


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_reader_among_many_writers_misses_nothing_and_sees_nothing_twice(append: Append) -> None:
    writers = 4

    def write() -> None:
        for number in range(25):
            with transaction.atomic():
                append(version=number)
                append(version=number)
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    cursor = ""
    while True:
        still_writing = any(thread.is_alive() for thread in threads)
        page = list(Event.objects.after(cursor)[:7])
        seen += [event.pk for event in page]
        cursor = cursor_of(page[-1]) if page else cursor
        if not page and not still_writing and len(seen) >= Event.objects.count():
            break
    assert sorted(seen) == sorted(Event.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == writers * 50


@pytest.mark.django_db
def test_an_event_leaves_the_house_as_a_cloudevent(append: Append) -> None:
    with clock.at(datetime(2026, 7, 1, 10, tzinfo=UTC)):
        event = append("joborder.claimed", version=2, data={"positions": 3})
    assert cloudevent(event) == {
        "specversion": "1.0",
        "id": str(event.public_id),
        "source": "urn:nrs",
        "type": "dk.nrs.joborder.claimed.v1",
        "subject": str(event.subject),
        "time": "2026-07-01T12:00:00+02:00",
        "recordedtime": "2026-07-01T12:00:00+02:00",
        "sequence": "2",
        "actorkind": "member",
        "datacontenttype": "application/json",
        "data": {"positions": 3},
        "municipality": "0219",
        "actorrole": "consultant",
        "actormunicipality": "0219",
    }
    assert routing_key(event) == "joborder.claimed.0219"


@pytest.mark.django_db
def test_an_event_of_the_whole_region_has_a_routing_key_too(append: Append) -> None:
    event = append("campaign.started", municipality="", audience=["0219"])
    assert routing_key(event) == "campaign.started.region"
    assert "municipality" not in cloudevent(event)
