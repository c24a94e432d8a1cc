"""An event is written with its cause or not at all, and never changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from events import clock, services
from events.models import Event
from tests.events.conftest import Append, Somebody


class Reason(StrEnum):
    FILLED = "filled_otherwise"


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="atomic"):
        services.append("joborder.claimed", uuid4(), by=Somebody(), municipality="0219", audience=[])
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_event(append: Append) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append()
        raise ZeroDivisionError
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_event_says_who_did_what_when(append: Append) -> None:
    happened, recorded = (datetime(2016, 3, day, 9, tzinfo=UTC) for day in (10, 15))
    with clock.at(recorded):
        event = append(happened_at=happened, version=4, data={"reason": Reason.FILLED}, audience=["0217", "0201"])
    event.refresh_from_db()
    assert (event.happened_at, event.recorded_at, event.version) == (happened, recorded, 4)
    assert (event.actor_kind, event.actor_role, event.actor_municipality) == ("member", "consultant", "0219")
    assert event.audience == "|0201|0217|"
    assert event.data == {"reason": "filled_otherwise"}


@pytest.mark.django_db
def test_ids_codes_numbers_and_days_are_kept_as_json(append: Append) -> None:
    number = UUID("22222222-2222-4222-8222-222222222222")
    data = {
        "order": number,
        "positions": 3,
        "is_shared": True,
        "start": date(2026, 1, 5),
        "assignee": None,
        "asked": {"0219", "0201"},
        "requirements": ["esco:abc-1", "C+E"],
    }
    event = append(data=data)
    event.refresh_from_db()
    assert event.data == data | {"order": str(number), "start": "2026-01-05", "asked": ["0201", "0219"]}


@pytest.mark.parametrize(
    "value",
    [
        "ring to the company",
        "Hillerød",
        "ann@example.org",
        "x" * 65,
        "",
        "010190-1234",
        1.5,
        {"name": "x"},
        [["x"]],
        b"x",
    ],
)
@pytest.mark.django_db
def test_text_about_people_has_no_place_in_an_event(append: Append, value: object) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        append(data={"note": value})
    assert not value or str(value) not in str(refusal.value)
    assert not Event.objects.exists()


@pytest.mark.parametrize("event_type", ["claimed", "JobOrder.claimed", "joborder.claimed.v1", "joborder claimed", ""])
@pytest.mark.django_db
def test_types_are_subject_dot_verb(append: Append, event_type: str) -> None:
    with pytest.raises(ValueError, match="event type"):
        append(event_type)


@pytest.mark.django_db
def test_an_audience_of_nonsense_is_refused(append: Append) -> None:
    with pytest.raises(ValueError, match="municipality code"):
        append(audience=["%"])


@pytest.mark.django_db
def test_an_event_cannot_be_saved_again(append: Append) -> None:
    event = append()
    with pytest.raises(TypeError, match="never changed"):
        event.save()


@pytest.mark.parametrize("change", [{"type": "joborder.closed"}, {"data": {}}, {"recorded_at": clock.now()}])
@pytest.mark.django_db
def test_the_database_refuses_to_change_what_happened(append: Append, change: dict[str, object]) -> None:
    event = append()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**change)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("event_types_are_subject_dot_verb", {"type": "claimed"}),
        ("audiences_are_wrapped_in_pipes", {"audience": "0219"}),
        ("event_municipalities_have_four_digits", {"municipality": "21"}),
        ("events_have_an_actor", {"actor_kind": ""}),
    ],
)
@pytest.mark.django_db
def test_the_database_keeps_the_rules_of_an_event(rule: str, broken: dict[str, str]) -> None:
    now = clock.now()
    values = {"type": "joborder.claimed", "actor_kind": "system", "happened_at": now, "recorded_at": now}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Event.objects.create(subject=uuid4(), **(values | broken))
