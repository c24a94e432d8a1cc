"""A statement that is kept finds and writes what Django's own would, however often it comes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from events import clock, kept
from events.models import Event, Inbox
from tests.events.conftest import Append

pytestmark = pytest.mark.django_db


def _events(order: str, municipality: str, subjects: list[UUID]) -> QuerySet[Event, Any]:
    found = Event.objects.filter(municipality=municipality, subject__in=subjects)
    return found.order_by(order).values_list("public_id", "happened_at")


def test_the_rows_are_those_of_the_query_for_every_value(append: Append) -> None:
    events = [append(municipality=code) for code in ("0219", "0270", "0219", "0270", "0219")]
    for n, event in enumerate(events, 1):
        given = (event.municipality, [one.subject for one in events[:n]])
        assert kept.rows(_events, ("id",), *given) == list(_events("id", *given)) != []


def test_what_is_fixed_makes_a_statement_of_its_own(append: Append) -> None:
    subjects = [append().subject for _ in range(2)]
    up, down = (kept.rows(_events, (order,), "0219", subjects) for order in ("id", "-id"))
    assert up == down[::-1] != down


def test_an_empty_list_finds_nothing(append: Append) -> None:
    append()
    assert kept.rows(_events, ("id",), "0219", []) == []


def test_rows_that_are_written_together_get_their_own_keys() -> None:
    given = [Inbox(consumer=name, event_id=uuid4(), handled_at=clock.now()) for name in ("a", "b", "c")]
    kept.insert(*given)
    assert [Inbox.objects.get(pk=row.pk) for row in given] == given
    assert [Inbox.objects.get(pk=row.pk).consumer for row in given] == ["a", "b", "c"]
    given[0].consumer = "d"
    given[0].save()
    assert Inbox.objects.count() == 3


def test_nothing_to_write_is_nothing_written(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        kept.insert()


def test_what_the_database_refuses_is_refused() -> None:
    row = {"consumer": "a", "event_id": uuid4(), "handled_at": clock.now()}
    with pytest.raises(IntegrityError):
        kept.insert(Inbox(**row), Inbox(**row))
