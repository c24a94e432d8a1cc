"""What make_region writes in bulk is what the services write: every history gone through again, step by step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from campaigns.figures import figure
from events import clock
from events.models import Event
from joborders.models import JobOrder, OrderSpan
from nrs.region import replay

NOW = dt.datetime(2026, 3, 2, 11, tzinfo=dt.UTC)
FIGURES = ("status", "flow", "times", "promises", "exchange", "reasons")


def figures() -> dict[str, Any]:
    """All figures as of today, a year ago, and over the whole time."""
    today = clock.today()
    asked: list[dict[str, Any]] = [{}, {"as_of": today - dt.timedelta(days=365)}]
    long = [{"since": today - dt.timedelta(days=365 * 11)}]
    return {f"{name} {n}": figure(name, **given) for name in FIGURES for n, given in enumerate(_for(name, asked, long))}


def _for(name: str, asked: list[dict[str, Any]], long: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return asked if name == "status" else [*asked, *long]


def same_by_the_services(**sizes: int) -> set[str]:
    """Make a region, forget its orders, let the services do it all again. Returns the steps that nobody took."""
    with clock.at(NOW):
        call_command("make_region", seed=5, verbosity=0, **sizes)
        script, before, said = replay.Script(), replay.picture(), figures()
        replay.forget()
        assert replay.picture() == {}
        taken = replay.play(script)
        found = list(replay.differences(before, replay.picture()))
        assert found == [], "\n".join(found[:20])
        assert figures() == said
    assert taken["joborder.submitted"] == sizes["orders"]
    return set(replay.STEPS) - set(taken)


def test_bulk_written_histories_are_those_of_the_services(reference: None) -> None:
    assert same_by_the_services(candidates=900, orders=80, companies=40, years=2) <= {
        "joborder.paused", "joborder.filled",
    }  # fmt: skip


@pytest.mark.long
def test_a_thousand_bulk_written_histories_are_those_of_the_services(reference: None) -> None:
    assert same_by_the_services(candidates=3000, orders=1000, companies=300, years=10) == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="copies are made in PostgreSQL")
def test_copied_histories_are_those_of_the_services(reference: None) -> None:
    same_by_the_services(candidates=1500, orders=120, companies=40, years=2, drawn=40)


@pytest.mark.long
@pytest.mark.skipif(connection.vendor != "postgresql", reason="copies are made in PostgreSQL")
def test_a_thousand_copied_histories_are_those_of_the_services(reference: None) -> None:
    assert same_by_the_services(candidates=6000, orders=1000, companies=300, years=10, drawn=250) <= {"joborder.paused"}


def test_a_picture_shows_what_is_otherwise(reference: None) -> None:
    with clock.at(NOW):
        call_command("make_region", seed=5, verbosity=0, candidates=300, orders=20, companies=10)
    before = replay.picture()
    span = OrderSpan.objects.filter(known_to=None).order_by("pk")[0]
    OrderSpan.objects.filter(pk=span.pk).update(known_from=NOW)
    event = Event.objects.filter(type="nomination.presented").order_by("pk")[0]
    Event.objects.filter(pk=event.pk).order_by()._raw_delete("default")  # type: ignore[attr-defined]
    found = list(replay.differences(before, replay.picture()))
    number = JobOrder.objects.get(nominations__public_id=event.subject).number
    assert any("OrderSpan" in line for line in found) and any(f"{number} chain" in line for line in found)
    assert len(found) == 2
