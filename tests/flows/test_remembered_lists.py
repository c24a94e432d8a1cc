"""A list whose statement is remembered shows what its QuerySet would show, to each caller their own."""

from __future__ import annotations

from typing import Any

import pytest

from api import remembered as module
from api.remembered import remembered
from joborders.models import JobOrder
from municipalities.actor import Actor
from tests import factories


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from other tests."""
    monkeypatch.setattr(module, "_kept", {})


def rows(actor: Actor) -> Any:
    return JobOrder.objects.visible_to(actor).overdue_first().values_list("public_id", "received_at", "lead_id")


def shown(actor: Actor) -> tuple[int, list[Any]]:
    found = remembered(("orders", actor.municipality), lambda: rows(actor))
    return found.count(), list(found[0:50])


def test_it_shows_what_the_query_would_show_also_when_rows_are_new(ann: Actor, monday: Any) -> None:
    for _ in range(3):
        factories.order()
        assert shown(ann) == (rows(ann).count(), list(rows(ann)))


def test_everybody_gets_their_own_scope(ann: Actor, eva: Actor, monday: Any) -> None:
    factories.order()
    assert shown(ann)[0] == 1
    assert shown(eva)[0] == rows(eva).count()
    assert shown(ann)[0] == 1


def test_a_page_is_a_part_of_it(ann: Actor, monday: Any) -> None:
    for _ in range(3):
        factories.order()
    found = remembered(("orders", ann.municipality), lambda: rows(ann))
    assert list(found[1:2]) == list(rows(ann)[1:2])


def test_a_scope_that_is_empty_stays_empty(cas: Actor, monday: Any) -> None:
    factories.order()
    assert shown(cas) == (0, [])
    assert shown(cas) == (0, [])


def test_it_does_not_grow_without_end(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    for n in range(5):
        remembered(n, lambda: rows(ann))
    assert len(module._kept) <= 2
